"""Small files of every format, each with words and numbers that must not come out, and the same in every packing.

What belongs here: files that a holder could send. What must not: damage (mutations, fields, parts), packing (packings)
and judging (outcomes). All persons are born where nobody is. The same bytes come each time: what libraries write of the
time of day is written over.
"""

import datetime as dt
import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from samkorning.register_files import FileContract
from tests import old_workbooks, statistics_files, workbooks
from tests.fuzz.packings import PACKINGS, Packing

WORD = "kanarieord"
NUMBERS = ("222001012387", "222001022387")
NAMES = ("LopNr", "Namn", "Kommun", "Datum")
ROWS = [
    (NUMBERS[0], f"Åsa {WORD}", "0180", "2219-05-04"),
    (NUMBERS[1], "", "1480", "2219-05-05"),
    ("000000012", f'Öst; {WORD} "citat"', "0010", "2220-12-31"),
    (NUMBERS[0], "två\nrader", "1280", "2220-01-01"),
] * 5
FRAME = pl.DataFrame(ROWS, schema=list(NAMES), orient="row")
TYPED = FRAME.with_columns(pl.col("Datum").str.to_date(), Tal=pl.lit(1.25), Antal=pl.int_range(pl.len()))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "cp850", "mac_roman")
PACKED = ("utf-8.csv", "table.xlsx", "table.parquet", "file.sav")
_MOMENTS = (  # the time of day in sav, dta, xpt and por
    (re.compile(rb"[0-9]{2} [A-Z][a-z]{2} [0-9]{4}:[0-9]{2}:[0-9]{2}"), b"01 Jan 2600:00:00"),
    (re.compile(rb"[0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}"), b"01 Jan 2026 00:00"),
    (re.compile(rb"[0-9]{2}[A-Z]{3}[0-9]{2}(?::[0-9]{2}){3}"), b"01JAN26:00:00:00"),
    (re.compile(rb"8/[0-9]{8}6/[0-9]{3}\r\n[0-9]{3}"), b"8/202601016/000\r\n000"),
)


@dataclass(frozen=True)
class Seed:
    """A file as it would be sent, under which contract, and with which password."""

    format: str
    name: str
    content: bytes = field(repr=False)
    contract: FileContract = field(default_factory=FileContract)
    password: str | None = None


def seeds() -> Iterator[Seed]:
    """All plain ones, and some in every packing but seals."""
    for seed in plain_seeds():
        yield seed
        if seed.name in PACKED:
            yield from (_packed(seed, packing) for packing in PACKINGS if "age" not in packing.name)


def plain_seeds() -> Iterator[Seed]:
    """Those that are not packed, and small SAS files of others where there is a folder of samples."""
    yield from (*_texts(), *_stored(), *_workbooks(), *_statistics())
    samples = os.environ.get("SAMKORNING_SAMPLES")
    for path in sorted(Path(samples).rglob("*.sas7bdat")) if samples else ():
        if path.stat().st_size < 300_000:
            yield Seed("sas", path.name, path.read_bytes())


def _packed(seed: Seed, packing: Packing) -> Seed:
    content = packing.wrap(f"{WORD}_{seed.name}", seed.content)
    name = f"{packing.name.replace(' ', '_')}_{seed.name}{packing.suffix}"
    packed = replace(seed, format=f"{packing.name} {seed.format}", name=name, content=content)
    return replace(packed, password=packing.password)


def _texts() -> Iterator[Seed]:
    text = FRAME.write_csv(separator=";")
    for encoding in ENCODINGS:
        yield Seed("delimited", f"{encoding}.csv", text.encode(encoding))
    for word, separator in (("tab", "\t"), ("comma", ","), ("pipe", "|")):
        yield Seed("delimited", f"{word}.txt", FRAME.write_csv(separator=separator).replace("\n", "\r\n").encode())
    header, _, rows = text.partition("\n")
    yield Seed("delimited", "joined.csv", f"{header}\n{rows}\ufeff{header}\n{rows}".encode())
    yield Seed("delimited", "formulas.csv", re.sub(r"(?m)^[0-9]{12}", lambda number: f'="{number[0]}"', text).encode())
    yield Seed("delimited", "unquoted.csv", f'LopNr;Namn\n{NUMBERS[0]};5" {WORD}\n{NUMBERS[1]};x\n'.encode())
    yield Seed("fixed_width", "fixed.txt", _fixed().encode("cp1252"), _layout())
    yield Seed("json_lines", "rows.jsonl", FRAME.write_ndjson().encode())
    yield Seed("json_lines", "typed.ndjson", TYPED.with_columns(Sant=True, Saknas=None).write_ndjson().encode())


def _fixed() -> str:
    rows = ((number, name.replace("\n", " "), town, day) for number, name, town, day in ROWS)
    return "".join(f"{number:<12}{name:<24.24}{town:<4}{day:<10}\r\n" for number, name, town, day in rows)


