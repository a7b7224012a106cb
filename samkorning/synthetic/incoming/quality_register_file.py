"""The quality-register file: visits of diabetes care, written the way quality registers write.

What belongs here: its columns and its mixed shapes of dates, decimals and truth values. What must not: whose rows they
are, which rows.py composes.
"""

from pathlib import Path

import polars as pl

from samkorning.synthetic.draws import Draws, weighted_numbers
from samkorning.synthetic.incoming.rows import FilePlan, IncomingFile, compose_rows, truth_of
from samkorning.synthetic.incoming.shapes import FileShares, Shape, clean_shapes
from samkorning.synthetic.world import World

QUALITY_REGISTER_FILE = "kvalitetsregister_diabetes.csv"
_SHAPES = clean_shapes({Shape.TWELVE: 30, Shape.TWELVE_HYPHEN: 70})
_VISITS = weighted_numbers({0: 45, 1: 25, 2: 16, 3: 9, 5: 5})
_BOM = b"\xef\xbb\xbf"
_SMOKING = ("Aldrig rökt", "Röker dagligen", "Röker, men inte dagligen", "Slutat röka", None)


def write_quality_register_file(world: World, folder: Path, shares: FileShares | None = None) -> IncomingFile:
    """Writes ``kvalitetsregister_diabetes.csv``: UTF-8 with BOM, semicolon, CRLF, decimal comma; id column PERSNR.

    About half of the study population with one to five visits each, persons outside it, damaged and missing numbers.
    """
    plan = FilePlan("quality register", _SHAPES, shares or FileShares())
    composed = compose_rows(world, _visits(world), plan, strangers=plan.shares.strangers)
    table = _table(composed, Draws(world.seed, "quality register/columns"))
    path = folder / QUALITY_REGISTER_FILE
    path.write_bytes(_BOM + table.write_csv(separator=";", line_terminator="\r\n").encode())
    return IncomingFile(path, truth_of(composed))


def _visits(world: World) -> pl.DataFrame:
    study = world.persons.filter("in_study").select("number", "former_number")
    visits = Draws(world.seed, "quality register/visits", "number").choose("visits", _VISITS)
    return (
        study.select(pl.all().repeat_by(visits))
        .explode("number", "former_number")
        .filter(pl.col("number").is_not_null())
    )


def _table(composed: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    smoking = composed.select("row", draws.below("smoking", len(_SMOKING)).alias("smoking"))
    answers = pl.Series(_SMOKING, dtype=pl.String)
    return pl.concat([composed, smoking.drop("row")], how="horizontal").select(
        PERSNR="text",
        Besoksdatum=_visit_day(draws).dt.strftime("%Y-%m-%d"),
        Debutdatum=_mixed_date(draws),
        HbA1c=_decimal(320 + draws.below("HbA1c", 500) + draws.below("HbA1c too", 300), 10, draws, "no HbA1c"),
        BMI=_decimal(170 + draws.below("BMI", 120) + draws.below("BMI too", 120), 10, draws, "no BMI"),
        Insulin=pl.when(draws.chance("insulin", 0.35)).then(pl.lit("True")),
        Pump=pl.when(draws.chance("pump", 0.08)).then(pl.lit("True")),
        Rokning_Beskrivning=pl.lit(answers).gather("smoking"),
        Rokning_Värde=pl.when(pl.col("smoking") < 4).then(pl.col("smoking") + 1),
    )


def _visit_day(draws: Draws) -> pl.Expr:
    return pl.date(2218, 1, 1) + pl.duration(days=draws.below("visit", 1096))


def _mixed_date(draws: Draws) -> pl.Expr:
    """One of six shapes: ISO, eight digits, day unknown, month unknown, year and week (``8513``), empty."""
    day = pl.date(2185, 1, 1) + pl.duration(days=draws.below("onset", 12_000))
    week = day.dt.strftime("%G").str.slice(2, 2) + day.dt.strftime("%V")
    shapes = (
        day.dt.strftime("%Y-%m-%d"),
        day.dt.strftime("%Y%m%d"),
        day.dt.strftime("%Y%m00"),
        day.dt.strftime("%Y0000"),
        week,
    )
    places = weighted_numbers({0: 50, 1: 18, 2: 8, 3: 8, 4: 6, 5: 10})
    chosen = draws.choose("shape of date", places)
    return pl.coalesce([pl.when(chosen == place).then(shape) for place, shape in enumerate(shapes)])


def _decimal(tenths: pl.Expr, parts: int, draws: Draws, missing: str) -> pl.Expr:
    """Tenths as a number with decimal comma, blank in some rows."""
    text = (tenths // parts).cast(pl.String) + "," + (tenths % parts).cast(pl.String)
    return pl.when(~draws.chance(missing, 0.06)).then(text)
