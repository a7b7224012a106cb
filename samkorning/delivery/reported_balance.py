"""What documents report of the balance of cases and controls: no share or mean of a few persons, nor one that tells it.

What belongs here: which rows of the balance are reported, and as what text. What must not: reckoning it
(samkorning.own_registers.controls), or the file (documents). The page of the service shows all of it.

The number of cases is known and shares of a column sum up to 1, so that a share is a count, and the last one is told by
the others. A level is left out whole: its shares with matched columns are the same in every group.
"""

from collections.abc import Sequence

import polars as pl

from samkorning.delivery.codebook.suppression import Part, hidden_parts, is_few
from samkorning.own_registers.controls.balance import GROUPS, PERSONS

LEFT_OUT = "–"
DELIVERED_DECIMALS = 4
"""With six, the end of one mean and the year of birth that begins the next read as an identity number by chance."""
_SHOWN = ("column", "level", *GROUPS, "difference_before", "difference_after")
_NAMES = 2
"""So many columns at the beginning say what a row is about."""


def reported_balance(balance: pl.DataFrame, limit: int) -> tuple[tuple[str, ...], ...]:
    """The balance as text with its heads; what is missing is empty, and a dash is in the place of what is left out.

    Of a balance that was kept without its numbers of persons all is left out.
    """
    names = balance["column"].unique(maintain_order=True)
    rows = [row for name in names for row in _rows(balance.filter(pl.col("column") == name), limit)]
    return (_SHOWN, *rows)


def hidden_levels(persons: Sequence[Sequence[int]], limit: int) -> tuple[bool, ...]:
    """Which levels of a column are left out: those with a few persons in a group, and those that tell them.

    :param persons: of each level how many are in each group; a mean is a column of one level.
    """
    hidden = tuple(any(is_few(count, limit) for count in level) for level in persons)
    while True:
        further = [_hidden_in(group, hidden, limit) for group in zip(*persons, strict=True)]
        wider = tuple(any(each) for each in zip(hidden, *further, strict=True))
        if wider == hidden:
            return hidden
        hidden = wider


def _hidden_in(counts: Sequence[int], hidden: Sequence[bool], limit: int) -> tuple[bool, ...]:
    """Which levels have to be left out so that the few persons of one group cannot be told from its sum."""
    if not any(is_few(count, limit) for count in counts):
        return tuple(hidden)
    return hidden_parts([Part(count, out) for count, out in zip(counts, hidden, strict=True)], False, limit)


def _rows(levels: pl.DataFrame, limit: int) -> list[tuple[str, ...]]:
    shown = levels.select(_SHOWN).with_columns(pl.selectors.float().round(DELIVERED_DECIMALS) + 0.0)
    written = shown.select(pl.all().cast(pl.String).fill_null("")).rows()
    return [
        (*row[:_NAMES], *(LEFT_OUT for _ in row[_NAMES:])) if left_out else row
        for row, left_out in zip(written, _hidden(levels, limit), strict=True)
    ]


def _hidden(levels: pl.DataFrame, limit: int) -> tuple[bool, ...]:
    if not set(PERSONS.values()) <= set(levels.columns):
        return (True,) * levels.height
    cases, eligible, drawn = (levels[PERSONS[at]].to_list() for at in GROUPS)
    could = [max(pair) for pair in zip(eligible, drawn, strict=True)]  # who was drawn could be drawn
    return hidden_levels(list(zip(cases, could, drawn, strict=True)), limit)
