"""The patient register (PAR): inpatient care PAR_SV, specialised outpatient care PAR_OV, compulsory psychiatry PAR_TV.

What belongs here: their variables under the delivered names. What must not: who the persons are.
INDATUMA is the admission date as text; where the register knows only the month, it ends in 00 and INDATUM is null.
"""

import polars as pl

from samkorning.synthetic import code_lists as codes
from samkorning.synthetic.draws import Draws
from samkorning.synthetic.events import (
    RegisterYear,
    age_on,
    care_group,
    draw_events,
    first_of,
    number_on,
    within_life,
)
from samkorning.synthetic.life import date_in_year

_PLACES = {"DIA": 30, "EKOD": 7, "OP": 30}
_FILLED = {"DIA": 10, "EKOD": 2, "OP": 5}  # places after these are empty
_DIAGNOSES, _CAUSES, _PROCEDURES = (
    tuple(f"{prefix}{place}" for place in range(1, places + 1)) for prefix, places in _PLACES.items()
)
_WHERE = ("ALDER", "KON", "LK", "SJUKHUS", "MVO")
_CARE = ("HDIA", *_DIAGNOSES, *_CAUSES, *_PROCEDURES, *_WHERE)
INPATIENT_COLUMNS = ("number", "AR", "INDATUM", "INDATUMA", "UTDATUM", *_CARE, "INSATT", "UTSATT")
OUTPATIENT_COLUMNS = ("number", "AR", "INDATUM", "INDATUMA", *_CARE, "PVARD")
COMPULSORY_COLUMNS = ("number", "AR", "INDATUM", "INDATUMA", "UTDATUM", "LAG", "HDIA", *_DIAGNOSES, *_CAUSES, *_WHERE)


def inpatient(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """Stays that ended in the year (AR is the year of discharge), one row each."""
    draws = wanted.draws()
    stays = (
        draw_events(wanted, per_person)
        .lazy()
        .with_columns(UTDATUM=date_in_year(pl.lit(wanted.year), draws, "day"))
        .with_columns(admitted=pl.col("UTDATUM") - pl.duration(days=draws.choose("stay", codes.DAYS_IN_HOSPITAL)))
        .filter(within_life("admitted", "UTDATUM"))
        .with_columns(*_care(draws), *_admission(draws, 0.002))
        .with_columns(
            draws.choose("INSATT", codes.ADMITTED_FROM).alias("INSATT"),
            draws.choose("UTSATT", codes.DISCHARGED_TO).alias("UTSATT"),
        )
    )
    return _finished(stays, wanted, INPATIENT_COLUMNS)


def outpatient(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """Visits in the year, one row each."""
    draws = wanted.draws()
    visits = (
        draw_events(wanted, per_person)
        .lazy()
        .with_columns(admitted=date_in_year(pl.lit(wanted.year), draws, "day"))
        .filter(within_life("admitted", "admitted"))
        .with_columns(*_care(draws), *_admission(draws, 0.0005))
        .with_columns(PVARD=draws.choose("PVARD", codes.CONTACT_FORMS))
    )
    return _finished(visits, wanted, OUTPATIENT_COLUMNS)


def compulsory(wanted: RegisterYear, per_person: float) -> pl.DataFrame:
    """Stays under the laws of compulsory and forensic psychiatric care that ended in the year, one row each."""
    draws = wanted.draws()
    stays = (
        draw_events(wanted, per_person)
        .lazy()
        .with_columns(UTDATUM=date_in_year(pl.lit(wanted.year), draws, "day"))
        .with_columns(admitted=pl.col("UTDATUM") - pl.duration(days=draws.choose("stay", codes.DAYS_COMPULSORY)))
        .filter(within_life("admitted", "UTDATUM") & (age_on("admitted") >= 18))
        .with_columns(*_care(draws), *_admission(draws, 0.0005))
        .with_columns(
            HDIA=draws.choose("psychiatric", codes.PSYCHIATRIC_DIAGNOSES),
            MVO=draws.choose("MVO", codes.PSYCHIATRIC_SPECIALTIES),
            LAG=draws.choose("LAG", codes.COMPULSORY_LAWS),
        )
    )
    return _finished(stays, wanted, COMPULSORY_COLUMNS)


def _care(draws: Draws) -> list[pl.Expr]:
    county = pl.col("municipality").str.slice(0, 2)
    return [
        draws.choose_by("HDIA", care_group("admitted"), codes.MAIN_DIAGNOSES).alias("HDIA"),
        draws.choose("diagnoses", codes.OTHER_DIAGNOSIS_COUNT).alias("diagnoses"),
        draws.choose("procedures", codes.PROCEDURE_COUNT).alias("procedures"),
        age_on("admitted").alias("ALDER"),
        pl.col("sex").alias("KON"),
        pl.when(~draws.chance("LK", 0.005)).then("municipality").alias("LK"),
        (county + draws.choose("SJUKHUS", codes.HOSPITAL_SUFFIXES)).alias("SJUKHUS"),
        draws.choose("MVO", codes.SPECIALTIES).alias("MVO"),
    ]


def _admission(draws: Draws, day_unknown: float) -> list[pl.Expr]:
    unknown, text = draws.chance("day unknown", day_unknown), pl.col("admitted").dt.strftime("%Y%m%d")
    return [
        pl.when(~unknown).then("admitted").alias("INDATUM"),
        pl.when(unknown).then(text.str.slice(0, 6) + "00").otherwise(text).alias("INDATUMA"),
    ]


def _finished(events: pl.LazyFrame, wanted: RegisterYear, columns: tuple[str, ...]) -> pl.DataFrame:
    draws = wanted.draws()
    injury = pl.col("HDIA").str.slice(0, 1).is_in(["S", "T"])
    return (
        events.with_columns(
            pl.lit(wanted.year, dtype=pl.Int32).alias("AR"),
            number_on("admitted", draws),
            pl.when(injury).then(draws.choose("EKOD1", codes.EXTERNAL_CAUSES)).alias("EKOD1"),
            pl.when(injury & draws.chance("second", 0.08))
            .then(draws.choose("EKOD2", codes.EXTERNAL_CAUSES))
            .alias("EKOD2"),
            *first_of("DIA", _FILLED["DIA"], "diagnoses", draws, codes.OTHER_DIAGNOSES),
            *first_of("OP", _FILLED["OP"], "procedures", draws, codes.PROCEDURES),
            *_empty_places(),
        )
        .select(columns)
        .collect()
    )


def _empty_places() -> list[pl.Expr]:
    return [
        pl.lit(None, dtype=pl.String).alias(f"{prefix}{place}")
        for prefix, places in _PLACES.items()
        for place in range(_FILLED[prefix] + 1, places + 1)
    ]
