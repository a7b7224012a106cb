"""Check digits by Luhn, as whole-number arithmetic over columns.

What belongs here: check-digit sums. What must not: what the digits mean.
"""

import narwhals as nw


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
