"""The persons: determinism, shares, relatives and changes."""

import datetime

import polars as pl
import pytest

from samkorning.synthetic import PersonShares, World, make_world


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(20_000, 5)


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    again = make_world(20_000, 5)
    assert again.persons.equals(world.persons)
    assert again.outsiders.equals(world.outsiders)
    assert again.history.equals(world.history)


def test_another_seed_gives_other_persons(world: World) -> None:
    other = make_world(20_000, 6)
    assert len(set(other.persons["number"]) & set(world.persons["number"])) < 200


@pytest.mark.parametrize("persons", [1, 2, 3, 10, 57])
@pytest.mark.parametrize("study", [0.2, 1.0])
def test_the_smallest_worlds_hold(persons: int, study: float) -> None:
    world = make_world(persons, 1, PersonShares(study=study))
    assert world.persons.height == persons
    assert 1 <= world.study().len() <= persons


@pytest.mark.parametrize("persons", [0, -1])
def test_a_world_without_persons_is_refused(persons: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        make_world(persons, 1)


def test_births_lie_two_hundred_years_ahead_in_a_pyramid(world: World) -> None:
    ages = 2221 - world.persons["birth_date"].dt.year()
    assert ages.min() >= 2
    assert ages.max() <= 101
    assert 0.18 < (ages < 18).mean() < 0.26
    assert 0.17 < (ages >= 65).mean() < 0.26
    assert (ages >= 90).mean() < 0.015


def test_among_the_oldest_there_are_more_women(world: World) -> None:
    old = world.persons.filter(pl.col("birth_date").dt.year() < 2136)
    assert (old["sex"] == 2).mean() > 0.55


def test_deaths_fall_in_the_years_of_the_registers_and_mostly_among_the_old(world: World) -> None:
    dead = world.persons.filter(pl.col("death_date").is_not_null())
    assert dead["death_date"].dt.year().is_between(2215, 2221).all()
    assert (dead["death_date"] > dead["birth_date"]).all()
    assert 0.006 < dead.height / 7 / world.persons.height < 0.012
    assert (dead["birth_date"].dt.year() < 2151).mean() > 0.6


def test_special_persons_have_their_shares(world: World) -> None:
    day = world.persons["number"] // 10**4 % 100
    assert (day >= 60).sum() == 400
    assert world.persons["former_number"].count() == 200
    assert world.study().len() == 4_000


def test_twins_share_birth_date_and_parents(world: World) -> None:
    by_mother = world.persons.filter(pl.col("mother").is_not_null()).group_by("birth_date", "mother", "father")
    pairs = by_mother.len().filter(pl.col("len") == 2).height
    assert 200 <= pairs <= 320


def test_mothers_are_women_and_fathers_men_of_an_age_to_have_children(world: World) -> None:
    everybody = pl.concat([world.persons.select("number", "birth_date", "sex"), world.outsiders])
    for relation, sex, oldest in (("mother", 2, 50), ("father", 1, 70)):
        related = world.persons.select("birth_date", number=relation).drop_nulls()
        parents = related.join(everybody, on="number", how="left", suffix="_parent")
        assert (parents["sex"] == sex).all()
        years = parents.select((pl.col("birth_date") - pl.col("birth_date_parent")).dt.total_days() / 365.25)
        assert years.to_series().is_between(16.9, oldest).all()


def test_nobody_is_born_after_a_parents_death(world: World) -> None:
    deaths = world.persons.select(number="number", died="death_date")
    for relation in ("mother", "father"):
        related = world.persons.select("birth_date", number=relation).join(deaths, on="number")
        assert (related["died"].is_null() | (related["died"] > related["birth_date"])).all()


def test_some_parents_are_unknown_and_some_outside_the_registers(world: World) -> None:
    mothers = world.persons["mother"]
    assert 0.02 < mothers.null_count() / mothers.len() < 0.15
    outside = ~mothers.drop_nulls().is_in(world.persons["number"].implode())
    assert 0.05 < outside.mean() < 0.45
    assert mothers.drop_nulls().value_counts()["count"].max() < 30


def test_numbers_change_within_life_and_mostly_from_coordination_to_personnummer(world: World) -> None:
    changed = world.persons.filter(pl.col("former_number").is_not_null())
    assert (changed["changed_on"] > changed["birth_date"]).all()
    assert (changed["death_date"].is_null() | (changed["changed_on"] <= changed["death_date"])).all()
    assert changed["changed_on"].is_between(datetime.date(2215, 1, 1), datetime.date(2220, 12, 31)).all()
    assert (changed["former_number"] // 10**4 % 100 >= 60).mean() > 0.7
    assert (changed["number"] // 10**4 % 100 < 60).all()


def latest_by_dict(history: pl.DataFrame) -> dict[int, int]:
    steps = dict(zip(history["old_number"], history["new_number"], strict=True))

    def follow(number: int) -> int:
        return follow(steps[number]) if number in steps else number

    return {number: follow(number) for number in steps}


def test_every_step_of_the_history_leads_to_a_present_number(world: World) -> None:
    latest = latest_by_dict(world.history)
    assert len(latest) == world.history.height
    assert set(latest.values()) <= set(world.persons["number"])
    former = world.persons.filter(pl.col("former_number").is_not_null())
    assert all(latest[old] == new for old, new in former.select("former_number", "number").rows())


def test_some_persons_have_had_three_numbers(world: World) -> None:
    chained = world.history.filter(pl.col("new_number").is_in(world.history["old_number"].implode()))
    assert chained.height == 10
    later = chained.join(world.history, left_on="new_number", right_on="old_number")
    assert (later["date_right"] > later["date"]).all()
