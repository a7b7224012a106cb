"""Groups of persons who are alike, in one file and in two together, against plain sets and dictionaries."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.disclosure import Disclosure, JoinedFile, alike_together, groups
from samkorning.order.quasi_identifiers import Kind, QuasiIdentifier
from samkorning.vault import Part

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


def in_form(row: Row, names: list[str], column: str, how: str) -> Row:
    """What is seen of a row where one column is delivered in another form."""
    said = dict(zip(names, row, strict=True))
    if how == "left out":
        said.pop(column, None)
    elif column in said:
        said[column] = OTHERS[column, how](said[column])
    return tuple(said.values())


def oracle(people: list[list[Row]], column: str, how: str) -> dict[str, Any]:
    names = [each.column for each in COLUMNS]
    found = Counter(frozenset(in_form(row, names, column, how) for row in rows) for rows in people)
    return {"column": column, "how": how, **figures(found)}


def figures(found: Counter[Any]) -> dict[str, Any]:
    sizes = list(found.values())
    return {
        "persons": sum(sizes),
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


FILES = {"one": COLUMNS[:2], "other": COLUMNS[2:]}


@given(
    st.lists(st.tuples(*(st.one_of(st.just([]), person_rows) for _ in FILES)), max_size=12),
    st.integers(0, 12),
    st.sampled_from([400, 2**30]),  # a few readings of every file, or one: a reading takes a tenth of a second
)
def test_two_files_together_have_the_groups_that_plain_sets_have(
    people: list[tuple[list[Row], ...]], cut: int, memory: int
) -> None:
    """However the persons lie in parts and units, and in however many readings they are counted."""
    cells = [_of_file(people, place, columns) for place, columns in enumerate(FILES.values())]
    files = [
        JoinedFile(name, "LopNr", columns, _units(rows, columns, cut))
        for (name, columns), rows in zip(FILES.items(), cells, strict=True)
    ]
    found = alike_together(files, sum(map(len, cells)), memory)["variants"]
    assert found == [oracle_together(cells, each["column"], each["how"]) for each in found]
    names = {column.column: f"{name}.{column.column}" for name, columns in FILES.items() for column in columns}
    left_out = {(name, "left out") for name in names.values()}
    others = {(names[column], how) for column, how in OTHERS}
    assert {(each["column"], each["how"]) for each in found} == {("", "as delivered"), *left_out, *others}


Cells = dict[int, list[Row]]
"""The rows of each person who has any."""


def _of_file(people: list[tuple[list[Row], ...]], place: int, columns: tuple[QuasiIdentifier, ...]) -> Cells:
    where = [COLUMNS.index(each) for each in columns]
    found = {
        100_000_000 + nth: [tuple(row[at] for at in where) for row in each[place]] for nth, each in enumerate(people)
    }
    return {person: rows for person, rows in found.items() if rows}


def _units(cells: Cells, columns: tuple[QuasiIdentifier, ...], cut: int) -> tuple[tuple[Part, ...], ...]:
    """The rows in two units, every other one in each, and each of them in two parts."""
    schema = {"LopNr": SCHEMA["LopNr"], **{each.column: SCHEMA[each.column] for each in columns}}
    rows = [(person, *row) for person, rows in cells.items() for row in rows]
    border = 100_000_000 + cut

    def part(first: int, last: int, rows: list[Row]) -> Part:
        inside = [row for row in rows if first <= row[0] <= last]
        return Part(first, last, len(inside), pl.LazyFrame(inside, schema=schema, orient="row"))

    ends = ((100_000_000, border), (border + 1, 999_999_999))
    return tuple(tuple(part(*bounds, rows[nth::2]) for bounds in ends) for nth in range(2))


def oracle_together(files: list[Cells], column: str, how: str) -> dict[str, Any]:
    """Everybody's set of combinations in each file; the form is of the one that the column names."""
    seen: dict[int, list[frozenset[Row]]] = {}
    for person in sorted({person for cells in files for person in cells}):
        for (name, columns), cells in zip(FILES.items(), files, strict=True):
            of_file, _, own = column.partition(".")
            names = [each.column for each in columns]
            form = (own, how) if of_file == name else ("", "as delivered")
            rows = cells.get(person, [])
            seen.setdefault(person, []).append(frozenset(in_form(row, names, *form) for row in rows))
    return {"column": column, "how": how, **figures(Counter(map(tuple, seen.values())))}
