"""Persons: several numbers, one person.

What belongs here: the number history of a case, which number a person has now, and what a history that comes late means
for serial numbers that have left the house. What must not: what a number is (samkorning.identity), drawing serial
numbers, storage. Nothing here moves a serial number; it finds which would have to move, and a person decides.

Source: Ludvigsson 2009 on changed and reused numbers; the references of the population register's notices (Navet) are
personnummer to personnummer, coordination number to personnummer, and coordination number to coordination number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, Problem, diagnose

NUMBER, PERSON, SERIAL = "number", "person_number", "serial_number"
OLD, NEW, CHANGED_ON, SOURCE = "old_number", "new_number", "changed_on", "source"
HISTORY_COLUMNS = (OLD, NEW)
"""The identity columns of a number history: where nobody's number has changed it has no rows."""
CORRECTED = "corrected_serial_number"
DATE_FORMATS = ("%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
REMEDY = "correct the rows and send the whole history again; nothing was changed"


@dataclass(frozen=True)
class NumberHistory:
    """Changes of numbers as read, and the rows that say nothing because a number or the date in them is damaged.

    ``changes``: row (1-based), old_number, new_number (Int64), changed_on (Date or null), source (String or null).
    ``damaged``: row, column and problem; never a number. A date that cannot be read could hide a number's reuse.
    """

    changes: pl.DataFrame
    damaged: pl.DataFrame


@dataclass(frozen=True)
class Impact:
    """What a number history means for serial numbers that are drawn already.

    ``corrections``: serial_number and corrected_serial_number (Int32), one row per serial number that would give way:
    the correction file. ``deliveries``: the same with the delivery in which each has left. ``persons``: how many.
    """

    corrections: pl.DataFrame
    deliveries: pl.DataFrame
    persons: int

    def facts(self) -> dict[str, int]:
        """The counts, for a manifest and for the report: serial numbers, persons, and per delivery."""
        left = self.deliveries.group_by("delivery").len().sort("delivery")
        per_delivery = {f"delivered.{delivery}": rows for delivery, rows in left.iter_rows()}
        return {"persons": self.persons, "serial_numbers": self.corrections.height, **per_delivery}


def read_number_history(
    table: pl.DataFrame, rules: IdentityRules, name: str = "number history", rows: pl.Series | None = None
) -> NumberHistory:
    """The number history of a file of text columns ``old_number``, ``new_number`` and, if given, ``changed_on``
    (2009-05-27 or 20090527) and ``source``; ``rows`` are the row numbers, where they are not 1, 2, 3, …

    ``FileRefused``, by row numbers, where a personnummer is changed to a coordination number, which never happens.
    """
    read = diagnose(diagnose(_wanted(table, rows), OLD, rules, prefix="was_"), NEW, rules, prefix="is_")
    read = read.with_columns(_as_date().alias("date"))
    damaged = pl.concat([_damaged(read, OLD, "was"), _damaged(read, NEW, "is"), _undated(read)])
    sound = read.filter(~pl.col("row").is_in(damaged["row"].implode()))
    changes = sound.select(
        "row",
        pl.col("was_number").alias(OLD),
        pl.col("is_number").alias(NEW),
        pl.col("date").alias(CHANGED_ON),
        SOURCE,
    )
    backwards = changes.filter(~_is_coordination(OLD) & _is_coordination(NEW))
    _refuse(backwards["row"].to_list(), "change a personnummer to a coordination number", name)
    return NumberHistory(changes, damaged.sort("row", "column"))


def latest_numbers(history: pl.DataFrame, name: str = "number history") -> pl.DataFrame:
    """The latest number of the person behind every number in a history of changes.

    ``history`` has ``old_number`` and ``new_number`` (Int64); equal rows count once. Gives ``number`` and
    ``person_number`` (Int64), one row for every number in the history, sorted by number; a latest number leads to
    itself. ``FileRefused``, by row numbers, where an old number has several new ones or where changes go in a circle.
    Rule: one person keeps one serial number across changes.
    """
    numbered = history if "row" in history.columns else history.with_row_index("row", offset=1)
    changes = numbered.select("row", pl.col(OLD).cast(pl.Int64), pl.col(NEW).cast(pl.Int64))
    _refuse_contradictions(changes, name)
    ends = _follow(changes.select(OLD, NEW).unique())
    _refuse_circles(changes, ends, name)
    latest = ends.select(pl.col(NEW).alias(NUMBER), pl.col(NEW).alias(PERSON))
    return pl.concat([ends.rename({OLD: NUMBER, NEW: PERSON}), latest]).unique().sort(NUMBER)


def reused_numbers(changes: pl.DataFrame, known: Sequence[int] = ()) -> pl.Series:
    """The numbers that have belonged to several persons (återanvända personnummer), sorted.

    ``known`` are those that a register has flagged. Dates show others: a number that somebody gets after somebody else
    has left it. Rows without a date show nothing.
    """
    given = changes.select(pl.col(NEW).alias(NUMBER), pl.col(CHANGED_ON).alias("given_on")).drop_nulls()
    left = changes.select(pl.col(OLD).alias(NUMBER), pl.col(CHANGED_ON).alias("left_on")).drop_nulls()
    again = given.join(left, on=NUMBER).filter(pl.col("given_on") > pl.col("left_on"))[NUMBER]
    return pl.concat([again, pl.Series(NUMBER, known, dtype=pl.Int64)]).unique().sort()


def persons_of(history: NumberHistory, known_reused: Sequence[int] = (), name: str = "number history") -> pl.DataFrame:
    """Every number of the history with its person's latest number and the flag ``reused`` (Boolean), sorted by number.

    Connected numbers are one person. A reused number never merges persons: it stands for itself and carries the flag
    (AterPNr), and changes to or from it are not followed. ``FileRefused`` as ``latest_numbers``.
    """
    asked = history.changes.filter(_touches_none(pl.Series(NUMBER, known_reused, dtype=pl.Int64)))
    single = asked.filter(pl.col(NEW).n_unique().over(OLD) == 1)
    _refuse_circles(single, _follow(single.select(OLD, NEW).unique()), name)
    reused = reused_numbers(asked, known_reused)
    persons = latest_numbers(asked.filter(_touches_none(reused)), name)
    alone = pl.concat([history.changes[OLD].rename(NUMBER), history.changes[NEW].rename(NUMBER), reused]).unique()
    rest = alone.to_frame().join(persons, on=NUMBER, how="anti").select(NUMBER, pl.col(NUMBER).alias(PERSON))
    return pl.concat([persons, rest]).with_columns(pl.col(NUMBER).is_in(reused.implode()).alias("reused")).sort(NUMBER)


def impact_of(code_key: pl.DataFrame, persons: pl.DataFrame, delivered: pl.DataFrame) -> Impact:
    """What it would mean to give every person one serial number, when a history comes after serial numbers were drawn.

    ``code_key``: number, serial_number, generation. ``persons``: number, person_number. ``delivered``: delivery and
    serial_number. The serial number that was drawn first stays, since most deliveries hold it; within a generation the
    one of the latest number; the others would give way to it.
    """
    owned = code_key.join(persons.select(NUMBER, PERSON), on=NUMBER)
    in_order = owned.with_columns((pl.col(NUMBER) != pl.col(PERSON)).alias("old")).sort(
        PERSON, "generation", "old", SERIAL
    )
    stays = in_order.unique(PERSON, keep="first", maintain_order=True).select(PERSON, pl.col(SERIAL).alias(CORRECTED))
    moving = owned.join(stays, on=PERSON).filter(pl.col(SERIAL) != pl.col(CORRECTED))
    corrections = moving.select(SERIAL, CORRECTED).unique().sort(SERIAL)
    deliveries = delivered.select("delivery", SERIAL).unique().join(corrections, on=SERIAL).sort("delivery", SERIAL)
    return Impact(corrections, deliveries, moving[PERSON].n_unique())


def corrected(rows: pl.LazyFrame, corrections: pl.DataFrame, column: str = SERIAL) -> pl.LazyFrame:
    """Rows with the serial numbers of a correction file that a person has accepted; all others stay as they are."""
    changes = corrections.lazy().select(pl.col(SERIAL).alias(column), CORRECTED)
    joined = rows.join(changes, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(CORRECTED, column).alias(column)).drop(CORRECTED)


def _wanted(table: pl.DataFrame, rows: pl.Series | None) -> pl.DataFrame:
    """The columns of a history, those that are not there empty, and the row numbers."""
    numbers = pl.int_range(1, table.height + 1, dtype=pl.Int64, eager=True) if rows is None else rows
    nothing = [pl.lit(None, pl.String).alias(name) for name in (CHANGED_ON, SOURCE) if name not in table.columns]
    columns = (OLD, NEW, CHANGED_ON, SOURCE)
    return table.with_columns(*nothing).select(numbers.alias("row"), *columns)


def _as_date() -> pl.Expr:
    text = pl.col(CHANGED_ON).str.strip_chars()
    return pl.coalesce(text.str.to_date(written, strict=False) for written in DATE_FORMATS)


def _undated(read: pl.DataFrame) -> pl.DataFrame:
    """Rows whose date is there and cannot be read."""
    unreadable = read.filter(pl.col("date").is_null() & (pl.col(CHANGED_ON).str.strip_chars() != ""))
    return unreadable.select("row", pl.lit(CHANGED_ON).alias("column"), pl.lit(Problem.BAD_DATE.value).alias("problem"))


def _touches_none(numbers: pl.Series) -> pl.Expr:
    return ~pl.col(OLD).is_in(numbers.implode()) & ~pl.col(NEW).is_in(numbers.implode())


def _is_coordination(column: str) -> pl.Expr:
    return pl.col(column) // 10_000 % 100 >= 60


def _damaged(both: pl.DataFrame, column: str, prefix: str) -> pl.DataFrame:
    """Rows without a national number in the column: a problem, or a kind that Navet does not refer to."""
    problem = pl.coalesce(pl.col(f"{prefix}_problem"), pl.lit("kind_not_allowed"))
    rows = both.filter(pl.col(f"{prefix}_number").is_null())
    return rows.select("row", pl.lit(column).alias("column"), problem.alias("problem"))


def _follow(changes: pl.DataFrame) -> pl.DataFrame:
    """Each old number with the end of its chain; every round doubles the length that has been followed."""
    for _ in range(changes.height.bit_length()):
        onward = changes.rename({OLD: NEW, NEW: "further"})
        changes = changes.join(onward, on=NEW, how="left").select(OLD, pl.coalesce("further", NEW).alias(NEW))
    return changes


def _refuse_contradictions(changes: pl.DataFrame, name: str) -> None:
    several = pl.col(NEW).n_unique().over(OLD) > 1
    _refuse(changes.filter(several)["row"].to_list(), "give one old number several new ones", name)


def _refuse_circles(changes: pl.DataFrame, ends: pl.DataFrame, name: str) -> None:
    endless = ends.join(ends.select(pl.col(OLD).alias(NEW)), on=NEW, how="semi")
    circling = changes.join(endless.select(OLD), on=OLD, how="semi")
    _refuse(circling["row"].to_list(), "lead back to a number that was already left", name)


def _refuse(rows: list[int], problem: str, name: str) -> None:
    if rows:
        shown = ", ".join(str(row) for row in sorted(rows)[:10]) + (", …" if len(rows) > 10 else "")
        raise FileRefused(name, f"{len(rows)} rows {problem} (rows {shown})", REMEDY)
