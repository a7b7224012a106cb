"""The own registers: delivered names, plausible values, numbers as they stood."""

from itertools import pairwise

import polars as pl
import pytest

from samkorning.errors import NotFound
from samkorning.own_registers.catalogue import Holds
from samkorning.own_registers.values import read_values
from samkorning.synthetic import REGISTER_YEARS, REGISTERS, SAMPLE_REGISTERS, World, make_world
from samkorning.synthetic.code_lists import CONTRIBUTING_CAUSES, OTHER_DIAGNOSES, PROCEDURES
from tests.factories import CATALOGUE

DIA = [f"DIA{place}" for place in range(1, 11)]


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(20_000, 9)


@pytest.fixture(scope="module")
def again() -> World:
    return make_world(20_000, 9)


def with_persons(world: World, events: pl.DataFrame) -> pl.DataFrame:
    present = world.persons.select("number", "birth_date", "sex", "death_date", "changed_on", person="number")
    former = present.join(world.persons.select("number", "former_number"), on="number").drop_nulls("former_number")
    former = former.with_columns(number="former_number").drop("former_number")
    return events.join(pl.concat([present, former]), on="number", how="left")


def test_every_register_of_the_catalogue_is_made_and_no_other() -> None:
    assert set(REGISTERS) == set(CATALOGUE.names)


@pytest.mark.parametrize("name", REGISTERS)
def test_registers_are_as_the_catalogue_has_them(world: World, name: str) -> None:
    """Names in their order, types, lengths, and no value outside its value set."""
    entry, rows = CATALOGUE.register(name), world.register(name, 2220)
    assert rows.columns == ["number", *(variable.name for variable in entry.variables)]
    assert rows.schema["number"] == pl.Int64
    assert rows["number"].null_count() == 0
    assert rows.height > 0
    for variable in entry.variables:
        read = read_values(rows[variable.name], variable)
        assert read.faults == {}, variable.name
        values = set(read.values.cast(pl.String).drop_nulls())
        assert not variable.codes or values <= variable.codes_in(2220), variable.name


@pytest.mark.parametrize("name", REGISTERS)
def test_the_same_register_year_gives_the_same_rows_and_another_gives_others(
    world: World, again: World, name: str
) -> None:
    rows = world.register(name, 2220)
    assert rows.equals(again.register(name, 2220))
    assert not rows.drop("AR", strict=False).equals(world.register(name, 2221).drop("AR", strict=False))
    if CATALOGUE.register(name).holds is Holds.EVENTS:
        assert (rows["AR"] == 2220).all()


@pytest.mark.parametrize(("name", "year"), [("PAR_SV", 2214), ("PAR_SV", 2222), ("PAR_XX", 2219)])
def test_an_unknown_register_or_year_is_not_found(world: World, name: str, year: int) -> None:
    with pytest.raises(NotFound, match="no such register year"):
        world.register(name, year)


def test_six_years_hold_about_ten_events_per_person(world: World) -> None:
    events = sum(world.register(name, year).height for year in REGISTER_YEARS for name in SAMPLE_REGISTERS)
    assert 9.5 < events / world.persons.height < 10.8


@pytest.mark.parametrize(("name", "first", "last"), [("PAR_SV", "INDATUM", "UTDATUM"), ("LMED", "EDATUM", "EDATUM")])
def test_events_lie_within_life(world: World, name: str, first: str, last: str) -> None:
    events = with_persons(world, world.register(name, 2219))
    assert events["person"].null_count() == 0
    assert (events[first] >= events["birth_date"]).all()
    assert (events["death_date"].is_null() | (events[last] <= events["death_date"])).all()


def test_some_events_before_a_change_carry_the_former_number_and_none_after(world: World) -> None:
    former = pl.col("number") != pl.col("person")
    before = pl.col("EDATUM") < pl.col("changed_on")
    events = pl.concat([with_persons(world, world.register("LMED", year)) for year in REGISTER_YEARS])
    changed = events.filter(pl.col("changed_on").is_not_null())
    assert changed.filter(former & ~before).height == 0
    assert 0.6 < changed.filter(before).select(former.mean()).item() < 0.8


def test_stays_begin_before_they_end_and_end_in_the_year(world: World) -> None:
    stays = world.register("PAR_SV", 2219)
    assert (stays["UTDATUM"].dt.year() == 2219).all()
    known = stays.drop_nulls("INDATUM")
    assert (known["INDATUM"] <= known["UTDATUM"]).all()
    assert (known["INDATUM"].dt.strftime("%Y%m%d") == known["INDATUMA"]).all()


