"""One value at a time: the scalar twin of the column diagnosis.

What belongs here: the same rules in plain Python, for values that a person types. What must not: patterns, formats and
problems of its own; they are the tables that columns use, and tests hold the two to the same answer.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field

from samkorning.identity import reserve_formats as formats
from samkorning.identity.check_digits import DOUBLED_DIGITS, PLAIN_DIGITS
from samkorning.identity.kinds import FIRST_SYNTHETIC_YEAR, FIRST_YEAR, LAST_YEAR, NATIONWIDE, Issuer, Kind
from samkorning.identity.problems import UNREPAIRED, Problem, Repair
from samkorning.identity.reserve_formats import KINDS
from samkorning.identity.rules import LAST_YEAR_WITHOUT_CHECK_DIGIT, SYNTHETIC_SHIFT, IdentityRules
from samkorning.identity.shapes import FILLER, HOLDERS_OWN, REPAIRED_FORMS, UNREADABLE, Form
from samkorning.identity.single_reading import Written, written

REPAIRS = {form: repair for repair, forms in REPAIRED_FORMS.items() for form in forms}


@dataclass(frozen=True)
class Diagnosis:
    """What one value is, named as the columns are; its text form shows neither number nor text."""

    number: int | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    issuer: Issuer | None = None
    kind: Kind | None = None
    problem: Problem | None = None
    guessed_century: bool = False
    repair: Repair | None = None


@dataclass(frozen=True)
class _Found:
    """What is known of a value before it is asked whether the rules allow it."""

    kind: Kind | None = None
    problem: Problem | None = None
    issuer: Issuer | None = None
    born: int | None = None  # YYYYMMDD


def diagnose_value(value: str | int | float | None, rules: IdentityRules) -> Diagnosis:
    """What a single value is; the same answer as ``diagnose`` gives for a column that holds it."""
    seen = written(value)
    characters, settled = _settle(seen, rules)
    found = _find(seen, characters, rules)
    problem = found.problem or _not_allowed(found, seen, settled, rules)
    needed = None if found.issuer is Issuer.HOLDER else REPAIRS.get(seen.form)
    repair = needed if problem is None or (needed and problem is UNREPAIRED[needed]) else None
    if problem is not None:
        return Diagnosis(kind=found.kind, problem=problem, repair=repair)
    century = found.kind not in (Kind.ORGANISATION_NUMBER, rules.holders_own_kind)
    guessed = century and seen.short and not seen.sign
    if found.issuer is Issuer.NATIONAL and found.kind is not Kind.NO_CHECK_DIGIT:
        return Diagnosis(int(characters), None, found.issuer, found.kind, None, guessed, repair)
    return Diagnosis(None, _text(found, seen, characters), found.issuer, found.kind, None, guessed, repair)


def _find(seen: Written, characters: str, rules: IdentityRules) -> _Found:
    """What the value is and what does not hold of it, whatever the rules of the column allow."""
    national = _national(characters) if characters and not seen.has_letters else None
    if national is not None and national.problem is None:
        return national
    if rules.holders_own_kind and _is_holders_own(seen):
        return _Found(kind=rules.holders_own_kind, issuer=Issuer.HOLDER)
    if seen.form in UNREADABLE or len(set(seen.characters)) == 1:
        return _Found(problem=Problem(seen.form) if seen.form in UNREADABLE else Problem.PLACEHOLDER)
    fitting = _fitting(seen, characters)
    if fitting:
        return _reserve(characters, fitting, rules)
    if seen.has_letters:
        return _Found(problem=Problem.BAD_CHARACTER if seen.form is Form.LETTERS else Problem.BAD_LENGTH)
    return _organisation(seen, rules) or national or _Found()


def _is_holders_own(seen: Written) -> bool:
    filled = seen.form is Form.PLACEHOLDER or re.search(FILLER, seen.bare)
    return bool(re.search(HOLDERS_OWN, seen.bare)) and not filled


def _national(characters: str) -> _Found:
    year, month, day = int(characters[:4]), int(characters[4:6]), int(characters[6:8])
    coordination = 60 <= day <= 91 and month <= 12
    if not FIRST_YEAR <= year <= LAST_YEAR or not (coordination or _is_day(year, month, day)):
        return _Found(problem=Problem.BAD_DATE)
    if characters[8:11] == "000":
        return _Found(problem=Problem.SERIAL_000)
    if not _luhn(characters[2:]):
        return _Found(problem=Problem.BAD_CHECK_DIGIT)
    real = Kind.COORDINATION_NUMBER if coordination else Kind.PERSONNUMMER
    kind = Kind.SYNTHETIC_NUMBER if year >= FIRST_SYNTHETIC_YEAR else real
    return _Found(kind, None, Issuer.NATIONAL, int(characters[:8]) - (60 if day >= 60 else 0))


def _reserve(characters: str, fitting: set[Issuer], rules: IdentityRules) -> _Found:
    possible = fitting if rules.issuer is None else fitting & NATIONWIDE
    if rules.issuer in fitting:
        possible = {rules.issuer}
    if len(possible) != 1:
        return _Found(problem=Problem.AMBIGUOUS_ISSUER if rules.issuer is None else Problem.OTHER_ISSUER)
    (issuer,) = possible
    born, dated = _reserve_birth(issuer, characters)
    if not dated:
        return _Found(problem=Problem.BAD_DATE)
    if issuer is Issuer.NATIONAL and re.search(formats.SERIAL_000, characters):
        return _Found(problem=Problem.SERIAL_000)
    if not _reserve_check_holds(issuer, characters):
        return _Found(problem=Problem.BAD_CHECK_DIGIT)
    return _Found(KINDS[issuer], None, issuer, born)


def _fitting(seen: Written, characters: str) -> set[Issuer]:
    """The issuers that write numbers so."""
    if not characters:
        return set()
    if seen.has_letters:
        found = {form.issuer for form in formats.LETTER_FORMATS if re.search(form.regex, seen.characters)}
        year, last = int(characters[:4]), LAST_YEAR_WITHOUT_CHECK_DIGIT
        old = year <= last or FIRST_SYNTHETIC_YEAR <= year <= last + SYNTHETIC_SHIFT
        return found if old else found - {Issuer.NATIONAL}
    if seen.short:
        return set()
    year, month, day = int(characters[:4]), int(characters[4:6]), int(characters[6:8])
    if year // 100 == formats.STOCKHOLM_FIRST:
        return {Issuer.STOCKHOLM}
    between = (
        formats.NO_DAY[0] <= day <= formats.NO_DAY[1] and formats.NO_DAY_YEARS[0] <= year <= formats.NO_DAY_YEARS[1]
    )
    return set(formats.NO_DAY_ISSUERS) if between and 1 <= month <= 12 else set()


def _reserve_birth(issuer: Issuer, characters: str) -> tuple[int | None, bool]:
    """The birth date, or the nearest that the format tells, and whether the format's date rule holds."""
    if issuer is Issuer.STOCKHOLM:
        year = int(characters[2:6])
        return year * 10_000 + 101, formats.STOCKHOLM_YEARS[0] <= year <= formats.STOCKHOLM_YEARS[1]
    if issuer in formats.NO_DAY_ISSUERS:
        return int(characters[:6] + "01"), True
    if issuer is Issuer.NATIONAL_RESERVE and characters.startswith("00"):
        return None, True
    if issuer is Issuer.NATIONAL_RESERVE:
        characters = f"{formats.CENTURY_BY_REMAINDER[int(characters[:2]) % 3]}{characters[2:]}"
    year, month, day = int(characters[:4]), int(characters[4:6]), int(characters[6:8])
    return int(characters[:8]), FIRST_YEAR <= year <= LAST_YEAR and _is_day(year, month, day)


