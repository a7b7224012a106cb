"""The linkage kernel: one definition in narwhals expressions, run by Polars or by DuckDB with equal results.

What belongs here: replacing the identifier columns of one file by serial numbers and telling what became of each row.
What must not: how a number is recognised (samkorning.identity), engines' own dialects, reading and writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from samkorning.engines import Engine
from samkorning.identity import IdentityRules, diagnose
from samkorning.linkage.lookup import NUMBER, SERIAL_NUMBER
from samkorning.order import IdentifierColumn, Source
from samkorning.row_flow import LINKED, UNKNOWN_PERSON, RowFlow

Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Linked:
    """A linked file, sorted for delivery, and its row flow."""

    frame: pl.DataFrame
    row_flow: RowFlow


def link(
    engine: Engine,
    table: pl.LazyFrame,
    source: Source,
    lookups: Mapping[str, pl.LazyFrame],
    rules: Mapping[str, IdentityRules],
) -> Linked:
    """Links one received file.

    A row leaves when the number in its first identifier column leads to a serial number. A further identifier column
    that leads nowhere is left blank, or drops the row where the specification says so.

    :param table: the file as read, all columns text.
    :param lookups: by identifier column, the numbers that link there: columns ``number`` (Int64) and
        ``serial_number`` (Int32), each number once.
    :param rules: by identifier column, how its numbers are read.
    :returns: serial numbers first, then the delivered columns, as ``source`` declares them.
    """
    taken = {column: engine.take(lookup) for column, lookup in lookups.items()}
    frame = _without_identities(engine.take(table), source.identifiers, taken, rules)
    outcomes = [_outcome(position) for position in range(len(source.identifiers))]
    serials = [_serial(position) for position in range(len(source.identifiers))]
    collected = engine.collect(frame.select(*outcomes, *serials, *source.delivered_columns))
    flow = _row_flow(source, collected.lazy())
    names = {_serial(position): identifier.serial_name for position, identifier in enumerate(source.identifiers)}
    kept = collected.lazy().filter(_dropped_for(source.identifiers).is_null()).drop(outcomes).rename(names)
    return Linked(sort_for_delivery(kept).collect(engine="streaming"), flow)


def sort_for_delivery(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Rows by serial number and then by every other column, so that the order of arrival does not show."""
    return frame.sort(frame.collect_schema().names(), nulls_last=True)


def repeated_rows(sorted_rows: pl.DataFrame) -> int:
    """How many rows equal the row before them."""
    if sorted_rows.height < 2:
        return 0
    same = pl.all_horizontal(pl.all().eq_missing(pl.all().shift()))
    return int(sorted_rows.lazy().select(same.slice(1).sum()).collect(engine="streaming").item())


def _without_identities(
    frame: Frame,
    identifiers: Sequence[IdentifierColumn],
    lookups: Mapping[str, Frame],
    rules: Mapping[str, IdentityRules],
) -> Frame:
    """Per identifier column: its serial number and what became of it."""
    for position, identifier in enumerate(identifiers):
        prefix = f"identity_{position}_"
        diagnosed = diagnose(frame, identifier.column, rules[identifier.column], prefix=prefix)
        found = lookups[identifier.column].select(
            nw.col(NUMBER).alias(f"{prefix}found"), nw.col(SERIAL_NUMBER).alias(_serial(position))
        )
        joined = diagnosed.join(found, left_on=f"{prefix}number", right_on=f"{prefix}found", how="left")
        frame = joined.with_columns(
            nw.when(~nw.col(_serial(position)).is_null())
            .then(nw.lit(LINKED))
            .otherwise(nw.coalesce(nw.col(f"{prefix}problem"), nw.lit(UNKNOWN_PERSON)))
            .alias(_outcome(position))
        )
    return frame


def _dropped_for(identifiers: Sequence[IdentifierColumn]) -> pl.Expr:
    """Why a row is dropped; null where it stays."""
    first = pl.col(_outcome(0))
    reasons = [pl.when(first != LINKED).then(first)]
    for position, identifier in enumerate(identifiers[1:], start=1):
        if identifier.unknown == "drop":
            named = pl.lit(f"{identifier.column}:") + pl.col(_outcome(position))
            reasons.append(pl.when(pl.col(_outcome(position)) == UNKNOWN_PERSON).then(named))
    return pl.coalesce(reasons)


def _row_flow(source: Source, collected: pl.LazyFrame) -> RowFlow:
    reasons = _counts(collected, _dropped_for(source.identifiers))
    rows = sum(reasons.values())
    linked = reasons.pop(LINKED, 0)
    kept = collected.filter(_dropped_for(source.identifiers).is_null())
    blanks = {
        identifier.column: {
            reason: count for reason, count in _counts(kept, pl.col(_outcome(position))).items() if reason != LINKED
        }
        for position, identifier in enumerate(source.identifiers)
        if position > 0
    }
    return RowFlow(source.name, rows, linked, reasons, {column: counts for column, counts in blanks.items() if counts})


def _counts(frame: pl.LazyFrame, reason: pl.Expr) -> dict[str, int]:
    """Rows by reason; rows without one count as linked."""
    counted = frame.group_by(reason.fill_null(LINKED).alias("reason")).len().sort("reason").collect()
    return dict(counted.iter_rows())


def _outcome(position: int) -> str:
    return f"outcome_{position}"


def _serial(position: int) -> str:
    return f"serial_{position}"
