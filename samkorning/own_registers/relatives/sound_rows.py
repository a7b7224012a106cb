"""The rows of a multi-generation register that can be true, and the count of those that cannot.

What belongs here: rows that contradict each other or nature. What must not: kinship.

What is at fault is left out whole, never mended: a person in rows that differ, who is their own parent, whose mother is
their father, or who is their own ancestor, has no known parents. Children of such persons keep theirs.
"""

from collections import Counter
from dataclasses import dataclass

import polars as pl

from samkorning.own_registers.relatives.circles import own_ancestors

PERSON, MOTHER, FATHER = "person", "mother", "father"


@dataclass(frozen=True)
class SoundRows:
    """``parents``: person (each once), mother and father (Int64, null where unknown). ``faults``: what was left out."""

    parents: pl.DataFrame
    faults: Counter[str]


def sound_rows(parents: pl.LazyFrame) -> SoundRows:
    """The rows that can be true.

    :param parents: person, mother and father (Int64; null where unknown), in any order; held in memory.
    """
    given = parents.select(PERSON, MOTHER, FATHER).collect(engine="streaming")
    named = given.filter(pl.col(PERSON).is_not_null())
    distinct = named.unique()
    differing = distinct.filter(pl.col(PERSON).is_duplicated())
    single = distinct.join(differing, on=PERSON, how="anti")
    own_parent = (pl.col(PERSON) == pl.col(MOTHER)) | (pl.col(PERSON) == pl.col(FATHER))
    possible = single.filter(~own_parent.fill_null(value=False))
    of_two = possible.filter(pl.col(MOTHER).ne_missing(pl.col(FATHER)) | pl.col(MOTHER).is_null())
    circling = own_ancestors(edges(of_two))
    faults = Counter(
        {
            "rows without a person": given.height - named.height,
            "rows given again": named.height - distinct.height,
            "persons in rows that differ": differing[PERSON].n_unique(),
            "persons who are their own parent": single.height - possible.height,
            "persons whose mother is their father": possible.height - of_two.height,
            "persons who are their own ancestor": len(circling),
        }
    )
    return SoundRows(of_two.filter(~pl.col(PERSON).is_in(circling.implode())), +faults)


def edges(parents: pl.DataFrame) -> pl.DataFrame:
    """Each known parent of each person: person and parent."""
    each = [parents.select(PERSON, pl.col(name).alias("parent")) for name in (MOTHER, FATHER)]
    return pl.concat(each).drop_nulls()
