"""Municipal care and social services: HSL, SOL, LSS, BU, EKB and LVM.

What belongs here: their variables under the delivered names, and who is near to having them. What must not: who the
persons are. HSL, SOL and EKB have a row a month, the others a row for each service or decision.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.synthetic.draws import Draws, weighted, weighted_numbers
from samkorning.synthetic.events import RegisterYear, age_on, first_of, living, number_on
from samkorning.synthetic.life import date_in_year

_WHO = ("ALDER", "KON", "LK")
_MONTHS = weighted_numbers({1: 10, 2: 8, 3: 8, 4: 6, 6: 8, 9: 4, 12: 20})
_YES = weighted({"1": 60, "0": 40})
_SELDOM = weighted({"1": 12, "0": 88})
_HOUSING = weighted({"1": 66, "2": 28, "3": 6})
_MUNICIPAL_PROCEDURES = {"AV061": 8, "DT016": 20, "GD001": 6, "QV012": 14, "DR029": 10, "AU124": 5, "ZV044": 5}
_PROCEDURE_COUNT = weighted_numbers({0: 20, 1: 40, 2: 25, 3: 10, 4: 4, 5: 1})
_GROUPS = weighted({"1": 88, "2": 2, "3": 10})
_LSS_SERVICES = weighted({"2": 6, "3": 9, "4": 20, "5": 4, "6": 10, "7": 5, "8": 1, "9": 28, "10": 38})
_HOURS = weighted_numbers({20: 3, 40: 6, 80: 8, 120: 8, 160: 2})
_LAWS = weighted({"1": 78, "2": 16, "3": 6})
_CHILD_SERVICES = weighted({"1": 30, "2": 20, "3": 6, "4": 3, "5": 40})
_HOUSEHOLDS = weighted({"1": 62, "2": 16, "3": 6, "4": 16})
_OBSTACLES = weighted({"1": 44, "2": 12, "3": 14, "4": 12, "5": 4, "6": 10}, missing=4)
_DECISIONS = weighted({"1": 60, "2": 34, "3": 6})
_ABUSES = weighted({"1": 44, "2": 30, "3": 1, "4": 25})


@dataclass(frozen=True)
class _Group:
    """Who is near to a service: a share of those of some ages."""

    share: float
    youngest: int
    oldest: int


def municipal_health_care(wanted: RegisterYear) -> pl.DataFrame:
    """HSL: months with health care from the municipality, mostly of the oldest."""
    draws = wanted.draws()
    months = _by_month(_recipients(wanted, _Group(0.11, 65, 120)), wanted).with_columns(
        HSLVARD=pl.lit("1"), procedures=draws.choose("procedures", _PROCEDURE_COUNT)
    )
    codes = first_of("KVA", 5, "procedures", draws, _MUNICIPAL_PROCEDURES)
    coded = months.with_columns(*codes, pl.lit(None, dtype=pl.String).alias("KVA6"))
    return _collected(coded, ("MANAD", *_WHO, "HSLVARD", *(f"KVA{n}" for n in range(1, 7))))


def elderly_care(wanted: RegisterYear) -> pl.DataFrame:
    """SOL: months with services for older persons."""
    draws, home = wanted.draws(), pl.col("BOFORM") == "1"
    months = _by_month(_recipients(wanted, _Group(0.12, 65, 120)), wanted).with_columns(
        BOFORM=wanted.draws("number").choose("BOFORM", _HOUSING)
    )
    granted = months.with_columns(
        HTJ=pl.when(home).then(draws.choose("HTJ", _YES)).otherwise(pl.lit("0")),
        TRYGG=pl.when(home).then(draws.choose("TRYGG", _YES)).otherwise(pl.lit("0")),
        DAGV=draws.choose("DAGV", _SELDOM),
        LEDSAG=draws.choose("LEDSAG", _SELDOM),
    )
    hours = pl.when(pl.col("HTJ") == "1").then(2 + draws.below("hours", 90))
    return _collected(
        granted.with_columns(HTJTIM=hours), ("MANAD", *_WHO, "BOFORM", "HTJ", "HTJTIM", "TRYGG", "DAGV", "LEDSAG")
    )


def services_for_impairments(wanted: RegisterYear) -> pl.DataFrame:
    """LSS: what is granted to persons with impairments, decided once and counted each year."""
    lasting = Draws(wanted.seed, "LSS", "number")
    who = _recipients(wanted, _Group(0.011, 5, 75), lasting).with_columns(
        PERSONKRETS=lasting.choose("PERSONKRETS", _GROUPS),
        INSATS=lasting.choose("INSATS", _LSS_SERVICES),
        BESLUTSDATUM=pl.date(wanted.year, 1, 1) - pl.duration(days=lasting.below("decided", 400)),
        day=pl.date(wanted.year, 1, 1),
    )
    hours = pl.when(pl.col("INSATS") == "2").then(lasting.choose("TIMMAR", _HOURS))
    return _collected(
        _described(who.with_columns(TIMMAR=hours), wanted), (*_WHO, "PERSONKRETS", "INSATS", "BESLUTSDATUM", "TIMMAR")
    )


def services_for_children(wanted: RegisterYear) -> pl.DataFrame:
    """BU: services that began in the year, for persons under 21."""
    draws = wanted.draws("number")
    who = _recipients(wanted, _Group(0.02, 0, 20)).with_columns(
        LAGRUM=draws.choose("LAGRUM", _LAWS), INSATS=draws.choose("INSATS", _CHILD_SERVICES)
    )
    return _collected(_with_end(who, wanted, "FROM", 700), (*_WHO, "LAGRUM", "INSATS", "FROM", "TILL"))


def social_assistance(wanted: RegisterYear) -> pl.DataFrame:
    """EKB: months with social assistance, one row for the applicant of each household."""
    lasting, draws = Draws(wanted.seed, "EKB", "number"), wanted.draws()
    months = _by_month(_recipients(wanted, _Group(0.03, 18, 64)), wanted).with_columns(
        HUSHALL="H" + pl.col("row_of_person").cast(pl.String).str.zfill(8),
        HUSHTYP=lasting.choose("HUSHTYP", _HOUSEHOLDS),
    )
    paid = months.with_columns(
        ANTBARN=pl.when(pl.col("HUSHTYP").is_in(["2", "4"])).then(1 + lasting.below("children", 4)).otherwise(0),
        BELOPP=1_000 + 50 * draws.below("BELOPP", 240),
        HINDER=draws.choose("HINDER", _OBSTACLES),
    )
    return _collected(paid, ("MANAD", *_WHO, "HUSHALL", "HUSHTYP", "ANTBARN", "BELOPP", "HINDER"))


def compulsory_care_of_abuse(wanted: RegisterYear) -> pl.DataFrame:
    """LVM: decisions of the year."""
    draws = wanted.draws("number")
    who = _recipients(wanted, _Group(0.0012, 18, 75)).with_columns(
        BESLUT=draws.choose("BESLUT", _DECISIONS), MISSBRUK=draws.choose("MISSBRUK", _ABUSES)
    )
    return _collected(_with_end(who, wanted, "BESLDATUM", 190), (*_WHO, "BESLDATUM", "BESLUT", "MISSBRUK", "TILL"))


def _recipients(wanted: RegisterYear, group: _Group, draws: Draws | None = None) -> pl.DataFrame:
    """Who has the service in the year: drawn anew each year, or as ``draws`` says; at least one where anybody can."""
    draws, age = draws or wanted.draws("number"), wanted.year - pl.col("birth_date").dt.year()
    near = living(wanted.persons, wanted.year).filter(age.is_between(group.youngest, group.oldest))
    whole = pl.int_range(pl.len(), dtype=pl.Int64).alias("row_of_person")
    return near.filter(
        draws.pick("recipient", max(1, round(near.height * group.share)), pl.lit(value=True))
    ).with_columns(whole)


def _by_month(who: pl.DataFrame, wanted: RegisterYear) -> pl.LazyFrame:
    """A row for each month of a time that begins in some month, while the person lives."""
    draws = wanted.draws("number")
    first = 1 + draws.below("first month", 12)
    spans = (
        who.lazy().with_columns(first=first).with_columns(last=pl.col("first") + draws.choose("months", _MONTHS) - 1)
    )
    months = spans.join(pl.LazyFrame({"MANAD": range(1, 13)}), how="cross").with_columns(
        day=pl.date(wanted.year, pl.col("MANAD"), 1)
    )
    alive = pl.col("death_date").is_null() | (pl.col("death_date") >= pl.col("day"))
    within = pl.col("MANAD").is_between("first", "last") & alive & (pl.col("birth_date") <= pl.col("day"))
    counted = months.filter(within).with_columns(
        row=pl.col("row_of_person").cast(pl.UInt64) * 12 + pl.col("MANAD").cast(pl.UInt64)
    )
    return _described(counted, wanted)


def _with_end(who: pl.DataFrame, wanted: RegisterYear, first: str, most_days: int) -> pl.LazyFrame:
    """A first day in the year, within life, and a last day that is empty where it lies beyond the year."""
    draws = wanted.draws("number")
    begun = who.lazy().with_columns(day=date_in_year(pl.lit(wanted.year), draws, "day"))
    alive = pl.col("death_date").is_null() | (pl.col("death_date") >= pl.col("day"))
    last = pl.col("day") + pl.duration(days=draws.below("days", most_days))
    kept = begun.filter(alive & (pl.col("birth_date") <= pl.col("day"))).with_columns(
        pl.col("day").alias(first), TILL=pl.when(last.dt.year() == wanted.year).then(last)
    )
    return _described(kept, wanted)


def _described(rows: pl.LazyFrame | pl.DataFrame, wanted: RegisterYear) -> pl.LazyFrame:
    """Age, sex, place and the number held on ``day``."""
    return rows.lazy().with_columns(
        pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
        age_on("day").alias("ALDER"),
        number_on("day", wanted.draws("number")),
        KON="sex",
        LK="municipality",
    )


def _collected(rows: pl.LazyFrame, columns: Sequence[str]) -> pl.DataFrame:
    return rows.select("number", "AR", *columns).collect()
