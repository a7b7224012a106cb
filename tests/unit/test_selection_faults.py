"""Faults that others have made in selections, each with a test of its own; and what a selection refuses to begin."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from samkorning.errors import CheckFailed, NotFound
from samkorning.linkage.engines import Engine, open_engine
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.own_registers.selection import (
    Frames,
    compile_selection,
    rows_taken,
    run,
    run_selection,
    silent_years,
    writing,
)
from samkorning.own_registers.selection import codes as comparing
from tests.factories import PROJECT
from tests.registers_for_selection import CATALOGUE, Population, frames, specification

FIRST, LAST = date(2204, 1, 1), date(2204, 12, 31)
MAIN = {"list": "diabetes", "positions": ["main"]}


@pytest.fixture(params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with open_engine(request.param, 2**28) as opened:
        yield opened


def group(name: str = "group", **stated: Any) -> dict[str, Any]:
    """An event group of inpatient care with a code of diabetes as main diagnosis."""
    return {"name": name, "registers": ["PAR_SV"], "codes": MAIN, **stated}


def days(engine: Engine, given: Frames, *groups: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The days that the last of some groups takes."""
    program = compile_selection(specification(*groups), CATALOGUE)
    return run(engine, program, given, [groups[-1]["name"]]).days(groups[-1]["name"]).rows()


def test_the_last_day_counts_in_every_step(engine: Engine) -> None:
    """Counted by the dates and lost by the residence, or taken by the window and not by the rows."""
    stated = {
        "dates": {"first_day": FIRST, "last_day": LAST},
        "around": {"of": "index_date", "first_day": 0, "last_day": 30},
        "ages": {"lowest": 0, "highest": 1},
        "areas": ["0180"],
        "free_days": 30,
    }
    population = Population(
        [(1, "2204-12-31", 1)], [(1, "2204-12-31", "2204-12-31", "0180")], [(1, "2204-12-01"), (1, "2204-12-31")]
    )
    given = frames({"PAR_SV": {2204: [(1, "2204-12-31", "E109"), (1, "2205-01-01", "E109")]}}, population)
    program = compile_selection(specification(group(**stated)), CATALOGUE)
    taken = run(engine, program, given, ["group"]).days("group")
    assert taken.rows() == [(1, date(2204, 12, 1), LAST), (1, LAST, LAST)]
    drawn = rows_taken(engine, program, "group", "PAR_SV", 2204, given.registers["PAR_SV"][2204], taken)
    assert drawn.select("INDATUM").collect().rows() == [(LAST,)], "once, though it is taken for two index dates"


def test_events_of_one_index_date_do_not_answer_for_the_other(engine: Engine) -> None:
    """A join by person alone gives a person with two index dates the union of both windows, or every row twice."""
    around = {"of": "index_date", "first_day": -30, "last_day": -1}
    said = specification(
        group("before", around=around),
        group("ever"),
        selections=[{"name": "clean", "all_of": ["ever"], "none_of": ["before"]}],
    )
    rows = [(1, "2204-03-15", "E109"), (2, "2204-01-01", "E109")]
    index_dates = [(1, "2204-03-15"), (1, "2204-04-14"), (1, "2204-04-15"), (2, "2204-01-01"), (2, "2204-01-01")]
    given = frames({"PAR_SV": {2204: rows}}, Population(index_dates=index_dates))
    entries, _ = run_selection(engine, compile_selection(said, CATALOGUE), given, "clean")
    assert entries.rows() == [(1, date(2204, 3, 15)), (1, date(2204, 4, 15)), (2, date(2204, 1, 1))]


@pytest.mark.parametrize("sought", ["E10.9", "E109", "e10.9"])
@pytest.mark.parametrize("held", ["E10.9", "E109", "e10.9", " E109 "])
def test_a_point_on_one_side_hides_no_row(sought: str, held: str) -> None:
    said = specification(
        group(codes={"list": "sought", "positions": ["main"]}),
        code_lists=[{"name": "sought", "codes": {"ICD-10-SE": [sought]}}],
    )
    given = frames({"PAR_SV": {2204: [(1, "2204-01-01", held)]}})
    for name in ("polars", "duckdb"):
        with open_engine(name, 2**28) as engine:
            assert run(engine, compile_selection(said, CATALOGUE), given, ["group"]).days("group").height == 1


