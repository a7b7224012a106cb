"""Relatives as small tables: who is what to whom, and what is left out. All persons are synthetic."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from samkorning.linkage.engines import open_engine
from samkorning.order.relatives import Kind, Relatives
from samkorning.own_registers.relatives import FoundRelatives, relatives_of
from tests.property.test_relatives_oracle import Marriages, Parents, Persons, found

D = date
INDEX, BEFORE, AFTER = D(2204, 3, 1), D(2204, 2, 29), D(2204, 3, 2)
SELF, MOTHER, FATHER, OTHER = 1, 2, 3, 4


@pytest.fixture(params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def asked(*kinds: Kind, **changes: Any) -> Relatives:
    return Relatives.model_validate({"kinds": kinds, **changes})


def of_self(
    engine: str, said: Relatives, parents: Parents, marriages: Marriages | None = None
) -> list[tuple[Any, ...]]:
    """Relative, kind and degree of person 1, whose index date is INDEX."""
    pairs = found(engine, said, parents, marriages or [], [(SELF, INDEX)]).pairs
    assert set(pairs["person"]) <= {SELF}
    return pairs.select("relative", "kind", "degree").rows()


SIBLINGS = tuple(kind for kind in Kind if "sibling" in kind)


@pytest.mark.parametrize(
    ("own", "their", "kind", "degree"),
    [
        ((MOTHER, FATHER), (MOTHER, FATHER), "full_sibling", 1),
        ((MOTHER, FATHER), (MOTHER, OTHER), "half_sibling_maternal", 2),
        ((MOTHER, FATHER), (OTHER, FATHER), "half_sibling_paternal", 2),
        ((MOTHER, FATHER), (MOTHER, None), "sibling_of_unknown_kind", None),
        ((MOTHER, None), (MOTHER, FATHER), "sibling_of_unknown_kind", None),
        ((MOTHER, None), (MOTHER, None), "sibling_of_unknown_kind", None),
        ((None, FATHER), (None, FATHER), "sibling_of_unknown_kind", None),
        ((None, FATHER), (MOTHER, FATHER), "sibling_of_unknown_kind", None),
    ],
)
def test_siblings_are_full_or_half_where_all_parents_are_known(
    engine: str, own: tuple[int | None, int | None], their: tuple[int | None, int | None], kind: str, degree: int | None
) -> None:
    """Siblings are full or half where their parents are known; where one is not, they are of a kind of their own."""
    assert of_self(engine, asked(*SIBLINGS), [(SELF, *own), (10, *their)]) == [(10, kind, degree)]


@pytest.mark.parametrize("their", [(None, None), (OTHER, 5), (None, OTHER)])
def test_who_has_no_parent_in_common_is_no_sibling(engine: str, their: tuple[int | None, int | None]) -> None:
    """An unknown parent is nobody's: two whose parents are unknown are no siblings."""
    for own in ((MOTHER, FATHER), (None, None), (MOTHER, None)):
        assert of_self(engine, asked(*SIBLINGS), [(SELF, *own), (10, *their)]) == []


def test_nobody_is_their_own_sibling_and_each_pair_is_told_once(engine: str) -> None:
    """Nobody is their own sibling, and a full sibling is told once and is no half-sibling too."""
    parents: Parents = [(SELF, MOTHER, FATHER), (10, MOTHER, FATHER), (11, MOTHER, FATHER)]
    assert of_self(engine, asked(*SIBLINGS), parents) == [(10, "full_sibling", 1), (11, "full_sibling", 1)]


FAMILY: Parents = [
    (SELF, 20, 21),
    (2, 20, 21),
    (20, 30, 31),
    (22, 30, 31),
    (23, 30, 32),
    (24, None, 31),
    (40, 22, None),
    (41, 23, None),
    (42, 24, None),
    (50, SELF, None),
    (51, 50, None),
    (52, None, 2),
]


def test_kinship_is_put_together_from_parents_children_and_siblings(engine: str) -> None:
    """Further kin come by parents, children and siblings; by a half-sibling they are one degree farther off."""
    every = asked(*(kind for kind in Kind if kind is not Kind.SPOUSE))
    assert of_self(engine, every, FAMILY) == [
        (20, "mother", 1),
        (21, "father", 1),
        (50, "child", 1),
        (2, "full_sibling", 1),
        (30, "grandparent", 2),
        (31, "grandparent", 2),
        (51, "grandchild", 2),
        (22, "aunt_or_uncle", 2),
        (23, "aunt_or_uncle", 3),
        (24, "aunt_or_uncle", None),
        (52, "niece_or_nephew", 2),
        (40, "cousin", 3),
        (41, "cousin", 4),
        (42, "cousin", None),
    ]


@pytest.mark.parametrize(
    ("degree", "relatives"),
    [
        (1, [20, 21, 50, 2]),
        (2, [20, 21, 50, 2, 30, 31, 51, 22, 52]),
        (3, [20, 21, 50, 2, 30, 31, 51, 22, 23, 52, 40]),
        (4, [20, 21, 50, 2, 30, 31, 51, 22, 23, 52, 40, 41]),
    ],
)
def test_relatives_up_to_a_degree(engine: str, degree: int, relatives: list[int]) -> None:
    """Up to a degree there are all whose degree is known to be no farther; kinds that are named come beside them."""
    said = asked(up_to_degree=degree)
    assert [relative for relative, *_ in of_self(engine, said, FAMILY)] == relatives
    with_kind = asked(Kind.COUSIN, up_to_degree=degree)
    assert {relative for relative, *_ in of_self(engine, with_kind, FAMILY)} == {*relatives, 40, 41, 42}


