"""Reserve numbers, numbers without check digit, T numbers: which issuers a value fits and whether it holds.

What belongs here: issuer, date and check digit of everything that is not a plain national number, as expressions. What
must not: the formats themselves (reserve_formats) and national numbers (national).
"""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import narwhals as nw

from samkorning.identity import reserve_formats as formats
from samkorning.identity.chains import chain, named
from samkorning.identity.check_digits import DOUBLED_DIGITS, PLAIN_DIGITS, letters_by_digit, luhn_holds
from samkorning.identity.kinds import FIRST_SYNTHETIC_YEAR, NATIONWIDE, Issuer, Kind
from samkorning.identity.national import (
    CENTURY,
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    MONTH,
    YEAR,
    days,
    months,
    real_date,
    years,
)
from samkorning.identity.rules import LAST_YEAR_WITHOUT_CHECK_DIGIT, SYNTHETIC_SHIFT, IdentityRules

WITHOUT_LETTERS = (Issuer.STOCKHOLM, *formats.NO_DAY_ISSUERS)
KINDS = {form.issuer: form.kind for form in formats.LETTER_FORMATS}
KINDS |= dict.fromkeys(WITHOUT_LETTERS, Kind.REGIONAL_RESERVE_NUMBER)


def judge_reserve(frame: Any, rules: IdentityRules) -> Any:
    """The frame with what is known of values that are not national numbers.

    Adds ``~fits`` (how many issuers write numbers so), ``~issuer`` (null where that cannot be told), ``~reserve_kind``,
    ``~born`` (the birth date as YYYYMMDD and four digits more; the first day where the format has no day; null where
    unknown) and whether the date and the check digit hold: ``~born_holds`` and ``~check_holds``.
    """
    possible = sorted(KINDS if rules.issuer is None else NATIONWIDE)
    counted = frame.with_columns(_fits()).with_columns(
        _count(KINDS).alias("~fits"), _count(possible).alias("~possible")
    )
    issued = counted.with_columns(_issuer(rules, possible).alias("~issuer"))
    known = issued.with_columns(_kind().alias("~reserve_kind"), _born().alias("~born"), _summed().alias("~summed"))
    return known.with_columns(_born_holds().alias("~born_holds"), _check_holds().alias("~check_holds"))


