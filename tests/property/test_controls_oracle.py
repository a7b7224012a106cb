"""Controls against a plain oracle that tries every person for every case, over thousands of small random registers.

Many small registers lie in one large: what a person is matched on names the small one too, so that none meets another.
"""

import datetime
import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.order.controls import Controls
from samkorning.own_registers.controls import DrawnControls, draw_controls, risk_sets
from samkorning.own_registers.controls.balance import PERSONS as PERSONS_BEHIND
from tests.examples import examples
from tests.property.controls_oracle import PERSONS, Entry, Oracle, Rows, pairs_in

Day = datetime.date
SECRET = bytes(range(32))
DAYS = [
    Day(2203, 2, 28),
    Day(2203, 3, 1),
    Day(2203, 12, 31),
    *(Day(2204, 1, 1) + datetime.timedelta(days=n) for n in (0, 1, 30, 31, 58, 59, 60)),
    Day(2204, 12, 31),
    Day(2205, 1, 1),
    Day(2205, 2, 28),
    Day(2205, 3, 1),
]
BIRTHS: dict[Day | None, int] = {Day(2201, 12, 31): 4, Day(2202, 1, 1): 4, Day(2202, 7, 1): 4}
BIRTHS |= {Day(2204, 2, 29): 1, Day(2200, 2, 28): 1, None: 1}
SEXES = {1: 8, 2: 4, None: 1}
AREAS = {"0180": 8, "0181": 4, "01,80": 1, "2480": 1, None: 1}
SMALL = 100
"""Numbers of a small register: its persons are 100 × its own number and what follows."""


def one_of(chance: Random, weights: dict[Any, int]) -> Any:
    return chance.choices(list(weights), list(weights.values()))[0]


def some_days(chance: Random) -> tuple[Day | None, Day | None]:
    first, last = sorted(chance.choices(DAYS, k=2))
    return (None if chance.random() < 0.03 else first), (None if chance.random() < 0.5 else last)


def small_register(chance: Random, world: int) -> Rows:
    rows = Rows()
    numbers = [world * SMALL + n for n in range(1, chance.randint(4, 14))]
    for number in numbers:
        for _ in range(chance.choices([0, 1, 2], [1, 20, 2])[0]):
            rows.persons.append((number, one_of(chance, BIRTHS), one_of(chance, SEXES), world))
        for _ in range(chance.choice([0, 1, 1, 2, 3])):
            first, last = some_days(chance)
            rows.residence.append((number, first, last, one_of(chance, AREAS)))
        if chance.random() < 0.2:  # a move from one day to the next
            day = chance.choice(DAYS)
            rows.residence.append((number, chance.choice(DAYS), day, one_of(chance, AREAS)))
            rows.residence.append((number, day + datetime.timedelta(days=1), None, one_of(chance, AREAS)))
        for _ in range(chance.choices([0, 1, 2], [12, 2, 1])[0]):
            rows.deaths.append((number, chance.choice([*DAYS, None])))
    for _ in range(chance.randint(1, 4)):
        day = None if chance.random() < 0.05 else chance.choice(DAYS)
        person = one_of(chance, {chance.choice(numbers): 20, world * SMALL: 1, None: 1})
        rows.cases.append((person, day))
    rows.excluded = [number for number in numbers if chance.random() < 0.08]
    return rows


def together(small: list[Rows]) -> Rows:
    names = ("persons", "residence", "deaths", "cases", "excluded")
    gathered = {name: [row for rows in small for row in getattr(rows, name)] for name in names}
    return Rows(**gathered, fixed={**PERSONS, "world": pl.Int32})


def asked_for(chance: Random) -> Controls:
    match: list[dict[str, object]] = [{"column": "world"}]
    match += [{"column": "birth_year", "within": chance.choice([0, 1])}] if chance.random() < 0.4 else []
    match += [{"column": "sex", "within": chance.choice([0, 0, 1])}] if chance.random() < 0.3 else []
    match += [{"column": "area", "characters": chance.choice([None, 2])}] if chance.random() < 0.3 else []
    chance.shuffle(match)
    return Controls(
        per_case=chance.randint(1, 3),
        match=match,
        reuse_between=chance.random() < 0.5,
        reuse_within=chance.random() < 0.5,
        resident_years=chance.choice([0, 0, 1]),
    )


