"""The cancer register (CAN): one row for each tumour of the year.

What belongs here: its variables under the delivered names. What must not: who the persons are.
"""

import polars as pl

from samkorning.synthetic.draws import weighted, weighted_numbers
from samkorning.synthetic.events import RegisterYear, age_on, draw_events, number_on, within_life
from samkorning.synthetic.identity_numbers import MAN
from samkorning.synthetic.life import date_in_year

COLUMNS = (
    "number", "AR", "DIADAT", "ALDER", "KON", "LK", "ICD7", "ICDO10", "ICDO3", "SNOMED3", "PAD", "BEN", "DIGR", "SIDA",
)  # fmt: skip
_TUMOURS: tuple[tuple[str, str, str, str, str, int, int], ...] = (
    ("170", "C509", "C509", "85003", "096", 1, 60),
    ("177", "C619", "C619", "81403", "096", 60, 0),
    ("1530", "C189", "C189", "81403", "096", 20, 18),
    ("154", "C209", "C209", "81403", "096", 10, 7),
    ("1621", "C349", "C349", "80703", "146", 16, 17),
    ("1810", "C679", "C679", "81303", "116", 12, 4),
    ("190", "C439", "C449", "87203", "176", 15, 14),
    ("172", "C541", "C541", "83803", "096", 0, 10),
    ("1750", "C569", "C569", "84413", "096", 0, 6),
    ("202", "C859", "C779", "95913", "306", 7, 6),
)
_OF_MEN, _OF_WOMEN = (
    weighted_numbers({place: weight for place, weight in enumerate(weights) if weight})
    for weights in ([tumour[5] for tumour in _TUMOURS], [tumour[6] for tumour in _TUMOURS])
)
_BEHAVIOUR = weighted({"3": 90, "2": 8, "1": 1, "0": 1})
_BASIS = weighted({"3": 80, "5": 10, "2": 5, "1": 4, "4": 1})
_SIDE = weighted({"1": 30, "2": 30, "9": 2}, missing=38)


def cancer(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """Tumours found in the year, mostly of old persons."""
    draws = wanted.draws()
    names = ("ICD7", "ICDO10", "ICDO3", "SNOMED3", "PAD")
    columns = [pl.lit(pl.Series([tumour[place] for tumour in _TUMOURS])) for place in range(len(names))]
    found = (
        draw_events(wanted, per_person)
        .lazy()
        .with_columns(DIADAT=date_in_year(pl.lit(wanted.year), draws, "day"))
        .filter(within_life("DIADAT", "DIADAT"))
        .with_columns(place=draws.choose_by("tumour", (pl.col("sex") != MAN).cast(pl.Int64), (_OF_MEN, _OF_WOMEN)))
        .with_columns(
            pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
            number_on("DIADAT", draws),
            age_on("DIADAT").alias("ALDER"),
            *(column.gather("place").alias(name) for name, column in zip(names, columns, strict=True)),
            KON="sex",
            LK="municipality",
            BEN=draws.choose("BEN", _BEHAVIOUR),
            DIGR=draws.choose("DIGR", _BASIS),
            SIDA=draws.choose("SIDA", _SIDE),
        )
    )
    return found.select(COLUMNS).collect()
