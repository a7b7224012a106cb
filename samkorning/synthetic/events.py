"""Events: which person, which day, which number stood for the person then.

What belongs here: what all registers share. What must not: one register's own variables.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from samkorning.synthetic.draws import Draws, weighted_numbers
from samkorning.synthetic.identity_numbers import MAN

_FRAILTY = weighted_numbers({1: 60, 2: 22, 4: 12, 10: 6})  # a few persons have a large part of all care
_STILL_FORMER = 0.7  # of the events before a change; the others have been corrected in the register since


@dataclass(frozen=True)
class RegisterYear:
    """One register's year to be drawn: the persons, the seed, the register's name and the year."""

    persons: pl.DataFrame
    seed: int
    register: str
    year: int

    def draws(self, counter: str = "row") -> Draws:
        """The register year's own randomness."""
        return Draws(self.seed, f"{self.register}.{self.year}", counter)


def living(persons: pl.DataFrame, year: int) -> pl.DataFrame:
    """Those who lived at some time of the year."""
    died = pl.col("death_date").dt.year()
    return persons.filter((pl.col("birth_date").dt.year() <= year) & (died.is_null() | (died >= year)))


def draw_events(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """``row`` UInt64 and the person's columns, ``per_person`` events for each living person on the average.

    Old persons and a frail few have more. Events of one person lie in scattered rows.
    """
    alive = living(wanted.persons, wanted.year).select(
        "number", "birth_date", "sex", "municipality", "death_date", "former_number", "changed_on"
    )
    tickets = _tickets(alive, wanted)
    events = pl.DataFrame({"row": pl.int_range(round(per_person * alive.height), eager=True, dtype=pl.UInt64)})
    if tickets.is_empty() or events.is_empty():
        return pl.concat([events.clear(), alive.clear()], how="horizontal")
    drawn = tickets.gather(events.select(wanted.draws().below("person", tickets.len())).to_series())
    return pl.concat([events, alive[drawn]], how="horizontal")


def _tickets(alive: pl.DataFrame, wanted: RegisterYear) -> pl.Series:
    frailty = Draws(wanted.seed, "frailty", "number").choose("frailty", _FRAILTY)
    age = wanted.year - pl.col("birth_date").dt.year()
    by_age = pl.when(age < 20).then(1).when(age < 50).then(2).when(age < 70).then(3).otherwise(5)
    weights = alive.select((frailty * by_age).alias("weight"))
    return (
        weights.select(pl.int_range(pl.len(), dtype=pl.UInt32).repeat_by("weight").explode()).to_series().drop_nulls()
    )


def within_life(first: str, last: str) -> pl.Expr:
    """True where the event begins at birth or later and ends at death or before."""
    died = pl.col("death_date")
    return (pl.col(first) >= pl.col("birth_date")) & (died.is_null() | (pl.col(last) <= died))


def number_on(day: str, draws: Draws) -> pl.Expr:
    """The number under which the event is registered: some before a change still carry the former one."""
    former = (pl.col(day) < pl.col("changed_on")) & draws.chance("still former", _STILL_FORMER)
    return pl.when(former.fill_null(value=False)).then("former_number").otherwise("number").alias("number")


def age_on(day: str) -> pl.Expr:
    """Whole years of age, Int16."""
    then, born = pl.col(day).dt, pl.col("birth_date").dt
    before_birthday = then.month().cast(pl.Int16) * 100 + then.day() < born.month().cast(pl.Int16) * 100 + born.day()
    return (then.year() - born.year() - before_birthday.cast(pl.Int32)).cast(pl.Int16)


def care_group(day: str) -> pl.Expr:
    """0 child, 1 man and 2 woman under 50, 3 man and 4 woman from 50."""
    age, man = age_on(day), pl.col("sex") == MAN
    adult = pl.when(age < 50).then(1).otherwise(3) + pl.when(man).then(0).otherwise(1)
    return pl.when(age < 18).then(0).otherwise(adult)


def first_of(prefix: str, places: int, count: str, draws: Draws, weights: Mapping[str, int]) -> list[pl.Expr]:
    """The columns ``prefix``1 … ``prefix``N: as many filled as column ``count`` says, all different, the rest null.

    The first follows the weights; the others are found by equal steps through the list, whose length is a prime number
    so that no code comes twice.
    """
    codes = pl.lit(pl.Series(list(weights)))
    first = draws.choose(prefix, weighted_numbers(dict(enumerate(weights.values()))))
    step = 1 + draws.below(f"{prefix} step", len(weights) - 1)
    return [
        pl.when(pl.col(count) > place)
        .then(codes.gather((first + place * step) % len(weights)))
        .alias(f"{prefix}{place + 1}")
        for place in range(places)
    ]
