"""The steps of a selection: who is in all of, any of and none of its members, and on which index date.

What belongs here: combining. What must not: events (events, groups).

A selection in which something is counted from given index dates is about these: each of a person's index dates is in it
or not. What is by person then holds for all of them. Any other selection is about persons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.selection import Selection
from samkorning.own_registers.selection.groups import GIVEN
from samkorning.own_registers.selection.steps import (
    BY_PERSON,
    DAY,
    INDEX_DATE,
    PERSON,
    Inputs,
    Relation,
    Step,
)
from samkorning.own_registers.selection.words import listed

if TYPE_CHECKING:
    import polars as pl

    Frame = pl.LazyFrame
    Polars = Callable[[Inputs], Frame]
else:
    pl = LoadedWhenUsed("polars")


class Combining:
    """The steps of one selection, and what they leave."""

    def __init__(self, selection: Selection, members: Mapping[str, Relation], index_day: Relation | None) -> None:
        """:param members: what its groups and selections leave.
        :param index_day: what the group leaves whose day is the index date."""
        self._selection, self._members = selection, members
        about_given = [*members.values(), *([index_day] if index_day else [])]
        self._index_day = index_day
        self._keys = GIVEN.keys if any(each.by_index_date for each in about_given) else BY_PERSON
        self.steps: list[Step] = []
        self.chosen = self._chosen()
        self.entries = self._entries()

    def _chosen(self) -> Relation:
        """Who is in it: persons, or persons and given index dates."""
        said = self._selection
        now = GIVEN if self._keys == GIVEN.keys else None
        for place, name in enumerate(said.all_of, start=1):
            now = self._some_of(now, [name], f"all_of_{place}", f"Those who have {name}.")
        if said.any_of:
            now = self._some_of(now, said.any_of, "any_of", f"Those who have {listed(said.any_of)}.")
        if now is None:
            raise AssertionError("a selection asks for somebody")
        for place, name in enumerate(said.none_of, start=1):
            now = self._without(now, name, f"none_of_{place}")
        return now

    def _some_of(self, before: Relation | None, names: Sequence[str], suffix: str, sentence: str) -> Relation:
        keys, members = ", ".join(self._keys), [self._members[name] for name in names]
        if before is None:
            parts = [f"SELECT {keys}\nFROM {member.name}" for member in members]
            sql = "\nUNION\n".join(parts) if len(parts) > 1 else parts[0].replace("SELECT", "SELECT DISTINCT")
        else:
            sql = "\nUNION\n".join(
                f"SELECT {keys}\nFROM {before.name}\nSEMI JOIN {member.name} USING ({', '.join(member.keys)})"
                for member in members
            )

        def some_of(inputs: Inputs) -> Frame:
            found = [
                inputs.relation(member.name).select(self._keys)
                if before is None
                else inputs.relation(before.name).join(inputs.relation(member.name), on=member.keys, how="semi")
                for member in members
            ]
            return pl.concat(found).unique()

        reads = (*((before.name,) if before else ()), *(member.name for member in members))
        return self._add(suffix, sentence, sql, some_of, reads)

    def _without(self, before: Relation, name: str, suffix: str) -> Relation:
        member = self._members[name]
        sql = f"SELECT {', '.join(self._keys)}\nFROM {before.name}\n"
        sql += f"ANTI JOIN {member.name} USING ({', '.join(member.keys)})"

        def without(inputs: Inputs) -> Frame:
            return inputs.relation(before.name).join(inputs.relation(member.name), on=member.keys, how="anti")

        return self._add(suffix, f"Those who do not have {name}.", sql, without, (before.name, member.name))

    def _entries(self) -> Relation:
        chosen, day = self.chosen, self._index_day
        date = "index_date" if chosen.by_index_date else "CAST(NULL AS DATE) AS index_date"
        sql = f"SELECT person, {date}\nFROM {chosen.name}"
        if day:
            sql = f"SELECT DISTINCT person, {day.name}.day AS index_date\nFROM {chosen.name}\n"
            sql += f"JOIN {day.name} USING ({', '.join(day.keys)})"

        def entries(inputs: Inputs) -> Frame:
            persons = inputs.relation(chosen.name)
            if day:
                dated = persons.join(inputs.relation(day.name), on=day.keys)
                return dated.select(PERSON, pl.col(DAY).alias(INDEX_DATE)).unique()
            if chosen.by_index_date:
                return persons.select(PERSON, INDEX_DATE)
            return persons.select(PERSON, pl.lit(None, dtype=pl.Date).alias(INDEX_DATE))

        said = f"the day of {self._selection.index_date}" if day else "the given one"
        said = said if day or chosen.by_index_date else "none"
        reads = (chosen.name, *((day.name,) if day else ()))
        return self._add("entries", f"The persons of the selection; index date: {said}.", sql, entries, reads)

    def _add(self, suffix: str, sentence: str, sql: str, polars: Polars, reads: tuple[str, ...]) -> Relation:
        name = f"{self._selection.name}_{suffix}"
        self.steps.append(Step(name, self._selection.name, sentence, sql, polars, reads))
        return Relation(name, self._keys)
