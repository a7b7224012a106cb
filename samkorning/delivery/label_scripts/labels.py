"""Texts and value labels as all four scripts need them.

What belongs here: what they have in common. What must not: how a program quotes.
"""

import re
from collections.abc import Callable

from samkorning.delivery.description import DeliveredVariable

NUMERIC_TYPES = ("integer", "decimal")
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def on_one_line(text: str) -> str:
    """A text without line ends and other control characters, which no program takes inside quotes."""
    return _BLANKS.sub(" ", text).strip()


def shortened(text: str, most: int, size: Callable[[str], int] = len) -> str:
    """A text on one line with at most so many characters, or bytes where ``size`` counts these."""
    line = on_one_line(text)
    if size(line) <= most:
        return line
    while line and size(line) > most - size("…"):
        line = line[:-1]
    return f"{line}…"


def in_bytes(text: str) -> int:
    """How long a text is in UTF-8."""
    return len(text.encode())


def value_labels(variable: DeliveredVariable) -> dict[str, str]:
    """The label of each value that has one: of a value with several, by years, all of them."""
    labels: dict[str, str] = {}
    for code in variable.codes:
        label = on_one_line(code.label_sv)
        if label and label not in labels.get(code.code, "").split(" / "):
            labels[code.code] = f"{labels[code.code]} / {label}" if code.code in labels else label
    return labels


def is_whole_number(code: str) -> bool:
    """Whether a value is a whole number as programs write it: without a zero before it, which is text."""
    return _WHOLE_NUMBER.fullmatch(code) is not None
