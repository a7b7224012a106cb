"""Serial numbers as a person gives them for a look-up: one a line.

What belongs here: reading them. What must not: the look-up (code_keys).
"""

import polars as pl

from samkorning.errors import FileRefused

LARGEST = 2**31 - 1


def serial_numbers_of(text: str, name: str) -> pl.Series:
    """Serial numbers, one a line, as Int32.

    :param name: what they were read from.
    :raises FileRefused: naming lines, never what stands in them.
    """
    lines = [line.strip() for line in text.splitlines()]
    bad = [str(row) for row, line in enumerate(lines, start=1) if not _is_serial_number(line)]
    if bad or not lines:
        problem = f"lines {', '.join(bad[:20])} are no serial numbers" if bad else "is empty"
        raise FileRefused(name, problem, "give one serial number a line")
    return pl.Series("serial_number", [int(line) for line in lines], dtype=pl.Int32)


def _is_serial_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and not text.startswith("0") and len(text) <= 10 and int(text) <= LARGEST
