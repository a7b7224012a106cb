"""The registers of the population and of births agree with the persons and with each other."""

import datetime

import polars as pl
import pytest

from samkorning.synthetic import NEW_YEAR, World, make_world

LAST_DAY = datetime.date(2219, 12, 31)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(8_000, 9)


@pytest.fixture(scope="module")
def residence(world: World) -> pl.DataFrame:
    return world.register("BOENDE", 2219).sort("number", "FROM")


def test_everybody_born_by_then_is_in_the_population_once(world: World) -> None:
    rows = world.register("BEFOLKNING", 2219)
    assert rows["number"].n_unique() == rows.height == world.persons.height
    assert (rows["DODDAT"].is_null() | (rows["DODDAT"] <= LAST_DAY)).all()
    assert world.register("BEFOLKNING", NEW_YEAR).height > rows.height


def test_a_death_after_the_year_is_not_known_in_it(world: World) -> None:
    died = world.persons.filter(pl.col("death_date") > LAST_DAY)["number"].implode()
    said = world.register("BEFOLKNING", 2219).filter(pl.col("number").is_in(died))
    assert said.height > 0
    assert said["DODDAT"].null_count() == said.height


def test_times_of_residence_follow_each_other_within_life(world: World, residence: pl.DataFrame) -> None:
    lives = residence.join(world.everybody, on="number", how="left")
    assert (lives["FROM"] >= lives["birth_date"]).all()
    assert (lives["TILL"].is_null() | (lives["FROM"] <= lives["TILL"])).all()
    assert (lives["TILL"].is_null() | lives["death_date"].is_null() | (lives["TILL"] <= lives["death_date"])).all()
    assert lives.filter((pl.col("death_date") <= LAST_DAY) & pl.col("TILL").is_null()).height == 0
    apart = residence.with_columns(
        before=pl.col("TILL").shift().over("number"), n=pl.int_range(pl.len()).over("number")
    )
    later = apart.filter(pl.col("n") > 0)
    assert later["before"].null_count() == 0, "only the last time is open"
    assert (later["before"] < later["FROM"]).all()


def test_some_move_some_leave_and_come_back_and_some_stay_away(world: World, residence: pl.DataFrame) -> None:
    gap = (pl.col("FROM") - pl.col("TILL").shift().over("number")).dt.total_days()
    gaps = residence.select(gap.alias("days")).drop_nulls()["days"]
    assert (gaps == 1).sum() > (gaps > 1).sum() > 50
    ended = residence.group_by("number").last().filter(pl.col("TILL").is_not_null())
    alive = ended.join(world.persons.filter(pl.col("death_date").is_null()), on="number")
    assert alive.height > 20


def test_the_last_municipality_is_the_persons_own(world: World) -> None:
    last = world.register("BOENDE", NEW_YEAR).sort("FROM").group_by("number").last().filter(pl.col("TILL").is_null())
    both = last.join(world.everybody, on="number")
    assert (both["LK"] == both["municipality"]).all()


def test_who_has_a_coordination_number_lives_nowhere_and_who_got_another_lives_here_from_then(
    world: World, residence: pl.DataFrame
) -> None:
    assert (residence["number"] // 10_000 % 100 <= 60).all()
    came = world.persons.filter((pl.col("former_number") // 10_000 % 100 > 60) & (pl.col("changed_on") <= LAST_DAY))
    first = residence.group_by("number").first().join(came, on="number")
    assert first.height > 10
    assert (first["FROM"] == first["changed_on"]).all()


def test_marriages_stand_once_for_each_spouse_while_both_live(world: World) -> None:
    rows = world.register("CIVIL", 2219)
    turned = rows.select(number="NUMBER_PARTNER", NUMBER_PARTNER="number", FROM="FROM", TILL="TILL")
    assert rows.sort("number").equals(turned.sort("number"))
    assert rows["number"].n_unique() == rows.height
    assert (rows["TILL"].is_null() | (rows["FROM"] <= rows["TILL"])).all()
    both = rows.join(world.persons, on="number")
    assert both.height == rows.height
    assert (both["FROM"] >= both["birth_date"].dt.offset_by("18y")).all()
    dead = both.filter(pl.col("death_date") <= LAST_DAY)
    assert dead.height > 10
    assert (dead["TILL"] <= dead["death_date"]).all()
    assert 0.02 < rows["TILL"].is_not_null().mean() < 0.6  # type: ignore[operator]


def test_mothers_and_children_of_the_birth_register_are_those_of_the_register_of_parents(world: World) -> None:
    for year in (2219, NEW_YEAR):
        births = world.register("MFR", year)
        assert births.height > 20
        parents = world.register("FLERGEN", year).select("number", "NUMBER_MOR")
        both = births.join(parents, left_on="NUMBER_BARN", right_on="number")
        former = world.persons.select("number", "former_number").drop_nulls()
        held = both.join(former, left_on="NUMBER_MOR", right_on="number", how="left")
        own = (held["number"] == held["NUMBER_MOR"]) | (held["number"] == held["former_number"]).fill_null(value=False)
        assert both.height == births.height
        assert own.all()
        assert births["NUMBER_BARN"].n_unique() == births.height
        assert births["MALDER"].is_between(16, 50).all()


def test_the_newborn_are_in_no_study_and_have_numbers_of_their_own(world: World) -> None:
    new = world.everybody.filter(pl.col("birth_date").dt.year() >= 2220)
    assert new.height > 100
    assert not new["in_study"].any()
    assert not world.persons["number"].is_in(new["number"].implode()).any()
    assert not world.outsiders["number"].is_in(new["number"].implode()).any()


def test_a_world_of_one_person_has_every_register() -> None:
    alone = make_world(1, 5)
    assert alone.register("BEFOLKNING", 2221).height == 3
    assert alone.register("CIVIL", 2221).height == 0
