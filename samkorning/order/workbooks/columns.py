"""A column or line of an order's workbook: what it is headed, and what kind of value stands in it.

What belongs here: headings and words in both languages. What must not: which sheets there are (sheets), or reading a
cell (cells).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")


class Kind(StrEnum):
    """What stands in a cell."""

    TEXT = "text"
    WHOLE = "whole"
    SHARE = "share"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXTS = "texts"
    YEARS = "years"


LISTED = (Kind.CHOICES, Kind.TEXTS)
"""Several values in one cell, with a semicolon between them."""


@dataclass(frozen=True)
class Word:
    """One of the words that may stand in a cell, and what it means: a value, or several where a cell takes several."""

    value: Any
    sv: str
    en: str

    def said(self, language: Language) -> str:
        """The word in a language."""
        return self.sv if language == "sv" else self.en


YES_NO = (Word(True, "ja", "yes"), Word(False, "nej", "no"))


@dataclass(frozen=True)
class Column:
    """A column of a list, or a line of the order form.

    ``also`` are headings that other programs and earlier templates give it; ``suggests`` names a list that its
    drop-down offers, beside which other values may stand; ``example`` is a value that an order may have there.
    """

    key: str
    sv: str
    en: str
    kind: Kind = Kind.TEXT
    words: tuple[Word, ...] = ()
    needed: bool = False
    example: str = ""
    hint_sv: str = ""
    hint_en: str = ""
    also: tuple[str, ...] = ()
    suggests: str = ""
    width: int = 18

    def heading(self, language: Language) -> str:
        """The heading in a language."""
        return self.sv if language == "sv" else self.en

    def hint(self, language: Language) -> str:
        """What a person is told of it."""
        return self.hint_sv if language == "sv" else self.hint_en

    @property
    def headings(self) -> Iterable[str]:
        """Everything that it may be headed, folded."""
        return {folded(each) for each in (self.key, self.sv, self.en, *self.also)}

    def offered(self, language: Language) -> list[str]:
        """What its drop-down offers."""
        words = YES_NO if self.kind is Kind.YES_NO else self.words
        return [word.said(language) for word in words]


def folded(text: str) -> str:
    """A heading or word as it is compared: small letters, one blank for many, no star or colon behind it."""
    return " ".join(text.casefold().split()).rstrip(" *:")


def identity_words(values: Iterable[str]) -> tuple[Word, ...]:
    """Words that are the same in both languages, and are what the order says."""
    return tuple(Word(str(value), str(value), str(value)) for value in values)
