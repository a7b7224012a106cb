"""What letters count as in check digits, in plain Python.

What belongs here: digits of letters. What must not: sums over columns (luhn), and what the digits mean.
"""

LETTERS = "ABCDEFGHJKLMNPRSTUXYZ"  # the national reserve number leaves out I, O, Q, V and W


def digit_sum(number: int) -> int:
    """The sum of the digits of a whole number."""
    return sum(map(int, str(number)))


def plain_digit(letter: str) -> int:
    """The digit that counts as the letter where the weight is one: letters count by their ASCII code."""
    return digit_sum(ord(letter)) % 10


def doubled_digit(letter: str) -> int:
    """The digit that, doubled, counts as the letter's doubled ASCII code."""
    return next(digit for digit in range(10) if digit_sum(2 * digit) % 10 == digit_sum(2 * ord(letter)) % 10)


PLAIN_DIGITS = {letter: plain_digit(letter) for letter in LETTERS}
DOUBLED_DIGITS = {letter: doubled_digit(letter) for letter in LETTERS}
