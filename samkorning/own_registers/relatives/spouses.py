"""Spouses: who was married to whom, on an index date or ever.

What belongs here: from intervals of marriage to pairs, in both directions. What must not: kin.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import polars as pl

from samkorning.order.relatives import Kind
from samkorning.own_registers import days
from samkorning.own_registers.relatives.kin import DEGREE, KIND, PERSON, RELATIVE

PARTNER, FIRST, LAST, INDEX_DATE = "partner", "first_day", "last_day", "index_date"
Frame = nw.LazyFrame[Any]


@dataclass(frozen=True)
class Marriages:
    """``rows``: person, partner, first_day and last_day (null: still married), each marriage in both directions."""

    rows: pl.DataFrame
    faults: Counter[str]


def sound_marriages(spouses: pl.LazyFrame) -> Marriages:
    """The marriages that can be true; the others are counted.

    :param spouses: person, partner (Int64), first_day and last_day (Date).
    """
    given = spouses.select(PERSON, PARTNER, FIRST, LAST).collect(engine="streaming")
    named = given.drop_nulls([PERSON, PARTNER])
    of_two = named.filter(pl.col(PERSON) != pl.col(PARTNER))
    forward = of_two.filter(days.runs_forward(pl.col(FIRST), pl.col(LAST)))
    faults = Counter(
        {
            "marriages without a person or a partner": given.height - named.height,
            "persons married to themselves": named.height - of_two.height,
            "marriages without a first day or that end before it": of_two.height - forward.height,
        }
    )
    turned = forward.select(pl.col(PARTNER).alias(PERSON), pl.col(PERSON).alias(PARTNER), FIRST, LAST)
    return Marriages(pl.concat([forward, turned]).unique(), +faults)


def spouses_of(persons: Frame, marriages: Frame, when: Literal["index_date", "ever"]) -> Frame:
    """The spouses of persons, each pair once.

    :param persons: person and index_date.
    """
    married = persons.join(marriages, on=PERSON)
    if when == "index_date":
        married = married.filter(days.lies_in(nw.col(INDEX_DATE), nw.col(FIRST), nw.col(LAST)))
    pairs = married.select(PERSON, nw.col(PARTNER).alias(RELATIVE)).unique()
    degree = nw.lit(None).cast(nw.Int8).alias(DEGREE)
    return pairs.select(PERSON, RELATIVE, nw.lit(Kind.SPOUSE.value).alias(KIND), degree)