def _layout() -> FileContract:
    widths = {"LopNr": (1, 12), "Namn": (13, 24), "Kommun": (37, 4), "Datum": (41, 10)}
    columns = [{"name": name, "start": start, "width": width} for name, (start, width) in widths.items()]
    return FileContract.model_validate({"format": "fixed_width", "header": False, "columns": columns})


def _stored() -> Iterator[Seed]:
    holes = TYPED.with_columns(pl.when(pl.col("Antal") % 3 > 0).then(pl.col("Namn")), Sant=pl.col("Antal") > 4)
    yield Seed("parquet", "table.parquet", _written(TYPED.write_parquet))
    yield Seed("parquet", "plain.parquet", _written(lambda to: TYPED.write_parquet(to, compression="uncompressed")))
    yield Seed(
        "parquet", "groups.pq", _written(lambda to: holes.write_parquet(to, compression="snappy", row_group_size=7))
    )
    yield Seed("arrow", "table.arrow", _written(TYPED.write_ipc))
    yield Seed("arrow", "table.arrows", _written(TYPED.write_ipc_stream))
    yield Seed("arrow", "packed.feather", _written(lambda to: holes.write_ipc(to, compression="zstd")))


def _written(write: Callable[[Any], object]) -> bytes:
    sink = io.BytesIO()
    write(sink)
    return sink.getvalue()


def _workbooks() -> Iterator[Seed]:
    rows: list[list[object]] = [list(row) for row in (NAMES, *ROWS)]
    mixed: list[list[object]] = [["LopNr", "Dag", "Tid", "Tal"]]
    mixed += (_mixed(number, *row) for number, row in enumerate(ROWS))
    hidden = f"{WORD} dold"
    book = workbooks.workbook(_at_no_time, workbooks.sheet(rows), workbooks.sheet(rows, hidden, hide=True))
    yield Seed("excel", "table.xlsx", book)
    yield Seed("excel", "mixed.xlsm", workbooks.workbook(_at_no_time, workbooks.sheet(mixed), _formulas))
    cells = "".join(
        f'<row><c t="inlineStr"><is><t>{name}</t></is></c><c><v>{at}</v></c></row>' for at, name in enumerate(NAMES)
    )
    yield Seed("excel", "addressless.xlsx", workbooks.elsewhere(workbooks.of_other_program(cells)))
    old_book = old_workbooks.workbook_of(old_workbooks.sheet(rows), old_workbooks.sheet(rows, hidden, hide=1))
    yield Seed("old_excel", "table.xls", old_book)
    yield Seed("old_excel", "mixed.xls", old_workbooks.workbook(mixed))
    yield Seed("old_excel", "code_page.xls", old_workbooks.in_code_page(old_book, 1252))


def _mixed(number: int, person: str, *_: str) -> list[object]:
    return [person, dt.date(2020, 1, 1 + number), dt.time(number, 30), number / 8 if number % 4 else f"{WORD} {number}"]


def _at_no_time(book: xlsxwriter.Workbook) -> None:
    book.set_properties({"created": dt.datetime(2026, 1, 1), "title": WORD})


def _formulas(book: xlsxwriter.Workbook) -> None:
    """What only workbooks have, beside the cells of the first sheet."""
    page = book.worksheets()[0]
    page.write_formula(30, 0, "=1+1", None, 2)
    page.write_boolean(30, 1, True)
    page.merge_range(30, 2, 30, 3, WORD)
    page.write_comment(30, 0, WORD)


def _statistics() -> Iterator[Seed]:
    for seed in _dated():
        content = seed.content
        for moment, none in _MOMENTS:
            content = moment.sub(none, content)
        yield replace(seed, content=content)


def _dated() -> Iterator[Seed]:
    table = TYPED.with_columns(pl.col("Namn").str.replace_all("\n", " "))
    plain = table.with_columns(pl.col("Namn").str.replace_all("[^ -~]", "a"))
    labels: dict[str, Any] = {"column_labels": [f"{WORD} {name}" for name in table.columns]}
    labelled = {**labels, "variable_value_labels": {"Antal": {1: WORD, 2: "annat"}}}
    yield Seed(
        "spss", "file.sav", statistics_files.sav(table, **labelled, missing_ranges={"Antal": [{"lo": 17, "hi": 19}]})
    )
    yield Seed("spss", "packed.sav", statistics_files.packed_sav(table, **labels))
    yield Seed("spss", "file.zsav", statistics_files.zsav(table, **labels))
    yield Seed("spss_portable", "file.por", statistics_files.por(plain, **labels))
    yield Seed("stata", "file.dta", statistics_files.dta(table, **labelled))
    yield Seed("stata", "old.dta", statistics_files.old_dta(plain.drop("Datum")))
    yield Seed("sas_transport", "file.xpt", statistics_files.xpt(table))
    yield Seed("sas_transport", "old.xpt", statistics_files.xpt5(plain))
    yield Seed("sas", "file.sas7bdat", statistics_files.sas(table))
    yield Seed("sas", "latin.sas7bdat", statistics_files.sas(table, encoding="latin-1"))
