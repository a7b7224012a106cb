"""A register year in parts: whatever rows, order, batches, memory and engine, a plain list finds the same rows."""

from collections.abc import Callable, Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.errors import NotFound
from samkorning.linkage.engines import open_engine
from samkorning.linkage.streams import streamed
from samkorning.order import OwnRegister
from samkorning.own_registers import sorting
from samkorning.own_registers.extraction import extract
from samkorning.own_registers.sorting import GREATEST, LEAST, MONTH, SortedYear, may_hold, write_sorted
from samkorning.vault import Part
from tests.examples import examples
from tests.parts import PartsInMemory

OWN = OwnRegister.model_validate(
    {"register_name": "LMED", "variables": ["ATC", "ANTAL"], "from_year": 2219, "to_year": 2219}
)
SCHEMA = {"number": pl.Int64, "ATC": pl.String, "ANTAL": pl.Int64}
MONTHS = [year * 10**2 + month for year in (2100, 2101, 2150, 2199) for month in (1, 12)]
NUMBERS = [month * MONTH + day * 10**4 + last for month in MONTHS for day in (1, 31) for last in (1234, 1235)]

Row = tuple[int, str | None, int | None]
rows = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(["A01", "", "Ö", None]), st.sampled_from([0, 7, None])),
    min_size=8,
    max_size=60,
)


def a_year(said: list[Row], batch: int, memory: int) -> tuple[PartsInMemory, SortedYear]:
    """The year as it is written, in batches of so many rows."""
    frame, writing = pl.DataFrame(said, SCHEMA, orient="row"), PartsInMemory()
    batches = [frame.slice(first, batch) for first in range(0, max(frame.height, 1), batch)]
    return writing, write_sorted(writing, batches, memory)


def persons(numbers: set[int]) -> pl.DataFrame:
    held = sorted(numbers)
    serials = {"number": held, "serial_number": [number % 10**7 for number in held], "reused": [0] * len(held)}
    return pl.DataFrame(serials, {"number": pl.Int64, "serial_number": pl.Int32, "reused": pl.Int8})


def extracted(engine_name: str, parts: list[Part], wanted: set[int]) -> list[tuple[object, ...]]:
    with open_engine(engine_name, 2**30) as engine:
        found = extract(engine, OWN, parts, persons(wanted)).collect(engine="streaming")
    assert found.columns == ["LopNr", "ATC", "ANTAL"]
    return sorted(found.rows(), key=repr)


@settings(deadline=None, max_examples=examples(60))
@given(
    rows,
    st.integers(1, 20),
    st.sampled_from([1, 900, 6_000, 30_000]),
    st.sets(st.sampled_from(NUMBERS)),
    st.sampled_from(["polars", "duckdb"]),
)
def test_the_rows_of_persons_are_found(said: list[Row], batch: int, memory: int, wanted: set[int], engine: str) -> None:
    writing, year = a_year(said, batch, memory)
    parts = writing.parts(year.files)
    assert set(writing.frames) == set(year.files), "nothing that was gathered on the way is kept"
    assert sorted((row for part in parts for row in part.rows.collect().rows()), key=repr) == sorted(said, key=repr)
    for part in parts:
        held = part.rows.collect()["number"]
        assert held.is_sorted()
        assert held.is_between(part.first, part.last).all()
    numbers = persons(wanted)["number"]
    reached = [part for part in parts if len(may_hold(numbers, part.first, part.last))] or parts[:1]
    oracle = sorted(((number % 10**7, *rest) for number, *rest in said if number in wanted), key=repr)
    assert extracted(engine, reached, wanted) == oracle


@settings(deadline=None, max_examples=examples(40))
@given(rows, st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 6_000, 2**31]), st.randoms())
def test_the_same_rows_are_the_same_year(said: list[Row], batch: int, other: int, memory: int, random: object) -> None:
    """In whatever order, batches and memory they are loaded again; a row more or less is another."""
    _, first = a_year(said, batch, memory)
    shuffled = list(said)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert a_year(shuffled, other, 2**31)[1].content_digest == first.content_digest
    assert a_year([*said, (NUMBERS[0], "A01", 7)], batch, memory)[1].content_digest != first.content_digest


@pytest.mark.parametrize("memory", [1, 1_500, 30_000, 2**31])
def test_bounds_are_disjoint_whole_and_nobodys_number(memory: int) -> None:
    """They stand in a manifest, which is not encrypted: the month of a cut is one that many are born in."""
    said = [(number, "A01", 1) for number in NUMBERS] * 40
    bounds = sorted(a_year(said, 100, memory)[1].files.values())
    assert bounds[0][0] == LEAST
    assert bounds[-1][1] == GREATEST
    assert [first for first, _ in bounds[1:]] == [last + 1 for _, last in bounds[:-1]]
    assert all(first % MONTH == 0 for first, _ in bounds), "no day 00 is anybody's"
    assert len(bounds) == {1: 8, 1_500: 8, 30_000: 8, 2**31: 1}[memory]


def test_one_number_with_more_rows_than_a_part_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    """It lies in one part, and its neighbours are still sorted around it."""
    many = [(NUMBERS[2], None, each % 7) for each in range(3_000)]
    said = [(NUMBERS[3], "A01", 1), *many, (NUMBERS[0], "A01", 2), (NUMBERS[-1], "A01", 3)]
    heights: list[int] = []

    def watched(batches: Callable[[], Iterator[pl.DataFrame]], schema: pl.Schema) -> pl.LazyFrame:
        return streamed(lambda: (heights.append(batch.height) or batch for batch in batches()), schema)

    monkeypatch.setattr(sorting, "streamed", watched)
    monkeypatch.setattr(sorting, "ROWS_AT_ONCE", 500)
    writing, year = a_year(said, 50, 30_000)
    parts = writing.parts(year.files)
    assert [part.height for part in parts] == [3_002, 1]
    assert parts[0].rows.collect()["number"].is_sorted()
    assert max(heights) <= 500
    assert len(extracted("polars", parts, {NUMBERS[2]})) == 3_000


def test_persons_in_no_part_find_nothing() -> None:
    writing, year = a_year([(NUMBERS[0], "A01", 1)], 1, 1)
    assert extracted("polars", writing.parts(year.files), {NUMBERS[5]}) == []
    assert extracted("duckdb", writing.parts(year.files), set()) == []


def test_a_variable_that_is_not_there_is_named() -> None:
    with open_engine("polars", 2**30) as engine, pytest.raises(NotFound, match="has no variable ANTAL, ATC"):
        extract(engine, OWN, [Part(None, None, 0, pl.LazyFrame(schema={"number": pl.Int64}))], persons(set()))
