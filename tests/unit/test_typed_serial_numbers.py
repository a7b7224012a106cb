"""Serial numbers on standard input: what is none of them is told by its line and never said back."""

import pytest

from assets.steps.persons.typed_serial_numbers import serial_numbers_of
from samkorning.errors import FileRefused


def test_whole_numbers_one_a_line_are_taken() -> None:
    assert serial_numbers_of("123456789\n 2147483647 \n", "a list").to_list() == [123456789, 2147483647]


@pytest.mark.parametrize(
    "typed", ["222001012387", "220101-2387", "Unmistakable", "", "0123456789", "\u0661\u0662\u0663", "2147483648"]
)
def test_anything_else_is_told_by_its_line(typed: str) -> None:
    with pytest.raises(FileRefused, match="lines 2 are no serial numbers") as refusal:
        serial_numbers_of(f"123456789\n{typed}\n987654321\n", "a list")
    assert not typed or typed not in str(refusal.value)
