"""The population file: the study population as the orderer sends it, with the disorder such files have.

What belongs here: its columns and its duplicates. What must not: the number history, which is a file of its own.
"""

import datetime
from pathlib import Path

import polars as pl

from samkorning.synthetic.draws import Draws, at_least_one, rows, weighted
from samkorning.synthetic.incoming.rows import FilePlan, IncomingFile, compose_rows, truth_of
from samkorning.synthetic.incoming.shapes import FileShares, Shape, clean_shapes
from samkorning.synthetic.world import World

POPULATION_FILE = "population.csv"
_SHAPES = clean_shapes(
    {Shape.TWELVE: 58, Shape.TWELVE_HYPHEN: 14, Shape.TEN_SEPARATOR: 26, Shape.TEN: 2},
)
_GROUPS = weighted({"fall": 1, "kontroll": 3})
_FIRST_INDEX_DATE = datetime.date(2216, 1, 1)


def write_population_file(world: World, folder: Path, shares: FileShares | None = None) -> IncomingFile:
    """Writes ``population.csv``: UTF-8, semicolon, columns PERSNR, GRUPP, INDEXDATUM.

    Every study person stands in at least one row that reads as a number of theirs; damaged rows are of others.
    """
    plan = FilePlan("population", _SHAPES, shares or FileShares())
    composed = compose_rows(world, _with_duplicates(world, plan), plan)
    draws = Draws(world.seed, "population/columns", "person")
    day = pl.lit(_FIRST_INDEX_DATE) + pl.duration(days=draws.below("index date", 1461))
    table = composed.with_columns(pl.col("person").fill_null(0)).select(
        pl.col("text").alias("PERSNR"),
        draws.choose("group", _GROUPS).alias("GRUPP"),
        day.dt.strftime("%Y-%m-%d").alias("INDEXDATUM"),
    )
    path = folder / POPULATION_FILE
    path.write_bytes(table.write_csv(separator=";").encode())
    return IncomingFile(path, truth_of(composed))


def _with_duplicates(world: World, plan: FilePlan) -> pl.DataFrame:
    study = world.persons.filter("in_study").select("number", "former_number")
    draws = Draws(world.seed, "population/duplicates")
    counted = pl.concat([rows(study.height), study], how="horizontal")
    twice = counted.filter(draws.pick("twice", at_least_one(plan.shares.duplicates, study.height), pl.lit(value=True)))
    return pl.concat([study, twice.drop("row")])
