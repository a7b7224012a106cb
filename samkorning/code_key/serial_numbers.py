"""Serial numbers (löpnummer): drawn by chance, never derived from whom they stand for.

What belongs here: which values may be drawn, and the draw. What must not: whose number becomes which (``code_key``),
files, encryption.

A serial number is a 9-digit integer, 100,000,000 to 999,999,999: it fits 32 bits and survives every statistics
program. A value is never drawn if it reads as a Swedish identity number of ten digits that lost its leading zero, that
is, if with a zero in front it has

- month 00-12 (coordination numbers may have month 00),
- day 01-31, or 61-91 or 60 for coordination numbers, whatever the length of the month,
- any three digits, and
- the check digit of those nine (Luhn).

The rule asks more than validity does, so it refuses every valid number and some that never occur: 0.8 % of the range.
"""

from collections.abc import Callable

import polars as pl
import pyarrow as pa

from samkorning.errors import RuleRefused

FIRST = 100_000_000
VALUES = 900_000_000
THIRTY_BITS = (1 << 30) - 1
LARGEST_SHARE = 0.2
MOST = int(VALUES * LARGEST_SHARE)
WORD_BYTES = 4
LUHN_DOUBLED = (
    1,
    3,
    5,
    7,
)  # places of a nine-digit number, from the left, 0-based: those doubled behind a leading zero

DRAWN = "serial_number"


def draw_serial_numbers(count: int, taken: pl.Series, random_bytes: Callable[[int], bytes]) -> pl.Series:
    """Draw ``count`` serial numbers, uniform and in random order, none twice and none of those taken.

    ``taken`` holds the numbers drawn before (Int32). ``random_bytes(n)`` gives n random bytes: ``os.urandom`` in
    service. Gives an Int32 series named ``serial_number``. RuleRefused if taken and new would fill more than 20 % of
    the range, since then a guess hits too often.
    """
    require_room(count, len(taken))
    drawn = pl.Series(DRAWN, [], dtype=pl.Int32)
    while len(drawn) < count:
        candidates = _candidates(count - len(drawn), len(taken) + len(drawn), random_bytes)
        free = _without(_without(_drawn_once(candidates), taken), drawn)
        drawn = pl.concat([drawn, free.head(count - len(drawn))])
    return drawn.rechunk()


def require_room(count: int, taken: int) -> None:
    """Refuse a draw that would fill more than 20 % of the range."""
    if count + taken > MOST:
        raise RuleRefused(
            "serial numbers",
            f"{count} new beside {taken} taken are more than {MOST}, 20 % of the nine-digit numbers",
            "split the order into several cases",
        )


def reads_as_identity_number(number: pl.Expr) -> pl.Expr:
    """Tell whether a nine-digit number reads as an identity number of ten digits that lost its leading zero."""
    month = number // 1_000_000 % 100
    day = number // 10_000 % 100
    is_day = day.is_between(1, 31) | day.is_between(60, 91)
    return (month <= 12) & is_day & (_luhn_sum(number) % 10 == 0)


def _luhn_sum(number: pl.Expr) -> pl.Expr:
    """Add the digits after doubling every second one, counted so that the check digit itself is not doubled."""
    total = pl.lit(0, dtype=pl.Int32)
    for place in range(9):
        digit = number // 10 ** (8 - place) % 10
        total = total + (digit * 2 // 10 + digit * 2 % 10 if place in LUHN_DOUBLED else digit)
    return total


def _candidates(needed: int, used: int, random_bytes: Callable[[int], bytes]) -> pl.Series:
    """Draw somewhat more numbers than needed: uniform, in range, not reading as an identity number."""
    share = (VALUES / (1 << 30)) * 0.99 * (1 - used / VALUES) * (1 - needed / VALUES) ** 2
    words = _words(random_bytes(WORD_BYTES * (int(needed / share * 1.01) + 64)))
    return (
        words.to_frame()
        .lazy()
        .select((pl.col(DRAWN) & THIRTY_BITS).cast(pl.Int32))  # every value of 30 bits is equally likely
        .filter(pl.col(DRAWN) < VALUES)  # so cutting off the top leaves a uniform draw, where a remainder would not
        .select(pl.col(DRAWN) + FIRST)
        .filter(~reads_as_identity_number(pl.col(DRAWN)))
        .collect()[DRAWN]
    )


def _words(content: bytes) -> pl.Series:
    """See random bytes as 32-bit words, without a copy."""
    words = pa.Array.from_buffers(pa.uint32(), len(content) // WORD_BYTES, [None, pa.py_buffer(content)])
    return pl.Series(DRAWN, words)


def _drawn_once(candidates: pl.Series) -> pl.Series:
    """Drop both of two equal numbers, in order otherwise.

    No number is treated unlike another, so what is left is as uniform as if the second alone were dropped; and a sort
    finds the few equal ones four times faster than keeping first occurrences does.
    """
    in_order = candidates.sort()
    return _without(candidates, in_order.filter(in_order == in_order.shift(1)))


def _without(candidates: pl.Series, refused: pl.Series) -> pl.Series:
    if refused.is_empty():
        return candidates
    return candidates.filter(~candidates.is_in(refused.implode()))