def test_an_unknown_day_of_admission_stands_as_00_in_the_text_alone(world: World) -> None:
    stays = pl.concat([world.register("PAR_SV", year) for year in REGISTER_YEARS])
    unknown = stays.filter(pl.col("INDATUM").is_null())
    assert unknown.height > 0
    assert unknown["INDATUMA"].str.contains("^22[0-9]{4}00$").all()


def test_age_is_in_whole_years_on_the_day(world: World) -> None:
    visits = with_persons(world, world.register("PAR_OV", 2219)).drop_nulls("INDATUM").head(2_000)
    for born, day, age in visits.select("birth_date", "INDATUM", "ALDER").rows():
        assert age == day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def test_births_are_given_by_women_of_an_age_for_it_and_prostates_are_mens(world: World) -> None:
    visits = world.register("PAR_OV", 2219)
    births = visits.filter(pl.col("HDIA").str.starts_with("O"))
    assert births.height > 0
    assert (births["KON"] == 2).all()
    assert births["ALDER"].is_between(18, 49).all()
    assert (visits.filter(pl.col("HDIA") == "C619")["KON"] == 1).all()


def test_external_causes_stand_beside_injuries_alone(world: World) -> None:
    visits = world.register("PAR_OV", 2219)
    injured = pl.col("HDIA").str.contains("^[ST]").fill_null(value=False)
    assert visits.filter(~injured)["EKOD1"].null_count() == visits.filter(~injured).height
    assert visits.filter(injured)["EKOD1"].null_count() < visits.filter(injured).height / 5


def test_other_diagnoses_fill_from_the_left(world: World) -> None:
    stays = world.register("PAR_SV", 2219)
    for left, right in pairwise(DIA):
        assert stays.filter(pl.col(left).is_null() & pl.col(right).is_not_null()).height == 0


def test_codes_are_written_without_a_dot(world: World) -> None:
    visits = world.register("PAR_OV", 2219)
    assert visits["HDIA"].drop_nulls().str.contains("^[A-Z][0-9]{3,4}$").all()
    assert visits["OP1"].drop_nulls().str.contains("^[A-Z]{2,3}[0-9]{2,3}$").all()


def test_every_correction_repeats_an_earlier_row_with_the_count_below_zero(world: World) -> None:
    drugs = world.register("LMED", 2219)
    same = [name for name in drugs.columns if name != "ANTAL"]
    corrections = drugs.filter(pl.col("ANTAL") < 0).with_columns(ANTAL=-pl.col("ANTAL"))
    assert 0.004 < corrections.height / drugs.height < 0.014
    matched = corrections.join(drugs.unique(), on=[*same, "ANTAL"], how="semi", nulls_equal=True)
    assert matched.height == corrections.height


def test_a_package_number_means_one_medicine_and_keeps_its_zeros(world: World) -> None:
    drugs = world.register("LMED", 2219)
    assert drugs["VARUNR"].str.contains("^[0-9]{6}$").all()
    assert drugs["VARUNR"].str.starts_with("0").any()
    assert drugs.select("VARUNR", "ATC", "FORPDDD").n_unique() == drugs["VARUNR"].n_unique()
    assert (drugs["FDATUM"] <= drugs["EDATUM"]).all()


def test_everyone_who_died_in_the_year_is_in_the_cause_of_death_register_once(world: World) -> None:
    for year in (2215, 2220, 2221):
        died = world.persons.filter(pl.col("death_date").dt.year() == year)
        assert world.register("DORS", year)["number"].to_list() == sorted(died["number"])


def test_some_dates_of_death_are_partial() -> None:
    world = make_world(60_000, 2)
    dates = pl.concat([world.register("DORS", year) for year in REGISTER_YEARS])["DODSDAT"]
    assert dates.str.contains("^22[0-9]{6}$|^22[0-9]{4}$").all()
    assert (dates.str.len_chars() == 6).any()
    assert dates.str.ends_with("0000").any()
    assert (dates.str.len_chars() == 8).mean() > 0.97


def test_a_few_have_a_large_part_of_all_care(world: World) -> None:
    counts = world.register("LMED", 2219)["number"].value_counts()["count"].sort(descending=True)
    assert counts.head(counts.len() // 10).sum() / counts.sum() > 0.25


@pytest.mark.parametrize("weights", [OTHER_DIAGNOSES, PROCEDURES, CONTRIBUTING_CAUSES])
def test_lists_of_several_codes_have_a_prime_length(weights: dict[str, int]) -> None:
    assert all(len(weights) % divisor for divisor in range(2, len(weights)))


def test_no_diagnosis_is_repeated_among_the_others(world: World) -> None:
    others = world.register("PAR_SV", 2219).select(pl.concat_list(DIA).list.drop_nulls()).to_series()
    assert others.list.len().max() == 10
    assert (others.list.n_unique() == others.list.len()).all()
