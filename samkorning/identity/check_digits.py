"""Check digits by Luhn, as whole-number arithmetic over a column.

What belongs here: check-digit sums. What must not: what the digits mean.
"""

import narwhals as nw


def luhn_holds(number: nw.Expr) -> nw.Expr:
    """Whether the last ten digits of a whole number have a right Luhn check digit.

    The sum is only needed modulo ten, where a digit equals the number shifted down to it, so no digit is cut out by
    itself. A doubled digit d counts 2d + (d >= 5), and (d >= 5) is the shifted number's half-step.
    """
    ten = number % 10_000_000_000
    total = ten
    for place in range(1, 10):
        if place % 2:
            total = total + ten // 10**place * 2 + ten // (5 * 10**place)
        else:
            total = total - ten // 10**place
    return total % 10 == 0
