"""The linkage kernel: one definition in narwhals expressions, run by Polars or by DuckDB with equal results.

What belongs here: replacing the identifier columns of one file by serial numbers, in one streaming pass, and saying
what became of each row. What must not: how a number is recognised (samkorning.identity), engines' own dialects, where
the rows are written.

A row whose numbers are plainly twelve digits and lead to a serial number needs no closer look: its number equals one
that was looked at before. It goes straight into the part of its serial number; no engine has to compute for that. All
others, mostly few, are set apart, diagnosed by the engine and then linked or dropped for a reason. Nothing is sorted
here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from samkorning.identity import diagnose
from samkorning.linkage.bounds import Bounds
from samkorning.linkage.engines import Engine
from samkorning.linkage.lookup import NUMBER, REUSED, SERIAL_NUMBER, ColumnLookup
from samkorning.linkage.lost_persons import PERSON, REASON, count_lost
from samkorning.linkage.outcomes import (
    apart_of,
    dropped_for,
    from_words,
    in_words,
    number_of,
    outcomes_of,
    person_of,
    read_as,
    reused_of,
    row_flow_of,
    serial_of,
    what_became,
)
from samkorning.linkage.row_flow import RowFlow
from samkorning.linkage.searching import looked_up
from samkorning.order import Source

Frame = nw.LazyFrame[Any]
PART, STAYS = "~part", "~stays"
TWELVE = 12
APART = -1
"""The part of rows that want a closer look; and of those that are dropped after it."""


class Writing(Protocol):
    """Where rows go: the vault's draft of a generation."""

    def write(self, rows: pl.LazyFrame, cut_by: str) -> dict[int, str]:
        """Write rows into one file for each value of a column, which is not kept; the files' names."""

    def write_one(self, rows: pl.LazyFrame) -> str:
        """Write rows into one file; its name."""

    def rows_of(self, name: str) -> pl.LazyFrame:
        """Open a written file."""

    def remove(self, name: str) -> None:
        """Take a written file away."""


@dataclass(frozen=True)
class Linked:
    """A linked file: the files that hold it, by name with the bounds of their serial numbers, and its row flow."""

    files: Mapping[str, tuple[int, int]]
    row_flow: RowFlow


def link(
    engine: Engine,
    table: pl.LazyFrame,
    source: Source,
    lookups: Mapping[str, ColumnLookup],
    writing: Writing,
    bounds: Bounds,
) -> Linked:
    """Links one received file into parts by serial number.

    A row leaves when the number in its first identifier column leads to a serial number. A further identifier column
    that leads nowhere is left blank, or drops the row where the specification says so.

    :param table: the file as read, all columns text.
    :param lookups: by identifier column, how it is read and what it links with.
    :returns: files with the columns of ``linked_columns`` and some of the kernel's own, in no order.
    """
    linked, dropped = link_some(engine, table, source, lookups, writing, bounds)
    return with_lost(linked, source, writing, [] if dropped is None else [dropped])


def link_some(
    engine: Engine,
    table: pl.LazyFrame,
    source: Source,
    lookups: Mapping[str, ColumnLookup],
    writing: Writing,
    bounds: Bounds,
) -> tuple[Linked, str | None]:
    """Links some rows of a file, as ``link``, and does not count whom it lost: they may have other rows elsewhere.

    :returns: what was linked, and the file of the rows that were dropped, for ``with_lost``; nothing where none was.
    """
    serial = source.identifiers[0].serial_name
    rows = _plainly(engine, table, source, lookups)
    plain = writing.write(_cut_up(rows, serial, bounds), PART)
    apart, looked_at = plain.pop(APART, None), dict[int, str]()
    if apart is not None:
        odd = writing.rows_of(apart).rename(dict(_held(source)))
        looked_at = writing.write(_cut_up(_closely(engine, odd, source, lookups), serial, bounds), PART)
        writing.remove(apart)
    outcomes = outcomes_of(map(writing.rows_of, looked_at.values()), source)
    flow = row_flow_of(source, [writing.rows_of(name) for name in plain.values()], outcomes)
    dropped = looked_at.pop(APART, None)
    files = {name: bounds.of(part) for found in (plain, looked_at) for part, name in found.items()}
    return Linked(files or {writing.write_one(rows.drop(STAYS).clear()): bounds.whole}, flow), dropped


