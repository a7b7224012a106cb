"""The code key (kodnyckel): which serial number stands for whom, within one case.

What belongs here: get-or-create of serial numbers, and what the table looks like. What must not: how values are drawn
(``serial_numbers``), how they are kept (``vault``), which numbers are one person (``persons``).

Columns: ``number`` Int64, ``serial_number`` Int32, ``generation`` Int16 (in which the row came). Both numbers are
unique. Each identifier kind (person, workplace, …) has a store and so a series of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from samkorning.errors import CheckFailed
from samkorning.serial_numbers import draw_serial_numbers
from samkorning.vault.store import Store

SCHEMA = pl.Schema({"number": pl.Int64, "serial_number": pl.Int32, "generation": pl.Int16})


@dataclass(frozen=True)
class Extension:
    """What an extension did: the generation it ended in, how many numbers were known before, how many were drawn."""

    generation: int
    known: int
    drawn: int


def extend_code_key(store: Store, numbers: pl.Series | pl.DataFrame, random_bytes: Callable[[int], bytes]) -> Extension:
    """Give every number a serial number: keep those it has, draw for the rest, in one generation.

    ``numbers`` is an Int64 series, or a frame with an Int64 column ``number``; repetitions count once. Run again it
    changes nothing. CheckFailed if a number is missing, CaseBusy if another process holds the case, RuleRefused if the
    range is too full.
    """
    asked = _distinct(numbers)
    with store.exclusive():
        held = read_code_key(store)
        unknown = asked if held.is_empty() else asked.filter(~asked.is_in(held["number"].implode()))
        known, drawn = len(asked) - len(unknown), len(unknown)
        latest = store.latest()
        last = latest.number if latest else 0
        if not drawn:
            return Extension(last, known, drawn)
        serial_numbers = draw_serial_numbers(drawn, held["serial_number"], random_bytes)
        rows = pl.concat([held, _rows(unknown, serial_numbers, last + 1)])
        committed = store.replace(rows, facts={"known": known, "drawn": drawn})
    return Extension(committed.number, known, drawn)


def read_code_key(store: Store) -> pl.DataFrame:
    """Give the newest code key, empty before the first generation."""
    if store.latest() is None:
        return SCHEMA.to_frame()
    return store.scan().collect()


def _distinct(numbers: pl.Series | pl.DataFrame) -> pl.Series:
    series = numbers["number"] if isinstance(numbers, pl.DataFrame) else numbers.alias("number")
    if series.dtype != pl.Int64:
        raise CheckFailed(f"code key: numbers come as Int64, not {series.dtype}; normalise them first")
    if series.null_count():
        raise CheckFailed(f"code key: {series.null_count()} rows have no number; diagnose and set them aside first")
    return series.unique()


def _rows(numbers: pl.Series, serial_numbers: pl.Series, generation: int) -> pl.DataFrame:
    return pl.DataFrame({"number": numbers, "serial_number": serial_numbers}).with_columns(
        pl.lit(generation, dtype=pl.Int16).alias("generation")
    )
