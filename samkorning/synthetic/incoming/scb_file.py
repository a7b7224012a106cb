"""The SCB file: income and education of the study population, with each person's parents in the same row.

What belongs here: its columns, encoding and name as Statistics Sweden (SCB) delivers them. What must not: who the
parents are, which is drawn with the persons.
"""

from pathlib import Path

import polars as pl

from samkorning.synthetic.draws import Draws, rows, weighted
from samkorning.synthetic.incoming.rows import IncomingFile
from samkorning.synthetic.incoming.shapes import Outcome, Shape
from samkorning.synthetic.places import municipality_names
from samkorning.synthetic.world import World
from samkorning.synthetic.years import LAST_YEAR

_EDUCATION = weighted(
    {
        "106": 2,
        "200": 10,
        "310": 8,
        "320": 9,
        "336": 14,
        "337": 6,
        "410": 7,
        "520": 8,
        "530": 10,
        "537": 9,
        "547": 9,
        "640": 2,
    },
    missing=2,
)


def write_scb_file(world: World, folder: Path, client: str = "SYNT", year: int = LAST_YEAR) -> IncomingFile:
    """Writes ``<client>_Lev_lisa_<year>.txt``: cp1252, semicolon, CRLF; one row per study person alive at year's end.

    Numbers are the latest ones in 12 digits, relatives' numbers blank where unknown. The truth also has ``mother`` and
    ``father``, Int64.
    """
    alive = _alive_in_order(world, year)
    path = folder / f"{client}_Lev_lisa_{year}.txt"
    path.write_bytes(_table(alive, world.seed, year).write_csv(separator=";", line_terminator="\r\n").encode("cp1252"))
    truth = alive.select(
        "row",
        "number",
        pl.lit(Outcome.LINKED.value).alias("outcome"),
        pl.lit(Shape.TWELVE.value).alias("shape"),
        "mother",
        "father",
    )
    return IncomingFile(path, truth)


def _alive_in_order(world: World, year: int) -> pl.DataFrame:
    died = pl.col("death_date").dt.year()
    alive = world.persons.filter("in_study" & (died.is_null() | (died > year))).sort("number")
    counted = rows(alive.height).select(row=pl.col("row").cast(pl.Int64) + 1)
    return pl.concat([counted, alive], how="horizontal")


def _table(alive: pl.DataFrame, seed: int, year: int) -> pl.DataFrame:
    draws = Draws(seed, f"lisa.{year}", "number")
    age = year - pl.col("birth_date").dt.year()
    named = alive.join(municipality_names(), on="municipality", how="left", maintain_order="left")
    return named.select(
        PersonNr=pl.col("number").cast(pl.String),
        PersonNrMor=pl.col("mother").cast(pl.String),
        PersonNrFar=pl.col("father").cast(pl.String),
        FodelseArMan=pl.col("birth_date").dt.strftime("%Y%m"),
        Kon="sex",
        Kommun="municipality",
        Lan=pl.col("municipality").str.slice(0, 2),
        KommunNamn="municipality_name",
        Sun2020Niva=pl.when(age >= 16).then(draws.choose("education", _EDUCATION)),
        DispInk04=pl.when(age >= 18).then(_income(draws)),
    )


def _income(draws: Draws) -> pl.Expr:
    """Disposable income in hundreds of kronor: skewed, some nothing, a few below zero."""
    middle = 600 + draws.below("income", 1900) + draws.below("income too", 1500)
    high = middle + draws.below("high income", 20_000)
    income = pl.when(draws.chance("is high", 0.03)).then(high).otherwise(middle)
    return (
        pl.when(draws.chance("nothing", 0.02))
        .then(0)
        .when(draws.chance("loss", 0.005))
        .then(-draws.below("lost", 3000))
        .otherwise(income)
    )
