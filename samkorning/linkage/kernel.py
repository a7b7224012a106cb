"""The linkage kernel: one definition in narwhals expressions, run by Polars or by DuckDB with equal results.

What belongs here: replacing the identifier columns of one file by serial numbers and telling what became of each row.
What must not: how a number is recognised (samkorning.identity), engines' own dialects, reading and writing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from samkorning.engines import Engine
from samkorning.identity import diagnose
from samkorning.linkage.lookup import NUMBER, REUSED, SERIAL_NUMBER, ColumnLookup
from samkorning.order import Source, Unknown
from samkorning.row_flow import LINKED, UNKNOWN_PERSON, RowFlow

Frame = nw.LazyFrame[Any]
GUESSED = "guessed_century"


@dataclass(frozen=True)
class Linked:
    """A linked file, sorted for delivery, and its row flow."""

    frame: pl.DataFrame
    row_flow: RowFlow


def link(engine: Engine, table: pl.LazyFrame, source: Source, lookups: Mapping[str, ColumnLookup]) -> Linked:
    """Links one received file.

    A row leaves when the number in its first identifier column leads to a serial number. A further identifier column
    that leads nowhere is left blank, or drops the row where the specification says so.

    :param table: the file as read, all columns text.
    :param lookups: by identifier column, how it is read and what it links with.
    :returns: serial numbers first, then the delivered columns, as ``source`` declares them.
    """
    frame: Frame = engine.take(table)
    for position, identifier in enumerate(source.identifiers):
        frame = _with_serial_number(engine, frame, position, identifier.column, lookups[identifier.column])
    positions = range(len(source.identifiers))
    told = [name(position) for position in positions for name in (_outcome, _guessed, _repaired)]
    names = dict(_delivered_names(source))
    collected = engine.collect(frame.select(*told, *names, *source.delivered_columns)).lazy()
    kept = collected.filter(_dropped_for(source).is_null()).drop(told).rename(names)
    return Linked(sort_for_delivery(kept).collect(engine="streaming"), _row_flow(source, collected))


def sort_for_delivery(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Rows by serial number and then by every other column, so that the order of arrival does not show."""
    return frame.sort(frame.collect_schema().names(), nulls_last=True)


def repeated_rows(sorted_rows: pl.DataFrame) -> int:
    """How many rows equal the row before them."""
    if sorted_rows.height < 2:
        return 0
    same = pl.all_horizontal(pl.all().eq_missing(pl.all().shift()))
    return int(sorted_rows.lazy().select(same.slice(1).sum()).collect(engine="streaming").item())


def _with_serial_number(engine: Engine, frame: Frame, position: int, column: str, lookup: ColumnLookup) -> Frame:
    """The frame with one identifier column's serial number, reuse flag, outcome, and what reading it took."""
    prefix = f"~identity_{position}_"
    numbered: Frame = diagnose(frame, column, lookup.rules, prefix=prefix)
    if lookup.others is not None:
        numbered = _with_numbers_of_text(engine, numbered, prefix, lookup.others)
    found = engine.take(lookup.serial_numbers).select(
        nw.col(NUMBER).alias(f"{prefix}found"),
        nw.col(SERIAL_NUMBER).alias(_serial(position)),
        nw.col(REUSED).alias(_reused(position)),
    )
    joined: Frame = numbered.join(found, left_on=f"{prefix}number", right_on=f"{prefix}found", how="left")
    return joined.with_columns(
        nw.when(~nw.col(_serial(position)).is_null())
        .then(nw.lit(LINKED))
        .otherwise(nw.coalesce(nw.col(f"{prefix}problem"), nw.lit(UNKNOWN_PERSON)))
        .alias(_outcome(position)),
        nw.col(f"{prefix}guessed_century").alias(_guessed(position)),
        nw.when(nw.col(f"{prefix}problem").is_null()).then(nw.col(f"{prefix}repair")).alias(_repaired(position)),
    )


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
        yield _serial(position), identifier.serial_name
        if identifier.reused_name:
            yield _reused(position), identifier.reused_name


def _dropped_for(source: Source) -> pl.Expr:
    """Why a row is dropped; null where it stays."""
    first = pl.col(_outcome(0))
    reasons = [pl.when(first != LINKED).then(first)]
    for position, identifier in enumerate(source.identifiers[1:], start=1):
        if identifier.when_unknown is Unknown.DROP:
            named = pl.lit(f"{identifier.column}:") + pl.col(_outcome(position))
            reasons.append(pl.when(pl.col(_outcome(position)) == UNKNOWN_PERSON).then(named))
    return pl.coalesce(reasons)


def _row_flow(source: Source, collected: pl.LazyFrame) -> RowFlow:
    reasons = _counts(collected, _dropped_for(source))
    rows = sum(reasons.values())
    linked = reasons.pop(LINKED, 0)
    kept = collected.filter(_dropped_for(source).is_null())
    blanks = {
        identifier.column: {
            reason: count for reason, count in _counts(kept, pl.col(_outcome(position))).items() if reason != LINKED
        }
        for position, identifier in enumerate(source.identifiers)
        if position > 0
    }
    readings = {identifier.column: _readings(collected, place) for place, identifier in enumerate(source.identifiers)}
    return RowFlow(source.name, rows, linked, reasons, _with_any(blanks), readings=_with_any(readings))


def _readings(collected: pl.LazyFrame, position: int) -> dict[str, int]:
    """Rows whose number was taken by a guess of its century, and by each repair."""
    guessed = int(collected.select(pl.col(_guessed(position)).sum()).collect().item())
    repaired = collected.filter(pl.col(_repaired(position)).is_not_null())
    return ({GUESSED: guessed} if guessed else {}) | _counts(repaired, pl.col(_repaired(position)))


def _with_any(columns: Mapping[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {column: counts for column, counts in columns.items() if counts}


def _counts(frame: pl.LazyFrame, reason: pl.Expr) -> dict[str, int]:
    """Rows by reason; rows without one count as linked."""
    counted = frame.group_by(reason.fill_null(LINKED).alias("reason")).len().sort("reason").collect()
    return dict(counted.iter_rows())


def _outcome(position: int) -> str:
    return f"~outcome_{position}"


def _guessed(position: int) -> str:
    return f"~guessed_{position}"


def _repaired(position: int) -> str:
    return f"~repaired_{position}"


def _serial(position: int) -> str:
    return f"~serial_{position}"


def _reused(position: int) -> str:
    return f"~reused_{position}"
