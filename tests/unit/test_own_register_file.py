"""A register year from the authority's own export: typed by the catalogue, or refused by column without a value."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import FileRefused, NotFound
from samkorning.own_register_file import read_own_register_file
from samkorning.register_catalogue import CatalogueRegister, CatalogueVariable


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
    return read_own_register_file(path, REGISTER).collect()


def test_the_columns_of_the_catalogue_come_typed(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).rows() == [
        (221101012394, date(2219, 9, 4), 33.3, "A01"),
        (221101012394, None, None, None),
    ]


def test_parquet_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "lmed.parquet"
    read(tmp_path, GOOD).write_parquet(path)
    assert read_own_register_file(path, REGISTER).collect().equals(read(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("FORPDDD", "FORPDD", "lacks the columns FORPDDD"),
        ("2219-09-04", "20190904", "1 values of EDATUM are no Date"),
        ("33,3", "much", "1 values of FORPDDD are no Float64"),
        ("221101012394;2219", "1012394;2219", "1 rows have no number of twelve digits"),
        ("221101012394;2219", "x;2219", "1 values of number are no Int64"),
    ],
)
def test_what_does_not_fit_is_refused_without_a_value(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(FileRefused, match=problem) as refusal:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert "101239" not in str(refusal.value)


def test_a_missing_or_unreadable_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_own_register_file(tmp_path / "none.csv", REGISTER)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"no table")
    with pytest.raises(FileRefused, match="not readable"):
        read_own_register_file(broken, REGISTER)
