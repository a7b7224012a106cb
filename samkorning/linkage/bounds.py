"""Into how many parts a linked file is cut, and at which serial numbers: the same cuts for all files of a case.

What belongs here: choosing cuts and finding the part of a serial number. What must not: writing parts (the vault).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

FINEST = 64
"""The most parts; fewer are neighbours taken together, so that files of different size share their cuts."""
BYTES_A_CELL = 128
"""Memory that a cell of text takes while its part is sorted: held, joined to its serial number, and sorted."""
SAMPLE = 10_000
LEAST, GREATEST = -(2**31), 2**31 - 1


@dataclass(frozen=True)
class Bounds:
    """Parts 0, 1, … by serial number: ``cuts`` are the greatest serial numbers of all parts but the last.

    ``least`` and ``greatest`` are those of the code key.
    """

    cuts: tuple[int, ...]
    least: int = LEAST
    greatest: int = GREATEST

    def part_of(self, serial_number: pl.Expr) -> pl.Expr:
        """The part of each serial number (Int16)."""
        part = pl.lit(0, dtype=pl.Int16)
        for cut in self.cuts:
            part = part + (serial_number > cut).cast(pl.Int16)
        return part

    def of(self, part: int) -> tuple[int, int]:
        """The least and greatest serial number that a part may hold."""
        ends = list(pairwise((self.least - 1, *self.cuts, self.greatest)))
        before, last = ends[part]
        return before + 1, last

    @property
    def whole(self) -> tuple[int, int]:
        """The least and greatest serial number of all parts."""
        return self.least, self.greatest


def bearable_rows(columns: int, memory: int) -> int:
    """How many rows can be held and sorted at once in a quarter of the memory, in bytes."""
    return max(memory // (4 * BYTES_A_CELL * max(columns, 1)), 1)


def bounds_for(serial_numbers: pl.Series, rows: int, columns: int, memory: int) -> Bounds:
    """Cuts so that a part can be sorted in a quarter of the memory.

    :param serial_numbers: Int32, the code key's, in the order in which they are stored: some of them show where the
        cuts lie. Drawn ones are uniform; imported ones can be anything.
    :param rows: of the file; :param columns: delivered; :param memory: bytes.
    """
    parts = 1
    while parts < FINEST and parts * bearable_rows(columns, memory) < rows:
        parts *= 2
    grid = _grid(serial_numbers) if parts > 1 else ()
    ends = pl.DataFrame({"held": serial_numbers}).select(least=pl.min("held"), greatest=pl.max("held")).row(0)
    least, greatest = (LEAST, GREATEST) if None in ends else ends
    return Bounds(tuple(grid[FINEST // parts - 1 :: FINEST // parts]), least, greatest)


def _grid(serial_numbers: pl.Series) -> Sequence[int]:
    """The finest cuts: as many serial numbers of a sample between each two."""
    sample = serial_numbers.gather_every(max(len(serial_numbers) // SAMPLE, 1)).unique().sort()
    places = [len(sample) * part // FINEST for part in range(1, FINEST)]
    return sorted({int(sample[place]) for place in places}) if len(sample) >= FINEST else ()
