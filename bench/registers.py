"""A year of an own register: loading it, and the rows of 100,000 persons from it against a scan that only counts them.

``python bench/registers.py [--rows 10000000] [--engine polars|duckdb] [--variables 4] [--folder DIR]`` prints a table
and ends with 1 if a limit is broken. The year has nine columns and ten rows a person, in no order. Every measurement is
taken in a process of its own, the scan and the extraction in turn, and the quickest of three counts.

- Extracted, counted, told from others, into encrypted parts: at most 1.5 x one DuckDB scan of an equal plain Parquet
  file that counts the same rows. The limit is for 100 M rows (``--rows 100000000``); of fewer, writing the rows of as
  many persons is the most of it.
- Ten times the rows: at most eleven times the time; a tenth of the rows is measured in the same run.
- Loading: peak memory at most 2 GB.
"""

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from measuring import Measured, measured, quickest, report

from resources.register_store import RegisterStore
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.linkage import bounds_for
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import write_in_parts
from samkorning.order import OwnRegister
from samkorning.own_registers.catalogue import CatalogueRegister, CatalogueVariable
from samkorning.own_registers.extraction import extract
from samkorning.vault import RetentionClass, Vault
from samkorning.vault.hygiene import protect_process

CASE, MEMORY, ROUNDS, PERSONS, YEAR = "36759-2021", 2 * 2**30, 3, 100_000, 2219
LIMIT_FROM = 100_000_000
TYPES = {
    "ATC": "text",
    "EDATUM": "date",
    "ANTAL": "integer",
    "FORPDDD": "decimal",
    "LK": "text",
    "VNR": "text",
    "KON": "integer",
    "ALDER": "integer",
}
REGISTER = CatalogueRegister(
    name="LMED",
    title_sv="x",
    title_en="x",
    variables=tuple(
        CatalogueVariable(name=name, type=kind, length=10, label_sv="x", label_en="x") for name, kind in TYPES.items()
    ),
)


