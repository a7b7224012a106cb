"""Own registers in slices: a register year extracted, and the days of event groups found, by processes elsewhere.

What belongs here: what one slice needs and what it gives. What must not: which steps a selection has, or the extraction
itself (samkorning.own_registers), which are the same for a slice.

Extraction looks at each row by itself, and so does the step of an event group that reads registers: what comes of all
slices is what comes of the whole. All that a selection asks of a person's days comes after, where they are together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import polars as pl

from samkorning.linkage.bounds import Bounds
from samkorning.linkage.engines import PolarsEngine, open_engine
from samkorning.linkage.kernel import write_in_parts
from samkorning.linkage.row_flow import NOT_IN_EVENT_GROUP, NOT_IN_POPULATION, RowFlow
from samkorning.linkage.slices import FILES_OF_AN_ATTEMPT, ON, Done, Slice, held_rows
from samkorning.order import OwnRegister, Specification
from samkorning.own_registers.by_person import PERSON, by_person
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.own_registers.extraction import all_rows, extract, rows_about
from samkorning.own_registers.identifier_columns import Replaced
from samkorning.own_registers.selection import EventRows, compile_selection, days_in
from samkorning.vault import Part
from samkorning.vault.encrypted_files import EncryptedFile
from samkorning.vault.part_files import PartFiles, Place


@dataclass(frozen=True)
class RegisterSlice(Slice):
    """A slice of a year of a register."""

    register: str = field(kw_only=True)
    year: int = field(kw_only=True)


@dataclass(frozen=True)
class LentEventRows:
    """Which rows an event group takes, its days and the number history in files that are lent."""

    events: EventRows
    days: EncryptedFile
    history: EncryptedFile | None

    @classmethod
    def of(cls, events: EventRows, days: EncryptedFile, history: EncryptedFile | None) -> "LentEventRows":
        """The same, of which nothing is held."""
        return cls(replace(events, days=NOTHING, history=None), days, history)

    def held(self) -> EventRows:
        """The same, its tables in memory."""
        return replace(self.events, days=held_rows(self.days), history=_held(self.history))


@dataclass(frozen=True)
class SlicedExtraction:
    """The extraction of a register year: all that its slices have in common; ``events`` where not all rows leave."""

    own: OwnRegister
    persons: EncryptedFile
    replaced: Mapping[str, tuple[str, EncryptedFile]]
    bounds: Bounds
    place: Place
    memory: int
    events: LentEventRows | None = None

    def done(self, a_slice: Slice, attempt: int) -> Done:
        """Extract one slice."""
        files = PartFiles(self.place, attempt * FILES_OF_AN_ATTEMPT)
        year = [Part(a_slice.first, a_slice.last, a_slice.rows, a_slice.table)]
        replaced = {column: Replaced(name, held_rows(lent)) for column, (name, lent) in self.replaced.items()}
        persons = held_rows(self.persons).collect()
        with open_engine(ON, self.memory) as engine:
            taken = partial(self.events.held().taken, engine) if self.events else all_rows
            rows = extract(engine, self.own, year, persons, taken, replaced)
            written = write_in_parts(files, rows, self.own.serial_name, self.bounds)
        stored = files.durable(written)
        linked = sum(each.rows for each in stored)
        about = rows_about(year, persons) if self.events else linked
        dropped = {NOT_IN_POPULATION: a_slice.rows - about}
        dropped |= {NOT_IN_EVENT_GROUP: about - linked} if self.events else {}
        return Done(stored, RowFlow(self.own.name, a_slice.rows, linked, dropped))


@dataclass(frozen=True)
class SlicedDays:
    """The days on which registers have rows of an event group, found by its first ``step``, of some persons or all."""

    specification: Specification
    catalogue: RegisterCatalogue
    step: str
    persons: EncryptedFile | None
    history: EncryptedFile | None
    place: Place
    memory: int

    def done(self, a_slice: Slice, attempt: int) -> Done:
        """Find those of one slice."""
        assert isinstance(a_slice, RegisterSlice), "days are found in registers"  # noqa: S101
        files = PartFiles(self.place, attempt * FILES_OF_AN_ATTEMPT)
        program = compile_selection(self.specification, self.catalogue)
        step = next(each for each in program.steps if each.name == self.step)
        rows = by_person(a_slice.table, _held(self.history))
        if self.persons is not None:
            rows = rows.join(held_rows(self.persons), on=PERSON, how="semi")
        with PolarsEngine(self.memory) as engine:
            days = engine.collect(engine.take(days_in(step, a_slice.register, a_slice.year, rows)))
        [found] = stored = files.durable({files.write_one(days.lazy()): None})
        return Done(stored, RowFlow(self.step, a_slice.rows, found.rows, {"no_day": a_slice.rows - found.rows}))


NOTHING = pl.LazyFrame()


def _held(lent: EncryptedFile | None) -> pl.LazyFrame | None:
    return None if lent is None else held_rows(lent)
