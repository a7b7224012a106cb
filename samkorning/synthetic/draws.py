"""Random numbers for rows: each is a function of seed, topic and row counter, so order and chunks do not matter.

What belongs here: the counter-based generator (SplitMix64) and the few ways to draw from it, as Polars expressions.
What must not: anything with a meaning in the register world. The generator is for synthetic data only, never for
serial numbers or encryption: whoever knows the seed knows every draw.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_HALF = 1 << 32


def _word(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _shifted(value: pl.Expr, places: int) -> pl.Expr:
    return value // _word(1 << places)


def stream(seed: int, topic: str) -> int:
    """The 64-bit start of one stream of draws: the head of SHA-256 over seed and topic."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{topic}".encode()).digest()[:8], "big")


def rows(count: int) -> pl.DataFrame:
    """A frame with ``count`` rows and their counter, column ``row`` UInt64 from 0."""
    return pl.DataFrame({"row": pl.int_range(count, eager=True, dtype=pl.UInt64)})


def weighted(weights: Mapping[str, int], missing: int = 0) -> pl.Series:
    """A table to choose from: each value as often as its weight, and ``missing`` times no value at all."""
    values: list[str | None] = [value for value, weight in weights.items() for _ in range(weight)]
    return pl.Series("value", values + [None] * missing, dtype=pl.String)


def weighted_numbers(weights: Mapping[int, int], missing: int = 0) -> pl.Series:
    """As ``weighted``, for whole numbers; Int64."""
    values: list[int | None] = [value for value, weight in weights.items() for _ in range(weight)]
    return pl.Series("value", values + [None] * missing, dtype=pl.Int64)


@dataclass(frozen=True)
class Draws:
    """Draws for the rows of one frame; two draws with the same name, topic, seed and counter are equal."""

    seed: int
    topic: str
    counter: str = "row"

    def bits(self, name: str) -> pl.Expr:
        """64 random bits per row, UInt64 (SplitMix64: Steele, Lea and Flood 2014)."""
        start = _word(stream(self.seed, f"{self.topic}/{name}"))
        mixed = (pl.col(self.counter).cast(pl.UInt64) + _word(1)) * _word(_GOLDEN) + start
        mixed = (mixed ^ _shifted(mixed, 30)) * _word(_FIRST)
        mixed = (mixed ^ _shifted(mixed, 27)) * _word(_SECOND)
        return mixed ^ _shifted(mixed, 31)

    def below(self, name: str, bound: int | pl.Expr) -> pl.Expr:
        """A whole number from 0 to ``bound`` - 1, Int64; ``bound`` under 2^32."""
        limit = _word(bound) if isinstance(bound, int) else bound.cast(pl.UInt64)
        return (_shifted(self.bits(name), 32) * limit // _word(_HALF)).cast(pl.Int64)

    def chance(self, name: str, share: float | pl.Expr) -> pl.Expr:
        """True in about ``share`` of the rows."""
        limit = pl.lit(share) if isinstance(share, float) else share
        return _shifted(self.bits(name), 11).cast(pl.Float64) < limit * float(1 << 53)

    def choose(self, name: str, table: pl.Series) -> pl.Expr:
        """One entry of the table per row, each entry equally likely."""
        return pl.lit(table).gather(self.below(name, table.len()))

    def choose_by(self, name: str, group: pl.Expr, tables: Sequence[pl.Series]) -> pl.Expr:
        """One entry per row from the table that ``group`` (0, 1, …) points at."""
        sizes = pl.Series([table.len() for table in tables], dtype=pl.Int64)
        starts = sizes.cum_sum() - sizes
        place = pl.lit(starts).gather(group) + self.below(name, pl.lit(sizes).gather(group))
        return pl.lit(pl.concat(list(tables))).gather(place)

    def pick(self, name: str, count: int, eligible: pl.Expr) -> pl.Expr:
        """True in exactly ``count`` of the eligible rows, or in all where there are fewer."""
        order = pl.when(eligible).then(self.bits(name)).rank("ordinal")
        return (order <= count).fill_null(value=False)


def at_least_one(share: float, total: int) -> int:
    """How many of ``total`` a share is: rounded, and one where the share is above 0 so that small data show it."""
    return max(1, round(share * total)) if share > 0 and total > 0 else 0
