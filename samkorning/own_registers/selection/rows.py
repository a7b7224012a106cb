"""The rows of a register year that an event group takes, with all their variables: a filter for extraction.

What belongs here: drawing these rows. What must not: which days a group takes (running), or whose rows leave
(own_registers.extraction).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from samkorning.errors import NotFound
from samkorning.linkage.engines import DuckDBEngine, Engine
from samkorning.on_demand import LoadedWhenUsed
from samkorning.order import Specification
from samkorning.own_registers.by_person import with_person
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.selection.compiling import compile_selection
from samkorning.own_registers.selection.frames import Frames
from samkorning.own_registers.selection.running import Inputs, define_functions, frames_by_name
from samkorning.own_registers.selection.steps import DAY, PERSON, Program

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")


@dataclass(frozen=True)
class EventRows:
    """The rows of a register year that an event group takes, for an extract of some persons.

    ``days`` is what :func:`days_of_group` gave, and ``history`` as in :func:`with_person`.
    """

    specification: Specification
    catalogue: RegisterCatalogue
    group: str
    register: str
    year: int
    days: pl.LazyFrame = field(repr=False)
    history: pl.LazyFrame | None = field(repr=False)

    def taken(self, engine: Engine, rows: pl.LazyFrame) -> pl.LazyFrame:
        """These of some rows of the year, with ``number`` and all variables."""
        program = compile_selection(self.specification, self.catalogue)
        by_person = with_person(rows.with_columns(pl.col(NUMBER).alias(PERSON)), PERSON, PERSON, self.history)
        return rows_taken(engine, program, self.group, self.register, self.year, by_person, self.days.collect())


def rows_taken(
    engine: Engine, program: Program, group: str, register: str, year: int, rows: pl.LazyFrame, days: pl.DataFrame
) -> pl.LazyFrame:
    """The rows of a register year that an event group takes; each once, computed when they are written.

    :param rows: ``person`` (Int64) and the variables of the register; more rows than are meant do no harm.
    :param days: what :func:`days_of_group` gave.
    :raises NotFound: when the group does not look at the register, or the year lacks a variable that it asks for.
    """
    step = program.rows.get((group, register))
    if step is None:
        raise NotFound(f"the event group {group} does not look at {register}; name it among its registers")
    frames = Frames({register: {year: rows}})
    [reading] = step.readings
    if not reading.reads(year):
        return rows.clear()
    frames.require_rows(step)
    inputs = Inputs(frames)
    for name in step.reads:
        inputs.left[name] = days.select(PERSON, DAY).unique()
    if not isinstance(engine, DuckDBEngine):
        return engine.stream(engine.take(step.polars(inputs)))
    define_functions(engine, program)
    found = engine.query(step.sql, frames_by_name(step, inputs, every_column=True))
    return engine.stream(found.select(rows.collect_schema().names()))
