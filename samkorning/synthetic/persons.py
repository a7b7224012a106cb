"""The persons of the synthetic world, drawn whole columns at a time.

What belongs here: the order in which a person gets birth, sex, home, death, numbers and parents. What must not: what
happens to them (the registers) and how they are written (the incoming files).
"""

from dataclasses import dataclass

import polars as pl

from samkorning.synthetic.changes import draw_changes, former_identities, nearby_day, number_history
from samkorning.synthetic.draws import Draws, at_least_one, rows
from samkorning.synthetic.identity_numbers import with_numbers
from samkorning.synthetic.life import birth_date, death_date, sex
from samkorning.synthetic.places import MUNICIPALITIES
from samkorning.synthetic.relatives import with_parents

_COLUMNS = (
    "number",
    "birth_date",
    "sex",
    "mother",
    "father",
    "municipality",
    "death_date",
    "former_number",
    "changed_on",
    "in_study",
)


@dataclass(frozen=True)
class PersonShares:
    """How common the special persons are, as shares of the register population.

    ``study`` is the part that belongs to the study population; ``twin_pairs`` counts pairs per person.
    """

    study: float = 0.2
    twin_pairs: float = 0.015
    coordination: float = 0.02
    changed: float = 0.01
    nearby_day: float = 0.001
    outside: float = 0.1


@dataclass(frozen=True, eq=False)
class Population:
    """``persons`` of the registers, the ``outsiders`` who are in no register, and the number ``history``."""

    persons: pl.DataFrame
    outsiders: pl.DataFrame
    history: pl.DataFrame


def draw_population(count: int, seed: int, shares: PersonShares) -> Population:
    """Draws ``count`` persons and as many outsiders as the shares say (parents abroad, and at least twenty)."""
    lives = _draw_lives(count, seed, shares)
    changes = draw_changes(lives, seed, shares.changed)
    former = former_identities(lives, changes)
    identities = pl.concat([lives.select("row", "number_date", "coordination", "sex"), former.drop("replaced_on")])
    numbers = with_numbers(identities, seed)["number"]
    numbered = with_parents(lives.with_columns(numbers.head(lives.height)), seed)
    former = former.with_columns(numbers.tail(former.height))
    complete = _with_former(numbered, former)
    return Population(
        complete.filter(~pl.col("outside")).select(_COLUMNS),
        complete.filter(pl.col("outside")).select("number", "birth_date", "sex"),
        number_history(former, complete),
    )


def _draw_lives(count: int, seed: int, shares: PersonShares) -> pl.DataFrame:
    outsiders = max(20, round(count * shares.outside))
    draws, births = Draws(seed, "persons"), Draws(seed, "births", "birth_row")
    row = pl.col("row")
    twin = draws.pick("twin", at_least_one(shares.twin_pairs, count), (row % 2 == 1) & (row < count))
    return (
        rows(count + outsiders)
        .with_columns(outside=row >= count, birth_row=row - twin.cast(pl.UInt64))
        .with_columns(birth_date=birth_date(births, pl.col("outside")))
        .with_columns(
            sex=sex(draws),
            death_date=pl.when(~pl.col("outside")).then(death_date(draws)),
            municipality=pl.when(~pl.col("outside")).then(births.choose("municipality", MUNICIPALITIES)),
        )
        .with_columns(_number_ingredients(draws, count, shares))
    )


def _number_ingredients(draws: Draws, count: int, shares: PersonShares) -> list[pl.Expr]:
    inside = ~pl.col("outside")
    working_age = pl.col("birth_date").dt.year().is_between(2150, 2206)
    nearby = draws.pick("nearby day", at_least_one(shares.nearby_day, count), inside)
    born = pl.col("birth_date")
    return [
        draws.pick("coordination", at_least_one(shares.coordination, count), inside & working_age).alias(
            "coordination"
        ),
        pl.when(nearby).then(nearby_day(born)).otherwise(born).alias("number_date"),
        draws.pick("study", at_least_one(shares.study, count), inside).alias("in_study"),
    ]


def _with_former(persons: pl.DataFrame, former: pl.DataFrame) -> pl.DataFrame:
    """Adds the number that was replaced last, and when; earlier ones stand in the history alone."""
    latest = former.sort("row", "replaced_on").unique("row", keep="last", maintain_order=True)
    return persons.join(
        latest.select("row", former_number="number", changed_on="replaced_on"),
        on="row",
        how="left",
        maintain_order="left",
    )
