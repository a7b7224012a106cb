"""The persons whom a source loses, counted by each engine and slice by slice, held against sets of a plain oracle."""

from collections import defaultdict
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.identity import Issuer
from samkorning.linkage import ColumnLookup, bounds_for, linked_columns
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import Linked, link, link_some, with_lost
from samkorning.linkage.lost_persons import PERSON, REASON, count_lost
from samkorning.linkage.row_flow import UNKNOWN_PERSON, LostPersons, RowFlow
from samkorning.order import Source
from tests.examples import examples
from tests.parts import PartsInMemory
from tests.property.identity_oracle import ask
from tests.property.test_linkage_engines import DAMAGED, NUMBERS, RULES

WITH_RESERVE = replace(RULES, issuer=Issuer.STOCKHOLM)
RESERVE, OTHER_RESERVE = "992215000011", "992215000029"
PERSONS, OUTSIDERS = NUMBERS[:6], NUMBERS[50:54]
SERIALS = {number: 100_000_000 + place // 2 for place, number in enumerate(PERSONS)}
"""Two numbers lead to each serial number: persons whose number was changed."""
SOURCE = Source.model_validate(
    {
        "name": "lisa",
        "source_class": "scb",
        "holder": "SCB",
        "identifiers": [
            {"column": "PNR"},
            {"column": "MOR", "serial_name": "LopNrMor", "identifies": "relative", "unknown": "drop"},
        ],
        "file": {"columns": [{"name": "PNR"}, {"name": "MOR"}, {"name": "KOMMUN"}]},
    }
)
SCHEMA = {"PNR": pl.String, "MOR": pl.String, "KOMMUN": pl.String}
Row = tuple[str | None, str | None, str]

numbers = st.sampled_from([*PERSONS, *OUTSIDERS])
written = st.one_of(
    numbers.map(str),
    numbers.map(lambda number: f"{str(number)[:8]}-{str(number)[8:]}"),
    st.sampled_from([*DAMAGED, None, RESERVE, RESERVE.lower(), f" {RESERVE}", OTHER_RESERVE]),
)
rows = st.lists(st.tuples(written, written, st.just("0180")), min_size=20, max_size=90)


def expected(given_rows: list[Row]) -> tuple[LostPersons, int]:
    """Persons by reason and in all, and the dropped rows that are about nobody."""
    lost: dict[str, set[object]] = defaultdict(set)
    about_nobody = 0
    for first, mother, _ in given_rows:
        person, other = ask(first, WITH_RESERVE), ask(mother, WITH_RESERVE)
        serial = SERIALS.get(person.number or 0)
        if person.problem is not None:
            about_nobody += 1
        elif serial is None:
            lost[UNKNOWN_PERSON].add((person.issuer, person.text or person.number))
        elif other.problem is None and (other.number or 0) not in SERIALS:
            lost[f"MOR:{UNKNOWN_PERSON}"].add(serial)
    by_reason = {reason: len(persons) for reason, persons in sorted(lost.items())}
    return LostPersons(len(set().union(*lost.values())), by_reason), about_nobody


def linked(engine_name: str, given_rows: list[Row], rows_in_slice: int | None = None) -> tuple[Linked, PartsInMemory]:
    """All rows at once, or so many at a time."""
    table = pl.DataFrame(given_rows, schema=SCHEMA, orient="row")
    known = {"number": list(SERIALS), "serial_number": list(SERIALS.values()), "reused": [0] * len(SERIALS)}
    types = {"serial_number": pl.Int32, "reused": pl.Int8}
    lookup = ColumnLookup(WITH_RESERVE, pl.LazyFrame(known, schema_overrides=types))
    lookups = {identifier.column: lookup for identifier in SOURCE.identifiers}
    serial_numbers = pl.Series("serial_number", list(SERIALS.values()), dtype=pl.Int32)
    bounds, writing = bounds_for(serial_numbers, table.height, len(linked_columns(SOURCE)), 2**20), PartsInMemory()
    with open_engine(engine_name, 2**28) as engine:
        if rows_in_slice is None:
            return link(engine, table.lazy(), SOURCE, lookups, writing, bounds), writing
        done = [
            link_some(engine, some.lazy(), SOURCE, lookups, writing, bounds)
            for some in table.iter_slices(rows_in_slice)
        ]
    files = {name: ends for each, _ in done for name, ends in each.files.items()}
    flow = RowFlow.of_all([each.row_flow for each, _ in done])
    assert flow.lost is None, "persons of slices do not add up"
    return with_lost(Linked(files, flow), SOURCE, writing, [name for _, name in done if name is not None]), writing


@settings(max_examples=examples(4), deadline=None)
@given(rows, st.integers(1, 20))
def test_lost_persons_are_those_of_the_oracle_on_both_engines_and_in_slices(given_rows: list[Row], some: int) -> None:
    lost, about_nobody = expected(given_rows)
    for found, writing in (
        linked("polars", given_rows),
        linked("duckdb", given_rows),
        linked("polars", given_rows, some),
    ):
        flow = found.row_flow
        assert flow.lost == lost
        assert flow.dropped_without_number == about_nobody
        assert RowFlow.from_facts(flow.facts()) == flow
        assert set(writing.frames) == set(found.files), "dropped rows are kept nowhere"
        for frame in writing.frames.values():
            apart = [name for name in frame.columns if name.startswith("~apart")]
            assert len(apart) == len(SOURCE.identifiers)
            assert not any(frame[name].str.contains("[0-9]").any() for name in apart), "no number lands in a kept file"


def test_a_person_dropped_for_two_reasons_is_one_in_all_and_an_old_number_is_the_same_person() -> None:
    known, formerly, outsider = str(PERSONS[0]), str(PERSONS[1]), str(OUTSIDERS[0])
    given_rows: list[Row] = [
        (known, outsider, "a"),
        (formerly, outsider, "a"),  # the same serial number under another number
        (outsider, None, "a"),
        (f"{outsider[:8]}-{outsider[8:]}", None, "a"),
        (RESERVE, None, "a"),
        ("okänd", None, "a"),
        (known, None, "a"),
    ]
    flow = linked("polars", given_rows)[0].row_flow
    assert flow.lost == LostPersons(3, {f"MOR:{UNKNOWN_PERSON}": 1, UNKNOWN_PERSON: 2})
    assert (flow.linked, flow.dropped_without_number) == (1, 1)
    two_reasons = pl.LazyFrame({REASON: ["a", "b", "a"], PERSON: ["x", "x", None]})
    assert count_lost([two_reasons]) == LostPersons(1, {"a": 1, "b": 1})


@pytest.mark.parametrize("at_once", [1, 7, 1_000])
def test_persons_are_counted_the_same_however_few_are_held_at_once(at_once: int) -> None:
    files = [
        pl.LazyFrame({REASON: ["a", "b"] * 50, PERSON: [f"{(3 * row + shift) % 40}" for row in range(100)]})
        for shift in range(3)
    ]
    every = pl.concat(files).collect().rows()
    by_reason = {reason: len({person for why, person in every if why == reason}) for reason in ("a", "b")}
    assert count_lost(files, at_once) == LostPersons(len({person for _, person in every}), by_reason)


def test_a_row_flow_of_before_has_no_persons_and_says_so() -> None:
    flow = RowFlow.from_facts({"source": "lisa", "rows_in": 3, "linked": 1, "dropped.missing": 2})
    assert (flow.lost, flow.dropped_without_number) == (None, None)
    assert linked("polars", [(str(PERSONS[0]), None, "a")])[0].row_flow.lost == LostPersons()
