"""Texts as the bytes in which the library holds them, to be compared and ordered as whole numbers.

What belongs here: the layout. What must not: what is asked of texts.

Arrow's layout of text views holds a text of up to twelve bytes in sixteen: its length in four, its bytes, and zeros. Of
a longer one the first four bytes stand there, and where the others lie.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

Halves = npt.NDArray[np.uint64]

LONGEST = 12
"""Bytes of a text that lies in its view."""
IN_FIRST_HALF = 4
"""Bytes of a text that the half with the length has room for."""


def text_halves(column: pl.Series) -> Halves:
    """The views of a column of texts, two halves a row. What stands there for a missing text means nothing."""
    if column.is_empty():
        return np.empty((0, 2), dtype=np.uint64)
    views = column.rechunk().to_arrow(compat_level=pl.CompatLevel.newest())
    whole: Halves = np.frombuffer(views.buffers()[1], dtype=np.uint64).reshape(-1, 2)
    return whole[views.offset : views.offset + len(views)]
