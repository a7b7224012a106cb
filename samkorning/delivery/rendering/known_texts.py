"""Short texts that are known, told apart by the bytes in which the library holds them and not by hashing each.

What belongs here: counting the rows of some known texts. What must not: finding which there are (few_values).

Arrow's layout of text views holds a text of up to twelve bytes in sixteen: its length in four, its bytes, and zeros.
Two such texts are equal where both halves are; a longer one differs by its length. Known texts are so few that
multipliers are found which lead each to a slot of its own in a small table: a row is led there, and compared with what
lies there.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from samkorning.machine.text_views import IN_FIRST_HALF, LONGEST, Halves, text_halves

Counts = npt.NDArray[np.int64]

_MOST_BITS = 17
_AT_ONCE = 16 * 1024
"""Rows whose halves and places stay in the processor's cache."""
_MULTIPLIERS = tuple(
    (np.uint64(pow(0x9E3779B97F4A7C15, power, 2**64)), np.uint64(pow(0xC2B2AE3D27D4EB4F, power, 2**64)))
    for power in range(1, 65)
)


class KnownTexts:
    """Counts the rows that hold some texts, by their places among them."""

    def __init__(self, halves: Halves, multipliers: tuple[np.uint64, np.uint64], bits: int, has_second: bool) -> None:
        """Of texts by their halves, if the multipliers lead them to different slots of a table of so many bits."""
        self._first, self._second = (np.ascontiguousarray(half) for half in halves.T)
        self._multipliers, self._shift, self._has_second = multipliers, np.uint64(64 - bits), has_second
        slots = self._slots(halves)
        self.are_apart = len(set(slots.tolist())) == len(halves)
        self._table = np.zeros(1 << bits, dtype=np.int64)
        self._table[slots] = np.arange(len(halves))

    @classmethod
    def of(cls, texts: Sequence[str]) -> "KnownTexts | None":
        """These texts, which all differ; nothing where one is too long, or they are too many for a small table."""
        longest = max((len(text.encode()) for text in texts), default=LONGEST + 1)
        if longest > LONGEST:
            return None
        halves = text_halves(pl.Series(texts, dtype=pl.String))
        fewest_bits = max(1, 2 * len(texts).bit_length() - 4)
        for bits in range(fewest_bits, _MOST_BITS + 1):
            for multipliers in _MULTIPLIERS:
                known = cls(halves, multipliers, bits, longest > IN_FIRST_HALF)
                if known.are_apart:
                    return known
        return None

    def rows(self, column: pl.Series, units: pl.Series, count: int) -> Counts | None:
        """The rows of each known text in each of so many units; nothing where a row holds another text.

        :param column: texts, none missing.
        """
        halves, of_unit, known = text_halves(column), units.to_numpy(), len(self._first)
        found = np.zeros(count * known, dtype=np.int64)
        for first in range(0, len(halves), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            places = self._places(halves[some])
            if places is None:
                return None
            if count > 1:
                places += of_unit[some].astype(np.int64) * known
            found += np.bincount(places, minlength=len(found))
        return found.reshape(count, known)

    def _places(self, halves: Halves) -> Counts | None:
        places = self._table[self._slots(halves)]
        if not (self._first[places] == halves[:, 0]).all():
            return None
        if self._has_second and not (self._second[places] == halves[:, 1]).all():
            return None
        return places

    def _slots(self, halves: Halves) -> Counts:
        """A text that the first half has no room for differs from known ones in its length, where all are short."""
        slots = halves[:, 0] * self._multipliers[0]
        if self._has_second:
            slots += halves[:, 1] * self._multipliers[1]
        slots >>= self._shift
        return slots.view(np.int64)
