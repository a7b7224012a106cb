"""Values of own registers: each is exactly what the catalogue's type can hold, or it is counted as a fault.

What belongs here: one rule for every form that a value comes in (text, whole number, floating point, exact decimal,
date, time) and every type of the catalogue. What must not: files (loading). No message holds a value.

Casts of the engine cut silently: nothing is cast that has not been seen to fit, and what has been cast must come back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import polars as pl

from samkorning.own_registers.catalogue import CatalogueVariable
from samkorning.own_registers.person_column import NUMBER

TYPES: dict[str, type[pl.DataType]] = {"text": pl.String, "integer": pl.Int64, "decimal": pl.Float64, "date": pl.Date}
_WHOLE = "^(0|-?[1-9][0-9]*)$"
_NUMBER = "^-?(0|[1-9][0-9]*)([.,][0-9]+)?([eE][+-]?[0-9]{1,4})?$"
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_ALWAYS_EXACT = 15  # characters: so many digits come back from 64-bit floating point whatever they are
_FIRST_INEXACT = 2**53
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # the years 1 to 9999, in days from 1970


class Fault(StrEnum):
    """Why a value is not taken; the value is what a message says after how many."""

    NOT_OF_TYPE = "not of its type"
    DECIMALS = "with decimals"
    BEYOND = "beyond what is kept"
    DIGITS = "with more digits than are kept"
    TIME = "with a time of day"
    LENGTH = "longer than the catalogue says"
    MISSING = "missing"
    NOT_TWELVE_DIGITS = "not of twelve digits"
    IDENTITY = "not read as a number of its issuer"
    ISSUER = "of an issuer that is not known"


@dataclass(frozen=True)
class Read:
    """A column as its type, null where nothing stands or a fault is; and how many of each fault."""

    values: pl.Series
    faults: dict[Fault, int]


Reader = Callable[[pl.Series], tuple[pl.Series, list[tuple[Fault, pl.Series]]]]


def read_values(column: pl.Series, variable: CatalogueVariable) -> Read:
    """A column of any type as the catalogue has it; missing stays missing, -0.0 is 0.0, NaN is missing."""
    family = _family(column.dtype)
    if family == "nothing":
        return Read(column.cast(TYPES[variable.type]), {})
    if column.dtype.is_float():
        column = column.fill_nan(None)
    reader = _READERS.get((family, variable.type), _refuse_all)
    values, checks = reader(column.cast(pl.String) if family == "text" else column)
    if variable.type in ("text", "integer"):
        checks = [*checks, (Fault.LENGTH, values.cast(pl.String).str.len_chars() > variable.length)]
    return _counted(values, checks)


def read_identifier(column: pl.Series, variable: CatalogueVariable) -> Read:
    """An identifier column beside the person: missing, or a number of twelve digits where it holds whole numbers."""
    read = read_values(column, variable)
    if variable.type != "integer":
        return read
    odd = read.values.is_not_null() & ~read.values.is_between(10**11, 10**12 - 1)
    faults = {**read.faults, Fault.NOT_TWELVE_DIGITS: int(odd.sum())} if odd.any() else read.faults
    return Read(read.values.set(odd, None), faults)


def read_numbers(column: pl.Series) -> Read:
    """The identity column: national numbers of twelve digits, none missing."""
    wanted = CatalogueVariable(name=NUMBER, type="integer", length=20, label_sv="", label_en="")
    read = read_values(column, wanted)
    faulty = sum(read.faults.values())
    missing = read.values.null_count() - faulty
    outside = int((~read.values.is_between(10**11, 10**12 - 1)).sum())
    more = {Fault.MISSING: missing, Fault.NOT_TWELVE_DIGITS: outside}
    return Read(read.values, read.faults | {fault: count for fault, count in more.items() if count})


def _counted(values: pl.Series, checks: list[tuple[Fault, pl.Series]]) -> Read:
    """Each value counts under the first fault that it has."""
    counts: dict[Fault, int] = {}
    faulty = pl.repeat(False, values.len(), eager=True)
    for fault, check in checks:
        new = check.fill_null(False) & ~faulty
        count = int(new.sum())
        if count:
            counts[fault] = count
            faulty |= new
    return Read(values.set(faulty, None) if counts else values, counts)


def _family(dtype: pl.DataType) -> str:
    """What kind of column it is; a time with a zone is no date anywhere, and neither is what has no kind here."""
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return "text"
    if isinstance(dtype, pl.Datetime):
        return "time" if dtype.time_zone is None else "other"
    kinds = {pl.Null: "nothing", pl.Date: "date", pl.Decimal: "exact decimal"}
    whole = "whole number" if dtype.is_integer() else "floating point" if dtype.is_float() else "other"
    return kinds.get(type(dtype), whole)


def _refuse_all(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    """A kind that is not the catalogue's; even a whole number in a text has lost the zeros that it may have had."""
    return pl.repeat(None, column.len(), dtype=pl.Int64, eager=True), [(Fault.NOT_OF_TYPE, column.is_not_null())]


