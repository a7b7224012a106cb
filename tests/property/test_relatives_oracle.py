"""Relatives against a plain oracle that follows dictionaries, over thousands of small random families."""

import datetime
from collections import Counter
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.linkage.engines import open_engine
from samkorning.order.relatives import Kind, Relatives
from samkorning.own_registers.relatives import FoundRelatives, circles, relatives_of
from tests.examples import examples

Day = datetime.date
Parents = list[tuple[int | None, int | None, int | None]]
Marriages = list[tuple[int | None, int | None, Day | None, Day | None]]
Persons = list[tuple[int, Day]]
DAYS = [Day(2203, 12, 31), Day(2204, 1, 1), Day(2204, 2, 29), Day(2204, 3, 1)]
ALL = {"kinds": list(Kind)}
NEAREST = {Kind.AUNT_OR_UNCLE: 2, Kind.NIECE_OR_NEPHEW: 2, Kind.COUSIN: 3}
SMALL = 100


class Oracle:
    """Parents as a dictionary; every pair of persons is tried for every kind."""

    def __init__(self, rows: Parents, marriages: Marriages) -> None:
        by_person: dict[int, set[tuple[int | None, int | None]]] = {}
        for person, mother, father in rows:
            if person is not None:
                by_person.setdefault(person, set()).add((mother, father))
        alone = {person: next(iter(found)) for person, found in by_person.items() if len(found) == 1}
        possible = {
            person: (mother, father)
            for person, (mother, father) in alone.items()
            if person not in (mother, father) and (mother is None or mother != father)
        }
        self._parents = possible
        circling = {person for person in possible if person in self.ancestors(person)}
        self._parents = {person: both for person, both in possible.items() if person not in circling}
        self.marriages = marriages
        self.everyone = {number for row in rows for number in row if number is not None}

    def ancestors(self, person: int) -> set[int]:
        found: set[int] = set()
        waiting = [person]
        while waiting:
            for parent in self.parents(waiting.pop()):
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def both(self, person: int) -> tuple[int | None, int | None]:
        return self._parents.get(person, (None, None))

    def parents(self, person: int) -> list[int]:
        return [parent for parent in self.both(person) if parent is not None]

    def children(self, person: int) -> list[int]:
        return [child for child in self._parents if person in self.parents(child)]

    def siblings(self, person: int) -> dict[int, tuple[Kind, int | None]]:
        return {
            other: said
            for other in self._parents
            if other != person and (said := self.kind_of_sibling(self.both(person), self.both(other)))
        }

    @staticmethod
    def kind_of_sibling(
        one: tuple[int | None, int | None], other: tuple[int | None, int | None]
    ) -> tuple[Kind, int | None] | None:
        mothers, fathers = {one[0], other[0]}, {one[1], other[1]}
        same_mother, same_father = (len(each) == 1 and None not in each for each in (mothers, fathers))
        if same_mother and same_father:
            return Kind.FULL_SIBLING, 1
        if same_mother:
            return (Kind.SIBLING_OF_UNKNOWN_KIND, None) if None in fathers else (Kind.HALF_SIBLING_MATERNAL, 2)
        if same_father:
            return (Kind.SIBLING_OF_UNKNOWN_KIND, None) if None in mothers else (Kind.HALF_SIBLING_PATERNAL, 2)
        return None

    def through(self, kind: Kind, person: int, ways: list[tuple[int, int | None]]) -> dict[int, int | None]:
        found: dict[int, list[int | None]] = {}
        for relative, degree in ways:
            if relative != person:
                found.setdefault(relative, []).append(degree)
        return {relative: certain(degrees, NEAREST.get(kind, 2)) for relative, degrees in found.items()}

    def aunts(self, person: int) -> dict[int, int | None]:
        ways = [
            (aunt, plus(degree, 1))
            for parent in self.parents(person)
            for aunt, (_, degree) in self.siblings(parent).items()
        ]
        return self.through(Kind.AUNT_OR_UNCLE, person, ways)

    def of(self, person: int, dates: list[Day], when: str) -> Counter[tuple[int, int, str, int | None]]:
        mother, father = self.both(person)
        found: list[tuple[int | None, Kind, int | None]] = [(mother, Kind.MOTHER, 1), (father, Kind.FATHER, 1)]
        found += [(child, Kind.CHILD, 1) for child in self.children(person)]
        found += [(other, *said) for other, said in self.siblings(person).items()]
        ways = {
            Kind.GRANDPARENT: [(g, 2) for parent in self.parents(person) for g in self.parents(parent)],
            Kind.GRANDCHILD: [(g, 2) for child in self.children(person) for g in self.children(child)],
            Kind.NIECE_OR_NEPHEW: [
                (child, plus(d, 1)) for other, (_, d) in self.siblings(person).items() for child in self.children(other)
            ],
            Kind.COUSIN: [
                (child, plus(d, 1)) for aunt, d in self.aunts(person).items() for child in self.children(aunt)
            ],
        }
        for kind, steps in ways.items():
            found += [(relative, kind, degree) for relative, degree in self.through(kind, person, steps).items()]
        found += [(aunt, Kind.AUNT_OR_UNCLE, degree) for aunt, degree in self.aunts(person).items()]
        found += [(spouse, Kind.SPOUSE, None) for spouse in self.spouses(person, dates, when)]
        return Counter(
            (person, relative, kind.value, degree) for relative, kind, degree in found if relative is not None
        )

    def spouses(self, person: int, dates: list[Day], when: str) -> set[int]:
        found = set()
        for one, other, first, last in self.marriages:
            if one is None or other is None or one == other or first is None or (last is not None and last < first):
                continue
            on_a_date = any(first <= day and (last is None or day <= last) for day in dates)
            if person in (one, other) and (when == "ever" or on_a_date):
                found.add(other if person == one else one)
        return found


