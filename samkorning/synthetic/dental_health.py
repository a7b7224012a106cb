"""The dental health register (THR): one row for each procedure within the state's dental care benefit.

What belongs here: its variables under the delivered names. What must not: who the persons are.
"""

import polars as pl

from samkorning.synthetic.draws import weighted
from samkorning.synthetic.events import RegisterYear, age_on, draw_events, number_on, within_life
from samkorning.synthetic.life import date_in_year

COLUMNS = (
    "number", "AR", "BESOKSDATUM", "ALDER", "KON", "LK", "ATGARD", "TILLSTAND", "TANDNUMMER", "KVARTAND", "INTAKTTAND",
    "ERSATTNING",
)  # fmt: skip
_FIRST_AGE = 24
_PROCEDURES = weighted({"101": 40, "103": 12, "111": 20, "113": 20, "301": 4, "401": 6, "501": 6, "703": 20, "800": 6})
_CONDITIONS = weighted({"1001": 40, "1301": 8, "3001": 8, "3043": 12, "4001": 14, "4071": 10, "5031": 4}, missing=3)
_TEETH = weighted({f"{quarter}{tooth}": 4 + tooth for quarter in range(1, 5) for tooth in range(1, 9)}, missing=80)


def dental_health(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """Procedures of the year, of adults."""
    draws, of_person = wanted.draws(), wanted.draws("number")
    lost = of_person.below("lost", (pl.col("ALDER").cast(pl.Int64) // 8 + 1).clip(1, 20))
    visits = (
        draw_events(wanted, per_person)
        .lazy()
        .with_columns(BESOKSDATUM=date_in_year(pl.lit(wanted.year), draws, "day"))
        .with_columns(age_on("BESOKSDATUM").alias("ALDER"))
        .filter(within_life("BESOKSDATUM", "BESOKSDATUM") & (pl.col("ALDER") >= _FIRST_AGE))
        .with_columns(
            pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
            KON="sex",
            LK="municipality",
            ATGARD=draws.choose("ATGARD", _PROCEDURES),
            TILLSTAND=draws.choose("TILLSTAND", _CONDITIONS),
            TANDNUMMER=draws.choose("TANDNUMMER", _TEETH),
            KVARTAND=32 - lost,
            INTAKTTAND=32 - lost - of_person.below("mended", pl.lit(8)),
            ERSATTNING=draws.below("ERSATTNING", 40) * 50,
        )
    )
    return visits.with_columns(number_on("BESOKSDATUM", draws)).select(COLUMNS).collect()
