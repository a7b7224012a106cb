"""Stores as they were: up to a generation, by its rows even where its file is gone; and generations that are needed."""

from pathlib import Path

import polars as pl
import pytest

from assets.steps.stores import keeping_of
from samkorning.errors import KeystoreRefused, NotFound
from samkorning.keystore import InMemoryProvider, Keystore, RetentionClass
from samkorning.keystore.roots import Anchor
from samkorning.vault import Moment, Restored, Vault, WriteRefused
from samkorning.vault.past import PastVault

CASE, KIND = "36759-2021", RetentionClass.CODE_KEY


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault", Keystore.create(tmp_path / "keystore", InMemoryProvider()))


def past(vault: Vault, tmp_path: Path, **upto: int) -> PastVault:
    scratch = Vault(tmp_path / "scratch", Keystore.create(tmp_path / "keys", InMemoryProvider()))
    moment = Moment(CASE, {name.replace("__", "."): number for name, number in upto.items()}, keeping_of)
    return PastVault(vault, scratch, moment)


def grown(vault: Vault) -> None:
    """A code key of four generations, of which the files of two are kept."""
    store = vault.create_store(CASE, KIND, "code_key.person")
    for count in range(1, 5):
        rows = {"number": range(count), "serial_number": range(count), "generation": range(1, count + 1)}
        store.replace(pl.DataFrame(rows))


@pytest.mark.parametrize("generation", [1, 2, 3, 4])
def test_a_code_key_gives_the_rows_of_any_generation(vault: Vault, tmp_path: Path, generation: int) -> None:
    grown(vault)
    then = past(vault, tmp_path, code_key__person=generation).open_store(CASE, KIND, "code_key.person")
    assert then.scan().collect()["number"].to_list() == list(range(generation))
    latest = then.latest()
    assert latest is not None and (latest.number, latest.rows) == (generation, generation)


def test_a_store_that_does_not_only_grow_gives_what_is_kept(vault: Vault, tmp_path: Path) -> None:
    store = vault.create_store(CASE, KIND, "population")
    for number in (1, 2, 3):
        store.replace(pl.DataFrame({"number": [number]}))
    looked_at = past(vault, tmp_path, population=2)
    assert looked_at.open_store(CASE, KIND, "population").scan().collect()["number"].to_list() == [2]
    with pytest.raises(NotFound, match="superseded"):
        looked_at.open_store(CASE, KIND, "population").scan(1)
    assert [store.keeps(number) for number in range(5)] == [False, False, True, True, False]


def test_what_came_later_was_not_there(vault: Vault, tmp_path: Path) -> None:
    grown(vault)
    looked_at = past(vault, tmp_path)
    assert looked_at.stores(CASE) == []
    assert looked_at.open_store(CASE, KIND, "code_key.person").latest() is None


def test_what_is_made_anew_lies_in_scratch_and_the_rest_is_not_written(vault: Vault, tmp_path: Path) -> None:
    grown(vault)
    looked_at = past(vault, tmp_path, code_key__person=4)
    looked_at.create_store(CASE, KIND, "persons").replace(pl.DataFrame({"number": [1]}))
    assert looked_at.stores(CASE) == ["code_key.person", "persons"]
    assert vault.stores(CASE) == ["code_key.person"] and not vault.has_store(CASE, KIND, "persons")
    with pytest.raises(WriteRefused):
        looked_at.open_store(CASE, KIND, "code_key.person").rotate()
    for refused in (looked_at.rotate_class, looked_at.destroy_class):
        with pytest.raises(WriteRefused):
            refused(CASE, KIND)
    with pytest.raises(WriteRefused):
        looked_at.destroy_stores(CASE, KIND, ["population"])
    with pytest.raises(WriteRefused):
        looked_at.accept_restored(CASE, Restored(KIND, "code_key.person", Anchor(2, ""), Anchor(1, "")))


@pytest.mark.parametrize(("needed", "kept"), [(None, [3, 4]), (4, [3, 4]), (2, [2, 3, 4]), (1, [2, 3, 4])])
def test_generations_are_kept_from_the_oldest_that_is_needed(vault: Vault, needed: int | None, kept: list[int]) -> None:
    """What is gone already does not come back by being needed."""
    store = vault.create_store(CASE, KIND, "population")
    for number in (1, 2, 3, 4):
        with store.draft() as draft:
            name = draft.write_one(pl.LazyFrame({"number": [number]}))
            store.commit(draft, {name: None}, kept_from=needed if number == 4 else None)
    assert [number for number in range(1, 5) if store.keeps(number)] == kept


def test_keys_in_memory_open_in_no_other_process(tmp_path: Path) -> None:
    provider = InMemoryProvider()
    keystore = Keystore.create(tmp_path, provider)
    secret = keystore.service_secret("audit")
    assert Keystore.open(tmp_path, provider).service_secret("audit") == secret
    with pytest.raises(KeystoreRefused, match="no encryption key of this name in memory"):
        Keystore.open(tmp_path, InMemoryProvider())
    assert repr(provider) == "InMemoryProvider()"
    provider.create("one")
    wrapped = provider.wrap("one", b"a secret")
    with pytest.raises(KeystoreRefused, match="does not open"):
        provider.unwrap("one", wrapped[:-1] + bytes([wrapped[-1] ^ 1]))
    provider.destroy("one")
    with pytest.raises(KeystoreRefused):
        provider.unwrap("one", wrapped)
