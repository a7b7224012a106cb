"""Ages, anniversaries and intervals: Polars and DuckDB against the calendar, day by day around every border."""

from calendar import isleap
from datetime import date, timedelta

import polars as pl
import pytest

from samkorning.linkage.engines import open_engine
from samkorning.own_registers.days import SQL_DEFINITIONS, age_at, anniversary, lies_in

BORN = [date(2196, 2, 29), date(2203, 2, 28), date(2203, 3, 1), date(2204, 2, 29), date(2203, 12, 31), date(2204, 1, 1)]
DAYS = [date(2203, 2, 27) + timedelta(days) for days in range(1_500)]
PAIRS = pl.DataFrame([(born, day) for born in BORN for day in DAYS], {"born": pl.Date, "day": pl.Date}, orient="row")


def birthday(born: date, year: int) -> date:
    """29 February where there is one, else 1 March."""
    return date(year, 3, 1) if (born.month, born.day) == (2, 29) and not isleap(year) else born.replace(year=year)


def whole_years(born: date, day: date) -> int:
    """How many birthdays have been, from the one in the year of birth, which is 0."""
    return max((years for years in range(40) if birthday(born, born.year + years) <= day), default=-1)


def in_duckdb(select: str) -> pl.DataFrame:
    with open_engine("duckdb", 2**28) as engine:
        for name, statement in SQL_DEFINITIONS.items():
            engine.define(name, statement)
        return engine.answer(select, {"pairs": PAIRS})


def test_age_is_how_many_birthdays_have_been() -> None:
    meant = [whole_years(born, day) for born, day in PAIRS.rows()]
    found = PAIRS.select(age_at(pl.col("born"), pl.col("day")).alias("age"))["age"].to_list()
    by_sql = in_duckdb("SELECT born, day, age_at(born, day) AS age FROM pairs").sort("born", "day")
    assert [max(age, -1) for age in found] == meant
    assert by_sql["age"].to_list() == PAIRS.with_columns(age=pl.Series(found)).sort("born", "day")["age"].to_list()


@pytest.mark.parametrize("years", [0, 1, 3, 4, 18])
def test_an_anniversary_is_the_birthday_in_that_year(years: int) -> None:
    born = PAIRS.select("born").unique().sort("born")
    meant = [birthday(day, day.year + years) for day in born["born"]]
    assert born.select(anniversary(pl.col("born"), years)).to_series().to_list() == meant
    by_sql = in_duckdb(f"SELECT DISTINCT born, anniversary(born, {years}) AS found FROM pairs").sort("born")
    assert by_sql["found"].to_list() == meant


def test_both_bounds_of_an_interval_belong_to_it_and_what_is_missing_lies_in_none() -> None:
    first, last = date(2204, 2, 29), date(2204, 3, 1)
    rows = [
        (first, first, last),
        (last, first, last),
        (last + timedelta(1), first, last),
        (first - timedelta(1), first, last),
        (last, first, None),
        (None, first, None),
        (last, None, last),
    ]
    frame = pl.DataFrame(rows, dict.fromkeys(("day", "first", "last"), pl.Date), orient="row")
    found = frame.select(lies_in(pl.col("day"), pl.col("first"), pl.col("last"))).to_series().to_list()
    assert found == [True, True, False, False, True, None, None]
    with open_engine("duckdb", 2**28) as engine:
        engine.define("lies_in", SQL_DEFINITIONS["lies_in"])
        select = "SELECT lies_in(day, first, last) AS found FROM rows"
        assert engine.answer(select, {"rows": frame})["found"].to_list() == found
