"""Entries in a study: a person and, where there is one, the index date (indexdatum) of that person.

What belongs here: from a table of text to entries, and entries as the text of a file of the service's own. What must
not: who is chosen among them, or serial numbers. A person may stand in a study with several index dates.
"""

from dataclasses import dataclass

import polars as pl

from samkorning.identity import IdentityRules, diagnose
from samkorning.persons.population import one_form

ENTRY = pl.Schema({"number": pl.Int64, "issuer": pl.String, "text": pl.String, "index_date": pl.Date})
"""A national number, or the text of another issuer; the index date is null where there is none."""
TWELVE = 12
_SHAPES = ("%Y-%m-%d", "%Y%m%d")


@dataclass(frozen=True)
class Entries:
    """Distinct entries (columns of ``ENTRY``), and how many persons there are, those without an index date too."""

    frame: pl.DataFrame
    persons: int


def entries_in(table: pl.LazyFrame, column: str, rules: IdentityRules, index_date: str | None) -> Entries:
    """The entries of a file as read, all columns text.

    :param column: the column with the identity number.
    :param index_date: the column with the index date, as ``YYYY-MM-DD`` or ``YYYYMMDD``; where it cannot be read as a
        day, the row is no entry.
    """
    day = _day(index_date) if index_date else pl.lit(None, pl.Date)
    read = table.select(pl.col(column).alias("value"), day.alias("index_date")).collect(engine="streaming")
    found = diagnose(read, "value", rules, prefix="")
    valid = found.filter(pl.col("problem").is_null())
    dated = valid.filter(pl.col("index_date").is_not_null()) if index_date else valid
    entries = dated.select(*one_form(), "index_date").unique().sort(pl.all())
    return Entries(entries, valid.select(one_form()).n_unique())


def of_persons(persons: pl.DataFrame) -> pl.DataFrame:
    """Entries of persons by their national numbers: ``person`` (Int64) and ``index_date`` (Date)."""
    nothing = [pl.lit(None, pl.String).alias(name) for name in ("issuer", "text")]
    return persons.select(pl.col("person").alias("number"), *nothing, "index_date").cast(ENTRY)


def as_text() -> pl.Expr:
    """The identity of an entry as people write it."""
    return pl.coalesce("text", pl.col("number").cast(pl.String).str.zfill(TWELVE))


def _day(column: str) -> pl.Expr:
    return pl.coalesce(*(pl.col(column).str.to_date(shape, strict=False) for shape in _SHAPES))
