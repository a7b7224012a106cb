"""Linking a large file against the limit: the same Parquet file merely rewritten, in the same run on the same disk.

``python bench/linkage.py [--rows 10000000] [--persons 10000000] [--engine polars|duckdb] [--rounds 3] [--folder DIR]``
prints a table and ends with 1 if a limit is broken. Every measurement is taken in a process of its own, all stages in
turn, and the quickest of the rounds counts. The file has ten columns of text; in two rows of a hundred the number is
missing or damaged. The persons are born on every day of a century.

- Linked, diagnosed, counted, into encrypted parts: at most 1.4 x the plain rewrite (duckdb: at most 2 x polars).
- Peak memory: at most 2 GB.
- Where the time goes: the same rows cut into as many encrypted parts with nothing looked up, and the table of numbers
  made ready alone. Of the rewrite, the linkage and the cut the processor time too, which a busy machine lengthens less.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
from measuring import Measured, measured_apart, quickest, report, show

from samkorning.code_key.table import in_order
from samkorning.identity import IdentityRules
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.linkage import (
    Bounds,
    ColumnLookup,
    bounds_for,
    link,
    linked_columns,
    of_population,
)
from samkorning.linkage.engines import open_engine
from samkorning.linkage.searching import NumberTables
from samkorning.order import Source
from samkorning.vault import RetentionClass, Store, Vault
from samkorning.vault.hygiene import protect_process

CASE, MEMORY = "36759-2021", 2 * 2**30
UNCHANGED = pl.LazyFrame(schema={"number": pl.Int64, "person_number": pl.Int64, "reused": pl.Boolean})
VALUES = [f"v{place}" for place in range(8)]
SOURCE = Source.model_validate(
    {
        "name": "lisa",
        "source_class": "scb",
        "holder": "SCB",
        "identifiers": [{"column": "PNR"}],
        "file": {"columns": [{"name": name} for name in ("PNR", *VALUES, "date")]},
    }
)


def persons(count: int) -> pl.DataFrame:
    """A code key as it lies in the vault, in order: numbers of persons born on every day of the 22nd century."""
    days = pl.date_range(date(2100, 1, 1), date(2199, 12, 31), eager=True).dt.strftime("%Y%m%d").cast(pl.Int64)
    place = pl.int_range(count, eager=True, dtype=pl.Int64)
    of_day = 9_999 // -(-count // len(days))
    numbers = days.gather(place % len(days)) * 10_000 + of_day * (place // len(days) + 1)
    serials = (100_000_000 + 80 * place).shuffle(seed=2).cast(pl.Int32)
    reused = pl.zeros(count, dtype=pl.Int8, eager=True)
    return in_order(pl.DataFrame({"number": numbers, "serial_number": serials, "reused": reused}))


def write_rows(to: Path, key: pl.DataFrame, count: int, batch: int = 2_000_000) -> None:
    """The file as it was received, written a batch at a time."""
    folder = to.with_suffix(".batches")
    folder.mkdir()
    for number, first in enumerate(range(0, count, batch)):
        rows = min(batch, count - first)
        place = pl.int_range(rows, dtype=pl.Int64)
        who = key["number"].sample(rows, with_replacement=True, seed=number).cast(pl.String)
        frame = pl.select(
            pl.when(place % 50 == 7).then(pl.lit("okänd")).otherwise(pl.lit(who)).alias("PNR"),
            *(
                ((place * (31 + 2 * n) + first) % 10 ** (1 + n % 5)).cast(pl.String).alias(name)
                for n, name in enumerate(VALUES)
            ),
            ((place * 17 + first) % 20_000).cast(pl.Int32).cast(pl.Date).cast(pl.String).alias("date"),
        )
        frame.write_parquet(folder / f"{number:04d}.parquet", compression="zstd", compression_level=1)
    pl.scan_parquet(folder).sink_parquet(to, compression="zstd", compression_level=1, statistics=False)
    shutil.rmtree(folder)


def store_in(home: Path, name: str = "linked.lisa") -> Store:
    provider = PassphraseProvider(home / "keystore", b"a passphrase for the benchmark", 2**14)
    opened = Keystore.open if (home / "keystore").exists() else Keystore.create
    vault = Vault(home / "vault", opened(home / "keystore", provider))
    exists = vault.has_store(CASE, RetentionClass.MATERIAL, name)
    return (vault.open_store if exists else vault.create_store)(CASE, RetentionClass.MATERIAL, name)


def rewrite(home: Path) -> None:
    to = home / "plain.parquet"
    pl.scan_parquet(home / "rows.parquet").sink_parquet(to, compression="zstd", compression_level=1, statistics=False)
    with to.open("rb") as stream:
        os.fsync(stream.fileno())


def linked(home: Path, engine_name: str) -> None:
    rows, store = home / "rows.parquet", store_in(home)
    table = pl.scan_parquet(rows)
    rules = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
    bounds = bounds_of(home, table)
    with open_engine(engine_name, MEMORY) as engine, store.draft() as draft:
        result = link(engine, table, SOURCE, {"PNR": ColumnLookup(rules, numbers_of(home))}, draft, bounds)
        store.commit(draft, result.files, result.row_flow.facts())
    assert result.row_flow.unexplained == 0
    assert result.row_flow.rows_in == table.select(pl.len()).collect().item()


def cut_alone(home: Path) -> None:
    """The same rows in as many parts, by a number that is reckoned and not looked up."""
    table, store = pl.scan_parquet(home / "rows.parquet"), store_in(home)
    parts = len(bounds_of(home, table).cuts) + 1
    part = (pl.col("PNR").hash(1) % parts).cast(pl.Int16).alias("part")
    serial = (pl.col("PNR").hash(2) % 10**9).cast(pl.Int32).alias("LopNr")
    with store.draft() as draft:
        files = draft.write(table.select(serial, *VALUES, "date", part), "part")
        draft.durable(dict.fromkeys(files.values()))


def table_alone(home: Path) -> None:
    """The table of numbers, made ready to be looked up in."""
    NumberTables(MEMORY).of(numbers_of(home))


def numbers_of(home: Path) -> pl.LazyFrame:
    """What a file is linked with: the code key's persons who are in the population, here all; no number has changed."""
    key = pl.scan_parquet(home / "key.parquet")
    return of_population(key, key.select("number"), UNCHANGED)


