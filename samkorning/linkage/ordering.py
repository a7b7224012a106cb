"""The one order of rows: by serial number and then by every delivered column, missing last, whatever came first.

What belongs here: reading linked parts in that order, a part at a time in memory, the next one while the last is used.
What must not: what is done with the rows.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from samkorning.errors import GuardedFailure
from samkorning.linkage.bounds import GREATEST, LEAST
from samkorning.linkage.row_places import places_in_order
from samkorning.vault import Part

UNIT = "~unit"


@dataclass(frozen=True)
class OrderedRows:
    """Rows in order: ``rows`` as delivered; ``units`` (Int16) says of each which of the units it is of, from 0.

    Rows that are equal follow each other unit by unit.
    """

    rows: pl.DataFrame
    units: pl.Series


def in_order(units: Sequence[Sequence[Part]], columns: Sequence[str], most_rows: int) -> Iterator[OrderedRows]:
    """The rows of some linked units together, in order, so many at a time as one range of serial numbers holds.

    :param units: the parts of each unit.
    :param columns: the delivered ones, the serial number of the person that a row is about first.
    :param most_rows: about how many are held and sorted at once; a person's rows are never parted.
    :raises GuardedFailure: where a part cannot be read.
    """
    ranges = ranges_of([part for parts in units for part in parts], most_rows)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="next-part") as worker:
        ahead = [worker.submit(_sorted, units, columns, bounds) for bounds in ranges[:1]]
        for following in [*ranges[1:], None]:
            ready = ahead.pop()
            rows = ready.result()
            if following is not None:
                ahead.append(worker.submit(_sorted, units, columns, following))
            yield rows


def normalised(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with one form for each value: -0.0 is 0.0, and a number that is none is missing."""
    floats = [name for name, dtype in rows.collect_schema().items() if dtype.is_float()]
    return rows.with_columns(
        pl.when(pl.col(name) == 0.0).then(0.0).otherwise(pl.col(name)).fill_nan(None).alias(name) for name in floats
    )


def sorted_rows(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows by these columns, missing last.

    They are moved once, when all places are known; what lies in several pieces would take ten times as long to move.
    """
    whole = rows.rechunk()
    return whole[pl.Series(places_in_order(whole, columns))]


def _sorted(units: Sequence[Sequence[Part]], columns: Sequence[str], bounds: tuple[int, int]) -> OrderedRows:
    failure = ""
    try:
        by_unit = [_of_unit(place, rows_between(parts, columns, bounds)) for place, parts in enumerate(units)]
        ordered = sorted_rows(pl.concat(by_unit), [*columns, UNIT])
        return OrderedRows(ordered.drop(UNIT), ordered[UNIT])
    except pl.exceptions.PolarsError as error:
        failure = type(error).__name__  # its text could quote a cell
    raise GuardedFailure(f"linked rows could not be read ({failure}); nothing was delivered")


def _of_unit(place: int, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.lit(place, dtype=pl.Int16).alias(UNIT))


def rows_between(parts: Sequence[Part], columns: Sequence[str], bounds: tuple[int, int]) -> pl.DataFrame:
    """The rows of a unit whose serial numbers, in the first of the columns, lie between bounds.

    Errors of Polars are not cut here: they could quote a cell.
    """
    first, last = bounds
    found = [pl.DataFrame(schema=_schema(parts, columns)).lazy()]
    for part in parts:
        lowest, highest = _bounds(part)
        if lowest <= last and first <= highest:
            rows = part.rows.select(columns)
            inside = first <= lowest and highest <= last
            found.append(rows if inside else rows.filter(pl.col(columns[0]).is_between(first, last)))
    return pl.concat(found).collect(engine="streaming")


def _schema(parts: Sequence[Part], columns: Sequence[str]) -> pl.Schema:
    return parts[0].rows.select(columns).collect_schema()


def ranges_of(parts: Sequence[Part], most_rows: int) -> list[tuple[int, int]]:
    """Ranges of serial numbers that together hold all, none with many more rows than asked for."""
    ends = sorted({last for _, last in map(_bounds, parts)} | {GREATEST})
    whole = [(before + 1, last) for before, last in pairwise([LEAST - 1, *ends])]
    finest = [smaller for bounds in whole for smaller in _cut(bounds, _estimate(parts, bounds), most_rows)]
    return _together(parts, finest, most_rows)


def _together(parts: Sequence[Part], ranges: Sequence[tuple[int, int]], most_rows: int) -> list[tuple[int, int]]:
    """Neighbouring ranges as one while their rows are few."""
    joined: list[tuple[int, int]] = []
    held = 0.0
    for first, last in ranges:
        rows = _estimate(parts, (first, last))
        if joined and held + rows <= most_rows:
            joined[-1], held = (joined[-1][0], last), held + rows
        else:
            joined.append((first, last))
            held = rows
    return joined


def _cut(bounds: tuple[int, int], rows: float, most_rows: int) -> Iterator[tuple[int, int]]:
    """A range in as many equal ones as its rows ask for."""
    first, last = bounds
    count = max(1, min(round(rows / most_rows), last - first + 1))
    cuts = [first + (last - first + 1) * number // count for number in range(count + 1)]
    yield from ((before, after - 1) for before, after in pairwise(cuts))


def _estimate(parts: Sequence[Part], bounds: tuple[int, int]) -> float:
    """About how many rows lie between bounds: a part's rows are taken to be spread evenly."""
    rows = 0.0
    for part in parts:
        lowest, highest = _bounds(part)
        common = min(highest, bounds[1]) - max(lowest, bounds[0]) + 1
        rows += part.height * max(common, 0) / (highest - lowest + 1)
    return rows


def _bounds(part: Part) -> tuple[int, int]:
    return (LEAST if part.first is None else part.first), (GREATEST if part.last is None else part.last)
