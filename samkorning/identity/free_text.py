"""Free text (fritext): whether something that a person writes reads as an identity number, in any usual spelling.

What belongs here: spellings, and the one refusal that all free text meets where it enters. What must not: the numbers
of a case (assets.steps.free_text), or cells of files, which are looked at by column (samkorning.identity.redaction).

A text is first made plain: digits of every script, dashes, blanks and letters of every width become ASCII, and what is
not seen goes. Digits then count as a number where they are grouped as numbers are, and hold together by date and check
digit: a telephone number, a diary number or a time does so by chance alone. With a hyphen or plus behind a date with
its century the check digit may be wrong: nothing else is written so, and a mistyped number still points at somebody.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from samkorning.errors import RuleRefused
from samkorning.identity import IdentityRules, Issuer, Problem, diagnose_value

REDACTED = "[number]"
REMEDY = "write the serial number or the row"
FEWEST_DIGITS = 9
"""A number whose last place is a letter has nine."""

RULES = IdentityRules(reference_date=date(2299, 12, 31), allow_synthetic=True)
RESERVE = IdentityRules(reference_date=date(2299, 12, 31), allow_synthetic=True, issuer=Issuer.NATIONAL_RESERVE)
WRONG_ENDS = (Problem.BAD_CHECK_DIGIT, Problem.SERIAL_000)
IN_2000 = "20"  # every date that exists in some century exists in this one

_ALIKE = {"-": "\u2212\u02d7\u207b\u2043", "/": "\\\u2044\u2215\uff0f\u29f8", "+": "\uff0b\u207a\ufe62"}
_ALIKE |= {" ": "\t\n\r\v\f\x85\u2028\u2029\u2800\u3164", ".": "\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\uff0e"}
_AS = {ord(seen): plain for plain, all_of_them in _ALIKE.items() for seen in all_of_them}
_HASH = re.compile("(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{16,}(?![0-9A-Za-z])")
_BETWEEN = "(?: {1,2}| {0,2}[-+./_] {0,2})"
_CHAIN = re.compile(f"[0-9]+(?:{_BETWEEN}[0-9]+)*")
_DATE = f"(?:[0-9]{{2}}|[0-9]{{4}}){_BETWEEN}?[0-9]{{2}}{_BETWEEN}?[0-9]{{2}}"
_LAST_X = re.compile(f"(?<![0-9])({_DATE}){_BETWEEN}?[0-9]{{3}}X(?![0-9A-Z])")
_RESERVE = re.compile("(?<![0-9A-Z])[0-9]{8}[- ]?[A-Z]{2}[0-9A-Z][0-9](?![0-9A-Z])")
_BESIDE_DIGITS = re.compile("[OIL]*[0-9][0-9OIL]*")
_AS_DIGITS = str.maketrans("OIL", "011")
_CUTS_IN_DATE = {10: ([], [2], [2, 4]), 12: ([], [4], [6], [4, 6], [2, 4, 6])}


class Group(NamedTuple):
    """Digits that stand together, and where in the plain text."""

    digits: str
    start: int
    end: int


def require_no_number(what: str, *texts: str) -> None:
    """Refuses texts one of which reads as an identity number; quotes none.

    :param what: what the texts are, for the message.
    :raises RuleRefused: with what to write in its place.
    """
    if any(reads_as_number(text) for text in texts):
        raise RuleRefused("free text", f"{what} reads as an identity number", REMEDY)


def require_text(what: str, text: str, longest: int) -> str:
    """A text without blanks around it, as it may be stored: it says something, can be shown and names nobody by number.

    :raises RuleRefused: when it does not; quotes nothing.
    """
    said = text.strip()
    if not said:
        raise RuleRefused("free text", f"{what} says nothing", "write something")
    if len(said) > longest:
        raise RuleRefused("free text", f"{what} is longer than {longest} characters", "write it shorter")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in said):
        raise RuleRefused("free text", f"{what} has a character that cannot be shown", "write it anew, on one line")
    require_no_number(what, said)
    return said


def reads_as_number(text: str) -> bool:
    """Whether anything in the text reads as an identity number."""
    return next(_found(plain(text)[0]), None) is not None


def without_numbers(text: str) -> str:
    """The text with ``[number]`` in place of everything that reads as an identity number."""
    flat, places = plain(text)
    for start, end in sorted(_found(flat), reverse=True):
        text = text[: places[start]] + REDACTED + text[places[end - 1] + 1 :]
    return text


def require_no_numbers_within(value: Any, *aside: str) -> None:
    """Refuses a value in which a text reads as an identity number: in mappings and lists, at any depth.

    :param aside: names of fields that are not looked at; hashes (names that end with ``sha256``) never are.
    :raises RuleRefused: with the name of the field and what to write in its place.
    """
    for name, text in texts_within(value, *aside):
        require_no_number(name, text)


def texts_within(value: Any, *aside: str, name: str = "the text") -> Iterator[tuple[str, str]]:
    """Every text in a mapping or list, at any depth, with the name of the field that holds it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in aside and not str(key).endswith("sha256"):
                yield from texts_within(inner, *aside, name=str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_within(inner, *aside, name=name)


def squeezed(text: str) -> str:
    """Digits and letters of a text without anything between them, O read as 0 and I and L as 1 beside digits.

    In this, a number that is known is found however it was spelled.
    """
    kept = "".join(c if c.isascii() else "." for c in plain(text)[0] if c.isalnum())
    return _BESIDE_DIGITS.sub(lambda run: run[0].translate(_AS_DIGITS), kept)


def plain(text: str) -> tuple[str, list[int]]:
    """The text in ASCII as far as spellings go, and for each of its characters its place in the text as written."""
    hashes = {place for found in _HASH.finditer(text) for place in range(*found.span())}
    seen = [(_flat(c) if place not in hashes else "#", place) for place, c in enumerate(text)]
    return "".join(c for c, _ in seen), [place for c, place in seen if c]


def _flat(character: str) -> str:
    """One character as it reads; nothing for what is not seen."""
    if character.isascii() and character.isprintable():
        return _AS.get(ord(character), character.upper())
    digit, category = unicodedata.digit(character, None), unicodedata.category(character)
    if digit is not None:
        return str(digit)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if ord(character) in _AS or category in ("Pd", "Zs"):
        return _AS.get(ord(character), "-" if category == "Pd" else " ")
    folded = unicodedata.normalize("NFKC", character).upper()
    return folded if len(folded) == 1 else "#"


def _found(flat: str) -> Iterator[tuple[int, int]]:
    """Where the numbers of a plain text are; none overlaps another."""
    if sum(c.isdigit() for c in flat) < FEWEST_DIGITS:
        return
    for pattern, holds in ((_LAST_X, _has_date), (_RESERVE, _is_reserve_number)):
        yield from (found.span() for found in pattern.finditer(flat) if holds(found))
    for chain in _CHAIN.finditer(flat):
        groups = [Group(run[0], *run.span()) for run in re.finditer("[0-9]+", chain[0])]
        yield from ((chain.start() + start, chain.start() + end) for start, end in _in_chain(chain[0], groups))


def _in_chain(chain: str, groups: list[Group]) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(groups):
        last = next((last for last in _ends(groups, first) if _is_number(chain, groups, first, last)), None)
        if last is not None:
            yield groups[first].start, groups[last].end
        first = first + 1 if last is None else last + 1


def _ends(groups: list[Group], first: int) -> Iterator[int]:
    """The last groups with which the first one makes ten or twelve digits; the longer first."""
    digits, ends = 0, []
    for last in range(first, len(groups)):
        digits += len(groups[last].digits)
        if digits in (10, 12):
            ends.append(last)
        if digits >= 12:
            break
    return reversed(ends)


def _is_number(chain: str, groups: list[Group], first: int, last: int) -> bool:
    window = groups[first : last + 1]
    digits = "".join(group.digits for group in window)
    between = [chain[one.end : two.start].strip() for one, two in pairwise(window)]
    if digits[-8:-6] > "12" or not _is_grouped_as_numbers_are(window, between) or _goes_on_as_date(chain, groups, last):
        return False
    problem = diagnose_value(digits if len(digits) == 12 else IN_2000 + digits, RULES).problem
    signed = [len(group.digits) for group in window] == [8, 4] and between[0] in ("-", "+")
    return problem is None or (signed and problem in WRONG_ENDS)


def _is_grouped_as_numbers_are(window: list[Group], between: list[str]) -> bool:
    """All digits together; the last four apart, with cuts between year, month and day; in threes; in twos; in ones."""
    lengths = [len(group.digits) for group in window]
    total, same = sum(lengths), len(set(between)) <= 1
    cuts = [sum(lengths[:count]) for count in range(1, len(lengths))]
    in_date = [cut for cut in cuts if cut < total - 4]
    if not cuts or (same and (set(lengths) in ({1}, {2}) or (set(lengths[1:]) == {3} and lengths[0] in (1, 3)))):
        return True
    return total - 4 in cuts and in_date in _CUTS_IN_DATE[total]


def _goes_on_as_date(chain: str, groups: list[Group], last: int) -> bool:
    """Whether the last group is the year of a date: a period from one date to another is no number."""
    if last + 1 == len(groups) or len(groups[last].digits) != 4:
        return False
    year, month = groups[last], groups[last + 1]
    tight = chain[year.end : month.start] in ("-", "/", ".")
    return tight and "18" <= year.digits[:2] <= "22" and len(month.digits) == 2 and "01" <= month.digits <= "12"


def _has_date(found: re.Match[str]) -> bool:
    digits = re.sub("[^0-9]", "", found[1])
    as_number = diagnose_value(f"{digits if len(digits) == 8 else IN_2000 + digits}0010", RULES)
    return as_number.problem in (None, *WRONG_ENDS)


def _is_reserve_number(found: re.Match[str]) -> bool:
    return diagnose_value(re.sub("[- ]", "", found[0]), RESERVE).problem is None