def plus(degree: int | None, more: int) -> int | None:
    return None if degree is None else degree + more


def certain(degrees: list[int | None], nearest: int) -> int | None:
    known = [degree for degree in degrees if degree is not None]
    if nearest in known:
        return nearest
    return None if None in degrees else min(known)


def family(chance: Random, world: int) -> tuple[Parents, Marriages, Persons]:
    numbers = [world * SMALL + n for n in range(1, chance.randint(4, 13))]
    parents: Parents = []
    for place, number in enumerate(numbers):
        older = numbers[:place] if chance.random() < 0.9 else numbers  # not always older: circles and own parents
        for _ in range(chance.choices([0, 1, 2], [2, 12, 1])[0]):
            mother, father = (chance.choice(older) if older and chance.random() < 0.8 else None for _ in range(2))
            parents.append((None if chance.random() < 0.02 else number, mother, father))
    marriages: Marriages = []
    for _ in range(chance.randint(0, 4)):
        one, other = (None if chance.random() < 0.05 else chance.choice(numbers) for _ in range(2))
        first, last = (None if chance.random() < 0.1 else chance.choice(DAYS) for _ in range(2))
        marriages.append((one, other, first, last))
        if chance.random() < 0.5:
            marriages.append((other, one, first, last))
    persons = [(number, chance.choice(DAYS)) for number in numbers for _ in range(chance.choice([0, 1, 1, 2]))]
    return parents, marriages, persons


def found(engine: str, asked: Relatives, parents: Parents, marriages: Marriages, persons: Persons) -> FoundRelatives:
    married = {"person": pl.Int64, "partner": pl.Int64, "first_day": pl.Date, "last_day": pl.Date}
    with open_engine(engine, 2**28) as opened:
        return relatives_of(
            opened,
            asked,
            pl.LazyFrame(persons, schema={"person": pl.Int64, "index_date": pl.Date}, orient="row"),
            pl.LazyFrame(parents, schema=dict.fromkeys(("person", "mother", "father"), pl.Int64), orient="row"),
            pl.LazyFrame(marriages, schema=married, orient="row"),
        )


def expected(parents: Parents, marriages: Marriages, persons: Persons, when: str) -> Counter[Any]:
    oracle, dates = Oracle(parents, marriages), dict[int, list[Day]]()
    for person, day in persons:
        dates.setdefault(person, []).append(day)
    every: Counter[Any] = Counter()
    for person, days in dates.items():
        every += oracle.of(person, days, when)
    return every


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_relatives_are_those_of_dictionaries(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(seed)
    families = [family(chance, world) for world in range(1, 501)]
    parents, marriages, persons = ([row for each in families for row in each[part]] for part in range(3))
    asked = Relatives.model_validate(ALL | {"spouses": ("ever", "index_date")[seed % 2]})
    oracle = sum((expected(*each, asked.spouses) for each in families), Counter())
    for engine in ("polars", "duckdb"):
        monkeypatch.setattr(circles, "FEW", chance.choice([0, 10, 10**6]))
        shuffled = [chance.sample(rows, len(rows)) for rows in (parents, marriages, persons)]
        pairs = found(engine, asked, *shuffled).pairs
        assert Counter(pairs.rows()) == oracle
        assert pairs.equals(pairs.sort("person", "kind", "relative"))
    kinds = Counter(kind for _, _, kind, _ in oracle)
    assert min(kinds[kind] for kind in Kind) > 20, "every kind is met"
    assert max(oracle.values()) == 1, "each kind of a pair once"


@settings(max_examples=examples(15), deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["polars", "duckdb"]))
def test_one_small_family_gives_what_dictionaries_say(chance: Random, engine: str) -> None:
    rows = family(chance, 1)
    asked = Relatives.model_validate(ALL)
    assert Counter(found(engine, asked, *rows).pairs.rows()) == expected(*rows, asked.spouses)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=16), st.sampled_from([0, 3, 100]))
def test_own_ancestors_are_those_who_come_back_to_themselves(edges: list[tuple[int, int]], few: int) -> None:
    apart = [edge for edge in edges if edge[0] != edge[1]]
    onward = {person: [parent for child, parent in apart if child == person] for person in range(1, 9)}

    def reached(start: int) -> set[int]:
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            new = [parent for parent in onward[waiting.pop()] if parent not in seen]
            seen.update(new)
            waiting += new
        return seen

    frame = pl.DataFrame(apart, schema={"person": pl.Int64, "parent": pl.Int64}, orient="row")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(circles, "FEW", few)
        assert set(circles.own_ancestors(frame)) == {person for person in onward if person in reached(person)}
