"""Formats of data files: which type a column has, what each format refuses by name, and what the readme tells."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from samkorning.data_formats import FormatName, with_what_they_need
from samkorning.delivery.formats import FORMATS, Declared, losses_by_variable
from samkorning.delivery.formats.columns import Table
from samkorning.delivery.formats.delimited import CSV, TAB
from samkorning.delivery.formats.format import DataFormat
from samkorning.errors import CheckFailed, OrderRefused
from samkorning.order import read_order
from samkorning.order.reading import read_incoming_order
from tests.data_formats import FILE, a_table, in_format, in_formats, rows_of
from tests.factories import SAMPLE_ORDER


def said(kind: str = "text", **more: Any) -> Declared:
    return Declared("X", kind, **more)


def frame(values: list[Any], dtype: Any = pl.String) -> pl.DataFrame:
    return pl.DataFrame(
        {"LopNr": pl.Series(range(1, len(values) + 1), dtype=pl.Int32), "X": pl.Series(values, dtype=dtype)}
    )


DATES = said("date", date_shapes=("YYYY-MM-DD", "YYYYMMDD", "YYYY0000"))
YES = said("boolean", true_values=("True", "1"), false_values=("False", "0"))
COMMA = said("decimal", decimal_mark=",")
KINDS: list[tuple[Declared, list[str | None], str]] = [
    (said("integer"), ["1", "-20", None, "0"], "integer"),
    (said("integer"), ["1", "02"], "text"),  # a leading zero would be lost
    (said("integer"), ["1", "+2"], "text"),
    (said("integer"), ["999999999999999"], "integer"),
    (said("integer"), ["1000000000000000"], "text"),  # sixteen digits
    (said("integer"), ["1", "NA"], "text"),
    (said("integer"), [None, None], "integer"),
    (said("decimal"), ["1.5", "2", "-0.25"], "decimal"),
    (said("decimal"), ["1.50", "2.25"], "decimal"),  # all with as many decimals
    (said("decimal"), ["1.50", "2.5"], "text"),  # a last zero would be lost
    (said("decimal"), ["-0.0"], "text"),
    (said("decimal"), ["1,5"], "text"),
    (COMMA, ["1,5", "2"], "decimal"),
    (COMMA, ["1.5"], "text"),
    (DATES, ["2219-05-04", "2220-02-29"], "date"),
    (DATES, ["22190504"], "date"),
    (DATES, ["2219-05-04", "22190504"], "text"),  # two shapes would come back as one
    (DATES, ["22190504", "22190000"], "text"),  # a partial date is no day
    (DATES, ["2219-02-29"], "text"),
    (YES, ["True", "False", None], "boolean"),
    (YES, ["1", "0", "1"], "boolean"),
    (YES, ["True", "1"], "text"),  # two texts for yes would come back as one
    (said(), ["1", "2"], "text"),
]


@pytest.mark.parametrize(("declared", "values", "kind"), KINDS)
def test_text_has_its_declared_type_where_every_value_reads_so_and_back(
    declared: Declared, values: list[str | None], kind: str
) -> None:
    assert a_table(frame(values), [declared]).columns[1].kind == kind


TWO_53 = 2**53
REFUSED: list[tuple[FormatName, pl.DataFrame, str]] = [
    ("spss", frame(["x" * 32_768]), "X has text longer than 32767 bytes"),
    ("spss", frame(["å" * 16_384]), "X has text longer than 32767 bytes"),
    ("stata", frame(["å" * 1022 + "x"]), "X has text longer than 2044 bytes"),
    ("sas_transport", frame(["x" * 32_768]), "X has text longer than 32767 bytes"),
    ("excel", frame(["x" * 32_768]), "X has text longer than 32767 bytes"),
    ("sas", frame(["x" * 32_768]), "X has text longer than 32767 bytes"),
    ("spss", frame(["a\x00b"]), "X has text with a NUL character"),
    ("stata", frame(["a\x00b"]), "X has text with a NUL character"),
    ("sas_transport", frame(["a\x00b"]), "X has text with a NUL character"),
    ("excel", frame(["a\nb"]), "X has text with control characters"),
    ("excel", frame(["\uffff"]), "X has text with control characters"),
    ("sas", frame(["a\nb"]), "X has text with control characters"),
    ("sas", frame([" b"]), "X has text that begins with a blank"),
    ("spss", frame([TWO_53 + 1], pl.Int64), "X has whole numbers beyond 2\\^53"),
    ("stata", frame([-TWO_53 - 1], pl.Int64), "X has whole numbers beyond 2\\^53"),
    ("sas_transport", frame([TWO_53 + 1], pl.Int64), "X has whole numbers beyond 2\\^53"),
    ("excel", frame([10**15], pl.Int64), "X has whole numbers of more than 15 digits"),
    *(
        ("excel", frame([1.5, number], pl.Float64), "X has decimals of more than 15 digits")
        for number in (0.1 + 0.2, 12345678901234.56, 1.00000000000000022)
    ),
    ("spss", frame([float("inf")], pl.Float64), "X has numbers that are infinite or none"),
    ("stata", frame([float("nan")], pl.Float64), "X has numbers that are infinite or none"),
    ("stata", frame([1e308], pl.Float64), "X has numbers larger or smaller"),
    ("sas_transport", frame([1e76], pl.Float64), "X has numbers larger or smaller"),
    ("sas_transport", frame([1e-79], pl.Float64), "X has numbers larger or smaller"),
    ("sas_transport", pl.DataFrame({"X": ["a", None]}), "has no number that every row has"),
    ("parquet", frame([datetime(2219, 1, 1)], pl.Datetime), "X is Datetime.*; make it text"),
    ("spss", frame(["a"]).rename({"X": "LÄN"}), "LÄN is not written with A-Z"),
    ("stata", frame(["a"]).rename({"X": "_x"}), "_x is not written with A-Z"),
    ("sas", frame(["a"]).rename({"X": "x" * 33}), "is longer than 32 characters"),
    ("spss", frame(["a"]).rename({"X": "With"}), "With is a word of the program's own language"),
    ("stata", frame(["a"]).rename({"X": "str8"}), "str8 is a word of the program's own language"),
]


@pytest.mark.parametrize(("name", "rows", "seen"), REFUSED)
def test_what_a_format_cannot_hold_is_refused_by_name_before_anything_is_written(
    name: FormatName, rows: pl.DataFrame, seen: str
) -> None:
    with pytest.raises(CheckFailed, match=f"^{FILE}: (csv: .*)?{name}: .*{seen}.*choose csv or parquet"):
        in_format(rows, name)


def test_a_workbook_of_more_rows_than_are_held_in_memory_is_refused() -> None:
    with pytest.raises(CheckFailed, match="excel: has more than 100000 rows"):
        in_format(frame(["a"] * 100_001), "excel")


HELD: list[tuple[FormatName, pl.DataFrame]] = [
    ("spss", frame(["å" * 16_383 + "x", "y" * 255, "z" * 256])),
    ("stata", frame(["å" * 1022, "  two", "å"])),
    ("sas_transport", frame(["x" * 32_767, "å"])),
    ("excel", frame(["x" * 32_767, "=1+1", "_x0041_"])),
    *((name, frame([TWO_53, -TWO_53], pl.Int64)) for name in ("spss", "stata", "sas_transport", "parquet")),
    ("parquet", frame([2**63 - 1, -(2**63)], pl.Int64)),
    *((name, frame([0.1 + 0.2, -1.5, 1e75], pl.Float64)) for name in ("spss", "stata", "sas_transport", "parquet")),
    *((name, frame([date(1582, 10, 15), date(9999, 12, 31)], pl.Date)) for name in ("spss", "stata", "sas_transport")),
    ("excel", frame([0.01, -1234567890123.45, 1e-7, 0.125, 1e15], pl.Float64)),
    ("excel", frame([date(1900, 3, 1), date(9999, 12, 31)], pl.Date)),
    ("stata", frame([date(100, 1, 1)], pl.Date)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rows"), HELD)
def test_what_a_format_just_holds_comes_back(name: FormatName, rows: pl.DataFrame) -> None:
    assert rows_of(in_format(rows, name), name) == rows.rows()


SAID: list[tuple[FormatName, list[Any], Any, Declared, set[str]]] = [
    ("spss", ["", None], pl.String, said(), {"empty text is missing"}),
    ("parquet", ["", None], pl.String, said(), set()),
    ("parquet", ["", None, "1"], pl.String, said("integer"), {"empty text is missing"}),
    ("spss", ["x "], pl.String, said(), {"blanks at the end are lost"}),
    ("stata", ["x "], pl.String, said(), set()),
    ("stata", ["x"], pl.String, said(label="å" * 41), {"label is cut"}),
    ("spss", ["x"], pl.String, said(label="å" * 41), set()),
    ("stata", ["x"], pl.String, said(codes=(("x", "an x"),)), {"labels of codes are left out"}),
    ("spss", ["x"], pl.String, said(codes=(("x", "an x"),)), set()),
    ("stata", ["1"], pl.String, said("integer", codes=(("1", "man"),)), set()),
    ("sas_transport", ["1"], pl.String, said("integer", codes=(("1", "man"),)), {"labels of codes are left out"}),
    ("spss", [date(1582, 10, 14)], pl.Date, said(), {"is text"}),
    ("excel", [date(1900, 2, 28)], pl.Date, said(), {"is text"}),
    ("stata", [date(99, 12, 31)], pl.Date, said(), {"is text"}),
    ("sas", [date(1582, 10, 14)], pl.Date, said(), {"is text"}),
]


@pytest.mark.parametrize(("name", "values", "dtype", "declared", "seen"), SAID)
def test_what_a_format_does_not_carry_is_told_by_variable(
    name: FormatName, values: list[Any], dtype: Any, declared: Declared, seen: set[str]
) -> None:
    found = losses_by_variable(a_table(frame(values, dtype), [declared]), FORMATS[name])
    assert set(found) == seen and set(found.values()) <= {("X",)}


def test_days_outside_a_calendar_leave_as_they_were_written() -> None:
    rows = frame(["04.05.1219", "05.05.2219"])
    declared = said("date", date_shapes=("DD.MM.YYYY",))
    assert rows_of(in_format(rows, "spss", [declared]), "spss") == rows.rows()
    assert rows_of(in_format(rows, "stata", [declared]), "stata")[0][1] == date(1219, 5, 4)


def test_a_sas_program_comes_with_the_csv_file_that_it_reads() -> None:
    assert with_what_they_need(["sas"]) == ("csv", "sas")
    assert with_what_they_need(["sas", "csv", "sas"]) == ("sas", "csv")
    codes = (("1", "man's"), ("2", "kvinna & %x"))
    facts, content = in_formats(frame(["1,5", "2"]), ["sas"], [said("decimal", decimal_mark=",", codes=codes)])
    assert [(form.format, form.ending) for form in facts.forms] == [("csv", ".csv"), ("sas", ".sas")]
    program = content["sas"].decode()
    assert f"infile '{FILE}.csv' dsd dlm=';' firstobs=2 encoding='utf-8' termstr=crlf" in program
    assert "X :numx32." in program and "1 = 'man''s'" in program and "2 = 'kvinna & %x'" in program


SWEDISH, PLAIN = "Rokning_Värde", "Rokning_Varde"


def an_order_with(formats: str, swedish: str = PLAIN) -> str:
    assert SWEDISH in SAMPLE_ORDER
    text = SAMPLE_ORDER.replace(SWEDISH, swedish)
    return text.replace("specification:\n", f"specification:\n  formats: {formats}\n")


@pytest.mark.parametrize("formats", ["[csv]", "[csv, parquet, spss, stata, sas_transport, sas, excel, tab]"])
def test_an_order_names_its_formats(formats: str) -> None:
    order = read_order(an_order_with(formats), "order.yaml")
    assert list(order.specification.formats) == formats.strip("[]").split(", ")


@pytest.mark.parametrize(
    ("formats", "seen"),
    [
        ("[sav]", "formats.*use one of the values that docs/order.md lists"),
        ("[]", "formats.*list at least one"),
        ("[csv, csv]", "names a format twice"),
    ],
)
def test_an_order_of_other_formats_is_refused(formats: str, seen: str) -> None:
    with pytest.raises(OrderRefused, match=seen):
        read_order(an_order_with(formats), "order.yaml")


@pytest.mark.parametrize("formats", ["spss", "stata", "sas", "sas_transport"])
def test_an_order_of_a_format_that_cannot_have_a_name_is_refused_when_it_is_read(formats: str) -> None:
    with pytest.raises(OrderRefused, match=f"{formats} cannot have the variable '{SWEDISH}': its name is not written"):
        read_order(an_order_with(f"[csv, {formats}]", SWEDISH), "order.yaml")
    read_order(an_order_with("[csv, parquet, tab, excel]", SWEDISH), "order.yaml")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("två\\nrader", "holds a line end"),
        ("tab\\there", "holds a line end"),
        ("=SUM(A1)", "begins as what a spreadsheet calculates"),
        ("+vikt", "begins as what a spreadsheet calculates"),
        ("-vikt", "begins as what a spreadsheet calculates"),
        ("@vikt", "begins as what a spreadsheet calculates"),
        ("a;b", None),
        ('en \\"sådan\\"', None),
        ("vikt-kg", None),
    ],
)
@pytest.mark.parametrize("formats", ["[csv]", "[tab]", "[parquet]"])
def test_the_first_line_of_delimited_text_holds_names_alone(name: str, problem: str | None, formats: str) -> None:
    text = an_order_with(formats, f'"{name}"')
    if problem is None or formats == "[parquet]":
        read_incoming_order(text, "order.yaml")
    else:
        with pytest.raises(OrderRefused, match=problem):
            read_incoming_order(text, "order.yaml")
    read_order(text, "order.yaml")  # one that is kept from before stays readable


@pytest.mark.parametrize("each", [CSV, TAB], ids=lambda each: each.name)
def test_delimited_text_refuses_a_name_that_is_a_formula(each: DataFormat) -> None:
    found = [str(refusal) for refusal in each.refusals(Table("f", pl.DataFrame({"=A1": ["x"], "a;b": ["y"]}).schema))]
    assert found == ["=A1 begins as what a spreadsheet calculates (its name)"]


def test_an_order_without_formats_has_the_hash_that_it_had() -> None:
    without = read_order(SAMPLE_ORDER, "order.yaml").specification
    with_csv = read_order(an_order_with("[csv]", SWEDISH), "order.yaml").specification
    assert without.formats == ("csv",) and without.sha256 == with_csv.sha256
