"""What is known of a file's columns before its first row is written: type, label, codes, widths, dirt.

What belongs here: these facts, and rows with the types that they allow. What must not: how they are found
(examination), or what a format makes of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from samkorning.register_files.declared.contract import DateShape

Kind = Literal["text", "integer", "decimal", "date", "boolean"]

WHOLE_DATES: Mapping[DateShape, str] = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "YYYYMMDD": "%Y%m%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD/MM/YYYY": "%d/%m/%Y",
}
"""The shapes that are a day and nothing else, as they are read and written."""


@dataclass(frozen=True)
class Declared:
    """What was said of a delivered column: its type, how its text writes that, what it and its codes mean."""

    name: str
    type: str = "text"
    label: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    decimal_mark: str = "."
    date_shapes: tuple[DateShape, ...] = ("YYYY-MM-DD",)
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """How the text of a column writes what it is: with which mark, in which shape of date, which text for yes."""

    decimal_mark: str = "."
    date_format: str = "%Y-%m-%d"
    yes: str = ""


@dataclass(frozen=True)
class Column:
    """One column as all of its rows are.

    ``kind`` is text unless every value reads as the declared type and back. ``width`` is the longest text in bytes of
    UTF-8, ``decimals`` the most digits after the mark, ``nearest`` and ``farthest`` the least and greatest distance
    from nought, noughts apart. ``many_digits`` says whether a decimal has more significant digits than a double holds
    whatever they are, which are 15. Of ``empty`` and what follows each says whether it occurs: a text of no characters,
    a blank at an end, NUL, another control character, a line break, one of the two code points that are no characters
    in XML.
    """

    name: str
    kind: Kind
    label: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    written: Written | None = None
    dtype: pl.DataType = field(default_factory=pl.String)
    width: int = 0
    decimals: int = 0
    many_digits: bool = False
    nearest: float | None = None
    farthest: float | None = None
    finite: bool = True
    first_day: date | None = None
    last_day: date | None = None
    missing: bool = False
    empty: bool = False
    blank_before: bool = False
    blank_after: bool = False
    nul: bool = False
    control: bool = False
    line_break: bool = False
    noncharacter: bool = False

    @property
    def date_format(self) -> str:
        """How its days are written where they have to be text."""
        return self.written.date_format if self.written else "%Y-%m-%d"

    def typed(self) -> pl.Expr:
        """Its values with their type; text that says nothing is missing."""
        value = pl.col(self.name)
        if self.written is None:
            return value
        stated = pl.when(value != "").then(value)
        if self.kind == "integer":
            return stated.cast(pl.Int64, strict=False)
        if self.kind == "decimal":
            return stated.str.replace(self.written.decimal_mark, ".", literal=True).cast(pl.Float64, strict=False)
        if self.kind == "date":
            return stated.str.to_date(self.written.date_format, strict=False)
        return stated == self.written.yes


@dataclass(frozen=True)
class Table:
    """One file that is to be written: ``schema`` as its rows are linked, and how many of them there are.

    ``columns`` is empty where no format was asked for that needs to know more than the schema.
    """

    name: str
    schema: pl.Schema
    rows: int = 0
    columns: tuple[Column, ...] = ()

    def typed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with the types that all of their values have."""
        return rows.select(column.typed() for column in self.columns)
