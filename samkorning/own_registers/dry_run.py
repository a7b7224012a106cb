"""A dry run (provkörning) of an extraction program: how many synthetic persons and rows each of its steps would leave.

What belongs here: running selections, controls, relatives and extracts on a world of made-up persons, in memory. What
must not: anything of a real case. Files of other holders are left out: nobody knows what will stand in them.

The years of a specification are those of the made-up registers, moved: its last ordered year is the last one there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from samkorning.errors import NotFound
from samkorning.linkage.engines import Engine, open_engine
from samkorning.linkage.row_flow import NOT_IN_EVENT_GROUP, NOT_IN_POPULATION, RowFlow
from samkorning.order import About, OwnRegister, Specification
from samkorning.own_registers.catalogue import Holds, RegisterCatalogue
from samkorning.own_registers.controls import DrawnControls, PopulationRegister, draw_controls
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.population_names import POPULATION_NAMES
from samkorning.own_registers.relatives import relatives_of
from samkorning.own_registers.selection import (
    Frames,
    Program,
    compile_selection,
    days_of_group,
    rows_taken,
    run_selection,
)
from samkorning.persons.attrition import AttritionStep
from samkorning.synthetic.world import World
from samkorning.synthetic.years import FIRST_YEAR, NEW_YEAR

PERSON, INDEX_DATE = "person", "index_date"
SECRET = bytes(32)
"""Nothing is hidden in a dry run: the same program gives the same figures."""


@dataclass(frozen=True)
class DryRun:
    """What a program gives on so many made-up persons: its attrition, and the row flow of each register year."""

    persons: int
    attrition: tuple[AttritionStep, ...]
    row_flows: tuple[RowFlow, ...]

    def fact(self) -> dict[str, Any]:
        """Its figures, for the case register and for programs."""
        flows = [
            {"source": flow.source, "in": flow.rows_in, "linked": flow.linked, "dropped": dict(flow.dropped)}
            for flow in self.row_flows
        ]
        return {"persons": self.persons, "attrition": [step.fact() for step in self.attrition], "row_flow": flows}

    def text(self) -> str:
        """Its figures as comments, to stand below the program."""
        lines = [f"dry run on {self.persons} made-up persons; files of other holders are left out"]
        for step in self.attrition:
            removed = "" if step.removed is None else f", {step.removed} removed"
            lines.append(f"{step.of}: {step.sentence.rstrip('.')}: {step.persons} persons{removed}")
        for flow in self.row_flows:
            dropped = "".join(f", {rows} {reason.replace('_', ' ')}" for reason, rows in flow.dropped.items())
            lines.append(f"{flow.source}: {flow.rows_in} rows, {flow.linked} leave{dropped}")
        return "\n".join(f"-- {line}" for line in lines)


def dry_run(specification: Specification, catalogue: RegisterCatalogue, world: World, memory: int) -> DryRun:
    """Runs the program of a specification on a made-up world.

    :param memory: bytes that the engine may take.
    """
    with open_engine(specification.engine_here, memory) as engine:
        return _Dry(specification, catalogue, world, engine, memory).run()


class _Dry:
    def __init__(
        self, specification: Specification, catalogue: RegisterCatalogue, world: World, engine: Engine, memory: int
    ) -> None:
        self._specification, self._catalogue, self._world = specification, catalogue, world
        self._engine, self._memory = engine, memory
        self._program: Program | None = compile_selection(specification, catalogue) if specification.events else None
        last = max((own.to_year for own in specification.own_registers), default=NEW_YEAR)
        self._moved = NEW_YEAR - last

    def run(self) -> DryRun:
        entries, steps = self._entries()
        controls = self._controls(entries) if self._specification.controls else None
        if controls is not None:
            steps += [
                AttritionStep("controls", step, f"cases: {step}", n) for step, n in controls.attrition.iter_rows()
            ]
        relatives = self._relatives(entries)
        if relatives is not None:
            steps.append(AttritionStep("relatives", "found", "relatives of the kinds asked for", len(relatives)))
        flows = tuple(self._flows(entries, controls, relatives))
        return DryRun(self._world.persons.height, tuple(steps), flows)

    def _entries(self) -> tuple[pl.DataFrame, list[AttritionStep]]:
        drawn = self._specification.population.drawn
        listed = self._listed() if drawn is None or drawn.within else None
        chosen = drawn.selection if drawn else None
        if chosen is None:
            assert listed is not None, "a population is listed or selected"  # noqa: S101
            return listed, [AttritionStep("population", "listed", "listed by whoever sends the file", listed.height)]
        assert self._program is not None, "a selection has event groups"  # noqa: S101
        entries, attrition = run_selection(self._engine, self._program, self._frames(listed), chosen)
        if listed is not None:
            entries = entries.join(listed.select(PERSON).unique(), on=PERSON, how="semi")
        return entries, list(attrition)

    def _listed(self) -> pl.DataFrame:
        """Some made-up persons; index dates are spread over the last ordered year, where a file would have them."""
        day = pl.date(NEW_YEAR - self._moved, 1, 1) + pl.duration(days=pl.col(PERSON) % 365)
        dated = self._specification.population.index_date is not None
        persons = self._world.study().alias(PERSON).to_frame()
        return persons.with_columns((day if dated else pl.lit(None, pl.Date)).alias(INDEX_DATE))

    def _frames(self, entries: pl.DataFrame | None) -> Frames:
        registers = {name for group in self._specification.events for name in group.registers}
        years = range(FIRST_YEAR, NEW_YEAR + 1)
        persons, residence = self._population()
        dated = entries.drop_nulls() if entries is not None else None
        return Frames(
            registers={name: {year - self._moved: self._rows(name, year) for year in years} for name in registers},
            persons=persons,
            residence=residence,
            index_dates=dated.lazy() if dated is not None and not dated.is_empty() else None,
        )

    def _population(self) -> tuple[pl.LazyFrame, pl.LazyFrame]:
        return self._known("BEFOLKNING", Holds.PERSONS), self._known("BOENDE", Holds.RESIDENCE)

    def _known(self, register: str, holds: Holds) -> pl.LazyFrame:
        """What the made-up world knows of its population at its end."""
        return self._rows(register, NEW_YEAR).rename(POPULATION_NAMES[holds])

    def _controls(self, entries: pl.DataFrame) -> DrawnControls:
        asked = self._specification.controls
        assert asked is not None, "asked where controls are"  # noqa: S101
        persons, residence = self._population()
        deaths = persons.select(PERSON, "death_date").drop_nulls()
        register = PopulationRegister(persons.select(pl.exclude("death_date")), residence, deaths)
        nobody = pl.Series(PERSON, [], dtype=pl.Int64)
        cases = entries.rename({PERSON: "case"})
        return draw_controls(self._specification.engine_here, self._memory, asked, register, cases, nobody, SECRET)

    def _relatives(self, entries: pl.DataFrame) -> pl.Series | None:
        asked = self._specification.relatives
        if asked is None:
            return None
        parents, spouses = self._known("FLERGEN", Holds.PARENTS), self._known("CIVIL", Holds.SPOUSES)
        return relatives_of(self._engine, asked, entries.lazy(), parents, spouses).pairs["relative"].unique()

    def _flows(
        self, entries: pl.DataFrame, controls: DrawnControls | None, relatives: pl.Series | None
    ) -> Iterator[RowFlow]:
        nobody = pl.Series([], dtype=pl.Int64)
        whom: Mapping[About, pl.Series] = {
            About.CASES: entries[PERSON],
            About.CONTROLS: controls.pairs["control"] if controls else nobody,
            About.RELATIVES: relatives if relatives is not None else nobody,
        }
        dated = (
            entries
            if controls is None
            else pl.concat([entries, controls.pairs.select(pl.col("control").alias(PERSON), INDEX_DATE)])
        )
        for own in self._specification.own_registers:
            persons = pl.concat([whom[each] for each in own.about]).unique()
            days = self._days(own, dated, persons)
            for year in range(own.from_year, own.to_year + 1):
                yield from self._flow(own, year, persons, days)

    def _days(self, own: OwnRegister, dated: pl.DataFrame, persons: pl.Series) -> pl.DataFrame | None:
        if own.events is None or self._program is None:
            return None
        others = pl.DataFrame({PERSON: persons}).with_columns(pl.lit(None, pl.Date).alias(INDEX_DATE))
        frames = self._frames(pl.concat([dated, others]))
        days, _ = days_of_group(self._engine, self._program, frames, own.events)
        return days

    def _flow(self, own: OwnRegister, year: int, persons: pl.Series, days: pl.DataFrame | None) -> Iterator[RowFlow]:
        if not FIRST_YEAR <= year + self._moved <= NEW_YEAR:
            return
        rows = self._rows(own.register_name, year + self._moved)
        about = rows.filter(pl.col(PERSON).is_in(persons.implode()))
        taken = about
        if days is not None and own.events is not None and self._program is not None:
            taken = rows_taken(self._engine, self._program, own.events, own.register_name, year, about, days)
        every, ours, leave = (_height(each) for each in (rows, about, taken))
        dropped = {NOT_IN_POPULATION: every - ours} | ({} if days is None else {NOT_IN_EVENT_GROUP: ours - leave})
        yield RowFlow(f"{own.name} {year}", every, leave, dropped)

    def _rows(self, register: str, year: int) -> pl.LazyFrame:
        """A year of a made-up register, by person, its days moved; empty for a register that nobody has made up."""
        try:
            rows = self._world.register(register, year)
        except NotFound:
            described = self._catalogue.register(register)
            rows = pl.DataFrame(schema={NUMBER: pl.Int64, **{each.name: pl.String for each in described.variables}})
        moved = pl.col(pl.Date).dt.offset_by(f"-{self._moved}y")
        return rows.lazy().rename({NUMBER: PERSON}).with_columns(moved)


def _height(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())
