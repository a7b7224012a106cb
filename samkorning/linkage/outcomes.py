"""What becomes of rows: the columns that say so while a file is linked, why a row is dropped, and the row flow of all.

What belongs here: outcomes by identifier column and their sums. What must not: how rows come to them (kernel).
"""

from collections.abc import Iterable, Mapping, Sequence

import narwhals as nw
import polars as pl

from samkorning.linkage.row_flow import LINKED, UNKNOWN_PERSON, RowFlow
from samkorning.order import Source, Unknown

GUESSED, MISSING = "guessed_century", "missing"
BETWEEN = "|"
"""Stands between words of which none holds it; the person, who is text, stands last."""


def what_became(position: int) -> list[nw.Expr]:
    """An identifier's outcome, and what reading it took."""
    prefix = read_as(position)
    outcome = nw.when(~nw.col(serial_of(position)).is_null()).then(nw.lit(LINKED))
    problem = nw.coalesce(nw.col(f"{prefix}problem"), nw.lit(UNKNOWN_PERSON))
    return [
        outcome.otherwise(problem).alias(outcome_of(position)),
        nw.col(f"{prefix}guessed_century").alias(guessed_of(position)),
        nw.when(nw.col(f"{prefix}problem").is_null()).then(nw.col(f"{prefix}repair")).alias(repaired_of(position)),
    ]


def in_words(position: int, person: nw.Expr) -> nw.Expr:
    """All of it in one text with the ``person`` behind it: a column of a file costs time where it is empty too."""
    guessed = nw.when(nw.col(guessed_of(position))).then(nw.lit(GUESSED)).otherwise(nw.lit(""))
    repaired = nw.col(repaired_of(position)).fill_null("")
    return nw.concat_str([nw.col(outcome_of(position)), guessed, repaired, person.fill_null("")], separator=BETWEEN)


def from_words(rows: pl.LazyFrame, position: int) -> pl.LazyFrame:
    """The columns that the text of an identifier says: outcome, guess and repair, and the person."""
    names = [outcome_of(position), guessed_of(position), repaired_of(position), person_of(position)]
    said = pl.col(apart_of(position)).str.splitn(BETWEEN, len(names)).struct.rename_fields(names)
    parted = rows.with_columns(said.alias(apart_of(position))).unnest(apart_of(position))
    missing = (pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names[2:])
    return parted.with_columns(pl.col(names[1]) == GUESSED, *missing)


def dropped_for(source: Source) -> nw.Expr:
    """Why a row is dropped; null where it stays."""
    first = nw.col(outcome_of(0))
    reasons = [nw.when(first != LINKED).then(first)]
    for position, identifier in enumerate(source.identifiers[1:], start=1):
        if identifier.when_unknown is Unknown.DROP:
            outcome = nw.col(outcome_of(position))
            named = nw.concat_str([nw.lit(f"{identifier.column}:"), outcome])
            reasons.append(nw.when(outcome == UNKNOWN_PERSON).then(named))
    return nw.coalesce(*reasons) if len(reasons) > 1 else reasons[0]


def outcomes_of(looked_at: Iterable[pl.LazyFrame], source: Source) -> pl.DataFrame:
    """What became of the rows that were looked at closely, in every combination, and how many there are of each."""
    positions = range(len(source.identifiers))
    said = [apart_of(position) for position in positions]
    every = pl.concat([pl.LazyFrame(schema=dict.fromkeys(said, pl.String)), *(each.select(said) for each in looked_at)])
    for position in positions:
        every = from_words(every, position)
    names = [name for place in positions for name in (outcome_of(place), guessed_of(place), repaired_of(place))]
    return every.group_by(names).len("rows").collect(engine="streaming")


def row_flow_of(source: Source, plain: Sequence[pl.LazyFrame], outcomes: pl.DataFrame) -> RowFlow:
    """The row flow of a file: rows that needed no closer look, and the outcomes of those that did."""
    settled = sum(rows.select(pl.len()).collect().item() for rows in plain)
    why = nw.from_native(outcomes).with_columns(dropped_for(source).alias("~why")).to_native()
    reasons = _counts(why, "~why")
    linked = settled + reasons.pop(LINKED, 0)
    kept = why.filter(pl.col("~why").is_null())
    blanks: dict[str, dict[str, int]] = {}
    for position, identifier in enumerate(source.identifiers[1:], start=1):
        counts = _counts(kept, outcome_of(position))
        counts.pop(LINKED, None)
        absent = sum(rows.select(pl.col(identifier.serial_name).null_count()).collect().item() for rows in plain)
        blanks[identifier.column] = counts | ({MISSING: absent + counts.get(MISSING, 0)} if absent else {})
    readings = {identifier.column: _readings(outcomes, place) for place, identifier in enumerate(source.identifiers)}
    rows = linked + sum(reasons.values())
    return RowFlow(source.name, rows, linked, reasons, _with_any(blanks), readings=_with_any(readings))


def _readings(outcomes: pl.DataFrame, position: int) -> dict[str, int]:
    """Rows whose number was taken by a guess of its century, and by each repair."""
    guessed = int(outcomes.filter(pl.col(guessed_of(position)))["rows"].sum())
    repaired = outcomes.filter(pl.col(repaired_of(position)).is_not_null())
    return ({GUESSED: guessed} if guessed else {}) | _counts(repaired, repaired_of(position))


def _with_any(columns: Mapping[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {column: counts for column, counts in columns.items() if counts}


def _counts(outcomes: pl.DataFrame, reason: str) -> dict[str, int]:
    """Rows by reason; rows without one count as linked."""
    counted = outcomes.group_by(pl.col(reason).fill_null(LINKED)).agg(pl.col("rows").sum()).sort(reason)
    return {name: int(rows) for name, rows in counted.iter_rows()}


def read_as(position: int) -> str:
    """What begins the names of columns that reading an identifier gives."""
    return f"~identity_{position}_"


def number_of(position: int) -> str:
    """The column of an identifier's number."""
    return f"{read_as(position)}number"


def outcome_of(position: int) -> str:
    """The column that says whether an identifier linked, or why not."""
    return f"~outcome_{position}"


def guessed_of(position: int) -> str:
    """The column that says whether its century was a guess."""
    return f"~guessed_{position}"


def repaired_of(position: int) -> str:
    """The column that says how it was repaired."""
    return f"~repaired_{position}"


def person_of(position: int) -> str:
    """The column that says whom a dropped row is about."""
    return f"~person_{position}"


def apart_of(position: int) -> str:
    """The column of a linked file that holds an identifier as it came while its row waits for a closer look, and what
    became of it afterwards; empty in all other rows."""
    return f"~apart_{position}"


def serial_of(position: int) -> str:
    """The column of its serial number."""
    return f"~serial_{position}"


def reused_of(position: int) -> str:
    """The column of its reuse flag."""
    return f"~reused_{position}"