def _reserve_check_holds(issuer: Issuer, characters: str) -> bool:
    if issuer is Issuer.STOCKHOLM:
        return _luhn(characters[4:])
    if issuer is Issuer.CARELINK:
        return _luhn(characters[2:])
    if issuer is Issuer.VASTRA_GOTALAND:
        return _luhn(f"{characters[2:8]}{formats.VASTRA_GOTALAND_DIGITS[characters[8]]}{characters[9:]}")
    if issuer is not Issuer.NATIONAL_RESERVE:
        return True
    sex = DOUBLED_DIGITS.get(characters[10], characters[10])
    return _luhn(f"{characters[:8]}{DOUBLED_DIGITS[characters[8]]}{PLAIN_DIGITS[characters[9]]}{sex}{characters[11]}")


def _organisation(seen: Written, rules: IdentityRules) -> _Found | None:
    """What a value of that form is; one whose check digit does not hold is one in a column of organisations alone."""
    ten, taken = seen.characters[-10:], Kind.ORGANISATION_NUMBER in rules.kinds
    prefixed = len(seen.characters) == 12 and seen.characters.startswith("16")
    if not (prefixed or seen.short) or ten[0] == "0" or ten[2] < "2":
        return None
    if _luhn(ten):
        problem = None if taken else Problem.ORGANISATION_NUMBER
        return _Found(Kind.ORGANISATION_NUMBER, problem, Issuer.ORGANISATION_REGISTER)
    return _Found(problem=Problem.BAD_CHECK_DIGIT) if taken else None


