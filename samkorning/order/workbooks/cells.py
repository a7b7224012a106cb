"""The text of a cell as a value, and a value as the text of a cell.

What belongs here: every way in which a tired person, or Excel, writes a value. What must not: where the cell stands. A
fault never repeats what was written.
"""

import re
from datetime import date
from typing import Any

from samkorning.order.workbooks.columns import LANGUAGES, LISTED, YES_NO, Column, Kind, Language, Word, folded

_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]|_x000D_", re.I)
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_FORMULA, _NUMBER = re.compile(r"[=+@\-].+", re.S), re.compile(r"[-+]?[0-9][0-9 .,]*")
_WHOLE = re.compile(r"([-+]?[0-9]{1,9})([.,]0+)?")
_SHARE = re.compile(r"([0-9]{1,3}(?:[.,][0-9]+)?) ?(%)?")
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[ T]00:00(?::00)?)?")
_YEARS = re.compile(r"([0-9]{4})(?:[.,]0)?(?: ?(?:-|till|to) ?([0-9]{4})(?:[.,]0)?)?")
_SERIAL_DAY = re.compile(r"[1-9][0-9]{4,5}([.,][0-9]+)?")
_YES_ALSO = {"x": True, "true": True, "false": False, "sant": True, "falskt": False, "1": True, "0": False}
LONGEST_CELL = 32_000
"""Excel holds 32,767 characters in a cell."""


class CellFault(Exception):
    """What is wrong with a cell, and what mends it."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(problem)


def written(text: str | None) -> str:
    """A cell without what nobody sees: blanks at its ends, hard blanks, marks of other programs."""
    plain = _UNSEEN.sub("", _BLANKS.sub(" ", (text or "").replace("\r\n", "\n").replace("\r", "\n")))
    return plain.strip()


def value_of(column: Column, text: str) -> Any:
    """What a cell says; ``text`` is as ``written`` gives it, and not empty.

    :raises CellFault: when it says nothing of the kind.
    """
    if column.kind in LISTED:
        return _values(column, text)
    if column.kind is Kind.TEXT:
        return _text(text)
    if column.kind in (Kind.CHOICE, Kind.YES_NO):
        return _word(column, text)
    return {Kind.WHOLE: _whole, Kind.SHARE: _share, Kind.DATE: _day, Kind.YEARS: _years}[column.kind](text)


def text_of(column: Column, value: Any, language: Language) -> str | None:
    """How a value is written in a cell; nothing where a cell of this column cannot say it."""
    text = None if value is None else _cell_text(column, value, language)
    if text is None or len(text) > LONGEST_CELL or written(text) != text:
        return None
    try:
        read = value_of(column, text)
    except CellFault:
        return None
    return text if type(read) is type(value) and read == value else None


def _cell_text(column: Column, value: Any, language: Language) -> str | None:
    if column.kind in LISTED and isinstance(value, list):
        return _list_text(column, value, language)
    if column.words or column.kind is Kind.YES_NO:
        words = YES_NO if column.kind is Kind.YES_NO else column.words
        return next((word.said(language) for word in words if _same(word.value, value)), None)
    if column.kind is Kind.YEARS:
        first, last = value
        return f"{first}-{last}" if first != last else str(first)
    return str(value) if value is not None and not isinstance(value, list | dict) else None


def _list_text(column: Column, value: list[Any], language: Language) -> str | None:
    if not value or not all(isinstance(each, str) for each in value):
        return None
    whole = next((word for word in column.words if word.value == tuple(value) or word.value == value), None)
    if whole:
        return whole.said(language)
    one = Column(column.key, column.sv, column.en, Kind.CHOICE if column.words else Kind.TEXT, column.words)
    said = [_cell_text(one, each, language) for each in value]
    return "; ".join(map(str, said)) if None not in said else None


def _values(column: Column, text: str) -> Any:
    parts = [part.strip() for part in re.split("[;\n]", text) if part.strip()]
    if column.kind is Kind.TEXTS:
        whole = _meant(column.words, text)
        return whole.value if whole else [_text(part) for part in parts]
    found: list[Any] = []
    for part in parts if _meant(column.words, text) is None else [text]:
        value = _word(column, part)
        found += [each for each in (value if isinstance(value, tuple) else (value,)) if each not in found]
    return found


def _word(column: Column, text: str) -> Any:
    if column.kind is Kind.YES_NO:
        also = _YES_ALSO.get(folded(text))
        found = _meant(YES_NO, text)
        if found is None and also is None:
            raise CellFault("is neither yes nor no", "write ja or nej (yes or no)")
        return also if found is None else found.value
    meant = _meant(column.words, text)
    if meant is None:
        offered = ", ".join(dict.fromkeys(word.sv for word in column.words))
        raise CellFault("is none of the words that it may be", f"choose one of: {offered}")
    return meant.value


def _meant(words: tuple[Word, ...], text: str) -> Word | None:
    """The word that a text is, in either language or as the order says it."""
    said = folded(text)
    spoken = (
        word
        for word in words
        if said in {folded(str(word.value)), *(folded(word.said(language)) for language in LANGUAGES)}
    )
    return next(spoken, None)


def _text(text: str) -> str:
    if _FORMULA.fullmatch(text) and not _NUMBER.fullmatch(text):
        raise CellFault("begins as a formula does", "write it without =, +, - or @ in front")
    return text


def _whole(text: str) -> int:
    found = _WHOLE.fullmatch(text.replace(" ", ""))
    if found is None:
        raise CellFault("is no whole number", "write a whole number, in digits alone")
    return int(found[1])


def _share(text: str) -> float:
    found = _SHARE.fullmatch(text)
    if found is None:
        raise CellFault("is no share", "write a share as 0,05 or 5 %")
    return float(found[1].replace(",", ".")) / (100 if found[2] else 1)


def _day(text: str) -> str:
    found = _DAY.fullmatch(_DASHES.sub("-", text))
    if found is None:
        if _SERIAL_DAY.fullmatch(text):
            raise CellFault("is a number as Excel keeps dates", "write the date as text, YYYY-MM-DD")
        raise CellFault("is no date that can be read in one way alone", "write the date as YYYY-MM-DD")
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass
    raise CellFault("is no date of the calendar", "write a date that exists, as YYYY-MM-DD")


def _years(text: str) -> tuple[int, int]:
    found = _YEARS.fullmatch(_DASHES.sub("-", text))
    if found is None:
        raise CellFault("is no period", "write a year or two, such as 2015-2020")
    return int(found[1]), int(found[2] or found[1])


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other