def with_lost(linked: Linked, source: Source, writing: Writing, dropped: Sequence[str]) -> Linked:
    """What was linked, with the persons behind the rows of some files of dropped rows, which are taken away."""
    lost = count_lost([_lost(writing.rows_of(name), source) for name in dropped])
    for name in dropped:
        writing.remove(name)
    return replace(linked, row_flow=replace(linked.row_flow, lost=lost))


def write_in_parts(writing: Writing, rows: pl.LazyFrame, serial: str, bounds: Bounds) -> dict[str, tuple[int, int]]:
    """Writes rows that all stay into parts by their column of serial numbers; the files with their bounds."""
    parts = writing.write(_cut_up(rows.with_columns(pl.lit(True).alias(STAYS)), serial, bounds), PART)
    return {name: bounds.of(part) for part, name in parts.items()} or {writing.write_one(rows.clear()): bounds.whole}


def serial_numbers_of(engine: Engine, table: pl.LazyFrame, column: str, lookup: ColumnLookup) -> pl.LazyFrame:
    """The rows with the column ``serial_number`` that one identifier column of text leads to; null where to none."""
    read = _read(engine, engine.take(table), 0, column, lookup)
    frame = _with_serial_number(engine, engine.stream(read), 0, lookup)
    return frame.select(*table.collect_schema().names(), pl.col(serial_of(0)).alias(SERIAL_NUMBER))


def linked_columns(source: Source) -> list[str]:
    """The columns of a linked file: serial numbers and reuse flags first, then what is delivered as it came."""
    return [*(name for _, name in _delivered_names(source)), *source.delivered_columns]


def _cut_up(rows: pl.LazyFrame, serial: str, bounds: Bounds) -> pl.LazyFrame:
    """The rows with the part of their serial number; those that do not stay are apart."""
    part = pl.when(STAYS).then(bounds.part_of(pl.col(serial))).otherwise(pl.lit(APART, dtype=pl.Int16))
    return rows.with_columns(part.alias(PART)).drop(STAYS)


def _plainly(engine: Engine, table: pl.LazyFrame, source: Source, lookups: Mapping[str, ColumnLookup]) -> pl.LazyFrame:
    """Every row with its serial numbers by plain numbers alone; where that is not all, as it came and set apart."""
    frame = table
    for position, identifier in enumerate(source.identifiers):
        frame = frame.with_columns(_plain_number(identifier.column).alias(number_of(position)))
        frame = _with_serial_number(engine, frame, position, lookups[identifier.column], identifier.reused_name)
    rows: Frame = nw.from_native(frame).with_columns(_is_settled(source).alias(STAYS))
    came = [nw.when(~nw.col(STAYS)).then(nw.col(column)).alias(held) for held, column in _held(source)]
    cut: pl.LazyFrame = rows.select(*_as_delivered(source), *came, STAYS).to_native()
    return cut


def _plain_number(column: str) -> pl.Expr:
    """The number of a text that is twelve digits, the first of them no zero; null for any other."""
    text = pl.col(column)
    number = text.cast(pl.Int64, strict=False)
    return pl.when((text.str.len_bytes() == TWELVE) & (number >= 10 ** (TWELVE - 1))).then(number)


def _is_settled(source: Source) -> nw.Expr:
    """Whether every identifier of a row leads to a serial number, or a further one is not there at all."""
    further = (
        ~nw.col(serial_of(position)).is_null() | nw.col(identifier.column).is_null()
        for position, identifier in enumerate(source.identifiers)
        if position > 0
    )
    return reduce(and_, further, ~nw.col(serial_of(0)).is_null())


