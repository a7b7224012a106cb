"""Steps: what a selection does, one relation after the other, each in words, in SQL and in Polars.

What belongs here: what a step is, and which of them a name needs. What must not: which steps a block becomes (groups,
selections), or running them (running).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.catalogue.codes_by_year import CodePeriod

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

PERSON, DAY, INDEX_DATE, REGISTER_YEAR = "person", "day", "index_date", "register_year"
BY_PERSON, BY_INDEX_DATE = (PERSON,), (PERSON, INDEX_DATE)
PERSONS, RESIDENCE, INDEX_DATES = "persons", "residence", "index_dates"


class Inputs(Protocol):
    """What the Polars form of a step reads: steps before it and population frames, and register years."""

    def relation(self, name: str) -> pl.LazyFrame:
        """A step before it, or ``persons``, ``residence`` or ``index_dates``."""

    def years(self, reading: Reading) -> Mapping[int, pl.LazyFrame]:
        """The years of a register that are read."""


@dataclass(frozen=True)
class Definition:
    """A function that the SQL of several steps calls, in DuckDB's own words."""

    name: str
    sentence: str
    sql: str


@dataclass(frozen=True)
class Reading:
    """What a step reads of a register: the day, and the codes of each period; without ``periods`` it seeks none."""

    register: str
    day: str | None
    periods: tuple[CodePeriod, ...] | None = None

    def period(self, year: int) -> CodePeriod | None:
        """The period that a year lies in, or nothing where it holds none of the codes that are sought."""
        return next((period for period in self.periods or () if period.holds_in(year)), None)

    def reads(self, year: int) -> bool:
        """Whether a year can have rows."""
        return self.periods is None or self.period(year) is not None

    def columns(self, year: int) -> tuple[str, ...]:
        """The variables that are read of a year."""
        period = self.period(year)
        return (*((self.day,) if self.day else ()), *(name for name, _ in (period.columns if period else ())))

    @property
    def code_columns(self) -> tuple[str, ...]:
        """The variables with codes, of all years."""
        return tuple(dict.fromkeys(name for period in self.periods or () for name, _ in period.columns))


@dataclass(frozen=True)
class Step:
    """One relation: what it is in a sentence, as SQL and as Polars.

    ``of`` is the event group or selection that it belongs to. ``reads`` are the steps and population frames before it,
    ``readings`` what it reads of registers.
    """

    name: str
    of: str
    sentence: str
    sql: str
    polars: Callable[[Inputs], pl.LazyFrame]
    reads: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Relation:
    """What a step leaves: its name, and what one row is by: a person, or a person and a given index date."""

    name: str
    keys: tuple[str, ...]

    @property
    def by_index_date(self) -> bool:
        """Whether it holds for each given index date by itself."""
        return self.keys == BY_INDEX_DATE


@dataclass(frozen=True)
class Program:
    """All steps in an order in which each comes after what it reads.

    ``days`` has for every event group the step with the days that it takes, ``entries`` for every selection the step
    with its entries. ``rows`` has for a group and a register the step that draws the rows of one register year.
    """

    definitions: tuple[Definition, ...]
    steps: tuple[Step, ...]
    days: dict[str, Relation]
    entries: dict[str, Relation]
    rows: Mapping[tuple[str, str], Step]

    def leading_to(self, names: Iterable[str]) -> tuple[Step, ...]:
        """Some steps and all that they need, in order."""
        wanted, chain = set(names), list[Step]()
        for step in reversed(self.steps):
            if step.name in wanted:
                wanted.update(step.reads)
                chain.append(step)
        return tuple(reversed(chain))

    def text(self) -> str:
        """Everything as a reviewer reads and signs it."""
        return "\n\n".join([*self._definitions(), *map(written, self.steps)]) + "\n"

    def _definitions(self) -> Iterator[str]:
        for each in self.definitions:
            yield f"-- {each.sentence}\n{each.sql};"


def written(step: Step) -> str:
    """One step as a reviewer reads it."""
    return f"-- {step.name}: {step.sentence}\nCREATE TEMP TABLE {step.name} AS\n{step.sql};"
