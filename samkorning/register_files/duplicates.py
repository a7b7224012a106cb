"""Rows that say the same as an earlier row of the file.

What belongs here: counting them while the file is read. What must not: removing them; a sender may mean them.
"""

import polars as pl

MOST_ROWS = 20_000_000  # 160 MB of hashes; beyond that the count is left out


class DuplicateRows:
    """Counts the rows that repeat an earlier one, by 64-bit hashes of whole rows."""

    def __init__(self) -> None:
        self._hashes: list[pl.Series] = []
        self._rows = 0

    def look_at(self, frame: pl.DataFrame) -> None:
        """Takes note of one batch."""
        self._rows += frame.height
        if self._rows <= MOST_ROWS:
            self._hashes.append(frame.hash_rows())
        else:
            self._hashes.clear()

    def count(self) -> int | None:
        """How many rows repeat an earlier one; nothing for a file of more than 20 million rows."""
        if self._rows > MOST_ROWS:
            return None
        return self._rows - pl.concat(self._hashes).n_unique() if self._hashes else 0
