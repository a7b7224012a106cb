"""The linkage kernel on both engines, held against a plain dictionary, over dirty rows."""

import math
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.identity import IdentityRules, Repair
from samkorning.linkage import (
    ColumnLookup,
    RowsDigest,
    bounds_for,
    in_order,
    link,
    linked_columns,
    normalised,
    numbers_to_add,
    of_population,
    serial_number_lookup,
)
from samkorning.linkage.engines import open_engine
from samkorning.linkage.row_flow import LINKED, UNKNOWN_PERSON, RowFlow
from samkorning.linkage.streams import streamed
from samkorning.order import Source
from samkorning.register_files import FileContract
from samkorning.synthetic import make_world
from tests.examples import examples
from tests.parts import PartsInMemory

WORLD = make_world(60, 5)
NUMBERS = WORLD.persons["number"].to_list()
KNOWN = {number: 100_000_000 + 37 * place for place, number in enumerate(NUMBERS[:40])}
RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
DAMAGED = {"": "missing", "okänd": None, "220013019999": None, "x": None, "20001": None}
SOURCE = Source.model_validate(
    {
        "name": "lisa",
        "source_class": "scb",
        "holder": "SCB",
        "identifiers": [
            {"column": "PNR"},
            {"column": "MOR", "serial_name": "LopNrMor", "identifies": "relative"},
        ],
        "file": {"columns": [{"name": "PNR"}, {"name": "MOR"}, {"name": "KOMMUN"}]},
    }
)

SCHEMA = {"PNR": pl.String, "MOR": pl.String, "KOMMUN": pl.String}
written = st.one_of(
    st.sampled_from(NUMBERS).map(str),
    st.sampled_from(NUMBERS).map(lambda number: f"{str(number)[:8]}-{str(number)[8:]}"),
    st.sampled_from([*DAMAGED, None]),
)
rows = st.lists(st.tuples(written, written, st.sampled_from(["2480", "0180", "Umeå", None])), min_size=5, max_size=60)


@dataclass(frozen=True)
class Linked:
    """What came of linking a table: the rows in order, the row flow, and in how many files the rows lay."""

    frame: pl.DataFrame
    row_flow: RowFlow
    files: int


def run(
    engine_name: str,
    table: pl.DataFrame,
    rules: IdentityRules = RULES,
    source: Source = SOURCE,
    memory: int = 2**31,
    engine_memory: int = 2**31,
    most_rows: int = 1_000,
) -> Linked:
    numbers = {"number": list(KNOWN), "serial_number": list(KNOWN.values()), "reused": [0] * len(KNOWN)}
    lookup = ColumnLookup(rules, pl.LazyFrame(numbers, schema_overrides={"serial_number": pl.Int32, "reused": pl.Int8}))
    lookups = {identifier.column: lookup for identifier in source.identifiers}
    serial_numbers = pl.Series("serial_number", list(KNOWN.values()) * 3, dtype=pl.Int32)
    bounds = bounds_for(serial_numbers, table.height, len(linked_columns(source)), memory)
    writing = PartsInMemory()
    with open_engine(engine_name, engine_memory) as engine:
        linked = link(engine, table.lazy(), source, lookups, writing, bounds)
    assert set(writing.frames) == set(linked.files), "nothing that was set apart or dropped is kept"
    ordered = in_order([writing.parts(linked.files)], linked_columns(source), most_rows)
    frame = pl.concat([part.rows for part in ordered])
    return Linked(frame, linked.row_flow, len(linked.files))


def serial_of(value: str | None) -> int | None:
    digits = (value or "").replace("-", "")
    return KNOWN.get(int(digits)) if digits.isdigit() and len(digits) == 12 else None


@settings(max_examples=examples(12), deadline=None)
@given(rows)
def test_both_engines_link_what_the_dictionary_links(
    given_rows: list[tuple[str | None, str | None, str | None]],
) -> None:
    table = pl.DataFrame(given_rows, schema=SCHEMA, orient="row")
    polars, duckdb = run("polars", table), run("duckdb", table)
    expected = Counter(
        (serial_of(person), serial_of(mother), place)
        for person, mother, place in given_rows
        if serial_of(person) is not None
    )
    assert Counter(polars.frame.rows()) == expected
    assert polars.frame.equals(duckdb.frame), "the same rows in the same order"
    assert polars.row_flow == duckdb.row_flow
    assert polars.row_flow.unexplained == 0
    assert polars.row_flow.linked == expected.total()


