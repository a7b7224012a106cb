"""The lookup from every number a person has had to that person's one serial number.

What belongs here: bringing code key and number history together. What must not: drawing serial numbers (the code key
does), or the history's own consistency (samkorning.persons.number_history).
"""

from dataclasses import dataclass

import polars as pl

from samkorning.identity import IdentityRules
from samkorning.linkage.searching import among

NUMBER, PERSON_NUMBER, SERIAL_NUMBER, REUSED = "number", "person_number", "serial_number", "reused"


@dataclass(frozen=True)
class ColumnLookup:
    """What one identifier column is linked with.

    ``rules`` say how its values are read. ``serial_numbers`` has ``number`` first (Int64, each once), ``serial_number``
    (Int32) and ``reused`` (Int8). ``others`` has ``issuer``, ``text`` and ``number`` of identities that are text,
    where the case has any.
    """

    rules: IdentityRules
    serial_numbers: pl.LazyFrame
    others: pl.LazyFrame | None = None


def serial_number_lookup(code_key: pl.LazyFrame, persons: pl.LazyFrame) -> pl.LazyFrame:
    """Every number that leads to a serial number, and whether it has belonged to several persons.

    A person found in the code key under any of several numbers is found under all of them. A number in the code key
    keeps its serial number whatever a later history says; numbers that a history adds take the serial number of their
    person that was drawn first.

    :param code_key: columns ``number`` (Int64), ``serial_number`` (Int32) and ``generation``.
    :param persons: columns ``number``, ``person_number`` (Int64) and ``reused`` (Boolean), each number of the history.
    :returns: columns ``number``, ``serial_number`` and ``reused`` (Int8: 1 or 0), each number once.
    """
    key = code_key.drop_nulls(NUMBER)
    if _is_empty(persons):
        return key.select(NUMBER, SERIAL_NUMBER, pl.lit(0, dtype=pl.Int8).alias(REUSED))
    known = _by_history(key, persons)
    owned = persons.join(known, on=NUMBER).with_columns((pl.col(NUMBER) != pl.col(PERSON_NUMBER)).alias("old"))
    first_drawn = owned.sort(PERSON_NUMBER, "generation", "old", SERIAL_NUMBER).unique(PERSON_NUMBER, keep="first")
    added = persons.join(first_drawn.select(PERSON_NUMBER, SERIAL_NUMBER), on=PERSON_NUMBER)
    added = added.join(known, on=NUMBER, how="anti").select(NUMBER, SERIAL_NUMBER)
    reused = persons.filter(REUSED).select(NUMBER).collect().to_series()
    every = pl.concat([key.select(NUMBER, SERIAL_NUMBER), added])
    return every.with_columns(pl.col(NUMBER).is_in(reused.implode()).cast(pl.Int8).alias(REUSED))


def of_population(lookup: pl.LazyFrame, population: pl.LazyFrame, persons: pl.LazyFrame) -> pl.LazyFrame:
    """Those of a lookup that lead to somebody of whom a number is in a population.

    Only a history gives somebody several numbers, so that all others are asked for by the one that they have.

    :param lookup: as ``serial_number_lookup`` gives it of the same ``persons``; :param population: ``number`` (Int64).
    """
    if not _is_empty(persons):
        known = _by_history(lookup, persons)
        inside = population.join(known, on=NUMBER).select(SERIAL_NUMBER)
        population = pl.concat([population, known.join(inside, on=SERIAL_NUMBER, how="semi").select(NUMBER)])
    return among(lookup, NUMBER, population)


def _by_history(rows: pl.LazyFrame, persons: pl.LazyFrame) -> pl.LazyFrame:
    """The few rows whose numbers a history names: everything else is joined with these, and never with all."""
    return rows.join(persons.select(NUMBER), on=NUMBER, how="semi").collect(engine="streaming").lazy()


def _is_empty(rows: pl.LazyFrame) -> bool:
    return rows.head(1).collect().is_empty()


def numbers_to_add(numbers: pl.LazyFrame, lookup: pl.LazyFrame, persons: pl.LazyFrame) -> pl.LazyFrame:
    """The persons among some numbers who have no serial number yet, each once, by their latest number.

    :param numbers: column ``number`` (Int64); may repeat.
    :returns: column ``number``.
    """
    unknown = numbers.select(NUMBER).unique().join(lookup, on=NUMBER, how="anti")
    latest = unknown.join(persons.select(NUMBER, PERSON_NUMBER), on=NUMBER, how="left")
    return latest.select(pl.coalesce(PERSON_NUMBER, NUMBER).alias(NUMBER)).unique()
