"""Linked parts in the one order of rows: however they were cut, each row comes once and in its place."""

import polars as pl
import pytest

from samkorning.errors import GuardedFailure
from samkorning.linkage import in_order
from samkorning.vault import Part

COLUMNS = ["LopNr", "value"]


def part(first: int | None, last: int | None, *rows: tuple[int, str | None]) -> Part:
    frame = pl.DataFrame(rows, {"LopNr": pl.Int32, "value": pl.String}, orient="row")
    return Part(first, last, frame.height, frame.lazy())


ONE = [part(1, 4, (4, "d"), (1, None), (1, "a")), part(5, 9, (9, "z"), (5, "e"))]
OTHER = [part(None, None, (9, "a"), (3, "c"), (5, "b"), (1, "b"), (9, "z"))]
IN_ORDER = [(1, "a"), (1, "b"), (1, None), (3, "c"), (4, "d"), (5, "b"), (5, "e"), (9, "a"), (9, "z"), (9, "z")]


@pytest.mark.parametrize("most_rows", [1, 3, 1000])
@pytest.mark.parametrize("units", [(ONE, OTHER), (OTHER, ONE), ([ONE[1], ONE[0]], OTHER)])
def test_rows_of_parts_that_overlap_come_once_and_in_order(units: tuple[list[Part], ...], most_rows: int) -> None:
    ordered = list(in_order(units, COLUMNS, most_rows))
    assert [row for each in ordered for row in each.rows.rows()] == IN_ORDER
    assert [sum((each.units == unit).sum() for each in ordered) for unit in (0, 1)] == [5, 5]
    assert [each.units.to_list() for each in ordered if each.rows.height > 1][-1][-2:] == [0, 1], "equal rows by unit"


def test_what_a_library_says_of_rows_that_cannot_be_read_is_not_told() -> None:
    broken = Part(
        1, 9, 1, part(1, 9, (1, "unmistakable")).rows.with_columns(pl.col("value").cast(pl.Int64).cast(pl.String))
    )
    with pytest.raises(GuardedFailure, match="linked rows could not be read") as said:
        list(in_order([[broken]], COLUMNS, 9))
    assert "unmistakable" not in str(said.value) and said.value.__context__ is None
