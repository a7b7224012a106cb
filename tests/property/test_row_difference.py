"""Two states of a file held against each other, as a plain loop over rows would."""

from collections import Counter

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.delivery.row_difference import RowDifference, row_difference
from tests.examples import examples

COLUMNS = ["LopNr", "a", "b", "c"]
SCHEMA = {"LopNr": pl.Int32, "a": pl.String, "b": pl.Int64, "c": pl.String}
Row = tuple[object, ...]
texts = st.sampled_from([None, "", "x", "y", "å"])
rows = st.lists(st.tuples(st.integers(1, 4), texts, st.sampled_from([None, 0, 1, 2]), texts), max_size=12)


def order(row: Row) -> tuple[tuple[bool, object], ...]:
    """Missing values first, as the engine sorts."""
    return tuple((value is not None, value if value is not None else 0) for value in row)


def plain(before: list[Row], after: list[Row]) -> RowDifference:
    """The definition, row by row."""
    equal = Counter(before) & Counter(after)
    gone = sorted((Counter(before) - equal).elements(), key=order)
    new = sorted((Counter(after) - equal).elements(), key=order)
    cells: Counter[str] = Counter()
    altered = 0
    for place, name in enumerate(COLUMNS[1:], start=1):
        left: list[Row] = []
        for row in gone:
            rest = row[:place] + row[place + 1 :]
            pair = next((other for other in new if other[:place] + other[place + 1 :] == rest), None)
            if pair is None:
                left.append(row)
            else:
                new.remove(pair)
                altered += 1
                cells[name] += 1
        gone = left
    for person in {row[0] for row in gone}:
        mine, theirs = ([row for row in side if row[0] == person] for side in (list(gone), list(new)))
        for one, other in zip(mine, theirs, strict=False):
            differing = [name for name, x, y in zip(COLUMNS, one, other, strict=True) if x != y]
            if len(differing) * 2 <= 3:
                gone.remove(one)
                new.remove(other)
                altered += 1
                cells.update(differing)
    persons = [{row[0] for row in side} for side in (before, after)]
    return RowDifference(
        same=sum(equal.values()),
        altered=altered,
        new=len(new),
        gone=len(gone),
        cells={name: cells[name] for name in COLUMNS if cells[name]},
        persons_new=len(persons[1] - persons[0]),
        persons_gone=len(persons[0] - persons[1]),
    )


@settings(max_examples=examples(150), deadline=None)
@given(rows, rows)
def test_the_difference_is_that_of_a_plain_loop(before: list[Row], after: list[Row]) -> None:
    frames = [pl.DataFrame(side, schema=SCHEMA, orient="row").lazy() for side in (before, after)]
    found = row_difference(frames[0], frames[1], "LopNr")
    assert found == plain(before, after)
    assert found.same + found.altered + found.gone == len(before)
    assert found.same + found.altered + found.new == len(after)
    assert found.is_none == (Counter(before) == Counter(after))


def test_one_cell_of_one_row_is_one_altered_cell() -> None:
    before = pl.DataFrame({"LopNr": [1, 1, 2], "DIA": ["A", "B", "C"], "AR": [1, 1, 1]}).lazy()
    after = pl.DataFrame({"LopNr": [1, 1, 3], "DIA": ["A", "X", "C"], "AR": [1, 1, 1]}).lazy()
    assert row_difference(before, after, "LopNr") == RowDifference(1, 1, 1, 1, {"DIA": 1}, 1, 1)
