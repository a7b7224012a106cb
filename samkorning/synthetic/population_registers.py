"""The registers of the population: BEFOLKNING (persons), BOENDE (residence), FLERGEN (parents) and CIVIL (spouses).

What belongs here: what is known of everybody at the end of a year. What must not: what happens to them (the other
registers). Who has a coordination number is not registered as living anywhere; who got a personnummer instead of one
lives here from that day.
"""

import datetime
from dataclasses import dataclass

import polars as pl

from samkorning.synthetic.draws import Draws, weighted_numbers
from samkorning.synthetic.places import MUNICIPALITIES
from samkorning.synthetic.years import NEW_YEAR

_LAST_DAY = datetime.date(NEW_YEAR, 12, 31)
_MOVES = weighted_numbers({0: 40, 1: 26, 2: 17, 3: 10, 4: 7})
_MOST_MOVES = 4
_ABROAD, _IMMIGRATED = 0.07, 0.12  # of the times between moves; of those born in the land's number series
_DIVORCED = 0.35
_DAY = pl.duration(days=1)


@dataclass(frozen=True)
class Known:
    """Everybody who has been born, what is drawn from, and the year at whose end it is told."""

    persons: pl.DataFrame
    seed: int
    year: int

    @property
    def last_day(self) -> datetime.date:
        """The last day of that year."""
        return datetime.date(self.year, 12, 31)

    def born(self) -> pl.LazyFrame:
        """Those who were born by then."""
        return self.persons.lazy().filter(pl.col("birth_date") <= self.last_day)

    def known_then(self, day: str) -> pl.Expr:
        """A day, where it has come by then."""
        return pl.when(pl.col(day) <= self.last_day).then(day).alias(day)


def persons(known: Known) -> pl.DataFrame:
    """BEFOLKNING: birth, sex and death of everybody, one row a person."""
    known_then = known.born().select("number", FODDAT="birth_date", KON="sex", DODDAT="death_date")
    return known_then.with_columns(known.known_then("DODDAT")).collect()


def parents(known: Known) -> pl.DataFrame:
    """FLERGEN: mother and father of those of whom either is known."""
    known_then = known.born().select("number", NUMBER_MOR="mother", NUMBER_FAR="father")
    return known_then.filter(pl.col("NUMBER_MOR").is_not_null() | pl.col("NUMBER_FAR").is_not_null()).collect()


def residence(known: Known) -> pl.DataFrame:
    """BOENDE: where somebody lived from a first to a last day; gaps are times abroad, and neighbours do not overlap."""
    times = _times(known.persons, known.seed).sort("number", "FROM")
    following = pl.col("FROM").shift(-1).over("number")
    draws = Draws(known.seed, "residence", "time")
    abroad = draws.chance("abroad", _ABROAD) & (pl.col("place") > 0)
    lived = times.with_columns(
        TILL=pl.coalesce(following - _DAY, "death_date"),
        LK=pl.when(following.is_null()).then("municipality").otherwise(draws.choose("place", MUNICIPALITIES)),
        abroad=abroad,
    ).filter(~pl.col("abroad") & (pl.col("FROM") <= known.last_day))
    return lived.with_columns(known.known_then("TILL")).select("number", "FROM", "TILL", "LK").collect()


def spouses(known: Known) -> pl.DataFrame:
    """CIVIL: who was married to whom from a first to a last day, in a row for each of them."""
    couples = _couples(known.persons)
    draws = Draws(known.seed, "spouses", "mother")
    first = pl.max_horizontal(
        pl.col("child_born") - pl.duration(days=draws.below("before", 1500)),
        pl.col("mother_born").dt.offset_by("18y"),
        pl.col("father_born").dt.offset_by("18y"),
    )
    divorced = pl.when(draws.chance("divorced", _DIVORCED)).then(
        pl.col("FROM") + pl.duration(days=400 + draws.below("years", 9000))
    )
    married = (
        couples.with_columns(FROM=first)
        .with_columns(TILL=pl.min_horizontal(divorced, "mother_died", "father_died"))
        .filter((pl.col("FROM") <= known.last_day) & (pl.col("TILL").is_null() | (pl.col("TILL") >= pl.col("FROM"))))
        .with_columns(known.known_then("TILL"))
    )
    each = [("mother", "father"), ("father", "mother")]
    return (
        pl.concat(married.select("FROM", "TILL", number=own, NUMBER_PARTNER=other) for own, other in each)
        .select("number", "NUMBER_PARTNER", "FROM", "TILL")
        .collect()
    )


def _times(everybody: pl.DataFrame, seed: int) -> pl.LazyFrame:
    """The first day of every time of residence: at birth or immigration, and at each move; ``time`` is its own."""
    draws = Draws(seed, "moves", "number")
    until = pl.coalesce("death_date", pl.lit(_LAST_DAY))
    lives = everybody.lazy().filter(~_is_coordination("number"))
    begun = lives.with_columns(begin=_begin(draws), moves=draws.choose("moves", _MOVES)).filter(
        pl.col("begin") <= until
    )
    span = (until - pl.col("begin")).dt.total_days()
    moves = [
        begun.filter(pl.col("moves") > place).with_columns(
            FROM=pl.col("begin") + pl.duration(days=1 + draws.below(f"move {place}", span)), place=pl.lit(place + 1)
        )
        for place in range(_MOST_MOVES)
    ]
    times = pl.concat([begun.with_columns(FROM="begin", place=pl.lit(0)), *moves]).filter(pl.col("FROM") <= until)
    return times.unique(["number", "FROM"], keep="first", maintain_order=True).with_columns(
        time=pl.col("number") * 8 + pl.col("place")
    )


def _begin(draws: Draws) -> pl.Expr:
    immigrated = _is_coordination("former_number").fill_null(value=False)
    years = pl.coalesce("death_date", pl.lit(_LAST_DAY)).dt.year() - pl.col("birth_date").dt.year()
    later = pl.col("birth_date") + pl.duration(days=draws.below("immigration", years.cast(pl.Int64) * 365 + 1))
    elsewhere = pl.when(draws.chance("immigrated", _IMMIGRATED)).then(later).otherwise("birth_date")
    return pl.when(immigrated).then("changed_on").otherwise(elsewhere)


def _is_coordination(number: str) -> pl.Expr:
    """Coordination numbers have their day plus sixty."""
    return pl.col(number) // 10_000 % 100 > 60


def _couples(everybody: pl.DataFrame) -> pl.LazyFrame:
    """Mothers and fathers of a first common child, each in one couple, with what bounds their marriage."""
    facts = everybody.lazy().select("number", "birth_date", "death_date")
    pairs = everybody.lazy().select("mother", "father", child_born="birth_date").drop_nulls()
    first = pairs.sort("child_born", "mother", "father")
    for parent in ("mother", "father"):
        first = first.unique(parent, keep="first", maintain_order=True)
        known = facts.select(
            pl.col("number").alias(parent),
            pl.col("birth_date").alias(f"{parent}_born"),
            pl.col("death_date").alias(f"{parent}_died"),
        )
        first = first.join(known, on=parent, how="inner", maintain_order="left")
    return first
