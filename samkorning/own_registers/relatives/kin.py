"""Kin: relatives by blood, each kind put together from parents, children and siblings.

What belongs here: the kinds and their degrees. What must not: faults of the register (sound_rows) and marriage.

A relation is a frame of person, relative, kind and degree. A degree is what genes are shared by: a parent, a child and
a full sibling are of the first, half-siblings of the second, and each step adds its own; by a sibling of unknown kind
it is unknown. Every relation begins with the persons it is asked for, so that no more of the register is joined.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from samkorning.order.relatives import Kind

Frame = nw.LazyFrame[Any]
PERSON, RELATIVE, KIND, DEGREE = "person", "relative", "kind", "degree"
VIA = "via"
NEAREST = {Kind.AUNT_OR_UNCLE: 2, Kind.NIECE_OR_NEPHEW: 2, Kind.COUSIN: 3}
"""The degree that a kind has by full siblings; no way to a relative of the kind is nearer."""


@dataclass(frozen=True)
class Kin:
    """Relations over one register.

    ``parents``: person, mother and father. ``edges``: person and parent, for each known parent.
    """

    parents: Frame
    edges: Frame

    def mothers(self, persons: Frame) -> Frame:
        return self._parent(persons, "mother", Kind.MOTHER)

    def fathers(self, persons: Frame) -> Frame:
        return self._parent(persons, "father", Kind.FATHER)

    def both_parents(self, persons: Frame) -> Frame:
        """Mothers and fathers, of whichever kind."""
        return nw.concat([self.mothers(persons), self.fathers(persons)])

    def children(self, persons: Frame) -> Frame:
        named = self.edges.select(nw.col(PERSON).alias(RELATIVE), nw.col("parent"))
        return _relation(persons.join(named, left_on=PERSON, right_on="parent"), Kind.CHILD, 1)

    def siblings(self, persons: Frame) -> Frame:
        """Siblings of every kind: two who have at least one parent in common."""
        own = persons.join(self.parents, on=PERSON)
        others = self.parents.select(*(nw.col(name).alias(f"their_{name}") for name in (PERSON, "mother", "father")))
        by_mother = own.join(others.with_columns(on=nw.col("their_mother")), left_on="mother", right_on="on")
        by_father = own.join(others.with_columns(on=nw.col("their_father")), left_on="father", right_on="on")
        columns = [PERSON, "mother", "father", "their_person", "their_mother", "their_father"]
        both = nw.concat([by_mother.select(columns), by_father.select(columns)]).unique()
        apart = both.filter(nw.col(PERSON) != nw.col("their_person"))
        kind = apart.with_columns(_kind_of_sibling().alias(KIND)).with_columns(_degree_of_sibling().alias(DEGREE))
        return kind.select(PERSON, nw.col("their_person").alias(RELATIVE), KIND, DEGREE)

    def grandparents(self, persons: Frame) -> Frame:
        return self._through(self.both_parents(persons), self.both_parents, Kind.GRANDPARENT)

    def grandchildren(self, persons: Frame) -> Frame:
        return self._through(self.children(persons), self.children, Kind.GRANDCHILD)

    def aunts_and_uncles(self, persons: Frame) -> Frame:
        return self._through(self.both_parents(persons), self.siblings, Kind.AUNT_OR_UNCLE)

    def nieces_and_nephews(self, persons: Frame) -> Frame:
        return self._through(self.siblings(persons), self.children, Kind.NIECE_OR_NEPHEW)

    def cousins(self, persons: Frame) -> Frame:
        return self._through(self.aunts_and_uncles(persons), self.children, Kind.COUSIN)

    def _parent(self, persons: Frame, name: str, kind: Kind) -> Frame:
        known = self.parents.select(PERSON, nw.col(name).alias(RELATIVE)).filter(~nw.col(RELATIVE).is_null())
        return _relation(persons.join(known, on=PERSON), kind, 1)

    def _through(self, relation: Frame, step: Callable[[Frame], Frame], kind: Kind) -> Frame:
        """The relatives of relatives, each once and nobody their own, by the nearest way that is known for certain."""
        first = relation.select(PERSON, nw.col(RELATIVE).alias(VIA), nw.col(DEGREE).alias("first"))
        midway = first.select(nw.col(VIA).alias(PERSON)).unique()
        further = step(midway)
        second = further.select(nw.col(PERSON).alias(VIA), RELATIVE, nw.col(DEGREE).alias("second"))
        ways = first.join(second, on=VIA).filter(nw.col(PERSON) != nw.col(RELATIVE))
        known = ways.with_columns((nw.col("first") + nw.col("second")).alias(DEGREE))
        counted = known.with_columns(nw.col(DEGREE).is_null().cast(nw.Int8).alias("unknown"))
        by_pair = counted.group_by(PERSON, RELATIVE).agg(nw.col(DEGREE).min(), nw.col("unknown").max())
        certain = (nw.col("unknown") == 0) | (nw.col(DEGREE) == NEAREST.get(kind, 2))
        return by_pair.select(
            PERSON, RELATIVE, nw.lit(kind.value).alias(KIND), nw.when(certain).then(nw.col(DEGREE)).alias(DEGREE)
        )


def _relation(pairs: Frame, kind: Kind, degree: int) -> Frame:
    return pairs.select(PERSON, RELATIVE, nw.lit(kind.value).alias(KIND), nw.lit(degree).cast(nw.Int8).alias(DEGREE))


def _kind_of_sibling() -> nw.Expr:
    """Full or half where all four parents that this hangs on are known."""
    same_mother = (nw.col("mother") == nw.col("their_mother")).fill_null(value=False)
    same_father = (nw.col("father") == nw.col("their_father")).fill_null(value=False)
    other_mother = (nw.col("mother") != nw.col("their_mother")).fill_null(value=False)
    other_father = (nw.col("father") != nw.col("their_father")).fill_null(value=False)
    return (
        nw.when(same_mother & same_father)
        .then(nw.lit(Kind.FULL_SIBLING.value))
        .otherwise(
            nw.when(same_mother & other_father)
            .then(nw.lit(Kind.HALF_SIBLING_MATERNAL.value))
            .otherwise(
                nw.when(same_father & other_mother)
                .then(nw.lit(Kind.HALF_SIBLING_PATERNAL.value))
                .otherwise(nw.lit(Kind.SIBLING_OF_UNKNOWN_KIND.value))
            )
        )
    )


def _degree_of_sibling() -> nw.Expr:
    half = (nw.col(KIND) == Kind.HALF_SIBLING_MATERNAL.value) | (nw.col(KIND) == Kind.HALF_SIBLING_PATERNAL.value)
    full = nw.col(KIND) == Kind.FULL_SIBLING.value
    return nw.when(full).then(nw.lit(1)).otherwise(nw.when(half).then(nw.lit(2))).cast(nw.Int8)