def test_every_character_is_compared_alike_by_both_engines() -> None:
    """Letters whose capitals are two letters, blanks of other alphabets, digits of other scripts."""
    every = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    frame = pl.DataFrame({"character": every, "code": [f"e1{each}0" for each in every]})
    in_polars = frame.with_columns(comparing.plain(pl.col("code")).alias("code"))
    with open_engine("duckdb", 2**30) as engine:
        engine.define(comparing.PLAIN.name, comparing.PLAIN.sql)
        in_duckdb = engine.answer("SELECT character, plain(code) AS code FROM given", {"given": frame})
    assert in_polars.sort("character").equals(in_duckdb.sort("character"))
    assert in_polars.filter(pl.col("code") != "E10").height == 10 + 2 * 29


def test_29_february_is_neither_lost_nor_moved(engine: Engine) -> None:
    """366 days after it is 1 March; a year after it nobody has a birthday on the 28th."""
    given = frames(
        {"PAR_SV": {2204: [(1, "2204-02-29", "E109"), (1, "2205-02-28", "E109"), (1, "2205-03-01", "E109")]}},
        Population([(1, "2204-02-29", 1)]),
    )
    first = group("first", take="first")
    assert days(engine, given, group(ages={"lowest": 1, "highest": 1})) == [(1, date(2205, 3, 1))]
    after = {"of": "first", "first_day": 365, "last_day": 365}
    assert days(engine, given, first, group(around=after)) == [(1, date(2205, 2, 28))]


def test_what_is_missing_equals_nothing_that_is_missing(engine: Engine) -> None:
    """A missing day, code, area, sex or index date is not the same as another one."""
    population = Population(
        [(1, None, None), (2, "2150-01-01", 2)], [(1, "2204-01-01", None, "0180")], [(1, None), (2, "2204-01-01")]
    )
    held = [(1, None, "E109", "E109"), (1, "2204-01-01", None), (2, None, "E109"), (2, "2204-01-01", "E109")]
    given = frames({"PAR_SV": {2204: held}}, population)
    assert days(engine, given, group(take="first")) == [(2, date(2204, 1, 1))]
    assert days(engine, given, group(around={"of": "index_date"})) == [(2, date(2204, 1, 1), date(2204, 1, 1))]
    assert days(engine, given, group(sex=2)) == [(2, date(2204, 1, 1)), (2, None)]
    first = group("first", take="first")
    assert days(engine, given, first, group(around={"of": "first", "first_day": 0, "last_day": 0})) == [
        (2, date(2204, 1, 1))
    ]


def test_codes_of_another_time_are_not_codes_of_now(engine: Engine) -> None:
    """250 is diabetes in ICD-9, and something else or nothing before and after."""
    years = {2201: [(1, "2201-01-01", "250")], 2202: [(2, "2202-01-01", "250")], 2204: [(4, "2204-01-01", "250")]}
    assert days(engine, frames({"PAR_SV": years}), group()) == [(2, date(2202, 1, 1))]


def test_area_is_that_of_the_day_and_not_of_the_year(engine: Engine) -> None:
    """Who moved on 1 July was elsewhere in June, whatever a snapshot at the end of the year says."""
    stays = [(1, "2200-01-01", "2204-06-30", "1480"), (1, "2204-07-01", None, "0180")]
    held = [(1, "2204-06-30", "E109"), (1, "2204-07-01", "E109")]
    given = frames({"PAR_SV": {2204: held}}, Population(residence=stays))
    assert days(engine, given, group(areas=["0180"])) == [(1, date(2204, 7, 1))]


def test_no_lazy_rows_are_numbered_or_drawn_at_random() -> None:
    """The streaming engine gives rows numbers, and random values, anew to each branch that reads them."""
    numbered = re.compile(r"with_row_index|\.shuffle\(|\.sample\(|int_range\(|cum_count\(")
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((PROJECT / "samkorning" / "own_registers" / "selection").glob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if numbered.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("stated", "remedy"),
    [
        ({"sex": 1}, "no register of persons is loaded"),
        ({"ages": {"lowest": 0, "highest": 1}}, "no register of persons is loaded"),
        ({"areas": ["01"]}, "no register of residence is loaded"),
        ({"around": {"of": "index_date"}}, "the population has none"),
        ({"registers": ["PAR_SV", "PAR_OV"]}, "no year of PAR_OV is loaded; load one with `samkorning register load"),
    ],
)
def test_what_a_step_needs_is_asked_for_before_anything_is_read(
    engine: Engine, stated: dict[str, Any], remedy: str
) -> None:
    program = compile_selection(specification(group(**stated)), CATALOGUE)
    with pytest.raises(NotFound, match=re.escape(remedy)):
        run(engine, program, frames({"PAR_SV": {2204: []}}), ["group"])


