"""One reading of ordered rows, against plain Python: the bytes, and what the takers say of rows and units."""

from collections import Counter
from datetime import date
from functools import cmp_to_key
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.delivery.formats import Table
from samkorning.delivery.rendering import (
    Persons,
    Rendering,
    SerialNumbers,
    StudyPersonsMet,
    UnitContents,
    VariableCounts,
    WithdrawnSerialNumbers,
)
from samkorning.delivery.rendering.persons import persons_counted
from samkorning.delivery.rendering.persons_by_group import persons_by_group
from samkorning.delivery.rendering.serial_numbers import strange_serial_numbers, withdrawn_serial_numbers
from samkorning.delivery.rendering.unit_contents import unit_facts
from samkorning.delivery.rendering.variable_counts import counted_column
from samkorning.linkage import in_order
from samkorning.linkage.ordering import sorted_rows
from samkorning.vault import Part
from tests.examples import examples
from tests.rendered import csv_of

SCHEMA = {"LopNr": pl.Int32, "TEXT": pl.String, "NUMBER": pl.Float64, "DAY": pl.Date, "YES": pl.Boolean}
VALUES = (
    st.sampled_from([1, 2, 3, 40]),
    st.none() | st.sampled_from(["", "a", "ab", "b", "Å", "å", "\x00", "a\x00", "zz" * 20]),
    st.none() | st.sampled_from([-1.5, 0.0, 2.25, 1e300]),
    st.none() | st.sampled_from([date(2219, 1, 1), date(1900, 12, 31)]),
    st.none() | st.booleans(),
)
Row = tuple[Any, ...]
tables = st.lists(st.tuples(*VALUES), max_size=25)
KNOWN = pl.Series([3, 1, 2], dtype=pl.Int32)
SETS: dict[str, dict[str, Any]] = {
    "TEXT": {"a": "a", "": "", "not there": None},
    "NUMBER": {"0": 0.0, "-1.5": -1.5, "7": 7.0},
    "DAY": {"2219-01-01": date(2219, 1, 1)},
}
"""By column the values of its set, as a value set writes them."""
STUDY = pl.DataFrame(
    {"serial_number": [2, 1, 3, 4], "group": [0, 0, 1, 1]}, schema={"serial_number": pl.Int32, "group": pl.Int8}
)


def table(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, SCHEMA, orient="row")


def before(one: Row, other: Row) -> int:
    """Column by column, missing last; text by its bytes."""
    for a, b in zip(one, other, strict=True):
        if a != b:
            if a is None or b is None:
                return 1 if a is None else -1
            left, right = (value.encode() if isinstance(value, str) else value for value in (a, b))
            return -1 if left < right else 1
    return 0


@given(rows=tables)
@settings(max_examples=examples(200), deadline=None)
def test_rows_are_ordered_column_by_column_with_missing_last(rows: list[Row]) -> None:
    assert sorted_rows(table(rows), list(SCHEMA)).rows() == sorted(rows, key=cmp_to_key(before))


@given(units=st.lists(tables, min_size=1, max_size=3), most_rows=st.sampled_from([1, 4, 100]), cut=st.integers(0, 25))
@settings(max_examples=examples(60), deadline=None)
def test_one_reading_tells_what_plain_counting_tells(units: list[list[Row]], most_rows: int, cut: int) -> None:
    frames = [table(rows) for rows in units]
    parts = [
        [Part(None, None, each.height, each.lazy()) for each in (frame.head(cut), frame.slice(cut))] for frame in frames
    ]
    schema = pl.Schema(SCHEMA)
    rendering = Rendering(
        Table("test", schema),
        [
            UnitContents(schema, len(units)),
            VariableCounts(schema, len(units), {name: list(of) for name, of in SETS.items()}, ["LopNr"]),
            Persons(len(units)),
            StudyPersonsMet(STUDY, 2, len(units)),
            SerialNumbers({"LopNr": KNOWN}),
            WithdrawnSerialNumbers({"LopNr": KNOWN.head(1)}),
        ],
    )
    content = b"".join(chunk["csv"] for chunk in rendering.chunks(in_order(parts, list(SCHEMA), most_rows)))
    facts, rows = rendering.facts(), [row for unit in units for row in unit]
    assert content == csv_of(table(sorted(rows, key=cmp_to_key(before))))
    assert [unit.rows for unit in unit_facts(facts)] == [len(unit) for unit in units]
    assert [unit.repeated for unit in unit_facts(facts)] == [len(unit) - len(set(unit)) for unit in units]
    alike = [Counter(one) == Counter(other) for one in units for other in units]
    digests = [unit.digest for unit in unit_facts(facts)]
    assert [one == other for one in digests for other in digests] == alike
    for place, name in enumerate(SCHEMA):
        counted = counted_column(facts, name)
        assert counted is not None
        of_units = [[(row[0], row[place]) for row in unit] for unit in units]
        assert counted.filled == [sum(value is not None for _, value in unit) for unit in of_units]
        assert counted.with_value == [len({who for who, value in unit if value is not None}) for unit in of_units]
        assert counted.without_value == [len({who for who, value in unit if value is None}) for unit in of_units]
        every = [pair for unit in of_units for pair in unit]
        assert counted.all_with_value == len({who for who, value in every if value is not None})
        assert counted.all_without_value == len({who for who, value in every if value is None})
        assert counted.distinct == [len({value for _, value in unit if value is not None}) for unit in of_units]
        assert counted.all_distinct == len({value for _, value in every if value is not None})
        if name in SETS:
            of_set = list(SETS[name].values())
            sets = [[v] for v in of_set] + [[v for _, v in every if v is not None and v not in of_set]]
            held = [pair for pair in every if pair[1] is not None]
            assert counted.values == [sum(value in among for _, value in held) for among in sets]
            assert counted.value_persons == [len({who for who, value in held if value in among}) for among in sets]
        else:
            binned = sum(count for _, count in counted.bins)
            assert binned == (0 if name in ("LopNr", "YES") else sum(counted.filled))
    persons, by_group = persons_counted(facts), persons_by_group(facts)
    assert persons is not None and by_group is not None
    assert persons.in_units == tuple(len({row[0] for row in unit}) for unit in units)
    assert persons.in_file == len({row[0] for row in rows})
    met = [[len({row[0] for row in unit} & group) for group in ({1, 2}, {3})] for unit in units]
    assert by_group.units == tuple(map(tuple, met))
    assert (strange_serial_numbers(facts) > 0) == any(row[0] == 40 for row in rows)
    assert (withdrawn_serial_numbers(facts) > 0) == any(row[0] == KNOWN[0] for row in rows)
