"""Controls to 100,000 cases from a population register, against the bare equi-join on the matching columns.

``python bench/controls.py [--persons 10000000] [--cases 100000] [--engine polars|duckdb] [--rounds 3] [--folder DIR]``
prints a table and ends with 1 if a limit is broken. One person in four has moved once, one in ten has died. Cases are
matched on birth year, sex and municipality as they are on the index date, five controls to each. Every measurement is
taken in a process of its own, join and draw in turn, and the quickest counts. Both read Parquet files.

- Drawn, with balance and listings: at most 10 x the bare join, which knows no dates and keeps all its pairs.
- Peak memory: at most 4 GB.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import polars as pl
from measuring import measured_apart, quickest, report, show

from samkorning.order.controls import Controls
from samkorning.own_registers.controls import PopulationRegister, draw_controls

MEMORY, ROUNDS, PER_CASE, MUNICIPALITIES = 2 * 2**30, 3, 5, 290
MATCHED = ("birth_year", "sex", "area")
ASKED = Controls.model_validate({"per_case": PER_CASE, "match": [{"column": name} for name in MATCHED]})


def mixed(place: pl.Series, factor: int, bound: int) -> pl.Series:
    """Numbers below a bound that look drawn, the same in every run."""
    return (place * factor % 2_147_483_647 * 48_271 % 2_147_483_647) % bound


def prepared(home: Path, count: int, cases: int) -> None:
    """The register and the cases, and one flat table for the bare join."""
    place = pl.int_range(1, count + 1, eager=True, dtype=pl.Int64)
    areas = pl.Series([f"{number:02d}{number * 7 % 100:02d}" for number in range(MUNICIPALITIES)])
    day = pl.date_range(pl.date(2120, 1, 1), pl.date(2219, 12, 31), eager=True)
    born = day.gather(mixed(place, 16_807, len(day)))
    persons = pl.DataFrame(
        {"person": place + 210_000_000_000, "birth_date": born, "sex": (mixed(place, 69_621, 2) + 1).cast(pl.Int8)}
    )
    home_of = areas.gather(mixed(place, 39_373, MUNICIPALITIES))
    first = persons.select("person", pl.col("birth_date").alias("first_day"), home_of.alias("area"))
    moved = mixed(place, 62_089, 4) == 0
    moving = pl.date(2220, 1, 1) + pl.duration(days=pl.lit(mixed(place, 74_321, 700)))
    before = first.with_columns(pl.when(moved).then(moving - pl.duration(days=1)).alias("last_day"))
    to = areas.gather(mixed(place, 91_873, MUNICIPALITIES))
    after = first.with_columns(
        moving.alias("first_day"), to.alias("area"), pl.lit(None, pl.Date).alias("last_day")
    ).filter(moved)
    residence = pl.concat([before, after]).sort("person", "first_day").select("person", "first_day", "last_day", "area")
    died = persons.filter(mixed(place, 25_717, 10) == 0).select("person", pl.date(2220, 7, 1).alias("death_date"))
    chosen = persons.filter(mixed(place, 33_391, count) < cases)
    index = pl.date(2220, 1, 1) + pl.duration(days=pl.int_range(pl.len()) * 37 % 366)
    tables = {"persons": persons, "residence": residence, "deaths": died}
    tables["cases"] = chosen.select(pl.col("person").alias("case"), index.alias("index_date"))
    tables["flat"] = first.select("person", born.dt.year().alias("birth_year"), persons["sex"], "area")
    tables["flat_cases"] = tables["flat"].join(chosen, on="person", how="semi").rename({"person": "case"})
    for name, table in tables.items():
        table.write_parquet(home / f"{name}.parquet", compression="zstd", compression_level=1)


def joined(home: Path) -> int:
    cases, persons = pl.scan_parquet(home / "flat_cases.parquet"), pl.scan_parquet(home / "flat.parquet")
    return cases.join(persons, on=MATCHED).select("case", "person").collect(engine="streaming").height


def drawn(home: Path, engine: str) -> None:
    register = PopulationRegister(
        *(pl.scan_parquet(home / f"{name}.parquet") for name in ("persons", "residence", "deaths"))
    )
    cases = pl.read_parquet(home / "cases.parquet")
    nobody = pl.Series("person", [], dtype=pl.Int64)
    found = draw_controls(engine, MEMORY, ASKED, register, cases, nobody, bytes(32))
    wanted = found.cases.filter(outcome="taken")
    assert found.pairs.height == wanted["controls"].sum() > 0.99 * PER_CASE * wanted.height


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--persons", type=int, default=10_000_000)
    options.add_argument("--cases", type=int, default=100_000)
    options.add_argument("--engine", default="polars")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        measured_apart(prepared, home, asked.persons, asked.cases)
        bare, through = [], []
        for _ in range(asked.rounds):
            bare.append(measured_apart(joined, home))
            through.append(measured_apart(drawn, home, asked.engine))
    print(f"bare join {quickest(bare):.2f} s, drawn {quickest(through):.2f} s")
    name = f"{asked.engine}, {asked.cases:,} cases, {asked.persons / 10**6:g} M persons"
    times, memory = quickest(through) / quickest(bare), max(each.gigabytes for each in through)
    show(f"drawn ({name})", quickest(through), "s")
    holds = [
        report(f"drawn ({name})", times, 10.0, "x join", times <= 10.0),
        report(f"peak memory ({name})", memory, 4.0, "GB", memory <= 4.0),
    ]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
