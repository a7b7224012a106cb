"""One small file of every format, in every packing, each with the same words that must not come out.

What belongs here: files that a holder could send. What must not: damage (mutations) and judging (fuzz). All persons
are born where nobody is; the secret words stand in cells, names inside archives, sheets and labels.
"""

import gzip
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from samkorning.register_files import FileContract
from tests import archives, old_workbooks, statistics_files, workbooks

CANARY = "kanarieord"
NUMBER = "222001012387"
SECRETS = (CANARY, NUMBER, "220010123")
PASSWORD = "hemligtlösen"
NAMES = ("LopNr", "Namn", "Kommun", "Datum")
ROWS = [
    (NUMBER, f"Åsa {CANARY}", "0180", "2219-05-04"),
    ("222001022387", "", "1480", "2219-05-05"),
    ("000000012", f'Öst; {CANARY} "citat"', "0010", "2220-12-31"),
    (NUMBER, "två\nrader", "1280", "2220-01-01"),
] * 5
FRAME = pl.DataFrame(ROWS, schema=list(NAMES), orient="row")
TYPED = FRAME.with_columns(pl.col("Datum").str.to_date(), Tal=pl.lit(1.25), Antal=pl.int_range(pl.len()))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "cp850", "mac_roman")
PACKED = ("utf-8.csv", "table.xlsx", "table.parquet", "file.sav")


@dataclass(frozen=True)
class Seed:
    """A file as it would be sent, under which contract, and with which password."""

    format: str
    name: str
    content: bytes = field(repr=False)
    contract: FileContract = field(default_factory=FileContract)
    password: str | None = None


def seeds() -> Iterator[Seed]:
    """All of them, and small SAS files of others where there is a folder of samples."""
    plain = [*_texts(), *_stored(), *_workbooks(), *_statistics()]
    yield from plain
    for seed in plain:
        if seed.name in PACKED:
            yield from _packed(seed)
    samples = os.environ.get("SAMKORNING_SAMPLES")
    for path in sorted(Path(samples).rglob("*.sas7bdat")) if samples else ():
        if path.stat().st_size < 300_000:
            yield Seed("sas", path.name, path.read_bytes())


def _texts() -> Iterator[Seed]:
    text = FRAME.write_csv(separator=";")
    for encoding in ENCODINGS:
        yield Seed("delimited", f"{encoding}.csv", text.encode(encoding))
    for word, separator in (("tab", "\t"), ("comma", ","), ("pipe", "|")):
        yield Seed("delimited", f"{word}.txt", FRAME.write_csv(separator=separator).replace("\n", "\r\n").encode())
    yield Seed("fixed_width", "fixed.txt", _fixed().encode("cp1252"), _layout())
    yield Seed("json_lines", "rows.jsonl", FRAME.write_ndjson().encode())


def _fixed() -> str:
    rows = ((number, name.replace("\n", " "), town, day) for number, name, town, day in ROWS)
    return "".join(f"{number:<12}{name:<24.24}{town:<4}{day:<10}\r\n" for number, name, town, day in rows)


def _layout() -> FileContract:
    widths = {"LopNr": (1, 12), "Namn": (13, 24), "Kommun": (37, 4), "Datum": (41, 10)}
    columns = [{"name": name, "start": start, "width": width} for name, (start, width) in widths.items()]
    return FileContract.model_validate({"format": "fixed_width", "header": False, "columns": columns})


def _stored() -> Iterator[Seed]:
    yield Seed("parquet", "table.parquet", _written(TYPED.write_parquet))
    yield Seed("parquet", "plain.parquet", _written(lambda to: TYPED.write_parquet(to, compression="uncompressed")))
    yield Seed("arrow", "table.arrow", _written(TYPED.write_ipc))
    yield Seed("arrow", "table.arrows", _written(TYPED.write_ipc_stream))


def _written(write: Callable[[Any], object]) -> bytes:
    sink = io.BytesIO()
    write(sink)
    return sink.getvalue()


def _workbooks() -> Iterator[Seed]:
    rows = [list(NAMES), *map(list, ROWS)]
    hidden = f"{CANARY} dold"
    book = workbooks.workbook(workbooks.sheet(rows), workbooks.sheet(rows, hidden, hide=True))
    old_book = old_workbooks.workbook_of(old_workbooks.sheet(rows), old_workbooks.sheet(rows, hidden, hide=1))
    yield Seed("excel", "table.xlsx", book)
    yield Seed("old_excel", "table.xls", old_book)


def _statistics() -> Iterator[Seed]:
    table = TYPED.with_columns(pl.col("Namn").str.replace_all("\n", " "))
    plain = table.with_columns(pl.col("Namn").str.replace_all("[^ -~]", "a"))
    labels = {"column_labels": [f"{CANARY} {name}" for name in table.columns]}
    yield Seed("spss", "file.sav", statistics_files.sav(table, **labels))
    yield Seed("spss", "file.zsav", statistics_files.zsav(table, **labels))
    yield Seed("spss_portable", "file.por", statistics_files.por(plain, **labels))
    yield Seed("stata", "file.dta", statistics_files.dta(table, **labels))
    yield Seed("stata", "old.dta", statistics_files.old_dta(plain.drop("Datum")))
    yield Seed("sas_transport", "file.xpt", statistics_files.xpt(table))
    yield Seed("sas_transport", "old.xpt", statistics_files.xpt5(plain))
    yield Seed("sas", "file.sas7bdat", statistics_files.sas(table))


def _packed(seed: Seed) -> Iterator[Seed]:
    member = (f"{CANARY}_{seed.name}", seed.content)
    tar = gzip.compress(archives.tarred(member), mtime=0)
    kinds = {
        "zip": archives.zipped(member),
        "gz": gzip.compress(seed.content, mtime=0),
        "tar.gz": tar,
        "7z": archives.seven_zipped(member),
    }
    for kind, content in kinds.items():
        yield Seed(f"{kind} {seed.format}", f"{seed.name}.{kind}", content, seed.contract)
    locked = archives.seven_zipped(member, password=PASSWORD)
    yield Seed(f"7z {seed.format}", f"locked_{seed.name}.7z", locked, seed.contract, PASSWORD)
    locked_zip = archives.raw_zip(archives.aes_entry(PASSWORD.encode(), content=seed.content))
    yield Seed(f"zip {seed.format}", f"locked_{seed.name}.zip", locked_zip, seed.contract, PASSWORD)
