"""Reserve numbers, numbers without check digit, T numbers: which issuers a value fits and whether it holds.

What belongs here: issuer, date and check digit of everything that is not a plain national number, as expressions. What
must not: the formats themselves (reserve_formats) and national numbers (national).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals as nw

from samkorning.identity import reserve_formats as formats
from samkorning.identity.chains import chain, held, is_any, place
from samkorning.identity.check_digits import DOUBLED_DIGITS, PLAIN_DIGITS
from samkorning.identity.kinds import FIRST_SYNTHETIC_YEAR, FIRST_YEAR, LAST_YEAR, NATIONWIDE, Issuer
from samkorning.identity.national import (
    CENTURY,
    MONTH,
    YEAR,
    days,
    months,
    real_date,
    years,
)
from samkorning.identity.reserve_formats import KINDS
from samkorning.identity.rules import LAST_YEAR_WITHOUT_CHECK_DIGIT, SYNTHETIC_SHIFT, IdentityRules


def find_issuer(frame: Any, rules: IdentityRules) -> Any:
    """The frame with who gives out numbers that look so, where that is not the national issuer of twelve digits.

    Adds ``~fits`` (how many issuers write numbers so), ``~issuer`` (null where unknown), ``~reserve_kind``,
    ``~born`` (YYYYMMDD; the first day where the format has no day; null where unknown), and ``~before`` and
    ``~last_four``: the digits whose Luhn sum must hold, also of national numbers.
    """
    possible = sorted(KINDS if rules.issuer is None else NATIONWIDE)
    counted = frame.with_columns(_fits()).with_columns(_count(KINDS).alias("~fits"))
    of_possible = _count(possible) if len(possible) < len(KINDS) else nw.col("~fits")
    issued = counted.with_columns(of_possible.alias("~possible")).with_columns(
        _issuer(rules, possible).alias("~issuer"), *_letters_that_count()
    )
    return issued.with_columns(_kind().alias("~reserve_kind"), _born().alias("~born"), *_summed())


def reserve_holds() -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Whether the date, the serial and the check digit of another issuer's number hold, as far as its format has them.

    Stockholm's year is the year of issue. A number without check digit has the serial of a national number.
    """
    born, letters = nw.col("~born"), nw.col("~letters")
    date_holds = chain(
        [
            (_is_issuer(Issuer.STOCKHOLM), years(born, *formats.STOCKHOLM_YEARS)),
            (born.is_null() | _is_issuer(*formats.NO_DAY_ISSUERS), nw.lit(True)),
            (~born.is_null(), real_date(born) & years(born, FIRST_YEAR, LAST_YEAR)),
        ]
    )
    serial_000 = _is_issuer(Issuer.NATIONAL) & letters.str.contains(formats.SERIAL_000)
    return date_holds, ~serial_000, nw.col("~luhn") | ~_is_issuer(*formats.WITH_CHECK_DIGIT)


def reserve_text() -> nw.Expr:
    """The number as its issuer writes it: twelve characters, no sign, capitals; the old numbers of Västra Götaland have
    small letters of their own."""
    letters, short = nw.col("~letters"), nw.col("~short")
    century = nw.when((letters != "") & short).then(nw.col("~day")).cast(nw.String)
    digits = nw.when((letters == "") & (nw.col("~fits") > 0)).then(nw.col("~number")).cast(nw.String)
    return chain(
        [
            (_is_issuer(Issuer.VASTRA_GOTALAND_OLD), nw.col("~bare")),
            ((letters != "") & short, nw.concat_str([century, letters.str.tail(4)])),
            (letters != "", letters),
            (nw.col("~fits") > 0, digits),
        ]
    )


def _fitting(issuer: Issuer) -> nw.Expr:
    return nw.col(f"~fits_{issuer}")


def _fits() -> list[nw.Expr]:
    """One Boolean column per issuer: whether the characters fit its format."""
    letters, day = nw.col("~letters"), nw.col("~day")
    fits = {form.issuer: letters.str.contains(form.regex) for form in formats.LETTER_FORMATS}
    fits[Issuer.NATIONAL] = fits[Issuer.NATIONAL] & _old_enough(day)
    twelve = ~nw.col("~short") & (letters == "")
    without_day = days(day, *formats.NO_DAY) & months(day, 1, 12) & years(day, *formats.NO_DAY_YEARS)
    fits[Issuer.STOCKHOLM] = twelve & (day >= formats.STOCKHOLM_FIRST * CENTURY)
    fits.update(dict.fromkeys(formats.NO_DAY_ISSUERS, twelve & without_day))
    return [expression.fill_null(False).alias(f"~fits_{issuer}") for issuer, expression in fits.items()]


