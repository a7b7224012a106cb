"""The rows of one event group from five years of dispensations, against one scan that only counts them.

``python bench/event_rows.py [--rows 100000000] [--engine polars|duckdb] [--folder DIR]`` prints a table and ends with 1
if a limit is broken. So many rows in five register years, of which the rows of 100,000 persons with one group of ATC
codes are extracted into encrypted parts. Every measurement is taken in a process of its own, the scan and the
extraction in turn, and the quickest of three counts.

- Extracted: at most 1.5 x one DuckDB scan of equal plain Parquet files that counts the same rows; at most 2 GB.
- Ten times the rows: at most eleven times the time; a tenth of the rows is measured in the same run.

A process that opens the register store for the first time looks at every byte of the parts that it will read, all
columns of them (GMAC); that is in the measurement.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from measuring import measured, quickest, report
from registers import CASE, MEMORY, REGISTER, ROUNDS, numbers, vault_in, write_persons, write_year

from resources.register_store import RegisterStore
from samkorning.linkage import bounds_for
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import write_in_parts
from samkorning.order import OwnRegister, Specification
from samkorning.own_registers.catalogue import CatalogueRegister, RegisterCatalogue
from samkorning.own_registers.extraction import extract
from samkorning.own_registers.selection import Program, compile_selection, rows_taken
from samkorning.vault import RetentionClass, Vault
from samkorning.vault.hygiene import protect_process

YEARS = range(2215, 2220)
GROUP, CODES = "drugs", "12*"
VARIABLES = ["ATC", "EDATUM", "ANTAL", "FORPDDD"]
OWN = OwnRegister.model_validate(
    {"register_name": "LMED", "from_year": YEARS[0], "to_year": YEARS[-1], "variables": VARIABLES, "events": GROUP}
)
DAYS = pl.DataFrame(schema={"person": pl.Int64, "day": pl.Date})


def described() -> CatalogueRegister:
    """The register with what a selection by codes needs to know of it."""
    said = REGISTER.model_dump()
    code, *others = said["variables"]
    code |= {"position": "drug", "systems": [{"system": "ATC"}]}
    return CatalogueRegister.model_validate(said | {"day": "EDATUM", "variables": [code, *others]})


def program() -> Program:
    """One event group, of one group of codes."""
    asked = {
        "reference_date": "2221-12-31",
        "population": {"holder": "x", "drawn": {"selection": "treated"}},
        "code_lists": [{"name": "one_group", "codes": {"ATC": [CODES]}}],
        "events": [{"name": GROUP, "registers": ["LMED"], "codes": {"list": "one_group", "positions": ["drug"]}}],
        "selections": [{"name": "treated", "all_of": [GROUP]}],
    }
    return compile_selection(Specification.model_validate(asked), RegisterCatalogue(registers=(described(),)))


def prepare(home: Path, key: Path, rows: int) -> None:
    """Five years as they are exported, and the code key of the persons."""
    persons = numbers(rows // 10)
    for year in YEARS:
        write_year(home / f"{year}.parquet", persons, rows // len(YEARS))
    write_persons(key, persons)


def load(vault: Vault, home: Path) -> None:
    store = RegisterStore(vault, MEMORY)
    for year in YEARS:
        store.load_file(REGISTER, year, home / f"{year}.parquet")


def count_rows(home: Path, persons: Path) -> int:
    """What the limit is held against: how many rows are about the persons and have a code of the group."""
    with duckdb.connect() as connection:
        asked = f"SELECT count(*) FROM '{home}/2*.parquet' SEMI JOIN '{persons}' AS person USING (number) "
        return int(connection.execute(asked + f"WHERE ATC LIKE '{CODES.replace('*', '%')}'").fetchall()[0][0])


def extracted(vault: Vault, key: Path, engine_name: str) -> int:
    """What a delivery does for the five years."""
    persons, selected = pl.read_parquet(key).sort("number"), program()
    return sum(_year(vault, year, persons, selected, engine_name) for year in YEARS)


def _year(vault: Vault, year: int, persons: pl.DataFrame, selected: Program, engine_name: str) -> int:
    found = RegisterStore(vault, MEMORY).year("LMED", year, persons["number"])
    columns = [*OWN.delivered_names, *OWN.variables]
    bounds = bounds_for(persons["serial_number"], sum(part.height for part in found.parts), len(columns), MEMORY)
    name = f"linked.lmed.{year}"
    exists = vault.has_store(CASE, RetentionClass.MATERIAL, name)
    store = (vault.open_store if exists else vault.create_store)(CASE, RetentionClass.MATERIAL, name)
    beside = open_engine(engine_name, MEMORY // 2)
    with open_engine(engine_name, MEMORY) as engine, beside as choosing, store.draft() as draft:

        def taken(rows: pl.LazyFrame) -> pl.LazyFrame:
            by_person = rows.with_columns(pl.col("number").alias("person"))
            return rows_taken(choosing, selected, GROUP, "LMED", year, by_person, DAYS)

        rows = extract(engine, OWN, found.parts, persons, taken)
        return store.commit(draft, write_in_parts(draft, rows, OWN.serial_name, bounds)).rows


@dataclass(frozen=True)
class Taken:
    """What one size took: to count the rows in a scan and to extract them, in seconds, and the memory of that."""

    scan: float
    extraction: float
    gigabytes: float


def agree(home: Path, key: Path, engine: str) -> None:
    assert count_rows(home, key) == extracted(vault_in(home), key, engine)


def taken(home: Path, rows: int, engine: str) -> Taken:
    home.mkdir()
    key = home / "key.parquet"
    measured(lambda: lambda: prepare(home, key, rows))
    vault_in(home)
    measured(lambda: (lambda vault: lambda: load(vault, home))(vault_in(home)))
    counted, found = [], []
    for _ in range(ROUNDS):
        counted.append(measured(lambda: lambda: count_rows(home, key)))
        found.append(measured(lambda: (lambda vault: lambda: extracted(vault, key, engine))(vault_in(home))))
    measured(lambda: lambda: agree(home, key, engine))
    return Taken(quickest(counted), quickest(found), max(each.gigabytes for each in found))


def main() -> int:
    protect_process()
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--engine", default="polars")
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        sizes = [taken(Path(folder) / str(rows), rows, asked.engine) for rows in (asked.rows // 10, asked.rows)]
    tenth, whole = sizes
    name = f"{asked.engine}, {asked.rows / 10**6:g} M rows"
    print(f"{name}: scan {whole.scan:.2f} s, extracted {whole.extraction:.2f} s with {whole.gigabytes:.2f} GB")
    times, longer = whole.extraction / whole.scan, whole.extraction / tenth.extraction
    holds = [
        report(f"one group of codes ({name})", times, 1.5, "x scan", times <= 1.5),
        report(f"memory of it ({name})", whole.gigabytes, 2.0, "GB", whole.gigabytes <= 2.0),
        report("ten times the rows", longer, 11.0, "x", longer <= 11.0),
    ]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
