"""Who gets whom where a control serves only once: in order of time, each case takes its lowest numbers that are free.

What belongs here: the order of cases and taking. What must not: the numbers (draws), or where candidates come from.

In a random order of cases a person who lives longer would be drawn with other chances than at risk sets of their days;
so the earliest index date takes first, and cases of one day in an order that is keyed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from samkorning.own_registers.controls.at_risk import PERSON
from samkorning.own_registers.controls.cases import CASE, ENTRY


@dataclass
class Taken:
    """Which controls are taken, and by which case persons."""

    reuse_between: bool
    reuse_within: bool
    _by: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def is_free(self, control: int, case: int) -> bool:
        """Whether the control may serve one more index date of the case person."""
        served = self._by.get(control)
        if not served:
            return True
        return (self.reuse_within or case not in served) and (self.reuse_between or served <= {case})

    def take(self, control: int, case: int) -> None:
        self._by[control].add(case)


@dataclass(frozen=True)
class Allotted:
    """``pairs``: those of the list that stand. ``run_short``: entries whose list ended before they had enough, though
    they have more candidates than the list holds; ``nearly``: those of whose list more than half was looked through.
    """

    pairs: pl.DataFrame
    run_short: list[int]
    nearly: list[int]


def allot(
    in_turn: pl.DataFrame, pairs: pl.DataFrame, eligible: dict[int, int], per_case: int, taken: Taken
) -> Allotted:
    """Gives each case in turn its controls.

    :param in_turn: entry and case, in the order in which they take.
    :param pairs: entry and person, the rows of an entry together and in the order of their numbers; the first ones of
        each risk set.
    :param eligible: how many candidates each entry has.
    """
    lists, persons = _lists(pairs), pairs[PERSON]
    chosen, run_short, nearly = list[tuple[int, int]](), list[int](), list[int]()
    for entry, case in in_turn.select(ENTRY, CASE).iter_rows():
        first, length = lists.get(entry, (0, 0))
        listed = persons.slice(first, length).to_list()
        given = list(_first_free(listed, case, per_case, taken))
        chosen += [(entry, listed[place]) for place in given]
        if len(listed) < eligible.get(entry, 0):
            if len(given) < per_case:
                run_short.append(entry)
            elif 2 * given[-1] > len(listed):
                nearly.append(entry)
    schema = {ENTRY: pairs.schema[ENTRY], PERSON: pairs.schema[PERSON]}
    stands = pl.DataFrame(chosen, schema=schema, orient="row")
    return Allotted(pairs.join(stands, on=[ENTRY, PERSON], how="semi", maintain_order="left"), run_short, nearly)


def _lists(pairs: pl.DataFrame) -> dict[int, tuple[int, int]]:
    """Where the list of each entry begins, and how long it is; as objects longer lists would not fit."""
    placed = pairs.select(ENTRY, pl.int_range(pl.len()).alias("place"))
    begins = placed.group_by(ENTRY).agg(pl.col("place").min(), pl.len())
    return {entry: (first, length) for entry, first, length in begins.iter_rows()}


def _first_free(listed: list[int], case: int, per_case: int, taken: Taken) -> Iterator[int]:
    """Where in a list the controls stand that a case takes."""
    wanted = per_case
    for place, control in enumerate(listed):
        if not wanted:
            return
        if taken.is_free(control, case):
            taken.take(control, case)
            wanted -= 1
            yield place