def _not_allowed(found: _Found, seen: Written, settled: bool, rules: IdentityRules) -> Problem | None:
    """The first thing for which the rules refuse a number that holds together."""
    needed = REPAIRS.get(seen.form)
    unrepaired = UNREPAIRED[needed] if needed is not None and needed not in rules.repairs else None
    if found.kind in (rules.holders_own_kind, Kind.ORGANISATION_NUMBER):
        return unrepaired if found.kind is Kind.ORGANISATION_NUMBER else None
    synthetic = found.born is not None and found.born >= FIRST_SYNTHETIC_YEAR * 10_000
    future = found.born is not None and found.born > rules.reference_day
    if not settled:
        return Problem.AMBIGUOUS_CENTURY
    if synthetic and not rules.allow_synthetic:
        return Problem.SYNTHETIC_NOT_ALLOWED
    if future and (rules.in_synthetic_time or not synthetic):
        return Problem.FUTURE_DATE
    if found.kind not in rules.kinds:
        return Problem.KIND_NOT_ALLOWED
    return unrepaired


def _settle(seen: Written, rules: IdentityRules) -> tuple[str, bool]:
    """Twelve characters with the likeliest century, and whether the rules let it count as settled."""
    if not seen.short:
        return seen.characters, True
    without_check_digit = seen.has_letters and seen.characters[:9].isdecimal()
    latest = f"{_century(seen, without_check_digit, rules)}{seen.characters}"
    if rules.strict_century:
        return latest, bool(seen.sign)
    if rules.ages is None or without_check_digit:
        return latest, True
    earlier = f"{int(latest[:2]) - 1}{seen.characters}"
    candidates = [one for one in ([latest] if seen.sign else [latest, earlier]) if _has_age(one, rules)]
    return (candidates[0], True) if len(candidates) == 1 else (latest, False)


def _century(seen: Written, without_check_digit: bool, rules: IdentityRules) -> int:
    last_year = rules.last_year_without_check_digit if without_check_digit else rules.reference_date.year
    born = int(seen.characters[:6]) - (60 if seen.characters[4] >= "6" else 0)
    by_year = seen.sign or without_check_digit
    late = born // 10_000 > last_year % 100 if by_year else born > rules.reference_day % 1_000_000
    return last_year // 100 - late - (seen.sign == "+")


def _has_age(characters: str, rules: IdentityRules) -> bool:
    found = _national(characters[:8] + "0000")
    if found.problem is Problem.BAD_DATE or rules.ages is None:
        return False
    born = int(characters[:8]) - (60 if characters[6] >= "6" else 0)
    return born <= rules.reference_day and rules.ages[0] <= (rules.reference_day - born) // 10_000 <= rules.ages[1]


def _text(found: _Found, seen: Written, characters: str) -> str:
    if found.issuer is Issuer.HOLDER:
        return seen.bare.upper()
    if found.issuer is Issuer.ORGANISATION_REGISTER:
        return seen.characters[-10:]
    return seen.bare if found.issuer is Issuer.VASTRA_GOTALAND_OLD else characters


def _is_day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(map(int, "".join(map(str, doubled)))) % 10 == 0
