"""Extending the code key: every number gets a serial number, and keeps it."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from samkorning.code_key.serial_numbers import draw_serial_numbers
from samkorning.code_key.table import in_order, next_generation, read_code_key, rows_of
from samkorning.errors import CheckFailed
from samkorning.vault.store import Store


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
    asked = distinct_numbers(numbers)
    with store.exclusive():
        held, generation = read_code_key(store), next_generation(store)
        unknown = asked if held.is_empty() else asked.filter(~asked.is_in(held["number"].drop_nulls().implode()))
        known, drawn = len(asked) - len(unknown), len(unknown)
        if not drawn:
            return Extension(generation - 1, known, drawn)
        serial_numbers = draw_serial_numbers(drawn, held["serial_number"], random_bytes)
        rows = in_order(pl.concat([held, rows_of(unknown, serial_numbers, generation)]))
        store.replace(rows, facts={"known": known, "drawn": drawn})
    return Extension(generation, known, drawn)


def distinct_numbers(numbers: pl.Series | pl.DataFrame) -> pl.Series:
    """Give the numbers once each; CheckFailed, quoting none, if they are not Int64 or some are missing."""
    series = numbers["number"] if isinstance(numbers, pl.DataFrame) else numbers.alias("number")
    if series.dtype != pl.Int64:
        raise CheckFailed(f"code key: numbers come as Int64, not {series.dtype}; normalise them first")
    if series.null_count():
        raise CheckFailed(f"code key: {series.null_count()} rows have no number; diagnose and set them aside first")
    return series.unique()
