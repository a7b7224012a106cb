"""Looking numbers up in a table: what a join does, in a tenth of its memory and time.

What belongs here: a table that is looked up in, and the look-up. What must not: how pages are built (number_pages).

A hash join holds about 220 bytes for every row of the table that is joined with. Here a table is held once, in order
of its numbers, and a number's place in it is read off pages. Where the numbers are too scattered for pages they are
searched for, batch by batch in their order, so that neighbours are found in what the processor still holds.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from samkorning.linkage.number_pages import NumberPages, pages_of, slices_of
from samkorning.linkage.streams import streamed

FOUND = "~found"
ROWS_AT_ONCE = 250_000


@dataclass(frozen=True)
class NumberTable:
    """Rows by number: ``places`` gives the row of each number (UInt32, null where there is none) in ``answers``."""

    answers: pl.DataFrame
    places: Callable[[pl.Series], pl.Series]

    @classmethod
    def of(cls, table: pl.DataFrame, most_bytes: int) -> "NumberTable":
        """A table whose first column (Int64) holds each number once; pages take at most so many bytes."""
        numbers, answers = table.to_series(0), table.select(pl.all().exclude(table.columns[0]))
        pages, in_order = pages_of(numbers, most_bytes), numbers.is_sorted()
        if pages is not None:
            return cls(answers.rechunk() if in_order else _placed(answers, numbers, pages), pages.places)
        if not in_order:
            order = numbers.arg_sort()
            numbers, answers = numbers.gather(order), answers.select(pl.all().gather(pl.lit(order)))
        return cls(answers, lambda wanted: _searched(numbers, wanted))


class NumberTables:
    """Tables that numbers are looked up in, each read once, however often it is asked for."""

    def __init__(self, memory: int) -> None:
        """``memory`` in bytes: the pages of one table take at most a quarter."""
        self._most_bytes = memory // 4
        self._held: dict[int, tuple[pl.LazyFrame, NumberTable]] = {}

    def of(self, table: pl.LazyFrame) -> NumberTable:
        """A table whose first column (Int64) holds each number once, read."""
        if id(table) not in self._held:
            read = table.collect(engine="streaming")
            self._held[id(table)] = table, NumberTable.of(read, self._most_bytes)
        return self._held[id(table)][1]


def looked_up(frame: pl.LazyFrame, number: str, table: NumberTable, names: Mapping[str, str]) -> pl.LazyFrame:
    """The frame with columns of a table under new ``names``; null where the table has no row of its ``number``."""
    answers = table.answers.select(pl.col(name).alias(new) for name, new in names.items())

    def look_up(wanted: pl.Series) -> pl.Series:
        return answers.select(pl.all().gather(pl.lit(table.places(wanted)))).to_struct()

    dtype = pl.Struct(dict(answers.schema))
    return frame.with_columns(
        pl.col(number).map_batches(look_up, return_dtype=dtype, is_elementwise=True).alias(FOUND)
    ).unnest(FOUND)


def among(rows: pl.LazyFrame, number: str, numbers: pl.LazyFrame) -> pl.LazyFrame:
    """The rows whose number is among some numbers (one column, Int64), in their order; computed when they are read.

    Quick where both lie in order of their numbers, as in the vault.
    """

    def batches() -> Iterator[pl.DataFrame]:
        held = numbers.collect(engine="streaming").to_series().drop_nulls().rechunk()
        known = held if held.is_sorted() else held.sort()
        for batch in rows.collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
            here = _between(known, batch[number])
            yield batch if here.equals(batch[number]) else batch.filter(_searched(here, batch[number]).is_not_null())

    return streamed(batches, rows.collect_schema())


def _between(known: pl.Series, wanted: pl.Series) -> pl.Series:
    """Those of some sorted numbers between the least and the greatest that are looked for."""
    ends = wanted.to_frame("wanted").select(least=pl.min("wanted"), greatest=pl.max("wanted")).row(0)
    if None in ends:
        return known.clear()
    first, behind = known.search_sorted(ends[0], "left"), known.search_sorted(ends[1], "right")
    return known.slice(first, behind - first)


def _placed(answers: pl.DataFrame, numbers: pl.Series, pages: NumberPages) -> pl.DataFrame:
    """The rows of some numbers moved to their places, of which each is taken once."""
    moved = {name: np.empty(answers.height, dtype=answers[name].to_numpy().dtype) for name in answers.columns}

    def move(rows: pl.DataFrame) -> None:
        places = pages.places(rows.to_series(0)).to_numpy()
        for name, column in moved.items():
            column[places] = rows[name].to_numpy()

    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:  # no two of them move to one place
        deque(threads.map(move, slices_of(pl.DataFrame({FOUND: numbers}).hstack(answers))), maxlen=0)
    return pl.DataFrame(moved, schema=answers.schema)


def _searched(known: pl.Series, wanted: pl.Series) -> pl.Series:
    """Where each number stands among the known ones, which are sorted; null where it does not."""
    if known.is_empty():
        return pl.repeat(None, wanted.len(), dtype=pl.UInt32, eager=True)
    order = wanted.arg_sort(nulls_last=True)
    sought = wanted.gather(order)
    places = known.search_sorted(sought).clip(0, known.len() - 1)
    found = pl.DataFrame({"order": order, "there": known.gather(places) == sought, "place": places})
    return found.select(pl.when("there").then("place").cast(pl.UInt32).sort_by("order")).to_series()