def _as_it_is(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    return column, []


def _stated(column: pl.Series) -> pl.Series:
    """Text in which something stands."""
    return column.set(column == "", None)


def _whole_from_text(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    stated = _stated(column)
    number, whole = stated.str.contains(_NUMBER), stated.str.contains(_WHOLE)
    values = stated.set(~whole, None).cast(pl.Int64, strict=False)
    checks = [(Fault.NOT_OF_TYPE, ~number), (Fault.DECIMALS, ~whole), (Fault.BEYOND, whole & values.is_null())]
    return values, checks


def _decimal_from_text(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    stated = _stated(column)
    number = stated.str.contains(_NUMBER)
    plain = stated.set(~number, None).str.replace(",", ".", literal=True)
    values = _plain_zero(plain.cast(pl.Float64, strict=False))
    uncertain = (plain.str.len_bytes() > _ALWAYS_EXACT) | plain.str.contains("[eE]")
    cut = uncertain & ~_comes_back(plain, uncertain)
    return values, [(Fault.NOT_OF_TYPE, ~number), (Fault.BEYOND, values.is_infinite()), (Fault.DIGITS, cut)]


def _comes_back(texts: pl.Series, asked: pl.Series) -> pl.Series:
    """Whether the decimal in a text is what its floating point says, where that is asked; seldom, so one by one."""
    found = [not ask or text is None or _is_kept(text) for text, ask in zip(texts, asked, strict=True)]
    return pl.Series(found, dtype=pl.Boolean)


def _is_kept(text: str) -> bool:
    near = float(text)
    return Decimal(text) in (Decimal(near), Decimal(repr(near)))


def _plain_zero(values: pl.Series) -> pl.Series:
    """-0.0 as 0.0; the engine takes an addition of nought for nothing to do."""
    return values.set(values == 0.0, 0.0)


def _date_from_text(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    stated = _stated(column)
    shaped = stated.str.contains(_DAY)
    values, checks = _within_calendar(stated.set(~shaped, None).str.to_date("%Y-%m-%d", strict=False))
    return values, [(Fault.NOT_OF_TYPE, ~shaped | (shaped & values.is_null())), *checks]


def _whole_from_whole(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    values = column.cast(pl.Int64, strict=False)
    return values, [(Fault.BEYOND, column.is_not_null() & values.is_null())]


def _decimal_from_whole(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    wide = column.cast(pl.Int128)
    values = wide.cast(pl.Float64)
    return values, [(Fault.DIGITS, ~(values.cast(pl.Int128, strict=False) == wide).fill_null(True))]


def _whole_from_floating_point(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    """From 2^53 on a whole number may have been rounded to the one that stands there."""
    small = column.is_finite() & (column.abs() < _FIRST_INEXACT)
    values = column.set(~small, None).cast(pl.Int64)
    checks = [(Fault.BEYOND, column.is_infinite()), (Fault.DIGITS, ~small)]
    return values, [*checks, (Fault.DECIMALS, values.cast(column.dtype) != column)]


def _decimal_from_floating_point(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    return _plain_zero(column.cast(pl.Float64)), [(Fault.BEYOND, column.is_infinite())]


def _whole_from_exact_decimal(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    values = column.cast(pl.Int64, strict=False)
    back = values.cast(column.dtype, strict=False)
    return values, [(Fault.BEYOND, values.is_null() & column.is_not_null()), (Fault.DECIMALS, ~back.eq_missing(column))]


def _decimal_from_exact_decimal(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    return _decimal_from_text(column.cast(pl.String))


def _date_from_time(column: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    values, checks = _within_calendar(column.cast(pl.Date))
    return values, [*checks, (Fault.TIME, values.cast(column.dtype) != column)]


def _within_calendar(days: pl.Series) -> tuple[pl.Series, list[tuple[Fault, pl.Series]]]:
    outside = ~days.to_physical().is_between(_FIRST_DAY, _LAST_DAY)
    return days.set(outside, None), [(Fault.BEYOND, outside)]


_READERS: dict[tuple[str, str], Reader] = {
    ("text", "text"): _as_it_is,
    ("text", "integer"): _whole_from_text,
    ("text", "decimal"): _decimal_from_text,
    ("text", "date"): _date_from_text,
    ("whole number", "integer"): _whole_from_whole,
    ("whole number", "decimal"): _decimal_from_whole,
    ("floating point", "integer"): _whole_from_floating_point,
    ("floating point", "decimal"): _decimal_from_floating_point,
    ("exact decimal", "integer"): _whole_from_exact_decimal,
    ("exact decimal", "decimal"): _decimal_from_exact_decimal,
    ("date", "date"): _within_calendar,
    ("time", "date"): _date_from_time,
}
"""Every form in which a value of a type may come; all others are refused."""
