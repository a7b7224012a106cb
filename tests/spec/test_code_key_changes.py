"""The code key (kodnyckel): import from another authority, objection, cutting the link, look-up."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from samkorning.audit import AuditLog
from samkorning.code_key import (
    Imported,
    ImportFault,
    LookUp,
    cut_link,
    extend_code_key,
    import_code_key,
    import_faults,
    look_up,
    read_code_key,
    remove_persons,
)
from samkorning.errors import FileRefused, RuleRefused, SamkorningError
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault

ANNA, BO, CILLA, DAG = 212001010007, 212001020006, 212001030005, 212001040004
FILE = "region_key.csv"
NOON = datetime(2221, 12, 31, 12, tzinfo=UTC)


def store_in(home: Path) -> Store:
    provider = PassphraseProvider(home / "keystore", b"a passphrase for tests", 2**14)
    vault = Vault(home / "vault", Keystore.create(home / "keystore", provider))
    return vault.create_store("36759-2021", RetentionClass.CODE_KEY, "code_key.person")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Anna has 1001 and Bo 1002; 1003 was Cilla's, who objected."""
    store = store_in(tmp_path)
    import_code_key(store, FILE, pairs((ANNA, "1001"), (BO, "1002"), (CILLA, "1003")))
    remove_persons(store, numbers(CILLA))
    return store


def pairs(*rows: tuple[int | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"number": pl.Int64, "serial_number": pl.String}, orient="row")


def numbers(*values: int) -> pl.Series:
    return pl.Series("number", values, dtype=pl.Int64)


def held(store: Store) -> set[tuple[int | None, int]]:
    return set(read_code_key(store).select("number", "serial_number").iter_rows())


AS_BEFORE = {(ANNA, 1001), (BO, 1002), (None, 1003)}


def test_imported_pairs_hold_beside_those_there(store: Store) -> None:
    generation = store.generations()[-1].number
    assert import_code_key(store, FILE, pairs((DAG, "7"), (ANNA, "1001"))) == Imported(generation + 1, 1, 1)
    assert held(store) == {*AS_BEFORE, (DAG, 7)}


def test_the_same_import_again_changes_nothing(store: Store) -> None:
    before = store.generations()
    assert import_code_key(store, FILE, pairs((ANNA, "1001"), (ANNA, "1001"))) == Imported(before[-1].number, 1, 0)
    assert store.generations() == before


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ((None, "7"), ImportFault.NUMBER_MISSING),
        ((DAG, None), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, ""), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "0"), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "007"), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "7.0"), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "-7"), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "٧"), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "2147483647"), None),
        ((DAG, "2147483648"), ImportFault.SERIAL_NUMBER_INVALID),
        ((DAG, "99999999999"), ImportFault.SERIAL_NUMBER_INVALID),
        ((ANNA, "7"), ImportFault.NUMBER_KNOWN),
        ((DAG, "1001"), ImportFault.SERIAL_NUMBER_TAKEN),
        ((DAG, "1003"), ImportFault.SERIAL_NUMBER_TAKEN),
        ((CILLA, "1003"), ImportFault.SERIAL_NUMBER_TAKEN),
        ((CILLA, "7"), None),
        ((ANNA, "1001"), None),
    ],
)
def test_a_row_is_taken_or_told_with_its_fault(
    store: Store, row: tuple[int | None, str | None], fault: ImportFault | None
) -> None:
    found = import_faults(pairs((BO, "1002"), row), read_code_key(store))
    assert found.rows() == ([(2, fault)] if fault else [])


def test_a_number_with_two_serial_numbers_and_the_other_way_round_are_told_at_every_row(store: Store) -> None:
    rows = pairs((DAG, "7"), (DAG, "8"), (CILLA, "9"), (212001050003, "9"))
    assert import_faults(rows, read_code_key(store)).rows() == [
        (1, ImportFault.NUMBER_REPEATED),
        (2, ImportFault.NUMBER_REPEATED),
        (3, ImportFault.SERIAL_NUMBER_REPEATED),
        (4, ImportFault.SERIAL_NUMBER_REPEATED),
    ]


def test_one_fault_refuses_the_whole_import_and_quotes_no_value(store: Store) -> None:
    rows = pairs((DAG, "7"), *[(None, str(10_000_000 + number)) for number in range(12)], (ANNA, "12345678"))
    with pytest.raises(FileRefused) as caught:
        import_code_key(store, FILE, rows)
    assert held(store) == AS_BEFORE
    said = str(caught.value)
    assert "12 rows break number_missing (rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …)" in said
    assert "1 rows break number_known (rows 14)" in said
    for value in (ANNA, DAG, "12345678", "10000000"):
        assert str(value) not in said


