"""Random tables written in every format that can be written, and read back equal."""

import io
import json
from datetime import date

import polars as pl
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.register_files import FileContract, RegisterTable
from tests.examples import examples
from tests.reading_here import inspect_register_file

Row = tuple[str | None, ...]
EIGHT_BITS = ["latin-1", "cp1252", "cp850", "mac_roman"]
UNICODE = ["utf-8", "utf-8-sig", "utf-16"]

swedish = st.text(st.sampled_from('abAB019 åäöÅÄÖéü;,\t|"\n\r.-'), max_size=8)
anything = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x1a\ufeff"), max_size=8)
zeros = st.integers(0, 10**6).map(lambda number: f"{number:012}")
fifteen_digits = st.integers(10**14, 10**15 - 1).map(str)
dates = st.dates(date(1850, 1, 1), date(2299, 12, 31)).map(date.isoformat)


def tables(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Row]]:
    cell = st.one_of(st.none(), st.just(""), texts, zeros, fifteen_digits, dates)
    widths = st.integers(1, 4)
    return widths.flatmap(lambda width: st.lists(st.tuples(*[cell] * width), min_size=1, max_size=6))


def names(rows: list[Row]) -> list[str]:
    return [f"Kolumn{place}" for place, _ in enumerate(rows[0])]


def written(rows: list[Row], separator: str, line_end: str, quote_all: bool) -> str:
    """Delimited text by the plainest writer there is: nothing for null, quotes where they are needed or everywhere."""

    def cell(value: str | None) -> str:
        if value is None:
            return ""
        needs = quote_all or not value or any(mark in value for mark in (separator, '"', "\n", "\r")) or value[0] == " "
        return '"' + value.replace('"', '""') + '"' if needs else value

    return "".join(separator.join(map(cell, row)) + line_end for row in [tuple(names(rows)), *rows])


def check(table: RegisterTable, rows: list[Row]) -> None:
    assert table.frame.rows() == rows
    assert (table.columns, table.rows, table.refused_rows) == (tuple(names(rows)), len(rows), 0)


@given(
    rows=tables(swedish),
    encoding=st.sampled_from(EIGHT_BITS + UNICODE),
    separator=st.sampled_from(";\t,|"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
)
@settings(max_examples=examples(40), deadline=None)
def test_delimited_text_in_every_encoding(
    rows: list[Row], encoding: str, separator: str, line_end: str, quote_all: bool
) -> None:
    sent = written(rows, separator, line_end, quote_all).encode(encoding)
    contract = FileContract.model_validate({"encoding": encoding, "separator": separator})
    check(inspect_register_file(sent, "file.csv", contract), rows)


@given(rows=tables(anything), encoding=st.sampled_from(UNICODE), quote_all=st.booleans())
@settings(max_examples=examples(20), deadline=None)
def test_delimited_text_of_any_characters(rows: list[Row], encoding: str, quote_all: bool) -> None:
    sent = written(rows, ";", "\r\n", quote_all).encode(encoding)
    check(inspect_register_file(sent, "file.csv", FileContract(separator=";")), rows)


@given(rows=tables(swedish), numbers=st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=6, max_size=6))
@settings(max_examples=examples(30), deadline=None)
def test_excel(rows: list[Row], numbers: list[int]) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    numbered = [(str(number), *row) for number, row in zip(numbers, rows, strict=False)]
    sheet.write_row(0, 0, names(numbered))
    for place, (row, number) in enumerate(zip(rows, numbers, strict=False), 1):
        sheet.write_number(place, 0, number)
        for column, value in enumerate(row, 1):
            if value is not None:
                sheet.write_string(place, column, value.replace("\r", ""))
    book.close()
    expected = [tuple(value and value.replace("\r", "") for value in row) for row in numbered]
    check(inspect_register_file(stream.getvalue(), "file.xlsx", FileContract()), expected)


@given(rows=tables(anything))
@settings(max_examples=examples(30), deadline=None)
def test_json_lines(rows: list[Row]) -> None:
    sent = "".join(json.dumps(dict(zip(names(rows), row, strict=True))) + "\n" for row in rows)
    check(inspect_register_file(sent.encode(), "file.jsonl", FileContract()), rows)


@given(rows=tables(anything))
@settings(max_examples=examples(30), deadline=None)
def test_parquet_and_arrow(rows: list[Row]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names(rows), pl.String), orient="row")
    for name, write in (
        ("f.parquet", frame.write_parquet),
        ("f.arrow", frame.write_ipc),
        ("f.arrows", frame.write_ipc_stream),
    ):
        stream = io.BytesIO()
        write(stream)
        check(inspect_register_file(stream.getvalue(), name, FileContract()), rows)


@given(rows=st.lists(st.tuples(st.from_regex(r"[A-Zåäö0-9]{1,5}", fullmatch=True), dates), min_size=1, max_size=5))
@settings(max_examples=examples(30), deadline=None)
def test_fixed_width(rows: list[tuple[str, str]]) -> None:
    layout = [
        {"name": "Kolumn0", "start": 1, "width": 5, "padding": "left"},
        {"name": "Kolumn1", "start": 7, "width": 12},
    ]
    sent = "".join(f"{code:>5} {day:<12}\r\n" for code, day in rows).encode("cp1252")
    contract = FileContract.model_validate(
        {"format": "fixed_width", "header": False, "columns": layout, "encoding": "cp1252"}
    )
    check(inspect_register_file(sent, "file.txt", contract), [*rows])
