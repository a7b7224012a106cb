"""Data files in each format against the limit: the same rows written by the format's own library.

``python bench/formats.py [--rows 1000000] [--rounds 3]`` prints a table and ends with 1 if a limit is broken. Every
measurement is taken in a process of its own, the library and we in turn, and the quickest of seven counts. The rows
have a serial number, six columns of short text, a whole number, a decimal and a date; Excel has 20,000 of them at most.

- Looked through, written in pieces and read back cell by cell: at most 1.3 x the library's own writing of all rows,
  which looks at nothing again. PyArrow writes CSV and Parquet, pyreadstat the statistics files, XlsxWriter the
  workbook. CSV alone is not looked through, as in a delivery.
- Peak memory beyond the rows themselves: at most 0.5 GB (a workbook is held whole and has no limit here).
"""

import argparse
import io
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pyreadstat
import xlsxwriter
from measuring import Measured, measured_apart, quickest, report, show
from pyarrow import csv, parquet

from samkorning.delivery.formats import FORMATS, Declared, Table, formats_of
from samkorning.delivery.formats.examination import examined
from samkorning.delivery.rendering import Rendering
from samkorning.linkage import OrderedRows

ROUNDS, BATCH, MOST_IN_EXCEL = 7, 250_000, 20_000
NAME = "ut_r_bench_1_2221"
NAMES = [f"KOD{n}" for n in range(6)]
SAID = [
    Declared("LopNr", "integer", "Löpnummer"),
    *(Declared(name, "text", f"Kod nummer {name[-1]}") for name in NAMES),
    Declared("ANTAL", "integer", "Antal"),
    Declared("BELOPP", "decimal", "Belopp"),
    Declared("DATUM", "date", "Datum"),
]


def rows(height: int) -> pl.DataFrame:
    """The rows, typed, in order of the serial number."""
    place = pl.int_range(height, dtype=pl.Int64)
    return pl.select(
        (place // 10 + 100_000_000).cast(pl.Int32).alias("LopNr"),
        *(((place * (31 + 2 * n)) % 10 ** (1 + n)).cast(pl.String).alias(name) for n, name in enumerate(NAMES)),
        (place % 977).alias("ANTAL"),
        (place % 10_007 / 100).round(2).alias("BELOPP"),
        (place * 17 % 20_000).cast(pl.Int32).cast(pl.Date).alias("DATUM"),
    )


def nothing(height: int) -> None:
    """The rows alone: what both have in memory."""
    rows(height)


def by_library(height: int, name: str) -> None:
    """What anybody would do who needs nothing looked at."""
    LIBRARIES[name](rows(height))


def by_us(height: int, name: str) -> None:
    """Looked through, written and read back."""
    _rendered(rows(height), name)


def _rendered(frame: pl.DataFrame, name: str) -> None:
    formats = formats_of([FORMATS[name].name])
    typed = any(each.typed for each in formats)
    table = examined(NAME, frame.schema, SAID, [frame.lazy()]) if typed else Table(NAME, frame.schema)
    rendering = Rendering(table, [], formats)
    batches = (
        OrderedRows(some, pl.repeat(0, some.height, dtype=pl.Int16, eager=True)) for some in frame.iter_slices(BATCH)
    )
    with Path(os.devnull).open("wb") as sink:
        for chunk in rendering.chunks(batches):
            sink.write(chunk[name])


def _in_memory(write: Callable[[str], object]) -> None:
    handle = os.memfd_create("bench")
    write(f"/proc/self/fd/{handle}")
    os.close(handle)


def _workbook(frame: pl.DataFrame) -> None:
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, frame.columns)
        for place, values in enumerate(frame.iter_rows(), start=1):
            for column, value in enumerate(values):
                sheet.write(place, column, value, day if isinstance(value, date) else None)


LIBRARIES: dict[str, Callable[[pl.DataFrame], object]] = {
    "csv": lambda frame: csv.write_csv(frame.to_arrow(), io.BytesIO()),
    "parquet": lambda frame: parquet.write_table(
        frame.to_arrow(), io.BytesIO(), compression="zstd", compression_level=1
    ),
    "spss": lambda frame: _in_memory(lambda path: pyreadstat.write_sav(frame, path)),
    "stata": lambda frame: _in_memory(lambda path: pyreadstat.write_dta(frame, path, version=14)),
    "sas_transport": lambda frame: _in_memory(lambda path: pyreadstat.write_xport(frame, path, file_format_version=8)),
    "excel": _workbook,
}


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    asked = options.parse_args()
    bare = measured_apart(nothing, asked.rows).gigabytes
    holds = []
    for name in LIBRARIES:
        height = min(asked.rows, MOST_IN_EXCEL) if name == "excel" else asked.rows
        theirs: list[Measured] = []
        ours: list[Measured] = []
        for _ in range(asked.rounds):
            theirs.append(measured_apart(by_library, height, name))
            ours.append(measured_apart(by_us, height, name))
        times, memory = quickest(ours) / quickest(theirs), max(each.gigabytes for each in ours) - bare
        what = f"{name}, {height:,} rows"
        show(f"{what}: the library", quickest(theirs), "s")
        holds.append(report(f"{what}: ours", times, 1.3, "x it", times <= 1.3))
        if name != "excel":
            holds.append(report(f"{what}: memory beyond rows", memory, 0.5, "GB", memory <= 0.5))
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
