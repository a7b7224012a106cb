"""How people write an identity number of twelve digits.

What belongs here: spellings. What must not: expectations.
"""

from collections.abc import Callable, Iterator
from itertools import accumulate

UNSEEN = {"zero width": "\u200b", "soft hyphen": "\u00ad", "word joiner": "\u2060"}
BETWEEN = {
    "hyphen": "-", "plus": "+", "space": " ", "no-break space": "\u00a0", "thin space": "\u2009", "en dash": "\u2013",
    "minus": "\u2212", "slash": "/", "dot": ".", "underscore": "_", "tab": "\t", "hyphen and spaces": " - ",
}  # fmt: skip
SCRIPTS = {"full width": "０", "Arabic": "٠", "Devanagari": "०", "bold": "𝟎"}


def grouped(number: str, *lengths: int, between: str = " ") -> str:
    """The digits in groups."""
    ends = list(accumulate(lengths))
    return between.join(number[end - length : end] for end, length in zip(ends, lengths, strict=True))


def in_script(number: str, zero: str) -> str:
    """The digits in another script."""
    return "".join(chr(ord(zero) + int(c)) if c.isdigit() else c for c in number)


def _with_last_x(number: str) -> str:
    return f"{number[:8]}-{number[8:11]}X"


def _spellings() -> Iterator[tuple[str, Callable[[str], str]]]:
    yield "twelve digits", str
    yield "ten digits", lambda number: number[2:]
    yield "last place X", _with_last_x
    yield "last place X, ten", lambda number: _with_last_x(number)[2:].lower()
    for name, between in BETWEEN.items():
        yield f"{name}, twelve", lambda number, between=between: grouped(number, 8, 4, between=between)
        yield f"{name}, ten", lambda number, between=between: grouped(number[2:], 6, 4, between=between)
        yield f"{name} in the date", lambda number, between=between: grouped(number, 4, 2, 2, 4, between=between)
    yield "date and four", lambda number: f"{grouped(number[:8], 4, 2, 2, between='-')} {number[8:]}"
    yield "in threes", lambda number: grouped(number, 3, 3, 3, 3)
    yield "in twos", lambda number: grouped(number, 2, 2, 2, 2, 2, 2)
    yield "in ones", lambda number: " ".join(number)
    for name, unseen in UNSEEN.items():
        yield name, unseen.join
    for name, zero in SCRIPTS.items():
        yield name, lambda number, zero=zero: in_script(number, zero)
        yield f"{name}, hyphen", lambda number, zero=zero: in_script(grouped(number[2:], 6, 4, between="-"), zero)


SPELLINGS: dict[str, Callable[[str], str]] = dict(_spellings())
