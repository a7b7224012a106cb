"""Importing a code key that another authority made: its serial numbers hold in this case from then on.

What belongs here: which rows are accepted, and storing them. What must not: reading files (``register_files``),
diagnosing identity numbers (``identity``).
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from samkorning.code_key.table import in_order, next_generation, read_code_key, rows_of
from samkorning.errors import FileRefused
from samkorning.vault.store import Store

LARGEST = 2**31 - 1
ROWS_NAMED = 10


class ImportFault(StrEnum):
    """Why a row of an imported code key cannot be taken."""

    NUMBER_MISSING = "number_missing"
    """The identity number is missing or not valid."""
    SERIAL_NUMBER_INVALID = "serial_number_invalid"
    """The serial number is not a whole number of 1 to 2,147,483,647 without a leading zero."""
    NUMBER_REPEATED = "number_repeated"
    """The identity number stands in the file with several serial numbers."""
    SERIAL_NUMBER_REPEATED = "serial_number_repeated"
    """The serial number stands in the file for several identity numbers."""
    NUMBER_KNOWN = "number_known"
    """The case's code key has another serial number for this identity number."""
    SERIAL_NUMBER_TAKEN = "serial_number_taken"
    """The case's code key has given this serial number to somebody else, or withdrawn it."""


@dataclass(frozen=True)
class Imported:
    """What an import did: the generation it ended in, how many pairs were known before, how many came."""

    generation: int
    known: int
    added: int


def import_code_key(store: Store, file: str, rows: pl.DataFrame) -> Imported:
    """Add the pairs of another authority's code key, all or none, in one generation.

    ``rows`` has ``number`` (Int64, null where diagnosis found no valid number) and ``serial_number`` (String as read).
    A pair that is known, or that stands in the file twice, counts once. FileRefused, naming rows and faults and no
    value, if a row cannot be taken.
    """
    with store.exclusive():
        held, generation = read_code_key(store), next_generation(store)
        rows_then = with_imported(held, generation, file, rows)
        added = rows_then.height - held.height
        known = _pairs(rows).unique().height - added
        if not added:
            return Imported(generation - 1, known, 0)
        store.replace(rows_then, facts={"known": known, "imported": added})
    return Imported(generation, known, added)


def with_imported(held: pl.DataFrame, generation: int, file: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Give a code key as it is with the pairs of another authority's; FileRefused if a row cannot be taken."""
    faults = import_faults(rows, held)
    if faults.height:
        raise FileRefused(file, _in_words(faults), "ask the authority that made the code key for a corrected file")
    new = _pairs(rows).unique().join(held, on=["number", "serial_number"], how="anti")
    return in_order(pl.concat([held, rows_of(new["number"], new["serial_number"], generation)]))


def import_faults(rows: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    """Give every row that cannot be taken: ``row`` (UInt32, 1-based data row) and ``fault``, in the file's order."""
    taken = held.select("serial_number", pl.col("number").alias("holder")).with_columns(is_taken=True)
    given = held.drop_nulls("number").select("number", pl.col("serial_number").alias("given"))
    looked_up = (
        _pairs(rows)
        .with_row_index("row", offset=1)
        .join(given, on="number", how="left", maintain_order="left")
        .join(taken, on="serial_number", how="left", maintain_order="left")
    )
    return looked_up.select("row", _fault().alias("fault")).drop_nulls()


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Cast only what the pattern has accepted; the rest becomes null and is reported as a fault."""
    text = pl.col("serial_number")
    accepted = pl.when(text.str.contains(r"^[1-9][0-9]{0,9}$")).then(text).cast(pl.Int64)
    return rows.select("number", accepted.alias("serial_number")).with_columns(
        pl.when(pl.col("serial_number") <= LARGEST).then(pl.col("serial_number")).cast(pl.Int32).alias("serial_number")
    )


def _fault() -> pl.Expr:
    number, serial_number = pl.col("number"), pl.col("serial_number")
    is_other_holder = pl.col("is_taken").is_not_null() & ~number.eq_missing(pl.col("holder"))
    return (
        pl.when(number.is_null())
        .then(pl.lit(ImportFault.NUMBER_MISSING.value))
        .when(serial_number.is_null())
        .then(pl.lit(ImportFault.SERIAL_NUMBER_INVALID.value))
        .when(serial_number.n_unique().over("number") > 1)
        .then(pl.lit(ImportFault.NUMBER_REPEATED.value))
        .when(number.n_unique().over("serial_number") > 1)
        .then(pl.lit(ImportFault.SERIAL_NUMBER_REPEATED.value))
        .when(pl.col("given") != serial_number)
        .then(pl.lit(ImportFault.NUMBER_KNOWN.value))
        .when(is_other_holder)
        .then(pl.lit(ImportFault.SERIAL_NUMBER_TAKEN.value))
    )


def _in_words(faults: pl.DataFrame) -> str:
    """The faults by kind, with counts and the first rows."""
    sentences = []
    for (fault,), rows in faults.group_by("fault", maintain_order=True):
        named = ", ".join(map(str, rows["row"].head(ROWS_NAMED)))
        more = ", …" if rows.height > ROWS_NAMED else ""
        sentences.append(f"{rows.height} rows break {fault} (rows {named}{more})")
    return "; ".join(sentences)
