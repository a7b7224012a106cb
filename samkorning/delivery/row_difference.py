"""What differs between two states of one file, in rows and cells: counts, never a value.

What belongs here: pairing the rows of both states. What must not: where the rows come from (a package, the vault).

Rows have no number of their own, so they are held against each other as what they are. Equal rows are the same, each
as often as it occurs in both. Of what is left, a row that another one of the same serial number equals in all cells but
one is that row altered; what then is left is paired, serial number by serial number in the order of its values, where
at least half of the cells are equal. The rest is gone or new.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

_NTH, _LEFT = "~nth", "~left"


@dataclass(frozen=True)
class RowDifference:
    """Rows that are the same, altered, new and gone; altered cells by variable; persons that are new and gone."""

    same: int = 0
    altered: int = 0
    new: int = 0
    gone: int = 0
    cells: Mapping[str, int] = field(default_factory=dict)
    persons_new: int = 0
    persons_gone: int = 0

    @property
    def is_none(self) -> bool:
        """Whether both states hold the same rows."""
        return not (self.altered or self.new or self.gone)


def row_difference(before: pl.LazyFrame, after: pl.LazyFrame, person: str) -> RowDifference:
    """Hold two states of a file against each other; both have the same columns, of the same types.

    :param person: the column with the serial number of whom a row is about.
    """
    columns = after.collect_schema().names()
    before = before.select(columns)
    same, gone, new = _equal_rows(before, after, columns)
    cells: Counter[str] = Counter()
    altered = 0
    for variable in columns:
        if variable != person and not gone.is_empty() and not new.is_empty():
            pairs, gone, new = _alike_but_in(variable, gone, new, columns)
            altered += pairs
            cells[variable] += pairs
    pairs, gone, new = _by_order(gone, new, columns, person, cells)
    return RowDifference(
        same=same,
        altered=altered + pairs,
        new=new.height,
        gone=gone.height,
        cells={name: cells[name] for name in columns if cells[name]},
        persons_new=_persons_only_in(after, before, person),
        persons_gone=_persons_only_in(before, after, person),
    )


def _equal_rows(
    before: pl.LazyFrame, after: pl.LazyFrame, columns: Sequence[str]
) -> tuple[int, pl.DataFrame, pl.DataFrame]:
    """How many rows are in both, each as often as it is, and the rows that are left of either."""
    counted = [rows.group_by(columns).len(name) for rows, name in ((before, "~before"), (after, "~after"))]
    both = counted[0].join(counted[1], on=list(columns), how="full", nulls_equal=True, coalesce=True)
    both = both.with_columns(pl.col("~before", "~after").fill_null(0).cast(pl.Int64))
    same = pl.min_horizontal("~before", "~after").sum().alias("same")
    differing = both.filter(pl.col("~before") != pl.col("~after"))
    equal, left = pl.collect_all([both.select(same), differing], engine="streaming")
    surplus = left.with_columns((pl.col("~before") - pl.col("~after")).alias(_LEFT))
    gone = _repeated(surplus.filter(pl.col(_LEFT) > 0), columns)
    new = _repeated(surplus.filter(pl.col(_LEFT) < 0).with_columns(-pl.col(_LEFT)), columns)
    return int(equal.item() or 0), gone, new


def _repeated(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Every row as often as it is left."""
    return (
        rows.select(pl.col(columns).repeat_by(_LEFT).explode(empty_as_null=False))
        if rows.height
        else rows.select(columns)
    )


def _alike_but_in(
    variable: str, gone: pl.DataFrame, new: pl.DataFrame, columns: Sequence[str]
) -> tuple[int, pl.DataFrame, pl.DataFrame]:
    """Pairs rows that are equal in all cells but one; how many, and what is left of either."""
    others = [name for name in columns if name != variable]
    nth = pl.int_range(pl.len()).over(others).alias(_NTH)
    gone, new = gone.sort(columns).with_columns(nth), new.sort(columns).with_columns(nth)
    key = [*others, _NTH]
    left_of_new = new.join(gone, on=key, how="anti", nulls_equal=True)
    left_of_gone = gone.join(new, on=key, how="anti", nulls_equal=True)
    return new.height - left_of_new.height, left_of_gone.drop(_NTH), left_of_new.drop(_NTH)


def _by_order(
    gone: pl.DataFrame, new: pl.DataFrame, columns: Sequence[str], person: str, cells: Counter[str]
) -> tuple[int, pl.DataFrame, pl.DataFrame]:
    """Pairs what is left of each person in the order of its values, where at least half of the cells are equal."""
    if gone.is_empty() or new.is_empty():
        return 0, gone, new
    nth = pl.int_range(pl.len()).over(person).alias(_NTH)
    gone, new = gone.sort(columns).with_columns(nth), new.sort(columns).with_columns(nth)
    values = [name for name in columns if name != person]
    pairs = gone.join(new, on=[person, _NTH], how="inner", nulls_equal=True, suffix="~")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}~")).alias(name) for name in values]
    counted = pairs.select(person, _NTH, *differs)
    alike = counted.filter(pl.sum_horizontal(values) * 2 <= len(values)) if values else counted
    for name in values:
        cells[name] += int(alike[name].sum())
    key = [person, _NTH]
    left_of_gone, left_of_new = (rows.join(alike, on=key, how="anti", nulls_equal=True) for rows in (gone, new))
    return alike.height, left_of_gone.drop(_NTH), left_of_new.drop(_NTH)


def _persons_only_in(rows: pl.LazyFrame, others: pl.LazyFrame, person: str) -> int:
    numbers = rows.select(pl.col(person).drop_nulls().unique())
    only = numbers.join(others.select(pl.col(person).drop_nulls().unique()), on=person, how="anti")
    return int(only.select(pl.len()).collect(engine="streaming").item())
