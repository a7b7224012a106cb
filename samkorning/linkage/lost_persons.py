"""The persons whom a source loses: how many are behind the rows that were dropped, by reason and in all.

What belongs here: counting them. What must not: why a row is dropped or whom it is about (kernel), or who is told
(samkorning.delivery).

A person is one serial number where the row's first number leads to one, else one identity. A row whose number cannot
be read is about nobody who could be counted. Numbers are counted some millions at a time, however many there are.
"""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from samkorning.linkage.row_flow import LostPersons

REASON, PERSON = "reason", "person"
SCHEMA = {REASON: pl.String, PERSON: pl.String}
AT_ONCE = 2_000_000
"""Persons that are held at once while they are counted: about 200 MB."""


def count_lost(dropped: Sequence[pl.LazyFrame], at_once: int = AT_ONCE) -> LostPersons:
    """The persons behind dropped rows, each counted once in all and once for each reason.

    :param dropped: columns ``reason`` and ``person`` (String; null where no number can be read); rows may repeat.
    """
    known = pl.concat([*dropped, pl.LazyFrame(schema=SCHEMA)]).drop_nulls(PERSON)
    about = known.select(pl.col(PERSON).approx_n_unique()).collect(engine="streaming").item()
    rounds = 1 + about // at_once
    in_all, by_reason = 0, Counter[str]()
    for turn in range(rounds):
        some = known.filter(pl.col(PERSON).hash() % rounds == turn).unique().collect(engine="streaming")
        in_all += some[PERSON].n_unique()
        by_reason.update(dict(some.group_by(REASON).len().iter_rows()))
    return LostPersons(in_all, dict(sorted(by_reason.items())))
