"""Conditions in order: the first that holds decides.

What belongs here: the one way in which the steps of the diagnosis choose between values. What must not: any rule.
"""

from collections.abc import Sequence
from enum import StrEnum

import narwhals as nw


def named(name: StrEnum) -> nw.Expr:
    """A name of a closed list as a literal."""
    return nw.lit(str(name))


def chain(steps: Sequence[tuple[nw.Expr, nw.Expr]]) -> nw.Expr:
    """The value of the first condition that holds, else null."""
    result: nw.Expr | None = None
    for condition, value in reversed(steps):
        choice = nw.when(condition).then(value)
        result = choice if result is None else choice.otherwise(result)
    if result is None:
        raise ValueError("a chain needs at least one condition")
    return result
