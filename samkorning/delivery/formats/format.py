"""What a format is: what it refuses, what it loses and the readme says, and a writer that gives bytes chunk by chunk.

What belongs here: these terms, and which findings many formats share. What must not: any one format.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import polars as pl

from samkorning.data_formats import FormatName, name_problem
from samkorning.delivery.formats.columns import Column, Table
from samkorning.errors import CheckFailed

REMEDY = "choose csv or parquet"


@dataclass(frozen=True)
class Refusal:
    """What a format cannot hold: which variable, if it is one, and why not."""

    variable: str | None
    problem: str

    def __str__(self) -> str:
        return f"{self.variable} {self.problem}" if self.variable else self.problem


class Loss(StrEnum):
    """What a format does not carry and the readme tells of, by variable; the value names the words of the readme."""

    EMPTY = "empty text is missing"
    BLANKS = "blanks at the end are lost"
    LABEL = "label is cut"
    CODES = "labels of codes are left out"
    TEXT = "is text"


@dataclass(frozen=True)
class Chunk:
    """Bytes that come next in a file.

    ``rows`` is what they must be read back as, nothing where they hold no rows; ``alone`` makes a whole file around
    these very bytes, with a header for as many rows as they hold. It is called beside the writing of what follows.
    """

    content: bytes
    alone: Callable[[], bytes] = bytes
    rows: pl.DataFrame | None = None


class Writer(Protocol):
    """One file on its way in one format; it holds a bounded number of rows."""

    row_bytes: int
    """About how many bytes a row has at most; 0 where they are as many as in memory."""

    def opening(self) -> bytes:
        """What comes before the first row."""

    def rows(self, rows: pl.DataFrame) -> Iterator[Chunk]:
        """The next rows, as they are linked or typed."""

    def closing(self) -> Iterator[Chunk]:
        """What comes after the last row."""

    def read(self, content: bytes) -> pl.DataFrame:
        """A whole file as a reader sees it that is not of the library that wrote it."""


class DataFormat(Protocol):
    """A format of data files. A further one is one module, and one line in samkorning.delivery.formats."""

    name: FormatName
    ending: str
    typed: bool
    """Whether it takes rows with their types; else as they are linked."""

    def refusals(self, table: Table) -> Iterator[Refusal]:
        """What of a table it cannot hold."""

    def losses(self, table: Table) -> Iterator[tuple[Loss, str]]:
        """What of a table it does not carry and the readme has to tell, each with its variable."""

    def writer(self, table: Table) -> Writer:
        """A writer for one file of a table that it does not refuse."""


def require_all_hold(table: Table, formats: Iterable[DataFormat]) -> None:
    """Refuses a table that one of the formats cannot hold, by file, format, variable and reason.

    :raises CheckFailed: before anything is written.
    """
    found = [f"{each.name}: {refusal}" for each in formats for refusal in each.refusals(table)]
    if found:
        raise CheckFailed(f"{table.name}: {'; '.join(found)}; {REMEDY} in the specification's formats")


def losses_by_variable(table: Table, each: DataFormat) -> Mapping[str, tuple[str, ...]]:
    """What the readme has to tell of a format, with the variables in their order."""
    found: dict[str, list[str]] = {}
    for what, variable in each.losses(table):
        found.setdefault(what.value, []).append(variable)
    return {what: tuple(variables) for what, variables in found.items()}


def name_refusals(table: Table, format_name: FormatName) -> Iterator[Refusal]:
    """Names that a statistics program does not take."""
    for name in table.schema.names():
        problem = name_problem(name, format_name)
        if problem:
            yield Refusal(name, f"{problem} (its name)")


def untyped_refusals(table: Table) -> Iterator[Refusal]:
    """Columns of a type that none of the five kinds is."""
    for column in table.columns:
        if column.kind == "text" and column.dtype != pl.String:
            yield Refusal(column.name, f"is {column.dtype}; make it text, number, date or boolean")


def empty_text(columns: Iterable[Column]) -> Iterator[tuple[Loss, str]]:
    """Text that is empty in some rows and missing in others, where a format has one for both."""
    for column in columns:
        if column.empty and column.missing:
            yield Loss.EMPTY, column.name


def blanks_at_the_end(columns: Iterable[Column]) -> Iterator[tuple[Loss, str]]:
    """Text that ends with blanks, where a format fills up with them."""
    for column in columns:
        if column.kind == "text" and column.blank_after:
            yield Loss.BLANKS, column.name
