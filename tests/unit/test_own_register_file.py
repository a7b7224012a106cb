"""A register year from the authority's own export: typed by the catalogue, or refused by column without a value."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import FileRefused, NotFound
from samkorning.own_registers.catalogue import CatalogueRegister, CatalogueVariable
from samkorning.own_registers.loading import OwnRegisterFile


def a_variable(name: str, kind: str) -> CatalogueVariable:
    return CatalogueVariable(name=name, type=kind, length=10, label_sv="x", label_en="x")


REGISTER = CatalogueRegister(
    name="LMED",
    title_sv="x",
    title_en="x",
    variables=(a_variable("EDATUM", "date"), a_variable("FORPDDD", "decimal"), a_variable("ATC", "text")),
)
GOOD = "number;EDATUM;FORPDDD;ATC;MORE\n221101012394;2219-09-04;33,3;A01;x\n221101012394;;;;\n"


def read(tmp_path: Path, content: str) -> pl.DataFrame:
    path = tmp_path / "lmed.csv"
    path.write_text(content)
    return rows(path)


def rows(path: Path) -> pl.DataFrame:
    return pl.concat(OwnRegisterFile(path, REGISTER).batches())


def test_the_columns_of_the_catalogue_come_typed(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).rows() == [
        (221101012394, date(2219, 9, 4), 33.3, "A01"),
        (221101012394, None, None, None),
    ]


def test_parquet_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "lmed.parquet"
    read(tmp_path, GOOD).write_parquet(path)
    assert rows(path).equals(read(tmp_path, GOOD))


def test_a_file_without_rows_is_a_year_without_rows(tmp_path: Path) -> None:
    empty = read(tmp_path, GOOD.splitlines()[0] + "\n")
    assert empty.is_empty()
    empty.write_parquet(tmp_path / "lmed.parquet")
    assert rows(tmp_path / "lmed.parquet").schema == empty.schema


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("FORPDDD", "FORPDD", "lacks the columns FORPDDD"),
        ("2219-09-04", "20190904", "EDATUM: 1 not of its type"),
        ("33,3", "much", "FORPDDD: 1 not of its type"),
        ("33,3", "1e400", "FORPDDD: 1 beyond what is kept"),
        ("A01", "A0123456789", "ATC: 1 longer than the catalogue says"),
        ("221101012394;2219", "1012394;2219", "number: 1 not of twelve digits"),
        ("221101012394;2219", "x;2219", "number: 1 not of its type"),
        ("221101012394;2219", ";2219", "number: 1 missing"),
        (";x\n", "\n", "1 of 2 rows are damaged"),
        ("2219-09-04;33,3", "2219-02-30;inf", "EDATUM: 1 not of its type; FORPDDD: 1 not of its type"),
    ],
)
def test_what_does_not_fit_is_refused_without_a_value(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(FileRefused, match=problem) as refusal:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert "101239" not in str(refusal.value)
    assert str(refusal.value).startswith("lmed.csv: ")


def test_faults_are_counted_over_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the first rows does not hide those in the last, and no row leaves behind it."""
    monkeypatch.setattr("samkorning.own_registers.loading.ROWS_AT_ONCE", 10)
    path = tmp_path / "lmed.parquet"
    dates = [datetime(2219, 9, 4, row % 2) for row in range(50)]
    pl.DataFrame(
        {"number": [221101012394] * 50, "EDATUM": dates, "FORPDDD": [1] * 50, "ATC": ["A"] * 50}
    ).write_parquet(path, row_group_size=10)
    with pytest.raises(FileRefused, match="EDATUM: 25 with a time of day; export"):
        rows(path)


def test_a_missing_or_unreadable_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        OwnRegisterFile(tmp_path / "none.csv", REGISTER)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"no table")
    with pytest.raises(FileRefused, match="not readable"):
        rows(broken)


def test_a_file_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "lmed.parquet"
    read(tmp_path, GOOD).write_parquet(path)
    content = bytearray(path.read_bytes())
    content[8:40] = bytes(32)
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="not readable"):
        rows(path)
