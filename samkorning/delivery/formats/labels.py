"""Labels of variables and of codes, as far as a format has room for them.

What belongs here: cutting, and telling what was cut or left out. What must not: where labels come from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from samkorning.delivery.formats.columns import Column
from samkorning.delivery.formats.format import Loss

_MARK = "…"


def cut(text: str, most_bytes: int) -> str:
    """A label on one line, with … in place of what does not fit; never a part of a character."""
    text = " ".join(text.split())
    content = text.encode()
    if len(content) <= most_bytes:
        return text
    return content[: most_bytes - len(_MARK.encode())].decode(errors="ignore") + _MARK


def numeric_labels(column: Column) -> Mapping[float, str]:
    """The labels of codes that are whole numbers, as a number has them; a later one of the same code comes after."""
    found: dict[float, str] = {}
    for code, label in column.codes:
        if code.removeprefix("-").isascii() and code.removeprefix("-").isdigit() and abs(int(code)) < 2**31 - 100:
            found.setdefault(float(code), label)
    return found


def labels_cut(
    columns: Sequence[Column], variable: int, code: int, labelled: Callable[[Column], Mapping[Any, str]]
) -> Iterator[tuple[Loss, str]]:
    """What does not fit of labels; the variable list has all of them whole."""
    for column in columns:
        if cut(column.label, variable) != " ".join(column.label.split()):
            yield Loss.LABEL, column.name
        carried = labelled(column)
        if len(carried) < len(column.codes) or any(len(text.encode()) > code for text in carried.values()):
            yield Loss.CODES, column.name
