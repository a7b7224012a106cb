"""Changed numbers: who had another number before, which kind, and from which day the present one holds.

What belongs here: the draw of changes and the number history made of them. What must not: the persons themselves.
Most changes are from a coordination number to a personnummer at immigration; the others follow a corrected birth date
or a changed legal sex. A few persons have had three numbers.
"""

import datetime

import polars as pl

from samkorning.synthetic.draws import Draws, at_least_one, weighted
from samkorning.synthetic.years import FIRST_YEAR, LAST_YEAR

_KINDS = weighted({"coordination": 17, "corrected_date": 2, "changed_sex": 1})
_FIRST_DAY, _LAST_DAY = datetime.date(FIRST_YEAR, 1, 1), datetime.date(LAST_YEAR, 12, 31)


def nearby_day(date: pl.Expr) -> pl.Expr:
    """The day before, or after the first of a month: still the same month."""
    return date + pl.duration(days=pl.when(date.dt.day() == 1).then(1).otherwise(-1))


def draw_changes(persons: pl.DataFrame, seed: int, share: float) -> pl.DataFrame:
    """Who changes number: ``row``, ``changed_on`` Date, ``kind``, ``earlier_on`` Date or null where there were three.

    ``persons`` has ``row``, ``birth_date``, ``death_date``, ``coordination`` and ``outside``; only personnummer are
    changed to. The change lies in the years of the registers, within the person's life.
    """
    draws = Draws(seed, "changes")
    first = pl.max_horizontal(pl.col("birth_date") + pl.duration(days=30), pl.lit(_FIRST_DAY))
    last = pl.min_horizontal(pl.col("death_date"), pl.lit(_LAST_DAY))
    eligible = ~pl.col("outside") & ~pl.col("coordination") & (first < last)
    count = at_least_one(share, persons.filter(~pl.col("outside")).height)
    changed = persons.filter(draws.pick("changed", count, eligible)).sort("row")
    days = draws.below("day", (last - first).dt.total_days())
    dated = changed.select(
        "row",
        "birth_date",
        changed_on=first + pl.duration(days=days),
        kind=draws.choose("kind", _KINDS),
    )
    return dated.select("row", "changed_on", "kind", earlier_on=_earlier_change(draws, dated.height))


def _earlier_change(draws: Draws, changed: int) -> pl.Expr:
    before = pl.col("changed_on") - pl.duration(days=400 + draws.below("earlier day", 1600))
    eligible = pl.col("birth_date") + pl.duration(days=2100) < pl.col("changed_on")
    return pl.when(draws.pick("earlier", at_least_one(0.05, changed), eligible)).then(before)


def former_identities(persons: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """The former numbers' ingredients: ``row``, ``number_date``, ``coordination``, ``sex``, ``replaced_on``."""
    owners = changes.join(persons.select("row", "birth_date", "sex"), on="row", how="left", maintain_order="left")
    kind, born, sex = pl.col("kind"), pl.col("birth_date"), pl.col("sex")
    former = owners.select(
        "row",
        number_date=pl.when(kind == "corrected_date").then(nearby_day(born)).otherwise(born),
        coordination=kind == "coordination",
        sex=pl.when(kind == "changed_sex").then(3 - sex).otherwise(sex).cast(pl.Int8),
        replaced_on=pl.col("changed_on"),
    )
    earlier = owners.filter(pl.col("earlier_on").is_not_null()).select(
        "row", number_date=born, coordination=pl.lit(value=True), sex=sex, replaced_on=pl.col("earlier_on")
    )
    return pl.concat([former, earlier])


def number_history(former: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """``old_number``, ``new_number`` Int64, ``date`` Date, ``source`` String; each step to the number that followed.

    ``former`` has ``row``, ``number`` and ``replaced_on``; ``persons`` has ``row`` and the present ``number``.
    """
    steps = former.sort("row", "replaced_on").join(
        persons.select("row", present="number"), on="row", how="left", maintain_order="left"
    )
    following = pl.coalesce(pl.col("number").shift(-1).over("row"), "present")
    source = pl.when(pl.col("coordination")).then(pl.lit("immigration")).otherwise(pl.lit("correction"))
    return steps.select(old_number="number", new_number=following, date="replaced_on", source=source).sort("old_number")