@settings(max_examples=examples(12), deadline=None)
@given(rows, st.randoms(use_true_random=False), st.sampled_from(["polars", "duckdb"]))
def test_order_of_arrival_parts_memory_and_engine_do_not_show(
    given_rows: list[tuple[str | None, str | None, str | None]], chance: Random, engine: str
) -> None:
    shuffled = chance.sample(given_rows, len(given_rows))
    one = run("polars", pl.DataFrame(given_rows, schema=SCHEMA, orient="row"))
    little = 2_048 if engine == "polars" else 2**28  # numbers are searched for where pages take too much
    table = pl.DataFrame(shuffled, schema=SCHEMA, orient="row")
    other = run(engine, table, memory=2_048, engine_memory=little, most_rows=3)
    assert one.files <= 2, "few rows lie in one part, and what was looked at closely beside it"
    assert other.frame.equals(one.frame)
    assert other.row_flow == one.row_flow
    digests = [RowsDigest(), RowsDigest()]
    digests[0].add(one.frame)
    for batch in other.frame.sample(fraction=1, shuffle=True, seed=1).iter_slices(7):
        digests[1].add(batch)
    assert one.frame.is_empty() or digests[0].text == digests[1].text


def test_a_person_with_more_rows_than_a_part_bears_stays_in_one_piece() -> None:
    persons = [str(NUMBERS[0])] * 50 + [str(NUMBERS[1])] * 3
    table = pl.DataFrame([(person, None, str(n)) for n, person in enumerate(persons)], schema=SCHEMA, orient="row")
    linked = run("polars", table, memory=4_096, most_rows=5)
    assert linked.frame["LopNr"].to_list() == [KNOWN[NUMBERS[0]]] * 50 + [KNOWN[NUMBERS[1]]] * 3
    assert linked.frame["KOMMUN"].to_list()[:50] == sorted(table["KOMMUN"].to_list()[:50])


def test_rows_that_are_made_on_the_way_are_filtered_and_cut_as_any_others() -> None:
    table = pl.DataFrame({"a": range(10), "b": [str(n) for n in range(10)]})
    rows = streamed(lambda: table.iter_slices(3), table.schema)
    assert rows.collect().equals(table)
    assert rows.head(4).collect().equals(table.head(4))
    assert rows.filter(pl.col("a") % 2 == 1).select("b").head(3).collect()["b"].to_list() == ["1", "3", "5"]
    assert rows.select(pl.len()).collect().item() == 10