def drawn(rows: Rows, asked: Controls, engine: str = "polars", secret: bytes = SECRET) -> DrawnControls:
    frames = rows.register(), rows.case_frame(), rows.excluded_series()
    return draw_controls(engine, 2**28, asked, frames[0], frames[1], frames[2], secret)


def oracles(small: list[Rows], asked: Controls) -> list[Oracle]:
    return [Oracle(replace(rows, fixed={**PERSONS, "world": pl.Int32}), asked, SECRET) for rows in small]


def expected(each: list[Oracle]) -> dict[Entry, list[int]]:
    return {entry: controls for oracle in each for entry, controls in oracle.drawn().items()}


def shares_of_sex(each: list[Oracle]) -> dict[str | None, list[float]]:
    """The share of each sex among cases, eligible and drawn, each risk set weighing as much as its case."""
    found: dict[str | None, list[float]] = {}
    for oracle in each:
        drawn_of = oracle.drawn()
        for entry, controls in drawn_of.items():
            eligible = oracle.risk_set(entry)
            for place, persons in enumerate(([entry[0]] if eligible else [], eligible, controls)):
                for person in persons:
                    found.setdefault(sex_of(oracle, person), [0.0, 0.0, 0.0])[place] += 1 / len(persons)
    totals = [sum(shares[place] for shares in found.values()) for place in range(3)]
    return {sex: [n / total for n, total in zip(shares, totals, strict=True)] for sex, shares in found.items()}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a few persons and blocks of a few pairs."""
    monkeypatch.setattr(risk_sets, "BYTES_A_PERSON", 2**28 // 700)
    monkeypatch.setattr(risk_sets, "BYTES_A_PAIR", 2**28 // 200)


def registers_and_request(seed: int) -> tuple[list[Rows], Controls]:
    chance = Random(seed)
    return [small_register(chance, world) for world in range(1, 401)], asked_for(chance)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
def test_controls_are_those_of_an_oracle_that_tries_every_person_for_every_case(seed: int) -> None:
    small, asked = registers_and_request(seed)
    rows, each = together(small), oracles(small, asked)
    oracle = expected(each)
    found = [drawn(rows, asked, engine) for engine in ("polars", "duckdb")]
    assert [pairs_in(each.pairs, rows.entries()) for each in found] == [oracle, oracle]
    assert found[0].cases.equals(found[1].cases)
    assert found[0].balance.equals(found[1].balance)
    assert found[0].counts == found[1].counts
    eligible = {(case, day): count for case, day, _, count, _ in found[0].cases.iter_rows()}
    assert eligible == {entry: len(one.risk_set(entry)) for one in each for entry in one.rows.entries()}
    assert found[0].counts["pairs"] == sum(map(len, oracle.values()))
    by_sex = found[0].balance.filter(column="sex").select("level", "cases", "eligible", "drawn").rows()
    assert {level: pytest.approx(shares, abs=1e-5) for level, *shares in by_sex} == shares_of_sex(each)
    persons = found[0].balance.filter(column="sex").select("level", *PERSONS_BEHIND.values()).rows()
    assert {level: tuple(counts) for level, *counts in persons} == persons_by_sex(each)
    assert sum(map(len, oracle.values())) > 20


def persons_by_sex(each: list[Oracle]) -> dict[str | None, tuple[int, int, int]]:
    """How many different cases and drawn are of each sex, and of those eligible the most of one risk set."""
    cases: dict[str | None, set[int]] = {}
    drawn_then: dict[str | None, set[int]] = {}
    most: dict[str | None, int] = {}
    for oracle in each:
        for entry, controls in oracle.drawn().items():
            eligible = oracle.risk_set(entry)
            for groups, persons in ((cases, [entry[0]] if eligible else []), (drawn_then, controls)):
                for person in persons:
                    groups.setdefault(sex_of(oracle, person), set()).add(person)
            for sex, count in Counter(sex_of(oracle, person) for person in eligible).items():
                most[sex] = max(count, most.get(sex, 0))
    levels = {*cases, *drawn_then, *most}
    return {sex: (len(cases.get(sex, ())), most.get(sex, 0), len(drawn_then.get(sex, ()))) for sex in levels}


def sex_of(oracle: Oracle, person: int) -> str | None:
    """As the balance writes it."""
    sex = oracle.fixed(person, "sex")
    return None if sex is None else str(sex)


def shuffled(rows: Rows, chance: Random) -> Rows:
    names = ("persons", "residence", "deaths", "cases", "excluded")
    return replace(rows, **{name: chance.sample(getattr(rows, name), len(getattr(rows, name))) for name in names})


@pytest.mark.parametrize("seed", range(2))
def test_order_of_rows_engine_and_batches_cannot_show(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other pairs for shuffled input; the same rows on either engine and in batches of any size give the same."""
    small, asked = registers_and_request(seed)
    rows = together(small)
    whole = drawn(rows, asked)
    monkeypatch.setattr(risk_sets, "BYTES_A_PERSON", 2**28 // 333)
    monkeypatch.setattr(risk_sets, "BYTES_A_PAIR", 2**28 // 100)
    for engine in ("polars", "duckdb"):
        again = drawn(shuffled(rows, Random(seed + 1)), asked, engine)
        for name in ("pairs", "cases", "attrition", "balance"):
            assert getattr(again, name).equals(getattr(whole, name)), name
        assert again.counts == whole.counts


@pytest.mark.parametrize("seed", range(2))
def test_another_case_changes_no_draw_of_the_others(seed: int) -> None:
    """One more case person takes part in no other's draw but as somebody who is no candidate any longer."""
    small, asked = registers_and_request(seed)
    asked = asked.model_copy(update={"reuse_between": True, "reuse_within": True, "per_case": 100})
    rows = together(small)
    more = replace(rows, cases=[*rows.cases, *((row[0], Day(2204, 2, 29)) for row in rows.persons[::7])])
    before, after = (pairs_in(drawn(each, asked).pairs, each.entries()) for each in (rows, more))
    becoming = {row[0] for row in rows.persons[::7]}
    for entry in before:
        stay = [control for control in before[entry] if entry[1] < Day(2204, 2, 29) or control not in becoming]
        assert after[entry] == stay
    assert len(after) > len(before)


def test_one_thread_draws_as_many_do() -> None:
    """How many threads compute cannot show."""
    there = {**os.environ, "POLARS_MAX_THREADS": "1"}
    said = "from tests.property.test_controls_oracle import *; print(digest_of_seed(2))"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", said], env=there, cwd=root, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == digest_of_seed(2)


def digest_of_seed(seed: int) -> str:
    """The pairs of the small registers of a seed, in short."""
    small, asked = registers_and_request(seed)
    pairs = drawn(together(small), asked).pairs
    assert pairs.height > 20
    return hashlib.sha256(pairs.write_csv().encode()).hexdigest()


def test_another_secret_draws_others_and_the_same_draws_the_same() -> None:
    small, asked = registers_and_request(1)
    rows = together(small)
    asked = asked.model_copy(update={"per_case": 1, "match": asked.match[:1]})
    one, same, other = (drawn(rows, asked, secret=secret) for secret in (SECRET, SECRET, bytes(32)))
    assert one.pairs.equals(same.pairs)
    assert not one.pairs.equals(other.pairs)


@settings(max_examples=examples(25), deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["polars", "duckdb"]))
def test_one_small_register_gives_what_the_oracle_says(chance: Random, engine: str) -> None:
    rows, asked = together([small_register(chance, 1)]), asked_for(chance)
    found = drawn(rows, asked, engine)
    assert pairs_in(found.pairs, rows.entries()) == expected(oracles([rows], asked))
    steps = dict(found.attrition.iter_rows())
    assert steps.pop("rows given") == len(rows.cases) == sum(steps.values())