def test_a_year_without_a_variable_that_it_should_have_is_named(engine: Engine) -> None:
    program = compile_selection(specification(group()), CATALOGUE)
    years = {2204: pl.LazyFrame(schema={"person": pl.Int64, "INDATUM": pl.Date})}
    with pytest.raises(NotFound, match=r"PAR_SV 2204 has no variable HDIA; load the year again"):
        run(engine, program, Frames({"PAR_SV": years}), ["group"])
    with pytest.raises(NotFound, match=r"PAR_SV 2204 has no variable HDIA"):
        rows_taken(engine, program, "group", "PAR_SV", 2204, years[2204], pl.DataFrame())
    with pytest.raises(NotFound, match="does not look at LMED"):
        rows_taken(engine, program, "group", "LMED", 2204, years[2204], pl.DataFrame())


def test_years_in_which_a_list_finds_nothing_are_named() -> None:
    said = specification(group(), group("stroke", codes={"list": "stroke", "positions": ["main"]}))
    years = {"PAR_SV": [2205, 2200, 2201, 2202, 2203, 2204]}
    assert list(map(str, silent_years(said, CATALOGUE, years))) == [
        "group: PAR_SV 2200-2201 has ICD-8 there, of which the code list has none",
        "stroke: PAR_SV 2202-2203 has ICD-9 there, of which the code list has none",
    ]
    suture = specification(group(codes={"list": "suture", "positions": ["procedure"]}))
    assert silent_years(suture, CATALOGUE, {"PAR_SV": [2203, 2204], "PAR_OV": [2200]}) == ()
    assert [each.years for each in silent_years(suture, CATALOGUE, {"PAR_SV": [2200, 2202, 2203]})] == [(2200, 2202)]
    assert str(silent_years(suture, CATALOGUE, {"PAR_SV": [2200, 2202]})[0]).startswith(
        "group: PAR_SV 2200, 2202 has no"
    )


@pytest.mark.parametrize("hostile", ['HDIA"; DROP TABLE x; --', "HDIA OR 1=1", "", "1HDIA", "H'", "H\nDIA", "person"])
def test_no_name_of_the_catalogue_reaches_a_statement_unseen(hostile: str) -> None:
    """The catalogue is a file that somebody edits: a name that is no name is refused, not quoted."""
    register = CATALOGUE.register("PAR_SV")
    day, code, *others = register.variables
    named = register.model_copy(update={"variables": (day, code.model_copy(update={"name": hostile}), *others)})
    with pytest.raises(NotFound) as refused:
        compile_selection(specification(group()), RegisterCatalogue(registers=(named,)))
    assert hostile in ("person", "") or hostile not in str(refused.value)


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (writing.code, "E1'"),
        (writing.code, "E1%"),
        (writing.code, ""),
        (writing.code, "e1"),
        (writing.quoted_area, "01' OR '1'='1"),
        (writing.quoted_area, "018"),
        (writing.relation, "par sv"),
        (writing.relation, "x;y"),
    ],
)
def test_nothing_is_written_into_a_statement_that_has_not_its_form(write: Any, text: str) -> None:
    with pytest.raises(NotFound, match="has a form that no statement can hold"):
        write(text)


def test_a_function_is_not_made_anew_with_another_meaning() -> None:
    """Rows that are still to be computed could call the one from before."""
    with open_engine("duckdb", 2**28) as engine:
        for _ in range(2):
            engine.define("one", "CREATE OR REPLACE TEMP MACRO one() AS 1")
        with pytest.raises(CheckFailed, match="the function one has two definitions"):
            engine.define("one", "CREATE OR REPLACE TEMP MACRO one() AS 2")
        assert engine.answer("SELECT one() AS x", {}).item() == 1


def test_a_step_does_not_take_the_name_of_a_register() -> None:
    named = CATALOGUE.register("LMED").model_copy(update={"name": "GROUP_ROWS"})
    with pytest.raises(NotFound, match="rename its event group"):
        compile_selection(specification(group()), RegisterCatalogue(registers=(*CATALOGUE.registers, named)))


def test_the_program_that_is_reviewed_does_not_change_with_the_years_that_are_loaded() -> None:
    said = specification(group(dates={"first_day": FIRST, "last_day": LAST}, take="first"))
    text = compile_selection(said, CATALOGUE).text()
    assert text == compile_selection(said, CATALOGUE).text()
    assert re.findall("22[0-9]{2}", text) == ["2202", "2203", "2204", "2204", "2204", "2204", "2204"]
    assert "-- group_taken: The first of these days.\nCREATE TEMP TABLE group_taken AS\n" in text
