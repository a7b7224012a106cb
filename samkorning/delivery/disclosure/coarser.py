"""The forms in which quasi-identifiers are tried: as they are, and with one of them left out or coarser.

What belongs here: which forms a kind of column has, as expressions. What must not: counting (groups).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.quasi_identifiers import Kind, QuasiIdentifier

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

AS_DELIVERED, LEFT_OUT = "as delivered", "left out"
_YEAR, _COUNTY = 4, 2  # characters

Coarser = Callable[["pl.Expr"], "pl.Expr"]


@dataclass(frozen=True)
class Variant:
    """One way to deliver the quasi-identifiers: ``column`` in another form ``how``, the others as they are.

    ``expressions`` are what stands for each column that is left; empty where none is.
    """

    column: str
    how: str
    expressions: tuple[pl.Expr, ...]


def variants(columns: Sequence[QuasiIdentifier]) -> tuple[Variant, ...]:
    """As delivered first, then for each column in turn its coarser forms and leaving it out."""
    return (Variant("", AS_DELIVERED, _with(columns, {})), *_changed(columns))


def _changed(columns: Sequence[QuasiIdentifier]) -> Iterator[Variant]:
    for each in columns:
        for how, coarser in FORMS[each.kind].items():
            yield Variant(each.column, how, _with(columns, {each.column: coarser}))
        yield Variant(each.column, LEFT_OUT, _with([other for other in columns if other != each], {}))


def _with(columns: Sequence[QuasiIdentifier], changed: Mapping[str, Coarser]) -> tuple[pl.Expr, ...]:
    return tuple(changed.get(each.column, _as_it_is)(pl.col(each.column)).alias(each.column) for each in columns)


def _as_it_is(column: pl.Expr) -> pl.Expr:
    return column


def _first(characters: int) -> Coarser:
    return lambda column: column.cast(pl.String).str.head(characters)


def _five_years(column: pl.Expr) -> pl.Expr:
    """Years from one that five divides; what does not begin with a year is left as it is."""
    text = column.cast(pl.String)
    year = text.str.extract("^([0-9]{4})").cast(pl.Int32)
    return pl.when(year.is_null()).then(text).otherwise((year // 5 * 5).cast(pl.String))


FORMS: Mapping[Kind, Mapping[str, Coarser]] = {
    Kind.VALUE: {},
    Kind.CODE: {"first 3 characters": _first(3), "first character": _first(1)},
    Kind.DATE: {"year": _first(_YEAR)},
    Kind.BIRTH: {"year": _first(_YEAR), "five years": _five_years},
    Kind.MUNICIPALITY: {"county": _first(_COUNTY)},
}
"""What each kind of column is tried as; leaving it out is tried for all."""
