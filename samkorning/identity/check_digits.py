"""Check digits by Luhn, as whole-number arithmetic over columns.

What belongs here: check-digit sums. What must not: what the digits mean.
"""

import narwhals as nw

LETTERS = "ABCDEFGHJKLMNPRSTUXYZ"  # the national reserve number leaves out I, O, Q, V and W


def luhn_holds(before: nw.Expr, last_four: nw.Expr) -> nw.Expr:
    """Whether up to twelve digits, of which the last four stand apart, end in a right Luhn check digit.

    The sum is only needed modulo ten, where a digit equals the number shifted down to it, so that no digit is cut out
    by itself. A doubled digit d counts 2d + (d >= 5), and (d >= 5) is the step halfway to the next digit.
    """
    holds: nw.Expr = (_sum(before, 8) + _sum(last_four, 4)) % 10 == 0
    return holds


def _sum(number: nw.Expr, digits: int) -> nw.Expr:
    """A number that equals the Luhn sum modulo ten; an even number of digits follows."""
    total: nw.Expr = number
    for place in range(1, digits):
        shifted = number // 10**place
        total = total + shifted * 2 + number // (5 * 10**place) if place % 2 else total - shifted
    return total


def digit_sum(number: int) -> int:
    """The sum of the digits of a whole number."""
    return sum(map(int, str(number)))


def plain_digit(letter: str) -> int:
    """The digit that counts as the letter where the weight is one: letters count by their ASCII code."""
    return digit_sum(ord(letter)) % 10


def doubled_digit(letter: str) -> int:
    """The digit that, doubled, counts as the letter's doubled ASCII code."""
    return next(digit for digit in range(10) if digit_sum(2 * digit) % 10 == digit_sum(2 * ord(letter)) % 10)


def letters_by_digit(as_digit: dict[str, int]) -> dict[int, str]:
    """Turned round: each digit with all the letters that count as it."""
    return {digit: "".join(sorted(letter for letter, of in as_digit.items() if of == digit)) for digit in range(10)}


PLAIN_DIGITS = {letter: plain_digit(letter) for letter in LETTERS}
DOUBLED_DIGITS = {letter: doubled_digit(letter) for letter in LETTERS}