def numbers(count: int) -> pl.Series:
    """Persons born in the 22nd century, in no order."""
    days = pl.date_range(pl.date(2100, 1, 1), pl.date(2199, 12, 28), eager=True)
    born = days.dt.strftime("%Y%m%d").cast(pl.Int64)
    place = pl.int_range(count, eager=True, dtype=pl.Int64)
    return (born.gather(place % len(born)) * 10_000 + 1_000 + place // len(born)).shuffle(seed=1).rename("number")


def write_year(to: Path, persons: pl.Series, count: int, batch: int = 2_000_000) -> None:
    """The year as it is exported, written a batch at a time."""
    folder = to.with_suffix(".batches")
    folder.mkdir()
    for each, first in enumerate(range(0, count, batch)):
        rows = min(batch, count - first)
        place = pl.int_range(first, first + rows, eager=True, dtype=pl.Int64)
        columns = {
            "number": persons.gather(pl.Series(place * 7_368_787 % len(persons)).shuffle(seed=each)),
            "ATC": (place * 31 % 5_000).cast(pl.String) + "AB",
            "EDATUM": (place * 17 % 365 + 91_000).cast(pl.Int32).cast(pl.Date),
            "ANTAL": place * 7 % 20,
            "FORPDDD": (place * 13 % 1_000) / 10,
            "LK": (place * 3 % 290).cast(pl.String),
            "VNR": (place * 7_919 % 99_999).cast(pl.String),
            "KON": place % 2 + 1,
            "ALDER": place % 100,
        }
        pl.DataFrame(columns).write_parquet(folder / f"{each:04d}.parquet", compression="zstd", compression_level=1)
    pl.scan_parquet(folder).sink_parquet(to, compression="zstd", compression_level=1, statistics=False)
    shutil.rmtree(folder)


def vault_in(home: Path) -> Vault:
    provider = PassphraseProvider(home / "keystore", b"a passphrase for the benchmark", 2**14)
    opened = Keystore.open if (home / "keystore").exists() else Keystore.create
    return Vault(home / "vault", opened(home / "keystore", provider))


def load(vault: Vault, year: Path) -> None:
    RegisterStore(vault, MEMORY).load_file(REGISTER, YEAR, year)


def count_rows(year: Path, persons: Path) -> int:
    """What the limit is held against: how many rows are about the persons."""
    with duckdb.connect() as connection:
        asked = f"SELECT count(*) FROM '{year}' SEMI JOIN '{persons}' AS person USING (number)"
        return int(connection.execute(asked).fetchall()[0][0])


def extracted(vault: Vault, key: Path, own: OwnRegister, engine_name: str) -> int:
    """What a delivery does for the year, with a store that has been opened."""
    persons = pl.read_parquet(key).sort("number")
    year = RegisterStore(vault, MEMORY).year("LMED", YEAR, persons["number"])
    columns = [*own.delivered_names, *own.variables]
    bounds = bounds_for(persons["serial_number"], sum(part.height for part in year.parts), len(columns), MEMORY)
    exists = vault.has_store(CASE, RetentionClass.MATERIAL, "linked.lmed")
    store = (vault.open_store if exists else vault.create_store)(CASE, RetentionClass.MATERIAL, "linked.lmed")
    with open_engine(engine_name, MEMORY) as engine, store.draft() as draft:
        files = write_in_parts(draft, extract(engine, own, year.parts, persons), own.serial_name, bounds)
        return store.commit(draft, files).rows


def write_persons(to: Path, persons: pl.Series) -> None:
    """A code key: every so many of the persons, and serial numbers."""
    chosen = persons.head(PERSONS)
    serials = (100_000_000 + 8_000 * pl.int_range(len(chosen), eager=True)).shuffle(seed=2).cast(pl.Int32)
    reused = pl.zeros(len(chosen), dtype=pl.Int8, eager=True)
    pl.DataFrame({"number": chosen, "serial_number": serials, "reused": reused}).write_parquet(to)


def prepare(year: Path, key: Path, rows: int) -> None:
    """The year and the code key; in a process of its own, so that none that is measured is forked off busy threads."""
    persons = numbers(rows // 10)
    write_year(year, persons, rows)
    write_persons(key, persons)


@dataclass(frozen=True)
class Taken:
    """What one size of year took: to load it, to count the persons' rows in a scan, and to extract them."""

    loading: Measured
    scan: float
    extraction: float


def agree(home: Path, year: Path, key: Path, own: OwnRegister, engine: str) -> None:
    assert count_rows(year, key) == extracted(vault_in(home), key, own, engine)


def taken(home: Path, rows: int, own: OwnRegister, engine: str) -> Taken:
    """One year measured; every act in a process of its own."""
    home.mkdir()
    year, key = home / "year.parquet", home / "key.parquet"
    measured(lambda: lambda: prepare(year, key, rows))
    vault_in(home)
    loading = measured(lambda: (lambda vault: lambda: load(vault, year))(vault_in(home)))
    counted, found = [], []
    for _ in range(ROUNDS):
        counted.append(measured(lambda: lambda: count_rows(year, key)))
        found.append(measured(lambda: (lambda vault: lambda: extracted(vault, key, own, engine))(vault_in(home))))
    measured(lambda: lambda: agree(home, year, key, own, engine))
    shutil.rmtree(home)
    return Taken(loading, quickest(counted), quickest(found))


def main() -> int:
    protect_process()
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--engine", default="polars")
    options.add_argument("--variables", type=int, default=4)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    variables = list(TYPES)[: asked.variables]
    years = {"from_year": YEAR, "to_year": YEAR}
    own = OwnRegister.model_validate({"register_name": "LMED", **years, "variables": variables})
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        sizes = [measured_year(Path(folder), rows, own, asked.engine) for rows in (asked.rows // 10, asked.rows)]
    (_, tenth), (name, whole) = sizes
    times, longer = whole.extraction / whole.scan, whole.extraction / tenth.extraction
    memory = whole.loading.gigabytes
    holds = [
        report("memory of loading", memory, 2.0, "GB", memory <= 2.0),
        report("ten times the rows", longer, 11.0, "x", longer <= 11.0),
    ]
    if asked.rows >= LIMIT_FROM:
        holds.append(report(f"100,000 persons ({name})", times, 1.5, "x scan", times <= 1.5))
    else:
        print(f"100,000 persons ({name}): {times:.2f} x scan; the limit is for {LIMIT_FROM // 10**6} M rows")
    return 0 if all(holds) else 1


def measured_year(folder: Path, rows: int, own: OwnRegister, engine: str) -> tuple[str, Taken]:
    name = f"{engine}, {rows / 10**6:g} M rows, {len(own.variables)} variables"
    found = taken(folder / str(rows), rows, own, engine)
    loaded = f"loaded in {found.loading.seconds:.1f} s with {found.loading.gigabytes:.2f} GB"
    print(f"{name}: {loaded}; scan {found.scan:.2f} s, extracted {found.extraction:.2f} s", flush=True)
    return name, found


if __name__ == "__main__":
    sys.exit(main())
