"""Conditions in order, and members of closed lists within the steps.

What belongs here: how the steps of the diagnosis choose between values, and hold forms, kinds, issuers and problems:
by their place in the list, since small numbers are quicker than names; names come last. What must not: any rule.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import narwhals as nw

NOTHING = nw.lit(None, dtype=nw.Int8)
MOST_CHOICES = 4


def chain(steps: Sequence[tuple[nw.Expr, nw.Expr]], otherwise: nw.Expr | None = None) -> nw.Expr:
    """The value of the first condition that holds, else ``otherwise`` (null)."""
    result = otherwise
    for condition, value in reversed(steps):
        choice = nw.when(condition).then(value)
        result = choice if result is None else choice.otherwise(result)
    if result is None:
        raise ValueError("a chain needs at least one condition")
    return result


def place(member: StrEnum) -> int:
    """The place of a member in its closed list."""
    return list(type(member)).index(member)


def held(member: StrEnum) -> nw.Expr:
    """A member as the steps hold it."""
    return nw.lit(place(member), dtype=nw.Int8)


def is_any(column: str, members: Iterable[StrEnum]) -> nw.Expr:
    """Whether a column of held members holds one of these."""
    places = sorted(place(member) for member in members)
    return nw.col(column) == places[0] if len(places) == 1 else nw.col(column).is_in(places)


def names(column: str, members: Iterable[StrEnum]) -> nw.Expr:
    """The names of the members that a column holds. Of a few, a choice is quickest, and the first costs least; of a
    whole list a table is: engines look each row up once."""
    listed = list(members)
    if len(listed) > MOST_CHOICES:
        by_place = {place(member): str(member) for member in listed}
        return nw.col(column).replace_strict(by_place, default=None, return_dtype=nw.String)
    steps = [(nw.col(column) == place(member), nw.lit(str(member))) for member in listed]
    return chain(steps[::-1]) if steps else nw.lit(None, dtype=nw.String)