def reserve_text() -> nw.Expr:
    """The number as its issuer writes it: twelve characters, no sign, capitals; the old numbers of Västra Götaland have
    small letters of their own."""
    letters = nw.col("~letters")
    with_century = nw.concat_str([(nw.col("~number") // DAY).cast(nw.String), letters.str.tail(4)])
    return chain(
        [
            (_is_issuer(Issuer.VASTRA_GOTALAND_OLD), nw.col("~bare")),
            ((letters != "") & nw.col("~short"), with_century),
            (letters != "", letters),
            (nw.col("~fits") > 0, nw.col("~number").cast(nw.String)),
        ]
    )


def _fitting(issuer: Issuer) -> nw.Expr:
    return nw.col(f"~fits_{issuer}")


def _fits() -> list[nw.Expr]:
    """One Boolean column per issuer: whether the characters fit its format."""
    letters, number = nw.col("~letters"), nw.col("~number")
    fits = {form.issuer: letters.str.contains(form.regex) for form in formats.LETTER_FORMATS}
    fits[Issuer.NATIONAL] = fits[Issuer.NATIONAL] & _old_enough(number)
    twelve = ~nw.col("~short") & (letters == "")
    without_day = days(number, *formats.NO_DAY) & months(number, 1, 12) & years(number, *formats.NO_DAY_YEARS)
    fits[Issuer.STOCKHOLM] = twelve & (number >= formats.STOCKHOLM_FIRST * CENTURY)
    fits.update(dict.fromkeys(formats.NO_DAY_ISSUERS, twelve & without_day))
    return [expression.fill_null(False).alias(f"~fits_{issuer}") for issuer, expression in fits.items()]


def _old_enough(number: nw.Expr) -> nw.Expr:
    """Whether a person born then can have died before check digits, also in the synthetic world."""
    last = LAST_YEAR_WITHOUT_CHECK_DIGIT
    return (number < (last + 1) * YEAR) | years(number, FIRST_SYNTHETIC_YEAR, last + SYNTHETIC_SHIFT)


def _count(issuers: Iterable[Issuer]) -> nw.Expr:
    return reduce(add, (nw.when(_fitting(issuer)).then(nw.lit(1)).otherwise(nw.lit(0)) for issuer in issuers))


def _issuer(rules: IdentityRules, possible: Iterable[Issuer]) -> nw.Expr:
    """The declared issuer where it fits; else the only one, a nationwide one where another is declared."""
    steps = [(_fitting(issuer) & (nw.col("~possible") == 1), named(issuer)) for issuer in possible]
    return chain([(_fitting(rules.issuer), named(rules.issuer)), *steps] if rules.issuer in KINDS else steps)


def _is_issuer(*issuers: Issuer) -> nw.Expr:
    return nw.col("~issuer").is_in([str(issuer) for issuer in issuers])


def _kind() -> nw.Expr:
    return chain([(_is_issuer(issuer), named(kind)) for issuer, kind in KINDS.items()])


def _born() -> nw.Expr:
    number = nw.col("~number")
    year_of_issue = (number % CENTURY - number % MONTH) * 100 + MONTH + DAY
    return chain(
        [
            (_is_issuer(Issuer.NATIONAL_RESERVE), nw.when(number >= CENTURY).then(_national_reserve_birth())),
            (_is_issuer(Issuer.STOCKHOLM), year_of_issue),
            (_is_issuer(*formats.NO_DAY_ISSUERS), number - number % MONTH + DAY),
            (~nw.col("~issuer").is_null(), number),
        ]
    )


def _national_reserve_birth() -> nw.Expr:
    remainder = nw.col("~number") % (3 * CENTURY)
    first, second, third = (nw.lit(formats.CENTURY_BY_REMAINDER[left] * CENTURY) for left in range(3))
    century = nw.when(remainder < CENTURY).then(first).when(remainder < 2 * CENTURY).then(second).otherwise(third)
    return century + nw.col("~number") % CENTURY


def _born_holds() -> nw.Expr:
    """A format without a birth date has none to be wrong; Stockholm's year is the year of issue."""
    born = nw.col("~born")
    return chain(
        [
            (_is_issuer(Issuer.STOCKHOLM), years(born, *formats.STOCKHOLM_YEARS)),
            (born.is_null() | _is_issuer(*formats.NO_DAY_ISSUERS), nw.lit(True)),
            (~born.is_null(), real_date(born) & years(born, FIRST_YEAR, LAST_YEAR)),
        ]
    )


def _summed() -> nw.Expr:
    """The whole number whose Luhn sum must hold; null where the format has no check digit that is known."""
    number = nw.col("~number")
    return chain(
        [
            (_is_issuer(Issuer.STOCKHOLM), number % YEAR),
            (_is_issuer(Issuer.CARELINK), number % CENTURY),
            (_is_issuer(Issuer.VASTRA_GOTALAND), _vastra_gotaland_number()),
            (_is_issuer(Issuer.NATIONAL_RESERVE), _national_reserve_number()),
        ]
    )


def _check_holds() -> nw.Expr:
    return nw.col("~summed").is_null() | luhn_holds(nw.col("~summed"), digits=12)


def _vastra_gotaland_number() -> nw.Expr:
    sex, tail = nw.col("~letters").str.slice(8, 1), nw.when(_fitting(Issuer.VASTRA_GOTALAND)).then(nw.col("~letters"))
    digit = chain([(sex == letter, nw.lit(digit)) for letter, digit in formats.VASTRA_GOTALAND_DIGITS.items()])
    return nw.col("~number") % CENTURY + digit * 1000 + tail.str.tail(3).cast(nw.Int64)


def _national_reserve_number() -> nw.Expr:
    letters = nw.col("~letters")
    last = nw.when(_fitting(Issuer.NATIONAL_RESERVE)).then(letters).str.tail(1).cast(nw.Int64)
    return (
        nw.col("~number")
        + _as_digit(letters.str.slice(8, 1), DOUBLED_DIGITS) * 1000
        + _as_digit(letters.str.slice(9, 1), PLAIN_DIGITS) * 100
        + _as_digit(letters.str.slice(10, 1), DOUBLED_DIGITS | {str(digit): digit for digit in range(10)}) * 10
        + last
    )


def _as_digit(letter: nw.Expr, as_digit: dict[str, int]) -> nw.Expr:
    return chain(
        [(letter.is_in(list(letters)), nw.lit(digit)) for digit, letters in letters_by_digit(as_digit).items()]
    )
