"""Groups of persons who are alike, against plain sets and dictionaries."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.disclosure import Disclosure, groups
from samkorning.order.quasi_identifiers import Kind, QuasiIdentifier

COLUMNS = (
    QuasiIdentifier(column="BORN", kind=Kind.BIRTH),
    QuasiIdentifier(column="SEX"),
    QuasiIdentifier(column="PLACE", kind=Kind.MUNICIPALITY),
    QuasiIdentifier(column="CODE", kind=Kind.CODE),
    QuasiIdentifier(column="DAY", kind=Kind.DATE),
)
SCHEMA = {"LopNr": pl.Int32, "BORN": pl.String, "SEX": pl.Int64, "PLACE": pl.String, "CODE": pl.String, "DAY": pl.Date}

Row = tuple[Any, ...]
person_rows = st.lists(
    st.tuples(
        st.sampled_from(["2101", "210103", "2104", "2105-12-31", "20", "okänt", None]),
        st.sampled_from([1, 2, None]),
        st.sampled_from(["0180", "0114", "1480", "", None]),
        st.sampled_from(["C509", "C501", "C50", "I", "", None]),
        st.sampled_from([date(2219, 1, 1), date(2219, 12, 31), date(2220, 1, 1), None]),
    ),
    min_size=1,
    max_size=4,
)
persons = st.lists(person_rows, max_size=12)


def first(characters: int) -> Callable[[Any], Any]:
    return lambda value: None if value is None else str(value)[:characters]


def five_years(value: Any) -> Any:
    if value is None or not value[:4].isdigit() or len(value) < 4:
        return value
    return str(int(value[:4]) // 5 * 5)


OTHERS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("BORN", "year"): first(4),
    ("BORN", "five years"): five_years,
    ("PLACE", "county"): first(2),
    ("CODE", "first 3 characters"): first(3),
    ("CODE", "first character"): first(1),
    ("DAY", "year"): first(4),
}


def oracle(people: list[list[Row]], column: str, how: str) -> dict[str, Any]:
    names = [each.column for each in COLUMNS]

    def seen(row: Row) -> Row:
        said = dict(zip(names, row, strict=True))
        if how == "left out":
            del said[column]
        elif column:
            said[column] = OTHERS[column, how](said[column])
        return tuple(said.values())

    found = Counter(frozenset(map(seen, rows)) for rows in people)
    sizes = list(found.values())
    return {
        "column": column,
        "how": how,
        "persons": len(people),
        "k": min(sizes, default=None),
        "unique": sizes.count(1),
        "in_groups_under": {str(limit): sum(size for size in sizes if size < limit) for limit in (3, 5, 10)},
    }


@given(persons, st.integers(1, 5), st.sampled_from([0, 50_000]))
def test_every_form_has_the_groups_that_plain_sets_have(people: list[list[Row]], at_once: int, few: int) -> None:
    """In whatever batches they come, and however often these are put together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_FEW", few)
        hold_against_oracle(people, at_once)


def hold_against_oracle(people: list[list[Row]], at_once: int) -> None:
    taker = Disclosure(COLUMNS)
    for start in range(0, len(people), at_once):
        rows = [
            (100_000_000 + number, *row)
            for number, each in enumerate(people[start : start + at_once], start=start)
            for row in each
        ]
        taker.take(pl.DataFrame(rows, schema=SCHEMA, orient="row"), pl.Series(dtype=pl.Int16))
    found = taker.answer()["variants"]
    assert found == [oracle(people, each["column"], each["how"]) for each in found]
    left_out = {(each.column, "left out") for each in COLUMNS}
    assert {(each["column"], each["how"]) for each in found} == {("", "as delivered"), *left_out, *OTHERS}