def test_a_value_has_one_form() -> None:
    rows = pl.LazyFrame({"a": [-0.0, 0.0, math.nan, -1.5, None], "b": ["x"] * 5})
    found = normalised(rows).collect()["a"].to_list()
    assert [str(value) for value in found] == ["0.0", "0.0", "None", "-1.5", "None"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_file_of_which_nothing_links_has_its_columns_and_no_rows(engine: str) -> None:
    table = pl.DataFrame(
        {"PNR": ["okänd", None], "MOR": [None, None], "KOMMUN": ["a", "b"]}, schema_overrides={"MOR": pl.String}
    )
    for rows in (table, table.clear()):
        linked = run(engine, rows)
        assert linked.frame.schema == {"LopNr": pl.Int32, "LopNrMor": pl.Int32, "KOMMUN": pl.String}
        assert (linked.frame.height, linked.row_flow.rows_in) == (0, rows.height)


def test_every_reason_is_counted_under_its_own_name() -> None:
    outsider = str(NUMBERS[50])
    table = pl.DataFrame(
        {
            "PNR": [str(NUMBERS[0]), outsider, None, "220013019999"],
            "MOR": [outsider, None, None, None],
            "KOMMUN": ["a"] * 4,
        }
    )
    flow = run("polars", table).row_flow
    assert (flow.rows_in, flow.linked) == (4, 1)
    assert flow.dropped == {UNKNOWN_PERSON: 1, "missing": 1, "bad_date": 1}
    assert flow.blanks == {"MOR": {UNKNOWN_PERSON: 1}}
    assert LINKED not in flow.dropped


def test_every_guess_of_a_century_and_every_repair_is_counted_by_column_on_both_engines() -> None:
    known, outsider = (str(number) for number in (NUMBERS[0], NUMBERS[50]))
    rules = replace(RULES, repairs=frozenset({Repair.FLOAT}))
    table = pl.DataFrame(
        {
            "PNR": [known, known[2:], outsider[2:], f"{known}.0", "109010017", None],
            "MOR": [known, f"{known}.0", f"{known[2:8]}-{known[8:]}", "", f"{outsider}.0", known],
            "KOMMUN": ["a"] * 6,
        }
    )
    for engine in ("polars", "duckdb"):
        flow = run(engine, table, rules).row_flow
        assert flow.readings == {"PNR": {"guessed_century": 2, "float": 1}, "MOR": {"float": 2}}
        assert RowFlow.from_facts(flow.facts()) == flow
        assert run(engine, table.head(1), rules).row_flow.readings == {}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_order_in_which_rows_came_does_not_show(engine: str) -> None:
    """Many rows of the same person, in two orders: the same file leaves, sorted by every column."""
    persons = [str(NUMBERS[place % 3]) for place in range(200)]
    places = [None if place % 41 == 0 else f"{place * 37 % 199:03d}" for place in range(200)]
    table = pl.DataFrame({"PNR": persons, "MOR": persons[::-1], "KOMMUN": places})
    linked = run(engine, table).frame
    assert linked.equals(run(engine, table.reverse()).frame)
    assert linked.rows() == sorted(linked.rows(), key=lambda row: [(cell is None, cell) for cell in row])


def a_code_key(*rows: tuple[int | None, int, int]) -> pl.LazyFrame:
    schema = {"number": pl.Int64, "serial_number": pl.Int32, "generation": pl.Int16}
    return pl.LazyFrame(rows, schema=schema, orient="row")


def a_history(*rows: tuple[int, int, bool]) -> pl.LazyFrame:
    return pl.LazyFrame(
        rows, schema={"number": pl.Int64, "person_number": pl.Int64, "reused": pl.Boolean}, orient="row"
    )


def test_a_person_is_found_under_every_number_of_the_history() -> None:
    key = a_code_key((1, 100, 1), (5, 500, 1), (None, 900, 1))
    history = a_history((1, 3, False), (2, 3, False), (3, 3, False), (8, 9, False), (9, 9, False))
    lookup = serial_number_lookup(key, history)
    assert lookup.sort("number").collect().rows() == [(1, 100, 0), (2, 100, 0), (3, 100, 0), (5, 500, 0)]
    asked = pl.LazyFrame({"number": [2, 8, 9, 7, 5]})
    assert numbers_to_add(asked, lookup, history).sort("number").collect()["number"].to_list() == [7, 9]


def test_a_history_that_comes_late_moves_no_serial_number() -> None:
    """R18: persons keep their serial numbers: two that turn out to be one keep both, new numbers take the first."""
    key = a_code_key((1, 100, 2), (2, 200, 1))
    history = a_history((1, 3, False), (2, 3, False), (3, 3, False), (4, 4, True))
    lookup = serial_number_lookup(key, history).sort("number").collect()
    assert lookup.rows() == [(1, 100, 0), (2, 200, 0), (3, 200, 0)]


few = st.integers(1, 12)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(few),
    st.dictionaries(few, st.integers(13, 15), max_size=8),
    st.lists(few, max_size=12),
)
def test_a_population_leads_to_its_persons_under_every_number(
    held: set[int], owners: dict[int, int], inside: list[int]
) -> None:
    key = a_code_key(*((number, 100 * number, 1) for number in sorted(held)))
    history = a_history(*((number, person, False) for number, person in owners.items()))
    lookup = serial_number_lookup(key, history)
    population = pl.LazyFrame({"number": inside}, schema={"number": pl.Int64})
    serials = {number: serial for number, serial, _ in lookup.collect().iter_rows()}
    persons = {serials[number] for number in inside if number in serials}
    found = of_population(lookup, population, history)
    assert {number: serial for number, serial, _ in found.collect().iter_rows()} == {
        number: serial for number, serial in serials.items() if serial in persons
    }
    assert found.select("serial_number").unique().collect().height == len(persons)


def test_a_reused_number_stands_for_itself_and_is_flagged() -> None:
    key = a_code_key((4, 400, 1))
    assert serial_number_lookup(key, a_history((4, 4, True))).collect().rows() == [(4, 400, 1)]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("name", ["identity_0_number", "outcome_0", "guessed_1", "repaired_0", "serial_0", "reused_1"])
def test_a_column_of_the_file_is_delivered_as_it_came_whatever_it_is_called(engine: str, name: str) -> None:
    columns = [{"name": "PNR"}, {"name": "MOR"}, {"name": name}]
    source = SOURCE.model_copy(update={"file": FileContract.model_validate({"columns": columns})})
    table = pl.DataFrame({"PNR": [str(NUMBERS[0])], "MOR": [str(NUMBERS[1])], name: ["Umeå"]})
    assert run(engine, table, source=source).frame[name].to_list() == ["Umeå"]