def test_after_an_import_new_persons_are_drawn_for_as_ever(store: Store) -> None:
    assert extend_code_key(store, numbers(ANNA, DAG), os.urandom).drawn == 1
    assert held(store) > AS_BEFORE


def test_a_removed_persons_serial_number_stays_and_stands_for_nobody(store: Store) -> None:
    assert remove_persons(store, numbers(ANNA, DAG)) == 1
    assert held(store) == {(None, 1001), (BO, 1002), (None, 1003)}
    assert remove_persons(store, numbers(ANNA)) == 0


def test_rows_lie_in_order_of_their_numbers_and_where_a_number_was_tells_nothing_of_it(store: Store) -> None:
    import_code_key(store, FILE, pairs((DAG, "1000")))
    lie = read_code_key(store).select("number", "serial_number")
    assert lie.rows() == [(ANNA, 1001), (BO, 1002), (DAG, 1000), (None, 1003)]
    remove_persons(store, numbers(ANNA))
    lie = read_code_key(store).select("number", "serial_number")
    assert lie.rows() == [(BO, 1002), (DAG, 1000), (None, 1001), (None, 1003)]
    cut_link(store)
    assert read_code_key(store)["serial_number"].to_list() == [1000, 1001, 1002, 1003]


def test_a_removed_person_who_comes_again_gets_another_serial_number(store: Store) -> None:
    assert extend_code_key(store, numbers(CILLA, BO), os.urandom).drawn == 1
    assert (None, 1003) in held(store)
    assert sum(number == CILLA for number, _ in held(store)) == 1


def test_cutting_the_link_keeps_the_serial_numbers_alone(store: Store) -> None:
    assert cut_link(store) == 2
    assert held(store) == {(None, 1001), (None, 1002), (None, 1003)}
    assert cut_link(store) == 0


def test_no_copy_of_an_earlier_file_opens_after_a_removal(tmp_path: Path, store: Store) -> None:
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    assert len(list((tmp_path / "vault").rglob("*.parquet"))) == 1
    remove_persons(store, numbers(ANNA))
    assert len(list((tmp_path / "vault").rglob("*.parquet"))) == 1
    shutil.rmtree(tmp_path / "vault")
    shutil.move(tmp_path / "backup", tmp_path / "vault")
    with pytest.raises(SamkorningError):
        read_code_key(store)


def asked_for(purpose: str = "a doctor has to be told of a finding") -> LookUp:
    return LookUp("anna", NOON, purpose)


def test_a_look_up_gives_persons_in_the_order_asked_for(tmp_path: Path, store: Store) -> None:
    audit = AuditLog(tmp_path / "audit.jsonl", b"s" * 32)
    answer = look_up(store, pl.Series([1002, 1003, 7, 1001, 1002]), asked_for(), audit)
    assert answer.rows() == [(1002, BO), (1003, None), (7, None), (1001, ANNA), (1002, BO)]


def test_a_look_up_is_recorded_with_its_purpose_and_no_number(tmp_path: Path, store: Store) -> None:
    audit = AuditLog(tmp_path / "audit.jsonl", b"s" * 32)
    look_up(store, pl.Series([1002, 1003]), asked_for(), audit)
    [record] = audit.records()
    assert (record.act, record.person, record.case, record.at) == ("look-up", "anna", "36759-2021", NOON)
    assert dict(record.facts) == {
        "purpose": "a doctor has to be told of a finding",
        "store": "code_key.person",
        "asked": 2,
    }
    assert str(BO) not in (tmp_path / "audit.jsonl").read_text()


def test_a_look_up_is_recorded_before_the_code_key_is_opened(tmp_path: Path, store: Store) -> None:
    audit = AuditLog(tmp_path / "audit.jsonl", b"s" * 32)
    for path in (tmp_path / "vault").rglob("*.parquet"):
        path.write_bytes(b"damaged")
    with pytest.raises(SamkorningError):
        look_up(store, pl.Series([1002]), asked_for(), audit)
    assert len(audit.records()) == 1


@pytest.mark.parametrize("purpose", ["", " ", "because", "         x"])
def test_a_look_up_without_a_purpose_is_refused(tmp_path: Path, store: Store, purpose: str) -> None:
    audit = AuditLog(tmp_path / "audit.jsonl", b"s" * 32)
    with pytest.raises(RuleRefused, match="purpose"):
        look_up(store, pl.Series([1002]), asked_for(purpose), audit)
    assert audit.records() == []
