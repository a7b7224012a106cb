"""The register of prescribed drugs (LMED): dispensed packages, with corrections as negative counts.

What belongs here: its variables under the delivered names. What must not: who the persons are.
A correction repeats an earlier row of the same person, package and days with ANTAL below zero.
"""

import polars as pl

from samkorning.synthetic import code_lists as codes
from samkorning.synthetic.events import RegisterYear, draw_events, number_on, within_life
from samkorning.synthetic.life import date_in_year

COLUMNS = ("number", "AR", "ATC", "EDATUM", "FDATUM", "VARUNR", "ANTAL", "FORPDDD", "OTYP", "ARBETSPLATS")
_CORRECTED = 0.016  # of every second row, so that one row in 125 is a correction


def prescribed_drugs(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """Dispensations in the year; EDATUM is the day of dispensing, FDATUM of prescribing, VARUNR six digits as text."""
    of_dispensation = wanted.draws("dispensation")
    drawn = _with_corrections(draw_events(wanted, per_person), wanted)
    medicines = codes.medicines()
    package = of_dispensation.choose("medicine", codes.MEDICINE_PLACES)
    dispensed = (
        drawn.lazy()
        .with_columns(dispensation=pl.col("row") - pl.col("correction").cast(pl.UInt64))
        .with_columns(EDATUM=date_in_year(pl.lit(wanted.year), of_dispensation, "day"), place=package)
        .filter(within_life("EDATUM", "EDATUM"))
        .with_columns(
            pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
            FDATUM=_prescribed(of_dispensation.choose("since", codes.DAYS_SINCE_PRESCRIBED)),
            ANTAL=of_dispensation.choose("ANTAL", codes.PACKAGES) * pl.when("correction").then(-1).otherwise(1),
            OTYP=of_dispensation.choose("OTYP", codes.DISPENSATION_TYPES),
            ARBETSPLATS=of_dispensation.choose("ARBETSPLATS", codes.PRESCRIBERS),
        )
    )
    packages = [pl.lit(medicines[name]).gather("place").alias(name) for name in medicines.columns]
    return dispensed.with_columns(number_on("EDATUM", of_dispensation), *packages).select(COLUMNS).collect()


def _with_corrections(events: pl.DataFrame, wanted: RegisterYear) -> pl.DataFrame:
    """Every second row may be a correction of the row before: the same person, told apart by ``correction``."""
    odd = pl.col("row") % 2 == 1
    marked = events.with_columns(correction=odd & wanted.draws().chance("correction", _CORRECTED))
    person = [name for name in events.columns if name != "row"]
    corrected = [
        pl.when("correction").then(pl.col(name).shift(1)).otherwise(pl.col(name)).alias(name) for name in person
    ]
    return marked.with_columns(corrected)


def _prescribed(days: pl.Expr) -> pl.Expr:
    return pl.max_horizontal(pl.col("EDATUM") - pl.duration(days=days), "birth_date")
