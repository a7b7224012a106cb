"""Random specifications over small random registers: Polars, DuckDB and the plain oracle give the same answers."""

import os
from random import Random
from typing import Any

import duckdb
import polars as pl
import pytest

from samkorning.linkage.engines import Engine, open_engine
from samkorning.order import Specification
from samkorning.own_registers.selection import Frames, Program, compile_selection, days_in, rows_taken, run
from tests.examples import examples
from tests.property.selection_grammar import held, specifications
from tests.property.selection_oracle import Held, Oracle
from tests.registers_for_selection import CATALOGUE, SCHEMAS

ASKED_FOR = int(os.environ.get("SAMKORNING_SPECIFICATIONS", "250"))
AT_ONCE = 250
"""How many random specifications beside those of every run, and in one test; `make specifications` asks for 10,000."""
TOGETHER = 10
"""Random specifications in one, over the same registers."""


def frames_of(rows: Held) -> Frames:
    """What the oracle sees as rows, as the service takes it."""
    registers = {
        name: {year: _register_year(name, year, found) for year, found in years.items()}
        for name, years in rows.registers.items()
    }
    whole, days = {"person": pl.Int64}, ("first_day", "last_day")
    return Frames(
        registers,
        pl.LazyFrame(rows.persons, {**whole, "birth_date": pl.Date, "sex": pl.Int64}, orient="row"),
        pl.LazyFrame(rows.residence, {**whole, **dict.fromkeys(days, pl.Date), "area": pl.String}, orient="row"),
        pl.LazyFrame(rows.index_dates, {**whole, "index_date": pl.Date}, orient="row"),
    )


def _register_year(name: str, year: int, rows: list[dict[str, Any]]) -> pl.LazyFrame:
    schema = {"person": pl.Int64, "row": pl.Int64, **SCHEMAS[name]}
    numbered = [{**row, "row": place} for place, row in enumerate(rows)]
    there = [each for each in SCHEMAS[name] if CATALOGUE.register(name).variable(each).holds_in(year)]
    return pl.LazyFrame(numbered, schema).select("person", "row", *there)


def answers(engine: Engine, said: Specification, names: list[list[str]], rows: Held) -> dict[str, Any]:
    """Entries of selections, days of groups, and the rows that groups take of each register year."""
    program, frames = compile_selection(said, CATALOGUE), frames_of(rows)
    ran = run(engine, program, frames, [name for each in names for name in each])
    found: dict[str, Any] = {each.name: set(ran.entries(each.name).rows()) for each in said.selections}
    for group in said.events:
        days = ran.days(group.name)
        found[group.name] = set(days.select(_person_given_day(days)).rows())
    for group in said.events[::9]:
        for register in group.registers:
            for year, year_rows in frames.registers[register].items():
                drawn = rows_taken(engine, program, group.name, register, year, year_rows, ran.days(group.name))
                assert drawn.collect_schema().names() == year_rows.collect_schema().names()
                found[f"{group.name} {register} {year}"] = sorted(drawn.collect()["row"])
    found["attrition"] = [(step.step, step.persons, step.removed) for step in ran.attrition]
    return found


def _person_given_day(days: pl.DataFrame) -> list[pl.Expr]:
    given = pl.col("index_date") if "index_date" in days.columns else pl.lit(None, dtype=pl.Date)
    return [pl.col("person"), given.alias("given"), pl.col("day")]


def expected(said: Specification, rows: Held) -> dict[str, Any]:
    """The same from the rules alone."""
    oracle = Oracle(said, CATALOGUE, rows)
    found: dict[str, Any] = {each.name: oracle.entries(each.name) for each in said.selections}
    found |= {group.name: oracle.days(group.name) for group in said.events}
    for group in said.events[::9]:
        for register in group.registers:
            for year in rows.registers[register]:
                found[f"{group.name} {register} {year}"] = oracle.rows(group.name, register, year)
    return found


def compare(seed: int) -> dict[str, Any]:
    """Ten random specifications on both engines and by the oracle."""
    chance = Random(seed)
    rows = held(chance)
    said, names = specifications(chance, TOGETHER)
    with open_engine("polars", 2**28) as polars, open_engine("duckdb", 2**28) as duckdb:
        in_polars, in_duckdb = answers(polars, said, names, rows), answers(duckdb, said, names, rows)
    meant = expected(said, rows)
    for name, answer in meant.items():
        assert in_polars[name] == answer, (seed, "polars", name)
        assert in_duckdb[name] == answer, (seed, "duckdb", name)
    assert in_polars["attrition"] == in_duckdb["attrition"]
    return meant


def test_some_random_specifications_agree() -> None:
    found = [answer for seed in range(examples(10)) for answer in compare(seed).values()]
    assert sum(map(bool, found)) > len(found) // 4, "much of what is compared is not empty"


@pytest.mark.parametrize("seed", range(3))
def test_what_steps_find_in_slices_of_register_years_is_what_they_find_in_the_whole(seed: int) -> None:
    chance = Random(seed)
    rows = held(chance)
    said, names = specifications(chance, TOGETHER)
    program, frames, wanted = (
        compile_selection(said, CATALOGUE),
        frames_of(rows),
        [one for each in names for one in each],
    )
    with open_engine("polars", 2**28) as engine:
        whole = run(engine, program, frames, wanted)
        sliced = run(engine, program, frames, wanted, found_in_slices(chance, program, frames))
    assert sliced.attrition == whole.attrition
    for each in said.selections:
        assert sliced.entries(each.name).equals(whole.entries(each.name))
    for group in said.events:
        assert sliced.days(group.name).equals(whole.days(group.name))


def found_in_slices(chance: Random, program: Program, frames: Frames) -> dict[str, pl.DataFrame]:
    """What the steps that read registers leave of slices, wherever these are cut, each day once."""
    found = {}
    for step in program.steps:
        if step.readings:
            slices = [pl.DataFrame(schema={"person": pl.Int64, "day": pl.Date})]
            for reading in step.readings:
                for year, rows in frames.registers[reading.register].items():
                    cut = chance.randint(0, rows.collect().height)
                    for part in (rows.head(cut), rows.slice(cut)):
                        slices.append(days_in(step, reading.register, year, part).collect())
            found[step.name] = pl.concat(slices).unique()
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_text_that_is_reviewed_is_a_script_that_gives_the_same(seed: int) -> None:
    """What a reviewer signs, run from its first line to its last by a DuckDB of one's own."""
    chance = Random(seed)
    rows = held(chance)
    said, _ = specifications(chance, TOGETHER)
    frames, program, oracle = frames_of(rows), compile_selection(said, CATALOGUE), Oracle(said, CATALOGUE, rows)
    with duckdb.connect(":memory:") as connection:
        for name, years in frames.registers.items():
            labelled = [held.with_columns(pl.lit(year).alias("register_year")) for year, held in years.items()]
            connection.register(name.lower(), pl.concat(labelled, how="diagonal").collect().to_arrow())
        for name in ("persons", "residence", "index_dates"):
            connection.register(name, frames.of_population(name).collect().to_arrow())
        connection.execute(program.text())
        for selection in said.selections:
            found = connection.sql(f"FROM {program.entries[selection.name].name}").fetchall()
            assert set(found) == oracle.entries(selection.name)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1_000, 1_000 + ASKED_FOR // TOGETHER, AT_ONCE // TOGETHER))
def test_random_specifications_agree(first: int) -> None:
    for seed in range(first, first + AT_ONCE // TOGETHER):
        compare(seed)
