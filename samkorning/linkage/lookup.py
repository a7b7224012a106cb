"""The lookup from every number a person has had to that person's one serial number.

What belongs here: bringing code key and number history together. What must not: drawing serial numbers (the code key
does), or the history's own consistency (samkorning.persons.number_history).
"""

from dataclasses import dataclass

import polars as pl

from samkorning.identity import IdentityRules

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
    owned = persons.join(key, on=NUMBER).with_columns((pl.col(NUMBER) != pl.col(PERSON_NUMBER)).alias("old"))
    first_drawn = owned.sort(PERSON_NUMBER, "generation", "old", SERIAL_NUMBER).unique(PERSON_NUMBER, keep="first")
    added = persons.join(first_drawn.select(PERSON_NUMBER, SERIAL_NUMBER), on=PERSON_NUMBER)
    added = added.join(key, on=NUMBER, how="anti").select(NUMBER, SERIAL_NUMBER)
    reused = persons.filter(REUSED).select(NUMBER, pl.lit(1, dtype=pl.Int8).alias(REUSED))
    every = pl.concat([key.select(NUMBER, SERIAL_NUMBER), added])
    return every.join(reused, on=NUMBER, how="left").with_columns(pl.col(REUSED).fill_null(0))


def numbers_to_add(numbers: pl.LazyFrame, lookup: pl.LazyFrame, persons: pl.LazyFrame) -> pl.LazyFrame:
    """The persons among some numbers who have no serial number yet, each once, by their latest number.

    :param numbers: column ``number`` (Int64); may repeat.
    :returns: column ``number``.
    """
    unknown = numbers.select(NUMBER).unique().join(lookup, on=NUMBER, how="anti")
    latest = unknown.join(persons.select(NUMBER, PERSON_NUMBER), on=NUMBER, how="left")
    return latest.select(pl.coalesce(PERSON_NUMBER, NUMBER).alias(NUMBER)).unique()
