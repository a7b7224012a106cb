"""Running the steps of a selection, on Polars or DuckDB: each is computed once, from those before it.

What belongs here: handing each step what it reads, and counting persons. What must not: what a step is.

What a step leaves is held in memory. It has as many rows as there are days that match, whatever a register holds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from samkorning.linkage.engines import DuckDBEngine, Engine, Handed
from samkorning.own_registers.selection.frames import Frames, as_one_relation
from samkorning.own_registers.selection.steps import (
    INDEX_DATE,
    PERSON,
    Program,
    Reading,
    Step,
)
from samkorning.own_registers.selection.writing import relation
from samkorning.persons.attrition import AttritionStep

Attrition = tuple[AttritionStep, ...]
Left = Mapping[str, pl.DataFrame]
"""What some steps have left, by their names."""
NOTHING_LEFT: Left = MappingProxyType({})


@dataclass(frozen=True)
class Ran:
    """What came of a program: what each step left, in no order, and the attrition in the order of the steps."""

    program: Program
    left: Left
    attrition: tuple[AttritionStep, ...]

    def entries(self, selection: str) -> pl.DataFrame:
        """The persons of a selection: ``person`` (Int64) and ``index_date`` (Date or null), each once, in order."""
        found = self.left[self.program.entries[selection].name]
        return found.select(PERSON, INDEX_DATE).sort(PERSON, INDEX_DATE, nulls_last=True)

    def days(self, group: str) -> pl.DataFrame:
        """The days that a group takes: ``person``, ``day``, and ``index_date`` where it counts from given ones."""
        found = self.left[self.program.days[group].name]
        return found.sort(found.columns, nulls_last=True)


class Inputs:
    """What steps read: frames as they are handed over, and what steps before have left."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self.left: dict[str, pl.DataFrame] = {}

    def relation(self, name: str) -> pl.LazyFrame:
        """A step before it, or a population frame."""
        return self.handed(name).lazy()

    def handed(self, name: str) -> Handed:
        """The same, as it is at hand."""
        return self.left[name] if name in self.left else self._frames.of_population(name)

    def years(self, reading: Reading) -> Mapping[int, pl.LazyFrame]:
        """The years of a register that are read."""
        return self._frames.years(reading)


class SomeRows:
    """What a step reads of some rows of one register year, and of nothing else."""

    def __init__(self, register: str, year: int, rows: pl.LazyFrame) -> None:
        self._register, self._year, self._rows = register, year, rows

    def relation(self, name: str) -> pl.LazyFrame:
        """No step that reads registers reads another."""
        raise AssertionError(f"a step that reads registers reads {name}")

    def years(self, reading: Reading) -> Mapping[int, pl.LazyFrame]:
        """These rows, where they are of that register and can be meant."""
        meant = reading.register == self._register and reading.reads(self._year)
        return {self._year: self._rows} if meant else {}


def days_in(step: Step, register: str, year: int, rows: pl.LazyFrame) -> pl.LazyFrame:
    """What a step that reads registers leaves of some rows of a year.

    It looks at each row by itself and leaves each day once: what it leaves of all slices of all years, each once, is
    what it leaves of the whole. Every step after it needs all days of a person.
    """
    return step.polars(SomeRows(register, year, rows))


def run(engine: Engine, program: Program, frames: Frames, wanted: Iterable[str], elsewhere: Left = NOTHING_LEFT) -> Ran:
    """Runs what some event groups and selections need, each step once.

    :param elsewhere: what steps that read registers have left already.
    :raises NotFound: where a frame is not there that a step needs, with what to load.
    """
    last = {(program.entries | program.days)[name].name for name in wanted}
    steps = program.leading_to(last)
    frames.require_for(steps)
    if isinstance(engine, DuckDBEngine):
        define_functions(engine, program)
    inputs, attrition = Inputs(frames), list[AttritionStep]()
    belongs, persons = {step.name: step.of for step in steps}, dict[str, int]()
    for step in steps:
        left = elsewhere[step.name] if step.name in elsewhere else _left_by(engine, step, inputs)
        inputs.left[step.name] = left
        persons[step.name] = left[PERSON].n_unique()
        before = step.reads[0] if step.reads and belongs.get(step.reads[0]) == step.of else None
        removed = persons[before] - persons[step.name] if before else None
        attrition.append(AttritionStep(step.of, step.name, step.sentence, persons[step.name], removed))
    return Ran(program, inputs.left, tuple(attrition))


def run_selection(
    engine: Engine, program: Program, frames: Frames, wanted: str, elsewhere: Left = NOTHING_LEFT
) -> tuple[pl.DataFrame, Attrition]:
    """The persons of a selection with their index dates, as :meth:`Ran.entries` says, and how it came to them.

    :raises NotFound: where a frame is not there that it needs, with what to load.
    """
    ran = run(engine, program, frames, [wanted], elsewhere)
    return ran.entries(wanted), ran.attrition


def days_of_group(
    engine: Engine, program: Program, frames: Frames, group: str, elsewhere: Left = NOTHING_LEFT
) -> tuple[pl.DataFrame, Attrition]:
    """The days that an event group takes, as :meth:`Ran.days` says, and how it came to them.

    :raises NotFound: where a frame is not there that it needs, with what to load.
    """
    ran = run(engine, program, frames, [group], elsewhere)
    return ran.days(group), ran.attrition


def frames_by_name(step: Step, inputs: Inputs, every_column: bool = False) -> dict[str, Handed]:
    """What the SQL of a step reads, by the names that it has there."""
    read = {name: inputs.handed(name) for name in step.reads}
    for reading in step.readings:
        years = inputs.years(reading)
        read[relation(reading.register)] = as_one_relation(reading, years, every_column)
    return read


def define_functions(engine: DuckDBEngine, program: Program) -> None:
    """Makes the functions that the SQL of steps calls."""
    for definition in program.definitions:
        engine.define(definition.name, definition.sql)


def _left_by(engine: Engine, step: Step, inputs: Inputs) -> pl.DataFrame:
    if isinstance(engine, DuckDBEngine):
        return engine.answer(step.sql, frames_by_name(step, inputs))
    return engine.collect(engine.take(step.polars(inputs)))
