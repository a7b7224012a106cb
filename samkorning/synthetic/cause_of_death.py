"""The cause-of-death register (DORS): one row for each death of the year.

What belongs here: its variables under the delivered names. What must not: who dies, which is drawn with the persons.
DODSDAT is text because some dates are partial: ``221907`` where the day is unknown, ``22190000`` where the month is.
"""

import polars as pl

from samkorning.synthetic import code_lists as codes
from samkorning.synthetic.draws import Draws, rows
from samkorning.synthetic.events import RegisterYear, first_of

_FILLED, _PLACES = 10, 48  # places after these are empty
COLUMNS = ("number", "AR", "DODSDAT", "ULORSAK", *(f"MORSAK{place}" for place in range(1, _PLACES + 1)))


def cause_of_death(wanted: RegisterYear) -> pl.DataFrame:
    """Everyone who died in the year, under the number held at death, in order of the number."""
    draws = wanted.draws("number")
    died = wanted.persons.filter(pl.col("death_date").dt.year() == wanted.year).sort("number")
    return (
        pl.concat([rows(died.height), died], how="horizontal")
        .with_columns(
            _written_date(draws),
            pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
            ULORSAK=draws.choose("ULORSAK", codes.CAUSES_OF_DEATH),
            causes=draws.choose("causes", codes.CONTRIBUTING_COUNT),
        )
        .with_columns(first_of("MORSAK", _FILLED, "causes", draws, codes.CONTRIBUTING_CAUSES))
        .with_columns(pl.lit(None, pl.String).alias(f"MORSAK{place}") for place in range(_FILLED + 1, _PLACES + 1))
        .select(COLUMNS)
    )


def _written_date(draws: Draws) -> pl.Expr:
    text = pl.col("death_date").dt.strftime("%Y%m%d")
    month_unknown, day_unknown = draws.chance("month unknown", 0.002), draws.chance("day unknown", 0.008)
    partial = pl.when(day_unknown).then(text.str.slice(0, 6)).otherwise(text)
    return pl.when(month_unknown).then(text.str.slice(0, 4) + "0000").otherwise(partial).alias("DODSDAT")
