"""Finding relatives: from what is asked and the registers to pairs and the registers' faults.

What belongs here: which relations are wanted. What must not: the relations.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from samkorning.linkage.engines import Engine
from samkorning.order.relatives import Kind, Relatives
from samkorning.own_registers.relatives.kin import DEGREE, KIND, PERSON, RELATIVE, Kin
from samkorning.own_registers.relatives.sound_rows import edges, sound_rows
from samkorning.own_registers.relatives.spouses import INDEX_DATE, sound_marriages, spouses_of

Frame = nw.LazyFrame[Any]
SCHEMA = pl.Schema(
    {PERSON: pl.Int64(), RELATIVE: pl.Int64(), KIND: pl.Enum([each.value for each in Kind]), DEGREE: pl.Int8()}
)
SIBLINGS = (
    Kind.FULL_SIBLING,
    Kind.HALF_SIBLING_MATERNAL,
    Kind.HALF_SIBLING_PATERNAL,
    Kind.SIBLING_OF_UNKNOWN_KIND,
)


@dataclass(frozen=True)
class FoundRelatives:
    """``pairs``: person, relative (Int64), kind and degree (Int8; null where unknown, and of spouses), each kind of a
    pair once, sorted. ``faults``: how many rows or persons of the registers were left out, by reason.
    """

    pairs: pl.DataFrame
    faults: dict[str, int]


def relatives_of(
    engine: Engine, asked: Relatives, persons: pl.LazyFrame, parents: pl.LazyFrame, spouses: pl.LazyFrame | None = None
) -> FoundRelatives:
    """The relatives of persons, of the kinds and degrees that are asked for.

    :param persons: ``person`` (Int64, the latest number); where spouses on a date are asked for, ``index_date`` (Date).
        A person with several index dates has the spouses of each.
    :param parents: the multi-generation register: person, mother, father (Int64; null where unknown).
    :param spouses: person, partner (Int64), first_day and last_day (Date); needed where spouses are asked for.
    """
    sound = sound_rows(parents)
    faults = dict(sound.faults)
    kin = Kin(engine.take(sound.parents.lazy()), engine.take(edges(sound.parents).lazy()))
    each_once: Frame = engine.take(persons.select(PERSON).drop_nulls().unique())
    found = [engine.collect(relation(each_once)) for relation in _relations(kin, asked)]
    if Kind.SPOUSE in asked.kinds and spouses is not None:
        marriages = sound_marriages(spouses)
        faults |= marriages.faults
        dated: Frame = engine.take(_dated(persons).unique())
        found.append(engine.collect(spouses_of(dated, engine.take(marriages.rows.lazy()), asked.spouses)))
    wanted = pl.col(KIND).is_in([kind.value for kind in asked.kinds])
    near = pl.col(DEGREE) <= asked.up_to_degree if asked.up_to_degree is not None else pl.lit(value=False)
    every = pl.concat([pl.DataFrame(schema=SCHEMA), *(pairs.cast(SCHEMA) for pairs in found)])
    pairs = every.filter(wanted | near.fill_null(value=False)).sort(PERSON, KIND, RELATIVE)
    return FoundRelatives(pairs, {fault: count for fault, count in faults.items() if count})


def _dated(persons: pl.LazyFrame) -> pl.LazyFrame:
    if INDEX_DATE in persons.collect_schema():
        return persons.select(PERSON, INDEX_DATE)
    return persons.select(PERSON, pl.lit(None, pl.Date).alias(INDEX_DATE))


def _relations(kin: Kin, asked: Relatives) -> Iterator[Callable[[Frame], Frame]]:
    """The relations that can hold what is asked for, each kind in one of them."""
    ways: list[tuple[int, tuple[Kind, ...], Callable[[Frame], Frame]]] = [
        (1, (Kind.MOTHER,), kin.mothers),
        (1, (Kind.FATHER,), kin.fathers),
        (1, (Kind.CHILD,), kin.children),
        (1, SIBLINGS, kin.siblings),
        (2, (Kind.GRANDPARENT,), kin.grandparents),
        (2, (Kind.GRANDCHILD,), kin.grandchildren),
        (2, (Kind.AUNT_OR_UNCLE,), kin.aunts_and_uncles),
        (2, (Kind.NIECE_OR_NEPHEW,), kin.nieces_and_nephews),
        (3, (Kind.COUSIN,), kin.cousins),
    ]
    for nearest, kinds, relation in ways:
        if nearest <= (asked.up_to_degree or 0) or not set(kinds).isdisjoint(asked.kinds):
            yield relation