def _closely(engine: Engine, odd: pl.LazyFrame, source: Source, lookups: Mapping[str, ColumnLookup]) -> pl.LazyFrame:
    """The rows that were set apart, diagnosed, with their serial numbers and what became of each."""
    read: Frame = engine.take(odd.select(*(column for _, column in _held(source)), *source.delivered_columns))
    for position, identifier in enumerate(source.identifiers):
        read = _read(engine, read, position, identifier.column, lookups[identifier.column])
    frame = engine.stream(read)
    for position, identifier in enumerate(source.identifiers):
        frame = _with_serial_number(engine, frame, position, lookups[identifier.column], identifier.reused_name)
    rows: Frame = nw.from_native(frame)
    for position in range(len(source.identifiers)):
        rows = rows.with_columns(*what_became(position))
    rows = rows.with_columns(dropped_for(source).is_null().alias(STAYS))
    persons = [nw.when(~nw.col(STAYS)).then(_person()), *(nw.lit("") for _ in source.identifiers[1:])]
    said = [in_words(place, person).alias(apart_of(place)) for place, person in enumerate(persons)]
    looked_at: pl.LazyFrame = rows.select(*_as_delivered(source), *said, STAYS).to_native()
    return looked_at


def _person() -> nw.Expr:
    """Whom a row is about: a serial number, else an identity; null where it cannot be read."""
    text = nw.concat_str([nw.col("~identity_0_issuer"), nw.lit(":"), nw.col("~identity_0_text")])
    serial = nw.concat_str([nw.lit("-"), nw.col(serial_of(0)).cast(nw.String)])
    return nw.coalesce(serial, text, nw.col("~identity_0_number").cast(nw.String))


def _lost(dropped: pl.LazyFrame, source: Source) -> pl.LazyFrame:
    """Why rows were dropped, and whom they are about."""
    for position in range(len(source.identifiers)):
        dropped = from_words(dropped, position)
    reason = dropped_for(source).alias(REASON)
    return nw.from_native(dropped).select(reason, nw.col(person_of(0)).alias(PERSON)).to_native()


def _read(engine: Engine, frame: Frame, position: int, column: str, lookup: ColumnLookup) -> Frame:
    """The frame with what one identifier column's text says: its number, and what reading it took."""
    prefix = read_as(position)
    read: Frame = diagnose(frame, column, lookup.rules, prefix=prefix)
    return read if lookup.others is None else _with_numbers_of_text(engine, read, prefix, lookup.others)


def _with_serial_number(
    engine: Engine, frame: pl.LazyFrame, position: int, lookup: ColumnLookup, flagged: str | None = None
) -> pl.LazyFrame:
    """The frame with the serial number that an identifier's number leads to; null where to none.

    :param flagged: the delivered name of the reuse flag, which is added too where there is one.
    """
    names = {SERIAL_NUMBER: serial_of(position)} | ({REUSED: reused_of(position)} if flagged else {})
    return looked_up(frame, number_of(position), engine.tables.of(lookup.serial_numbers), names)


def _with_numbers_of_text(engine: Engine, frame: Frame, prefix: str, others: pl.LazyFrame) -> Frame:
    """Identities that are text get the number that stands for them inside the case."""
    identity = [f"{prefix}issuer", f"{prefix}text"]
    known = [f"{prefix}known_issuer", f"{prefix}known_text"]
    renamed = others.rename({"issuer": known[0], "text": known[1], NUMBER: f"{prefix}known_number"})
    joined = frame.join(engine.take(renamed), left_on=identity, right_on=known, how="left")
    number = nw.coalesce(nw.col(f"{prefix}number"), nw.col(f"{prefix}known_number"))
    return joined.with_columns(number.alias(f"{prefix}number"))


def _delivered_names(source: Source) -> Iterator[tuple[str, str]]:
    """The kernel's columns that are delivered, and their names there."""
    for position, identifier in enumerate(source.identifiers):
        yield serial_of(position), identifier.serial_name
        if identifier.reused_name:
            yield reused_of(position), identifier.reused_name


def _as_delivered(source: Source) -> list[nw.Expr]:
    """Serial numbers and flags under their delivered names, and the delivered columns."""
    named = [nw.col(own).alias(name) for own, name in _delivered_names(source)]
    return [*named, *(nw.col(column) for column in source.delivered_columns)]


def _held(source: Source) -> Iterator[tuple[str, str]]:
    """Under which names the identifier columns of rows that are set apart lie meanwhile."""
    for position, identifier in enumerate(source.identifiers):
        yield apart_of(position), identifier.column
