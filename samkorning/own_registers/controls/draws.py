"""The draw: a number for each pair of case and candidate that nobody can foretell, and the lowest numbers of each case.

What belongs here: the keyed numbers and keeping the lowest. What must not: who is a candidate.

The number of a pair is a function of the case's secret, case person, index date and candidate, and of nothing else: the
order of rows, the engine, threads, strata and other cases cannot show in it. It is what AES gives for three numbers in
two blocks (CBC-MAC of a fixed length): first case person and index date, which is done once a case and orders the cases
themselves, then that with the candidate.
"""

from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa

from samkorning.encryption.keyed_order import keyed_blocks
from samkorning.encryption.primitives import derive
from samkorning.own_registers.controls.at_risk import PERSON
from samkorning.own_registers.controls.cases import CASE, ENTRY, INDEX_DATE

DRAW = "draw"


@dataclass(frozen=True)
class KeyedCases:
    """What the draws of each case begin from, case by case: two halves of a block (Int64)."""

    high: pl.Series
    low: pl.Series
    encryption_key: bytes = field(repr=False)

    def of(self, places: pl.Series) -> "KeyedCases":
        """The same for the cases at some places, each as often as it is named."""
        return KeyedCases(self.high.gather(places), self.low.gather(places), self.encryption_key)

    def draws(self, pairs: pl.DataFrame, place: str) -> pl.Series:
        """The numbers of pairs (UInt64): of the case at a place and a person."""
        halves = pairs.select(
            pl.lit(self.high).gather(pl.col(place)) ^ pl.col(PERSON),
            pl.lit(self.low).gather(pl.col(place)).alias("low"),
        )
        blocks = _keyed(self.encryption_key, halves)
        return blocks.gather_every(2).reinterpret(signed=False).alias(DRAW)

    def order(self) -> pl.Series:
        """A keyed order of the entries (UInt64), for those of one index date."""
        return self.low.reinterpret(signed=False)


def keyed(entries: pl.DataFrame, secret: bytes) -> KeyedCases:
    """What the draws of these entries begin from.

    :param entries: entry (0, 1, …), case and index_date.
    :param secret: the case's secret, from which an encryption key of its own is derived.
    """
    encryption_key = derive(secret, "controls")
    day = pl.col(INDEX_DATE).to_physical().cast(pl.Int64)
    blocks = _keyed(encryption_key, entries.select(pl.col(CASE), day))
    return KeyedCases(blocks.gather_every(2), blocks.gather_every(2, 1), encryption_key)


def lowest(pairs: pl.DataFrame, most: int) -> pl.DataFrame:
    """Of each entry the pairs with the lowest numbers, at most so many, in the order of entry and number."""
    in_order = pairs.sort(ENTRY, DRAW, PERSON)
    return in_order.filter(pl.col(ENTRY).ne_missing(pl.col(ENTRY).shift(most)))


def bounds_of(pairs: pl.DataFrame, by: str, most: int, places: int) -> pl.Series:
    """What a pair's number may be at most to come among the lowest (UInt64), place by place of the column ``by``."""
    full = pairs.group_by(by).agg(pl.col(DRAW).bottom_k(most).max(), pl.len()).filter(pl.col("len") >= most)
    anything = pl.repeat(2**64 - 1, places, dtype=pl.UInt64, eager=True)
    return anything.scatter(full[by], full[DRAW])


def _keyed(encryption_key: bytes, halves: pl.DataFrame) -> pl.Series:
    """What AES gives for blocks of two halves (Int64): the halves of each, one after the other (Int64)."""
    side_by_side = halves.select(pl.concat_arr(pl.all()).alias("block"))["block"].rechunk().to_arrow().flatten()
    size = side_by_side.type.bit_width // 8
    plain = side_by_side.buffers()[1].slice(side_by_side.offset * size, len(side_by_side) * size)
    found = pa.py_buffer(keyed_blocks(encryption_key, memoryview(plain).cast("B")))
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.int64(), len(side_by_side), [None, found])))
