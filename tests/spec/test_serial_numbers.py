"""Serial numbers (löpnummer): which values may be drawn, and how."""

import os
from collections.abc import Callable

import polars as pl
import pytest

from samkorning.code_key.serial_numbers import MOST, draw_serial_numbers, reads_as_identity_number, require_room
from samkorning.errors import RuleRefused

NONE = pl.Series("serial_number", [], dtype=pl.Int32)


@pytest.mark.parametrize(
    ("number", "reads", "why"),
    [
        (108230004, True, "010823-0004 with its leading zero lost; check digit 4"),
        (108230000, False, "the same with a wrong check digit"),
        (100280004, False, "month 00, and a wrong check digit"),
        (100280007, True, "month 00 occurs in coordination numbers"),
        (113230007, False, "month 13 does not occur"),
        (101600005, True, "day 60 occurs in coordination numbers"),
        (102910007, True, "day 91 occurs in coordination numbers, also in February"),
        (101320000, False, "no day 32"),
        (101590008, False, "no day 59"),
        (101920007, False, "no day 92"),
        (101000008, False, "no day 00"),
    ],
)
def test_a_value_that_reads_as_an_identity_number_with_a_lost_zero_is_not_drawn(
    number: int, reads: bool, why: str
) -> None:
    frame = pl.DataFrame({"number": [number]}, schema={"number": pl.Int32})
    assert frame.select(reads_as_identity_number(pl.col("number"))).item() is reads, why


def test_serial_numbers_have_nine_digits_and_no_leading_zero() -> None:
    drawn = draw_serial_numbers(50_000, NONE, os.urandom)
    assert drawn.dtype == pl.Int32
    assert drawn.name == "serial_number"
    assert drawn.is_between(100_000_000, 999_999_999).all()


def test_no_serial_number_is_drawn_twice_or_again() -> None:
    first = draw_serial_numbers(50_000, NONE, os.urandom)
    second = draw_serial_numbers(50_000, first, os.urandom)
    assert pl.concat([first, second]).n_unique() == 100_000


@pytest.mark.parametrize(("count", "taken", "fits"), [(MOST, 0, True), (MOST + 1, 0, False), (1, MOST, False)])
def test_a_draw_above_20_percent_of_the_range_is_refused(count: int, taken: int, fits: bool) -> None:
    assert MOST == 180_000_000
    if fits:
        require_room(count, taken)
        return
    with pytest.raises(RuleRefused, match="20 %"):
        require_room(count, taken)


def test_drawing_none_draws_none() -> None:
    assert draw_serial_numbers(0, NONE, os.urandom).to_list() == []


def chosen(*words: int) -> Callable[[int], bytes]:
    """Random bytes that begin with these 30-bit words and go on with others that are in range."""

    def give(count: int) -> bytes:
        filler = (word for word in range(5_000_000, 5_000_000 + count))
        content = b"".join(word.to_bytes(4, "little") for word in (*words, *filler))
        return content[:count]

    return give


@pytest.mark.parametrize(
    ("words", "taken", "first", "why"),
    [
        ([23_456_789], [], 123_456_789, "a word within the range becomes the number that far above the first"),
        ([900_000_000, 23_456_789], [], 123_456_789, "a word outside the range is thrown away, not folded back"),
        ([(1 << 30) | 23_456_789], [], 123_456_789, "only thirty bits of a word count"),
        ([8_230_004, 23_456_789], [], 123_456_789, "a value that reads as an identity number is thrown away"),
        ([34_567_890, 23_456_789], [134_567_890], 123_456_789, "a taken value is thrown away"),
        ([34_567_890, 34_567_890, 23_456_789], [], 123_456_789, "a value drawn twice at once is thrown away twice"),
    ],
)
def test_the_draw_takes_random_words_in_their_order(words: list[int], taken: list[int], first: int, why: str) -> None:
    drawn = draw_serial_numbers(3, pl.Series("serial_number", taken, dtype=pl.Int32), chosen(*words))
    assert drawn[0] == first, why