def _old_enough(day: nw.Expr) -> nw.Expr:
    """Whether a person born then can have died before check digits, also in the synthetic world."""
    last = LAST_YEAR_WITHOUT_CHECK_DIGIT
    return (day < (last + 1) * YEAR) | years(day, FIRST_SYNTHETIC_YEAR, last + SYNTHETIC_SHIFT)


def _count(issuers: Iterable[Issuer]) -> nw.Expr:
    return nw.sum_horizontal(*(_fitting(issuer).cast(nw.Int32) for issuer in issuers))


def _issuer(rules: IdentityRules, possible: Sequence[Issuer]) -> nw.Expr:
    """The declared issuer where it fits; else the only one, a nationwide one where another is declared."""
    places = nw.sum_horizontal(*(_fitting(issuer).cast(nw.Int8) * place(issuer) for issuer in possible))
    only = [(nw.col("~possible") == 1, places.cast(nw.Int8))]  # of one, the sum is its own place
    return chain([(_fitting(rules.issuer), held(rules.issuer)), *only] if rules.issuer in KINDS else only)


def _is_issuer(*issuers: Issuer) -> nw.Expr:
    return is_any("~issuer", issuers)


def _kind() -> nw.Expr:
    by_issuer = {place(issuer): place(kind) for issuer, kind in KINDS.items()}
    return nw.col("~issuer").replace_strict(by_issuer, default=None, return_dtype=nw.Int8)


def _born() -> nw.Expr:
    day = nw.col("~day")
    year_of_issue = (day % CENTURY - day % MONTH) * 100 + 101
    return chain(
        [
            (_is_issuer(Issuer.NATIONAL_RESERVE), nw.when(day >= CENTURY).then(_national_reserve_birth(day))),
            (_is_issuer(Issuer.STOCKHOLM), year_of_issue),
            (_is_issuer(*formats.NO_DAY_ISSUERS), day - day % MONTH + 1),
            (~nw.col("~issuer").is_null(), day),
        ]
    )


def _national_reserve_birth(day: nw.Expr) -> nw.Expr:
    remainder = day % (3 * CENTURY)
    first, second, third = (nw.lit(formats.CENTURY_BY_REMAINDER[left] * CENTURY, nw.Int32) for left in range(3))
    century = nw.when(remainder < CENTURY).then(first).when(remainder < 2 * CENTURY).then(second).otherwise(third)
    return century + day % CENTURY


def _summed() -> tuple[nw.Expr, nw.Expr]:
    """The digits whose Luhn sum must hold, the last four apart; of national numbers the last ten."""
    day, tail = nw.col("~day"), nw.col("~tail")
    national_reserve = _is_issuer(Issuer.NATIONAL_RESERVE)
    positions_5_to_8 = day % YEAR
    before = [(_is_issuer(Issuer.STOCKHOLM), positions_5_to_8), (national_reserve, day)]
    last_four = [
        (_is_issuer(Issuer.VASTRA_GOTALAND), _vastra_gotaland_tail()),
        (national_reserve, _national_reserve_tail()),
    ]
    return chain(before, day % CENTURY).alias("~before"), chain(last_four, tail).alias("~last_four")


def _letters_that_count() -> list[nw.Expr]:
    """The characters 9 to 11 of the issuers in whose check digit a letter counts, each in a column for itself."""
    lettered = _fitting(Issuer.VASTRA_GOTALAND) | _fitting(Issuer.NATIONAL_RESERVE)
    letters = nw.when(lettered).then(nw.col("~letters"))
    return [letters.str.slice(place - 1, 1).alias(f"~character_{place}") for place in (9, 10, 11)]


def _vastra_gotaland_tail() -> nw.Expr:
    sex = nw.col("~character_9")
    digit = chain([(sex == letter, nw.lit(digit)) for letter, digit in formats.VASTRA_GOTALAND_DIGITS.items()])
    return digit * 1000 + _letters_of(Issuer.VASTRA_GOTALAND).str.tail(3).cast(nw.Int32)


def _national_reserve_tail() -> nw.Expr:
    return (
        _as_digit("~character_9", DOUBLED_DIGITS) * 1000
        + _as_digit("~character_10", PLAIN_DIGITS) * 100
        + _as_digit("~character_11", DOUBLED_DIGITS | {str(digit): digit for digit in range(10)}) * 10
        + _letters_of(Issuer.NATIONAL_RESERVE).str.tail(1).cast(nw.Int32)
    )


def _letters_of(issuer: Issuer) -> nw.Expr:
    return nw.when(_fitting(issuer)).then(nw.col("~letters"))


def _as_digit(character: str, as_digit: dict[str, int]) -> nw.Expr:
    """What a letter counts as; one table, looked up once."""
    return nw.col(character).replace_strict(as_digit, default=None, return_dtype=nw.Int32)
