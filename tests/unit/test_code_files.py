"""Code lists from files and sheets: the block of an order, or the rows that hold no code."""

import hashlib
from pathlib import Path

import pytest
import xlsxwriter
from ruamel.yaml import YAML

from samkorning.errors import FileRefused
from samkorning.order.code_files import SHAPES, block_of, code_list, file_taken_from, read_codes
from samkorning.order.selection import CodeList
from samkorning.own_registers.catalogue import CodeSystem
from tests.commands import answer, program

ICD_10, ICD_9, ATC, KVA = CodeSystem.ICD_10, CodeSystem.ICD_9, CodeSystem.ATC, CodeSystem.KVA
FILE = file_taken_from("list.csv", b"bytes")


@pytest.mark.parametrize(
    ("written", "system", "code"),
    [
        ("E109", ICD_10, "E109"),
        ("E10.9", ICD_10, "E109"),
        (" e10.9 ", ICD_10, "E109"),
        ("E10 9", ICD_10, "E109"),
        ("E10*", ICD_10, "E10*"),
        ("E10.1-E10.9*", ICD_10, "E101-E109*"),
        ("250A", ICD_9, "250A"),
        ("2500", ICD_9, "2500"),
        ("A10AB01", ATC, "A10AB01"),
        ("A10", ATC, "A10"),
        ("ÅAB01", KVA, "ÅAB01"),
    ],
)
def test_a_code_is_taken_as_it_is_compared(written: str, system: CodeSystem, code: str) -> None:
    read = read_codes([written], system, of_workbook=False, with_below=False)
    assert (list(read.codes), read.faults) == ([code], {})


@pytest.mark.parametrize(
    ("written", "system", "of_workbook", "fault"),
    [
        ("250.0", ICD_9, False, "number_of_excel"),
        ("250,0", ICD_9, False, "number_of_excel"),
        ("1E+05", ICD_10, False, "number_of_excel"),
        ("250", ICD_9, True, "digits_of_a_workbook"),
        ("250.1", ICD_9, True, "digits_of_a_workbook"),
        ("E10-E144*", ICD_10, False, "bounds"),
        ("E14-E10*", ICD_10, False, "bounds"),
        ("E10-E14", ICD_10, False, "no_code"),
        ("E1", ICD_10, False, "no_code"),
        ("A1", ATC, False, "no_code"),
        ("diabetes", ICD_10, False, "no_code"),
        ("E10; E11", ICD_10, False, "no_code"),
        ("E10'", ICD_10, False, "no_code"),
    ],
)
def test_a_row_without_a_code_is_named_and_never_said(
    written: str, system: CodeSystem, of_workbook: bool, fault: str
) -> None:
    read = read_codes(["", written, written], system, of_workbook, with_below=False)
    assert (read.codes, read.faults) == ({}, {fault: [2, 3]})
    with pytest.raises(FileRefused, match=r"2 rows hold .*\(rows 2, 3\)") as refused:
        code_list("name", None, system, FILE, read)
    assert written not in str(refused.value).split("; ")[0]


def test_every_classification_has_a_shape() -> None:
    assert set(SHAPES) == set(CodeSystem)


def test_what_was_mended_and_left_out_is_counted() -> None:
    read = read_codes(["E10.9", None, "e109", "E11", " "], ICD_10, of_workbook=False, with_below=True)
    assert list(read.codes) == ["E109*", "E11*"]
    assert read.counts() == {"codes": 2, "points_removed": 1, "letters_raised": 1, "repeated": 1, "blank_rows": 2}


def test_one_row_is_one_row() -> None:
    read = read_codes(["E10", "x"], ICD_10, of_workbook=False, with_below=False)
    with pytest.raises(FileRefused, match=r"1 row holds no code of ICD-10-SE \(row 2\)"):
        code_list("name", None, ICD_10, FILE, read)


def test_a_column_of_nothing_is_refused() -> None:
    with pytest.raises(FileRefused, match="holds no code"):
        code_list("name", None, ICD_10, FILE, read_codes([None], ICD_10, of_workbook=False, with_below=False))


@pytest.mark.parametrize("version", [None, "2", 'second "draft" of: #1', "1\\2"])
def test_the_block_reads_back_as_the_list(version: str | None) -> None:
    read = read_codes(["E10.9", "E11*"], ICD_10, of_workbook=False, with_below=False)
    listed = code_list("diabetes", version, ICD_10, FILE, read)
    [block] = YAML(typ="safe").load(block_of(listed))["code_lists"]
    assert CodeList.model_validate(block) == listed
    assert listed.taken_from is not None
    assert listed.taken_from.sha256 == hashlib.sha256(b"bytes").hexdigest()


def in_a_workbook(path: Path, cells: list[object]) -> Path:
    """A workbook of two sheets, the second with the cells below a header."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("notes").write(0, 0, "nothing here")
        sheet = book.add_worksheet("codes")
        for row, cell in enumerate(["Kod", *cells]):
            sheet.write(row, 0, cell)
    return path


def test_the_command_prints_the_block_of_a_sheet(tmp_path: Path) -> None:
    file = in_a_workbook(tmp_path / "list.xlsx", ["E10.9", "e11"])
    options = ["--name", "diabetes", "--system", "ICD-10-SE", "--sheet", "codes", "--version", "2"]
    said = program(tmp_path, "--json", "order", "codes", str(file), *options)
    found = answer(said)["code_list"]
    assert found == {
        "name": "diabetes",
        "version": "2",
        "taken_from": {"name": "list.xlsx", "sha256": hashlib.sha256(file.read_bytes()).hexdigest()},
        "codes": {"ICD-10-SE": ["E109", "E11"]},
    }
    in_words = program(tmp_path, "order", "codes", str(file), *options)
    assert YAML(typ="safe").load(in_words.stdout)["code_lists"] == [found]


def test_numbers_in_a_workbook_are_refused_by_their_rows(tmp_path: Path) -> None:
    file = in_a_workbook(tmp_path / "list.xlsx", ["250A", 250.0, 250.1, 17])
    said = program(tmp_path, "order", "codes", str(file), "--name", "diabetes", "--system", "ICD-9", "--sheet", "codes")
    assert said.returncode == 1
    assert "3 rows hold digits alone in a workbook, where zeros get lost (rows 2, 3, 4)" in said.stderr


def test_of_several_columns_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Kod;Text\nE10;a\n", encoding="utf-8")
    options = ["--name", "diabetes", "--system", "ICD-10-SE"]
    assert "say which with --column" in program(tmp_path, "order", "codes", str(file), *options).stderr
    assert "has no such column" in program(tmp_path, "order", "codes", str(file), *options, "--column", "X").stderr
    assert program(tmp_path, "order", "codes", str(file), *options, "--column", "Kod").returncode == 0
