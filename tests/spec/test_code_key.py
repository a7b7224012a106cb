"""The code key (kodnyckel): one person keeps one serial number, whatever comes and however often."""

import os
from pathlib import Path

import polars as pl
import pytest

from samkorning.code_key import Extension, extend_code_key, read_code_key
from samkorning.errors import CheckFailed
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault

ANNA, BO, CILLA = 212001010007, 212001020006, 212001030005


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    provider = PassphraseProvider(tmp_path / "keystore", b"a passphrase for tests", 2**14)
    return Vault(tmp_path / "vault", Keystore.create(tmp_path / "keystore", provider))


@pytest.fixture
def store(vault: Vault) -> Store:
    return vault.create_store("36759-2021", RetentionClass.CODE_KEY, "code_key.person")


def extend(store: Store, *numbers: int | None) -> Extension:
    return extend_code_key(store, pl.Series("number", numbers, dtype=pl.Int64), os.urandom)


def held(store: Store) -> dict[int, int]:
    return dict(read_code_key(store).select("number", "serial_number").iter_rows())


def test_a_new_number_gets_a_serial_number_and_a_known_one_keeps_it(store: Store) -> None:
    assert extend(store, ANNA, BO) == Extension(generation=1, known=0, drawn=2)
    before = held(store)
    assert extend(store, BO, CILLA) == Extension(generation=2, known=1, drawn=1)
    assert held(store).items() >= before.items()
    assert set(held(store)) == {ANNA, BO, CILLA}


def test_the_same_numbers_again_change_nothing(store: Store) -> None:
    extend(store, ANNA, BO)
    assert extend(store, BO, ANNA, ANNA) == Extension(generation=1, known=2, drawn=0)
    assert [generation.number for generation in store.generations()] == [1]


def test_repetitions_count_once(store: Store) -> None:
    assert extend(store, ANNA, ANNA, BO) == Extension(generation=1, known=0, drawn=2)


def test_rows_tell_in_which_generation_they_came(store: Store) -> None:
    extend(store, ANNA)
    extend(store, BO)
    assert dict(read_code_key(store).select("number", "generation").iter_rows()) == {ANNA: 1, BO: 2}


def test_no_numbers_make_no_generation(store: Store) -> None:
    assert extend(store) == Extension(generation=0, known=0, drawn=0)
    assert store.latest() is None


def test_the_table_has_its_declared_schema_from_the_start(store: Store) -> None:
    schema = {"number": pl.Int64, "serial_number": pl.Int32, "generation": pl.Int16}
    assert dict(read_code_key(store).schema) == schema
    extend(store, ANNA)
    assert dict(read_code_key(store).schema) == schema


def test_each_case_draws_for_itself(vault: Vault, store: Store) -> None:
    other = vault.create_store("00001-2022", RetentionClass.CODE_KEY, "code_key.person")
    extend(store, ANNA, BO, CILLA)
    extend(other, ANNA, BO, CILLA)
    assert set(held(store).values()).isdisjoint(held(other).values())


def test_a_row_without_a_number_is_refused_and_nothing_is_drawn(store: Store) -> None:
    with pytest.raises(CheckFailed, match="2 rows have no number"):
        extend(store, ANNA, None, None)
    assert store.latest() is None


def test_numbers_that_are_not_normalised_are_refused_without_quoting_them(store: Store) -> None:
    with pytest.raises(CheckFailed) as caught:
        extend_code_key(store, pl.Series("number", ["212001010007"]), os.urandom)
    assert "212001010007" not in str(caught.value)


def test_a_frame_with_the_column_number_is_taken_too(store: Store) -> None:
    frame = pl.DataFrame({"other": ["x"], "number": [ANNA]})
    assert extend_code_key(store, frame, os.urandom).drawn == 1


def test_more_persons_than_fit_are_refused_before_anything_is_drawn(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samkorning.code_key.serial_numbers.MOST", 2)
    extend(store, ANNA, BO)
    with pytest.raises(Exception, match="20 %"):
        extend(store, CILLA)
    assert set(held(store)) == {ANNA, BO}
