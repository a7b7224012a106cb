"""Persons who are their own ancestors, which nobody is: circles in a register of parents.

What belongs here: finding all who are on a circle, in any graph of parents, without following one for ever. What must
not: what becomes of them.
"""

from collections import defaultdict
from collections.abc import Iterator

import polars as pl

FEW = 100_000
"""So many edges are followed one by one."""


def own_ancestors(edges: pl.DataFrame) -> pl.Series:
    """The persons on a circle.

    :param edges: person and parent (Int64), no nulls.
    """
    onward = defaultdict(list)
    for person, parent in _core(edges).iter_rows():
        onward[person].append(parent)
    found = [person for group in _strongly_connected(onward) if len(group) > 1 for person in group]
    return pl.Series("person", found, dtype=pl.Int64)


def _core(edges: pl.DataFrame) -> pl.DataFrame:
    """The edges without those that lead to nobody's child or come from nobody's parent, until there are few or no such.

    A round takes a generation off at either end; what is on a circle stays.
    """
    before = edges.height + 1
    while FEW < edges.height < before:
        before = edges.height
        upward = edges.join(edges.select(parent="person").unique(), on="parent", how="semi")
        edges = upward.join(upward.select(person="parent").unique(), on="person", how="semi")
    return edges


def _strongly_connected(onward: dict[int, list[int]]) -> Iterator[list[int]]:
    """Groups of persons each of whom leads to each other (Tarjan 1972), without recursion."""
    found: dict[int, int] = {}
    lowest: dict[int, int] = {}
    held: dict[int, None] = {}
    for start in list(onward):
        way = [] if start in found else [(start, iter(onward[start]))]
        while way:
            person, parents = way[-1]
            if person not in found:
                found[person] = lowest[person] = len(found)
                held[person] = None
            for parent in parents:
                if parent not in found:
                    way.append((parent, iter(onward.get(parent, ()))))
                    break
                if parent in held:
                    lowest[person] = min(lowest[person], found[parent])
            else:
                way.pop()
                if way:
                    lowest[way[-1][0]] = min(lowest[way[-1][0]], lowest[person])
                if lowest[person] == found[person]:
                    yield list(_taken_off(held, person))


def _taken_off(held: dict[int, None], last: int) -> Iterator[int]:
    while True:
        person, _ = held.popitem()
        yield person
        if person == last:
            return
