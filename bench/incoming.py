"""A register holder's text file into the vault against DuckDB's plain read of the same rows to Parquet, in one run.

``python bench/incoming.py [--megabytes 1000] [--folder DIR]`` prints a table and ends with 1 if a limit is broken.

- The file is a statistics agency's, in Windows-1252 with semicolons and CRLF, one row in a hundred damaged. It is taken
  in as intake does: hashed, read by its contract, looked through for identity numbers, encrypted, committed, entered.
- Plain: ``COPY (FROM read_csv(…)) TO …`` of the cleaned file in UTF-8, which has the same sound rows; no check at all.

At most 2 x plain, each in a process of its own, in turn, the quickest of three rounds. Peak memory at most 1 GB.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
from measuring import Measured, measured, quickest, report

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assets.steps.intake.receiving import receive_file
from samkorning.synthetic.identity_numbers import twelve_digits
from samkorning.vault.hygiene import protect_process
from tests.office import ENGINEER, Office

ROUNDS = 3
MOST_TIMES_PLAIN = 2.0
MOST_GIGABYTES = 1.0
TOLERANCE = ("        encoding: cp1252", "        encoding: cp1252\n        tolerance: 0.05")
HEADER = "PersonNr;PersonNrMor;PersonNrFar;FodelseArMan;Kon;Kommun;Lan;KommunNamn;Sun2020Niva;DispInk04"
TOWNS = ["Åmål", "Östersund", "Malmö", "Härnösand", "Uppsala", "Växjö", "Luleå", "Borås", "Kiruna", "Vara"]
ROWS_AT_A_TIME = 200_000
ONE_IN = 100  # rows there is a damaged one
DAMAGES = (b"12;34", b"a;b;c;d;e;f;g;h;i;j;k;l", b'1;"x"y;3;4;5;6;7;8;9;10', b"1;2;3;\x00;5;6;7;8;9;10")


def drawn(seed: int, below: int) -> pl.Expr:
    return (pl.col("row").hash(seed) % below).cast(pl.Int64)


def number(seed: int) -> pl.Expr:
    """Identity numbers of persons born two hundred years ahead."""
    day = ((2120 + drawn(seed, 100)) * 100 + 1 + drawn(seed + 1, 12)) * 100 + 1 + drawn(seed + 2, 28)
    return twelve_digits(day, 1 + drawn(seed + 3, 999)).cast(pl.String)


def sound_lines(first: int) -> list[bytes]:
    """Rows in UTF-8, drawn from the row number."""
    names = HEADER.split(";")
    town = drawn(20, len(TOWNS))
    cells = [
        number(1),
        number(5),
        pl.when(drawn(9, 10) > 0).then(number(10)),
        pl.format("{}{}", 2120 + drawn(14, 100), (drawn(15, 12) + 1).cast(pl.String).str.zfill(2)),
        1 + drawn(16, 2),
        (100 + town).cast(pl.String).str.zfill(4),
        (1 + town).cast(pl.String).str.zfill(2),
        town.replace_strict(list(range(len(TOWNS))), TOWNS),
        pl.when(drawn(18, 20) > 0).then(100 + drawn(19, 500)),
        drawn(21, 900_000),
    ]
    rows = pl.DataFrame({"row": pl.int_range(first, first + ROWS_AT_A_TIME, eager=True)})
    table = rows.select(cell.alias(name) for cell, name in zip(cells, names, strict=True))
    return table.write_csv(separator=";", include_header=False).encode().splitlines()


def write_files(folder: Path, size: int) -> None:
    """Writes the holder's file of about ``size`` bytes, the cleaned one, and how many sound rows both have."""
    rows = 0
    with (folder / "sent.csv").open("wb") as holders, (folder / "cleaned.csv").open("wb") as clean:
        holders.write(HEADER.encode() + b"\r\n")
        clean.write(HEADER.encode() + b"\n")
        for lines, damaged in _blocks():
            clean.write(b"\n".join(lines) + b"\n")
            holders.write(b"\r\n".join(damaged).decode().encode("cp1252") + b"\r\n")
            rows += len(lines)
            if holders.tell() >= size:
                break
    (folder / "sound_rows").write_text(str(rows))


def _blocks() -> Iterator[tuple[list[bytes], list[bytes]]]:
    """The sound lines of a block, and all lines of it with damaged ones in between."""
    first = 0
    while True:
        lines = sound_lines(first)
        damaged = list(lines)
        for place in range(0, len(lines), ONE_IN):
            damaged.insert(place, DAMAGES[place // ONE_IN % len(DAMAGES)])
        yield lines, damaged
        first += ROWS_AT_A_TIME


def plain_read(folder: Path) -> Callable[[], object]:
    statement = f"COPY (FROM read_csv('{folder / 'cleaned.csv'}')) TO '{folder / 'plain.parquet'}'"
    return lambda: duckdb.sql(statement)


def text_read(folder: Path) -> Callable[[], object]:
    """The same with all columns as text, as a holder's file must be kept."""
    read = f"read_csv('{folder / 'cleaned.csv'}', all_varchar = true)"
    return lambda: duckdb.sql(f"COPY (FROM {read}) TO '{folder / 'text.parquet'}' (COMPRESSION zstd)")


def intake(folder: Path, rows: int) -> Callable[[], object]:
    shutil.rmtree(folder / "office", ignore_errors=True)
    (folder / "office").mkdir()
    office = Office(folder / "office")
    case = office.desk.case(office.open_case(TOLERANCE))
    office.decide(case.number)

    def act() -> None:
        taken = receive_file(office.desk, office.desk.case(case.number), "lisa", folder / "sent.csv", ENGINEER)
        assert taken.rows == rows, f"{taken.rows} rows taken in, {rows} are sound"

    return act


def compare(folder: Path, rows: int) -> list[bool]:
    plain: list[Measured] = []
    as_text: list[Measured] = []
    ours: list[Measured] = []
    for _ in range(ROUNDS):
        plain.append(measured(lambda: plain_read(folder)))
        as_text.append(measured(lambda: text_read(folder)))
        ours.append(measured(lambda: intake(folder, rows)))
    seconds, base, peak = quickest(ours), quickest(plain), max(each.gigabytes for each in ours)
    print(f"plain read {base:.2f} s, as text {quickest(as_text):.2f} s, intake {seconds:.2f} s, {rows} sound rows")
    return [
        report("intake / plain read", seconds / base, MOST_TIMES_PLAIN, "x", seconds <= MOST_TIMES_PLAIN * base),
        report("peak memory", peak, MOST_GIGABYTES, "GB", peak <= MOST_GIGABYTES),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="a holder's text file into the vault")
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    asked = parser.parse_args()
    protect_process()
    folder = Path(tempfile.mkdtemp(dir=asked.folder))
    try:
        measured(lambda: lambda: write_files(folder, asked.megabytes * 1_000_000))
        held = compare(folder, int((folder / "sound_rows").read_text()))
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
