"""Plain values of an order as the text of a YAML order: the same values, the same text.

What belongs here: writing. What must not: reading (samkorning.order.document).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from samkorning.order.document import WORDS
from samkorning.order.workbooks.form import scalar

_PLAIN = re.compile("[A-Za-z_][A-Za-z0-9_]*")


def order_text(value: Mapping[str, Any]) -> str:
    """The text of an order."""
    return "\n".join(_block(value, "")) + "\n"


def _block(value: Any, indent: str) -> Iterator[str]:
    """The lines of a mapping or a list that is not empty."""
    entries = [(f"{_name(key)}:", inner) for key, inner in value.items()] if isinstance(value, Mapping) else None
    for head, inner in entries if entries is not None else [("-", each) for each in value]:
        if not isinstance(inner, Mapping | list) or not inner:
            yield f"{indent}{head} {_scalar(inner)}"
        elif head == "-":
            first, *more = _block(inner, f"{indent}  ")
            yield f"{indent}- {first[len(indent) + 2 :]}"
            yield from more
        else:
            yield f"{indent}{head}"
            yield from _block(inner, f"{indent}  ")


def _scalar(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "{}" if isinstance(value, Mapping) else "[]"
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in WORDS else scalar(value)


def _name(key: str) -> str:
    return key if re.fullmatch("[A-Za-z_][A-Za-z0-9_-]*", key) and key not in WORDS else scalar(key)
