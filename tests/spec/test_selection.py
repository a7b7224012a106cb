"""What a selection takes: every example of the tables on Polars and on DuckDB, row by row."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from ruamel.yaml import YAML

from samkorning.linkage.engines import Engine, open_engine
from samkorning.own_registers.selection import Frames, compile_selection, rows_taken, run, run_selection
from tests.registers_for_selection import CATALOGUE, Population, day, frames, specification
from tests.spec.selection_examples import COMBINING, SECTIONS, Example, R, SelectionExample
from tests.spec.selection_page import EXAMPLE, PAGE, page

CODE_OF = {"diabetes": "E109", "stroke": "I64", "cancer": "C509"}
POSITIONS = {"PAR_SV": "main", "PAR_OV": "main", "DORS": "underlying_cause"}


@pytest.fixture(params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(request.param, 2**28) as opened:
        yield opened


@pytest.mark.parametrize(
    "example", [example for section in SECTIONS.values() for example in section], ids=lambda example: example.why
)
def test_an_event_group_takes_these_rows(engine: Engine, example: Example) -> None:
    lists = [{"name": "sought", "codes": example.codes, "except_codes": example.except_codes}]
    lists += [{"name": f"{group['name']}_list", "codes": group["list"]} for group in example.before]
    groups = [_group(example, dict(group), f"{group['name']}_list") for group in example.before]
    groups.append(_group(example, {"name": "group", **example.asks}, "sought"))
    program = compile_selection(specification(*groups, code_lists=lists), CATALOGUE)
    given = frames(_registers(example), example.population)
    days = run(engine, program, given, ["group"]).days("group")
    for register in example.registers:
        for year, rows in given.registers[register].items():
            drawn = rows_taken(engine, program, "group", register, year, rows, days).collect()
            meant = [_as_held(example, row) for row in _rows_of(example, register, year) if row.taken]
            assert sorted(drawn.select(pl.nth(range(3))).rows(), key=str) == sorted(meant, key=str), (register, year)


def _group(example: Example, stated: dict[str, Any], code_list: str) -> dict[str, Any]:
    stated.pop("list", None)
    codes = {"list": code_list, "positions": example.positions}
    return {"registers": example.registers, "codes": codes, **stated}


def _registers(example: Example) -> dict[str, dict[int, list[tuple[Any, ...]]]]:
    years = {row.register_year for row in example.rows}
    return {
        register: {year: [_written(register, row) for row in _rows_of(example, register, year)] for year in years}
        for register in example.registers
    }


def _rows_of(example: Example, register: str, year: int) -> list[R]:
    rows = [row for row in example.rows if (row.register or example.registers[0]) == register]
    return [row for row in rows if row.register_year == year]


def _written(register: str, row: R) -> tuple[Any, ...]:
    return (row.person, row.day, row.code, *([row.secondary] if register == "PAR_SV" else []))


def _as_held(example: Example, row: R) -> tuple[Any, ...]:
    in_text = (row.register or example.registers[0]) == "DORS"
    return row.person, row.day if in_text else day(row.day), row.code


@pytest.mark.parametrize("example", COMBINING, ids=lambda example: example.why)
def test_a_selection_has_these_persons_and_index_dates(engine: Engine, example: SelectionExample) -> None:
    lists = [{"name": f"{name}_list", "codes": {"ICD-10-SE": [CODE_OF[name]]}} for name in example.groups]
    groups = [
        {"name": name, "registers": ["PAR_SV"], "codes": {"list": f"{name}_list", "positions": ["main"]}, **asks}
        for name, asks in example.groups.items()
    ]
    selections = [*example.before, {"name": "study", **example.selection}]
    program = compile_selection(specification(*groups, selections=selections, code_lists=lists), CATALOGUE)
    rows = [(person, on, CODE_OF[name]) for person, name, on in example.days]
    given = frames({"PAR_SV": {2204: rows}}, Population(index_dates=list(example.index_dates)))
    entries, _ = run_selection(engine, program, given, "study")
    assert entries.rows() == [(person, day(index_date)) for person, index_date in example.entries]
    assert entries.schema == {"person": pl.Int64, "index_date": pl.Date}


def test_the_page_on_selection_is_generated_from_these_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.selection_page"


def test_the_pages_example_compiles_and_says_what_it_does() -> None:
    blocks = YAML(typ="safe").load(EXAMPLE)
    said = specification(*blocks["events"], selections=blocks["selections"], code_lists=blocks["code_lists"])
    program = compile_selection(said, CATALOGUE)
    assert [step.sentence for step in program.steps] == [
        "Days on which a person has a row of PAR_SV or PAR_OV with a code of the list diabetes as main or secondary.",
        "Days before which there is none for 365 days.",
        "Days from 2204-01-01 to 2205-12-31.",
        "Days on which the person was 18 to 120 whole years old.",
        "The first of these days.",
        "Days on which a person has a row of LMED with a code of the list insulin as drug.",
        "Days from any day to 1 day before, counted from the day of first_diabetes.",
        "Those who have first_diabetes.",
        "Those who do not have insulin_before.",
        "The persons of the selection; index date: the day of first_diabetes.",
    ]


def test_persons_are_counted_after_every_criterion_in_order(engine: Engine) -> None:
    """Those of the first step are not taken from anybody; each later step says how many it removes."""
    group = {"name": "group", "registers": ["PAR_SV"], "codes": {"list": "diabetes", "positions": ["main"]}}
    group |= {"dates": {"first_day": "2204-02-01"}, "sex": 1, "at_least": 2, "take": "first"}
    selection = {"name": "study", "all_of": ["group"], "index_date": "group"}
    program = compile_selection(specification(group, selections=[selection]), CATALOGUE)
    rows = [(1, "2204-02-01", "E109"), (1, "2204-02-02", "E109"), (2, "2204-02-01", "E109"), (3, "2204-01-31", "E109")]
    rows += [(4, "2204-02-01", "E109"), (4, "2204-02-05", "E109"), (5, "2204-02-01", "I64")]
    given = frames({"PAR_SV": {2204: rows}}, Population(persons=[(n, None, 1 + (n == 4)) for n in range(1, 6)]))
    _, attrition = run_selection(engine, program, given, "study")
    assert [(step.of, step.step, step.persons, step.removed) for step in attrition] == [
        ("group", "group_rows", 4, None),
        ("group", "group_within", 3, 1),
        ("group", "group_sex", 2, 1),
        ("group", "group_often", 1, 1),
        ("group", "group_taken", 1, 0),
        ("study", "study_all_of_1", 1, None),
        ("study", "study_entries", 1, 0),
    ]


def test_a_frame_with_no_rows_at_all_gives_nobody(engine: Engine) -> None:
    group = {"name": "group", "registers": ["PAR_SV"], "codes": {"list": "diabetes", "positions": ["main"]}}
    program = compile_selection(specification(group, selections=[{"name": "u1", "any_of": ["group"]}]), CATALOGUE)
    empty = Frames({"PAR_SV": {2201: frames({"PAR_SV": {2201: []}}).registers["PAR_SV"][2201]}})
    assert run_selection(engine, program, empty, "u1")[0].height == 0, "the list has no codes of that year either"
