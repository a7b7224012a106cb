"""Identity numbers of the synthetic world: right by an oracle that reads digits one by one."""

import datetime

import polars as pl
import pytest

from samkorning.synthetic import PersonShares, World, make_world
from samkorning.synthetic.identity_numbers import MAN, WOMAN, check_digit, with_numbers


def luhn_holds(ten: str) -> bool:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten)]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(5_000, 11, PersonShares(coordination=0.1, changed=0.05, nearby_day=0.02))


def all_numbers(world: World) -> pl.Series:
    parts = (world.persons["number"], world.outsiders["number"], world.history["old_number"])
    return pl.concat([part.alias("number") for part in parts])


@pytest.mark.parametrize(("nine", "digit"), [(121212121, 2), (811218987, 6), (670919953, 0)])
def test_check_digit_of_published_numbers(nine: int, digit: int) -> None:
    assert pl.select(check_digit(pl.lit(nine))).item() == digit


def test_every_number_has_a_right_check_digit(world: World) -> None:
    assert all(luhn_holds(str(number)[2:]) for number in all_numbers(world))


def test_no_number_stands_for_two_persons(world: World) -> None:
    numbers = all_numbers(world)
    assert numbers.n_unique() == numbers.len()


def test_every_number_has_twelve_digits_and_a_century_that_cannot_occur(world: World) -> None:
    assert all_numbers(world).is_between(210_001_010_000, 221_912_919_999).all()


def test_the_third_digit_of_the_serial_part_tells_the_sex(world: World) -> None:
    odd = world.persons["number"] // 10 % 2 == 1
    assert (odd == (world.persons["sex"] == MAN)).all()


def test_days_of_personnummer_are_calendar_days_and_of_coordination_numbers_sixty_later(world: World) -> None:
    for number in world.persons["number"]:
        year, month, day = int(str(number)[:4]), int(str(number)[4:6]), int(str(number)[6:8])
        if day < 60:
            datetime.date(year, month, day)
        else:
            assert 0 <= month <= 12
            assert 60 <= day <= 91


def test_coordination_numbers_show_unknown_months_and_days(world: World) -> None:
    days = world.persons["number"] // 10**4
    coordination = days.filter(days % 100 >= 60)
    assert (coordination // 100 % 100 == 0).any()
    assert (coordination % 100 == 60).any()
    assert ((coordination // 100 % 100 == 0).mean() or 1) < 0.2


def test_some_numbers_are_of_a_nearby_day_in_the_month_of_birth(world: World) -> None:
    people = world.persons.filter(pl.col("number") // 10**4 % 100 < 60)
    number_day = people.select(pl.col("number") // 10**4).to_series()
    birth_day = people.select(pl.col("birth_date").dt.strftime("%Y%m%d").cast(pl.Int64)).to_series()
    other = number_day != birth_day
    assert 50 <= other.sum() <= 110
    assert (number_day // 100 == birth_day // 100).all()


def one_day(count: int, sex: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row": range(count),
            "number_date": [datetime.date(2180, 2, 29)] * count,
            "coordination": [False] * count,
            "sex": pl.Series([sex] * count, dtype=pl.Int8),
        }
    )


@pytest.mark.parametrize("sex", [MAN, WOMAN])
def test_a_full_day_gives_each_number_once_and_never_serial_part_000(sex: int) -> None:
    numbers = with_numbers(one_day(499, sex), 1)["number"]
    assert numbers.n_unique() == 499
    assert (numbers // 10 % 1000).min() > 0


@pytest.mark.parametrize("sex", [MAN, WOMAN])
def test_a_day_with_more_persons_than_numbers_is_refused(sex: int) -> None:
    with pytest.raises(ValueError, match="draw fewer persons"):
        with_numbers(one_day(500, sex), 1)
