"""Persons: several numbers, one person.

What belongs here: which number a person has now, from a history of changed numbers. What must not: what a number is
(samkorning.identity), serial numbers, storage. Reused numbers are never merged here: only rows of a history merge.
"""

import polars as pl

from samkorning.errors import FileRefused


def latest_numbers(history: pl.DataFrame, name: str = "number history") -> pl.DataFrame:
    """The latest number of the person behind every number in a history of changes.

    ``history`` has ``old_number`` and ``new_number`` (Int64); equal rows count once. Gives ``number`` and
    ``person_number`` (Int64), one row for every number in the history, sorted by number; a latest number leads to
    itself. ``FileRefused``, by row numbers, where an old number has several new ones or where changes go in a circle.
    Rule: one person keeps one serial number across changes (Ludvigsson 2009 on changed and reused numbers).
    """
    changes = history.select(pl.col("old_number").cast(pl.Int64), pl.col("new_number").cast(pl.Int64))
    _refuse_contradictions(changes, name)
    ends = _follow(changes.unique())
    _refuse_circles(changes, ends, name)
    latest = ends.select(pl.col("new_number").alias("number"), pl.col("new_number").alias("person_number"))
    return (
        pl.concat([ends.rename({"old_number": "number", "new_number": "person_number"}), latest])
        .unique()
        .sort("number")
    )


def _follow(changes: pl.DataFrame) -> pl.DataFrame:
    """Each old number with the end of its chain; every round doubles the length that has been followed."""
    for _ in range(changes.height.bit_length()):
        onward = changes.rename({"old_number": "new_number", "new_number": "further"})
        changes = changes.join(onward, on="new_number", how="left").select(
            "old_number", pl.coalesce("further", "new_number").alias("new_number")
        )
    return changes


def _refuse_contradictions(changes: pl.DataFrame, name: str) -> None:
    several = pl.col("new_number").n_unique().over("old_number") > 1
    rows = changes.with_row_index("row", offset=1).filter(several)["row"].to_list()
    _refuse(rows, "give one old number several new ones", name)


def _refuse_circles(changes: pl.DataFrame, ends: pl.DataFrame, name: str) -> None:
    endless = ends.join(ends.select(pl.col("old_number").alias("new_number")), on="new_number", how="semi")
    circling = changes.with_row_index("row", offset=1).join(endless.select("old_number"), on="old_number", how="semi")
    _refuse(circling["row"].sort().to_list(), "lead back to a number that was already left", name)


def _refuse(rows: list[int], problem: str, name: str) -> None:
    if rows:
        shown = ", ".join(str(row) for row in rows[:10]) + (", …" if len(rows) > 10 else "")
        raise FileRefused(name, f"{len(rows)} rows {problem} (rows {shown})", "ask the sender for a corrected history")