def bounds_of(home: Path, table: pl.LazyFrame) -> Bounds:
    serials = pl.scan_parquet(home / "key.parquet").select("serial_number").collect()["serial_number"]
    count = table.select(pl.len()).collect().item()
    return bounds_for(serials, count, len(linked_columns(SOURCE)), MEMORY)


def prepared(home: Path, rows: int, count: int) -> None:
    key = persons(count)
    key.write_parquet(home / "key.parquet")
    write_rows(home / "rows.parquet", key, rows)
    store_in(home)


def main() -> int:
    protect_process()
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--persons", type=int, default=10_000_000)
    options.add_argument("--engine", default="polars")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    name = f"{asked.engine}, {asked.rows // 10**6} M rows, {asked.persons // 10**6} M persons"
    acts: dict[Callable[..., None], tuple[str, ...]] = {rewrite: (), linked: (asked.engine,)}
    if asked.engine == "polars":  # the rest is the same for every engine
        acts |= {cut_alone: (), table_alone: ()}
    taken: dict[Callable[..., None], list[Measured]] = {act: [] for act in acts}
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        measured_apart(prepared, home, asked.rows, asked.persons)
        for _ in range(asked.rounds):
            for act, more in acts.items():
                taken[act].append(measured_apart(act, home, *more))
    print(", ".join(f"{act.__name__} {quickest(rounds):.2f} s" for act, rounds in taken.items()))
    return 0 if reported(name, asked.rows, taken) else 1


def reported(name: str, rows: int, taken: Mapping[Callable[..., None], list[Measured]]) -> bool:
    """The figures; whether all limits hold."""
    plain = taken[rewrite]
    times, memory = quickest(taken[linked]) / quickest(plain), max(each.gigabytes for each in taken[linked])
    show(f"a million rows ({name})", quickest(taken[linked]) / (rows / 10**6), "s")
    holds = [
        report(f"linked into parts ({name})", times, 1.4, "x plain", times <= 1.4),
        report(f"peak memory ({name})", memory, 2.0, "GB", memory <= 2.0),
    ]
    show(f"linked into parts, processor time ({name})", least(taken[linked]) / least(plain), "x plain")
    if cut_alone in taken:
        show(f"of it the cut alone ({name})", quickest(taken[cut_alone]) / quickest(plain), "x plain")
        show(f"the cut alone, processor time ({name})", least(taken[cut_alone]) / least(plain), "x plain")
        show(f"of it the table of numbers ({name})", quickest(taken[table_alone]), "s")
    return all(holds)


def least(rounds: list[Measured]) -> float:
    return min(each.processor for each in rounds)


if __name__ == "__main__":
    sys.exit(main())
