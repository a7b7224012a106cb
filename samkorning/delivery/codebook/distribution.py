"""The distribution of a variable, in steps that each hold many: no value of one person, no least and no greatest.

What belongs here: joining steps until they may be shown. What must not: counting by steps (rendering).
"""

from collections.abc import Sequence

from samkorning.delivery.codebook.models import Bin
from samkorning.delivery.description import DeliveredVariable
from samkorning.delivery.rendering.histogram import number_bounds

MOST_BINS = 12
ROWS_PER_PERSON = 10
"""A step holds at least so many times the limit in rows: a person may have several."""


def distribution(
    variable: DeliveredVariable, steps: Sequence[Sequence[int]], filled: int, limit: int
) -> tuple[Bin, ...]:
    """Bins of about the same size with bounds of two digits, open at both ends; nothing where there would be but one.

    :param steps: pairs of a step and its rows, in order.
    """
    least = max(ROWS_PER_PERSON * limit, -(-filled // MOST_BINS))
    is_date = variable.type == "date"
    groups: list[list[int]] = []
    rows = 0
    for step, count in steps:
        if rows == 0:
            groups.append([step, 0])
        rows += count
        groups[-1][1] = rows
        if rows >= least:
            rows = 0
    if len(groups) > 1 and groups[-1][1] < least:
        groups[-2][1] += groups.pop()[1]
    if len(groups) < 2:
        return ()
    starts = [None, *(_start(step, is_date) for step, _ in groups[1:])]
    ends = [*starts[1:], None]
    return tuple(Bin(low, high, count) for (_, count), low, high in zip(groups, starts, ends, strict=True))


def _start(step: int, is_date: bool) -> float | None:
    return float(step) if is_date else number_bounds(step)[0]