def test_two_ways_to_a_relative_are_one_pair_by_the_nearer(engine: str) -> None:
    """A relative by two ways is told once, by the nearer; where an unknown one might be, the degree is unknown."""
    twice: Parents = [(SELF, 20, 21), (20, 30, 31), (21, 32, 33), (22, 30, 31), (23, 32, 34), (40, 22, 23)]
    assert of_self(engine, asked(Kind.COUSIN), twice) == [(40, "cousin", 3)]
    unsure: Parents = [(SELF, 20, 21), (20, 30, 31), (21, 32, 33), (22, 30, None), (23, 32, 34), (40, 22, 23)]
    assert of_self(engine, asked(Kind.COUSIN), unsure) == [(40, "cousin", None)]


def test_a_spouse_on_the_index_date_both_ends_included(engine: str) -> None:
    """A spouse is one on the index date, the first and the last day of the marriage included, whoever's row it is."""
    marriages: Marriages = [
        (SELF, 10, BEFORE, None),
        (11, SELF, INDEX, INDEX),
        (SELF, 12, BEFORE, BEFORE),
        (13, SELF, AFTER, None),
        (SELF, 10, BEFORE, None),
        (10, SELF, BEFORE, None),
    ]
    assert of_self(engine, asked(Kind.SPOUSE), [], marriages) == [(10, "spouse", None), (11, "spouse", None)]
    ever = of_self(engine, asked(Kind.SPOUSE, spouses="ever"), [], marriages)
    assert [relative for relative, *_ in ever] == [10, 11, 12, 13]


def test_a_person_with_several_index_dates_has_the_spouses_of_each(engine: str) -> None:
    """A person who stands twice has each relative once, and the spouses of every index date."""
    persons: Persons = [(SELF, BEFORE), (SELF, AFTER), (SELF, AFTER)]
    marriages: Marriages = [(SELF, 10, BEFORE, INDEX), (SELF, 11, AFTER, None)]
    pairs = found(engine, asked(Kind.SPOUSE, Kind.MOTHER), [(SELF, MOTHER, None)], marriages, persons).pairs
    assert pairs.select("relative", "kind").rows() == [(MOTHER, "mother"), (10, "spouse"), (11, "spouse")]


def seen(engine: str, parents: Parents) -> FoundRelatives:
    persons = [(number, INDEX) for number in range(1, 10)]
    return found(engine, asked(Kind.MOTHER, Kind.FATHER, Kind.GRANDPARENT), parents, [], persons)


@pytest.mark.parametrize(
    ("parents", "fault", "count"),
    [
        ([(1, 2, 3), (1, 2, None)], "persons in rows that differ", 1),
        ([(1, 2, 3), (1, 2, 4), (1, 2, 4)], "persons in rows that differ", 1),
        ([(1, 1, 3)], "persons who are their own parent", 1),
        ([(1, 2, 1)], "persons who are their own parent", 1),
        ([(1, 2, 2)], "persons whose mother is their father", 1),
        ([(1, 2, None), (2, 1, None)], "persons who are their own ancestor", 2),
        ([(1, 2, None), (2, None, 3), (3, 1, None)], "persons who are their own ancestor", 3),
        ([(None, 2, 3)], "rows without a person", 1),
    ],
)
def test_what_cannot_be_true_is_counted_and_left_out(engine: str, parents: Parents, fault: str, count: int) -> None:
    """What contradicts itself or nature is left out whole and counted; nothing is followed for ever."""
    result = seen(engine, parents)
    assert result.pairs.is_empty()
    assert result.faults[fault] == count


def test_a_fault_takes_nothing_from_the_relatives_of_others(engine: str) -> None:
    """Children of persons at fault keep their parents, and a row given again is one."""
    result = seen(engine, [(1, 2, None), (2, 1, None), (5, 1, 6), (5, 1, 6)])
    assert result.pairs.select("person", "relative", "kind").rows() == [(5, 1, "mother"), (5, 6, "father")]
    assert result.faults == {"rows given again": 1, "persons who are their own ancestor": 2}


def test_marriages_that_cannot_be_true_are_counted_and_left_out(engine: str) -> None:
    """A marriage to oneself, without a partner or that ends before it begins is counted and left out."""
    marriages: Marriages = [(SELF, SELF, BEFORE, None), (SELF, None, BEFORE, None), (SELF, 10, None, None)]
    marriages.append((SELF, 11, AFTER, INDEX))
    result = found(engine, asked(Kind.SPOUSE, spouses="ever"), [], marriages, [(SELF, INDEX)])
    assert result.pairs.is_empty()
    assert list(result.faults.values()) == [1, 1, 2]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"up_to_degree": 0},
        {"up_to_degree": 5},
        {"kinds": ["mother"], "of": []},
    ],
)
def test_a_request_for_nothing_is_refused(wrong: dict[str, object]) -> None:
    """Neither kinds nor a degree, or the relatives of nobody, is no request."""
    with pytest.raises(ValidationError):
        Relatives.model_validate(wrong)


def test_persons_without_an_index_date_have_relatives_by_blood_and_spouses_ever(engine: str) -> None:
    """Persons need no index date where no spouse on a date is asked for."""
    parents = pl.LazyFrame({"person": [SELF], "mother": [MOTHER], "father": [FATHER]})
    spouses = pl.LazyFrame({"person": [SELF], "partner": [10], "first_day": [BEFORE], "last_day": [None]})
    with open_engine(engine, 2**28) as opened:
        for when, expected in (("ever", [MOTHER, 10]), ("index_date", [MOTHER])):
            said = asked(Kind.MOTHER, Kind.SPOUSE, spouses=when)
            result = relatives_of(opened, said, pl.LazyFrame({"person": [SELF, SELF, None]}), parents, spouses)
            assert result.pairs["relative"].to_list() == expected
