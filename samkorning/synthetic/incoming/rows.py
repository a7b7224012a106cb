"""The rows of an incoming file before its columns: whose they are and what linkage must make of them.

What belongs here: composing known persons, strangers, damaged and missing numbers, shuffled, with the truth about each.
What must not: the columns of one particular file.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from samkorning.synthetic.draws import Draws, at_least_one, rows
from samkorning.synthetic.incoming.shapes import FileShares, Outcome, Shape, draw_clean_shape, written
from samkorning.synthetic.world import World

TRUTH_COLUMNS = ("row", "number", "outcome", "shape")


@dataclass(frozen=True, eq=False)
class IncomingFile:
    """A written file and the truth about its rows.

    ``truth``: row Int64 (1-based data row), number Int64 (the latest number of the person the row is about, null where
    missing or damaged), outcome and shape String (values of ``Outcome`` and ``Shape``).
    """

    path: Path
    truth: pl.DataFrame


@dataclass(frozen=True)
class FilePlan:
    """How one file is composed: its name in the randomness, clean shapes, shares, and how many rows a person has."""

    topic: str
    shapes: pl.Series
    shares: FileShares


def compose_rows(world: World, persons: pl.DataFrame, plan: FilePlan, strangers: float = 0.0) -> pl.DataFrame:
    """``row`` 1-based, ``person`` (latest number), ``number`` (the one written), ``outcome``, ``shape``, ``text``.

    ``persons`` has one row per wanted row, with the study persons' ``number``, ``former_number``.
    """
    count = persons.height
    parts = [
        _known(world, persons, plan),
        _unknown(world, at_least_one(strangers, count), plan),
        *(_damaged(world, shape, at_least_one(share, count), plan) for shape, share in _damage(plan.shares).items()),
        _missing(at_least_one(plan.shares.missing, count)),
    ]
    return _shuffled(pl.concat(parts), world, plan)


def truth_of(composed: pl.DataFrame) -> pl.DataFrame:
    """The truth frame of composed rows."""
    known = pl.col("outcome").is_in([Outcome.LINKED.value, Outcome.UNKNOWN_PERSON.value])
    return composed.with_columns(number=pl.when(known).then("person")).select(TRUTH_COLUMNS)


def _damage(shares: FileShares) -> dict[Shape, float]:
    return {
        Shape.BAD_CHECK_DIGIT: shares.bad_check_digit,
        Shape.IMPOSSIBLE_DATE: shares.impossible_date,
        Shape.LETTERS: shares.letters,
    }


def _part(frame: pl.DataFrame, outcome: Outcome, shape: pl.Expr) -> pl.DataFrame:
    return frame.select("person", "number", pl.lit(outcome.value).alias("outcome"), shape.alias("shape"))


def _known(world: World, persons: pl.DataFrame, plan: FilePlan) -> pl.DataFrame:
    draws = Draws(world.seed, f"{plan.topic}/known")
    former = draws.pick(
        "former",
        at_least_one(plan.shares.former, persons["former_number"].count()),
        pl.col("former_number").is_not_null(),
    )
    known = pl.concat([rows(persons.height), _with_oldest(persons, world)], how="horizontal").with_columns(
        person="number", number=pl.when(former).then("oldest_number").otherwise("number")
    )
    return _part(known, Outcome.LINKED, draw_clean_shape(draws, plan.shapes, plan.shares.lost_zero))


def _with_oldest(persons: pl.DataFrame, world: World) -> pl.DataFrame:
    """Adds the first number of those who have had several, so that some rows are more than one step behind."""
    steps = world.history.select(former_number="new_number", earlier="old_number")
    return persons.join(steps, on="former_number", how="left", maintain_order="left").with_columns(
        oldest_number=pl.coalesce("earlier", "former_number")
    )


def _unknown(world: World, count: int, plan: FilePlan) -> pl.DataFrame:
    draws = Draws(world.seed, f"{plan.topic}/unknown")
    others = pl.concat([world.persons.filter(~pl.col("in_study")).select("number"), world.outsiders.select("number")])
    return _part(
        _drawn_from(others["number"], count, draws),
        Outcome.UNKNOWN_PERSON,
        draw_clean_shape(draws, plan.shapes, plan.shares.lost_zero),
    )


def _damaged(world: World, shape: Shape, count: int, plan: FilePlan) -> pl.DataFrame:
    draws = Draws(world.seed, f"{plan.topic}/{shape.value}")
    return _part(_drawn_from(world.outsiders["number"], count, draws), Outcome.DAMAGED, pl.lit(shape.value))


def _missing(count: int) -> pl.DataFrame:
    nobody = pl.Series("person", [None] * count, dtype=pl.Int64)
    return _part(pl.DataFrame([nobody, nobody.alias("number")]), Outcome.MISSING, pl.lit(Shape.MISSING.value))


def _drawn_from(numbers: pl.Series, count: int, draws: Draws) -> pl.DataFrame:
    places = rows(count).with_columns(draws.below("whom", numbers.len()).alias("place"))
    return places.with_columns(numbers.gather(places["place"]).alias("person")).with_columns(number="person")


def _shuffled(composed: pl.DataFrame, world: World, plan: FilePlan) -> pl.DataFrame:
    draws = Draws(world.seed, f"{plan.topic}/rows")
    numbered = pl.concat([rows(composed.height), composed], how="horizontal")
    shuffled = numbered.with_columns(draws.bits("order").alias("order")).sort("order", "row").drop("row", "order")
    return (
        pl.concat([rows(composed.height), shuffled], how="horizontal")
        .with_columns(written(draws).alias("text"))
        .with_columns(row=pl.col("row").cast(pl.Int64) + 1)
    )
