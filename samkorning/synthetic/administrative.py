"""Licensed staff (LOVA, HOSP) and the donation register, which nothing may be linked with.

What belongs here: their variables under the delivered names. What must not: who the persons are.
"""

import polars as pl

from samkorning.synthetic.draws import Draws, weighted
from samkorning.synthetic.events import RegisterYear, age_on, living
from samkorning.synthetic.life import date_in_year

_LICENSED, _REGISTERED = 0.06, 0.17
_YOUNGEST, _OLDEST_AT_WORK = 25, 74
_PROFESSIONS = weighted(
    {"AP": 3, "AT": 5, "BM": 4, "FT": 8, "LK": 28, "LG": 1, "PS": 6, "SJ": 70, "TL": 7, "TH": 4, "US": 60}
)
_EMPLOYED = weighted({"1": 80, "2": 12, "3": 8})
_PLACES = weighted({f"{place:08d}": 1 + 30 // place for place in range(1, 80)})
_SPECIALTIES = weighted({"1001": 8, "2003": 4, "3010": 3}, missing=90)
_STATUS = weighted({"1": 97, "2": 2, "3": 1})
_STANCES = weighted({"1": 80, "2": 12, "3": 8})


def licensed_at_work(wanted: RegisterYear) -> pl.DataFrame:
    """LOVA: licensed persons of working age and where they worked in November."""
    draws = wanted.draws("number")
    at_work = _licensed(wanted).filter(pl.col("ALDER") <= _OLDEST_AT_WORK)
    employed = at_work.with_columns(SYSSTAT=draws.choose("SYSSTAT", _EMPLOYED))
    place = pl.when(pl.col("SYSSTAT") != "3").then(Draws(wanted.seed, "LOVA", "number").choose("place", _PLACES))
    columns = ("number", "AR", "ALDER", "KON", "LK", "YRKE", "LEGDATUM", "SYSSTAT", "ARBETSSTALLE")
    return employed.with_columns(ARBETSSTALLE=place).select(columns).collect()


def licences(wanted: RegisterYear) -> pl.DataFrame:
    """HOSP: everybody who has been licensed."""
    lasting = Draws(wanted.seed, "HOSP", "number")
    special = pl.when(pl.col("YRKE") == "LK").then(lasting.choose("SPECIALITET", _SPECIALTIES))
    rows = _licensed(wanted).with_columns(SPECIALITET=special, STATUS=lasting.choose("STATUS", _STATUS))
    return rows.select("number", "AR", "YRKE", "LEGDATUM", "SPECIALITET", "STATUS").collect()


def donations(wanted: RegisterYear) -> pl.DataFrame:
    """DONATION: what somebody wants to become of their organs. It is made so that it can be refused."""
    draws = wanted.draws("number")
    registered = living(wanted.persons, wanted.year).lazy().filter(draws.chance("registered", _REGISTERED))
    rows = registered.with_columns(
        pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
        ANMALDATUM=date_in_year(pl.lit(wanted.year), draws, "day"),
        STALLNING=draws.choose("STALLNING", _STANCES),
    )
    return rows.select("number", "AR", "ANMALDATUM", "STALLNING").collect()


def _licensed(wanted: RegisterYear) -> pl.LazyFrame:
    """Licensed persons, the same ones year after year, in a profession and since a day that never change."""
    lasting = Draws(wanted.seed, "licences", "number")
    licensed = living(wanted.persons, wanted.year).lazy().filter(lasting.chance("licensed", _LICENSED))
    since = pl.col("birth_date").dt.offset_by("24y") + pl.duration(days=lasting.below("since", 360))
    return (
        licensed.with_columns(
            pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
            LEGDATUM=since,
            last_day=pl.date(wanted.year, 12, 31),
            YRKE=lasting.choose("YRKE", _PROFESSIONS),
            KON="sex",
            LK="municipality",
        )
        .with_columns(age_on("last_day").alias("ALDER"))
        .filter(pl.col("ALDER") >= _YOUNGEST)
    )
