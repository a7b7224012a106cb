"""Who is in the study as its sources are now: the persons listed or selected, and the controls drawn for them.

What belongs here: bringing registers, files and the functions of samkorning.own_registers together. What must not: when
it is drawn and how it is kept (drawing).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.persons.days_on_cluster import days_on_cluster
from assets.steps.persons.opting_out import left_out
from assets.steps.persons.register_frames import newest_of, numbers_by_person, persons_of, require_newest, years_of
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.population import POPULATION
from samkorning.linkage.engines import open_engine
from samkorning.order.relatives import Kind
from samkorning.own_registers.by_person import PERSON
from samkorning.own_registers.catalogue import Holds
from samkorning.own_registers.relatives import FoundRelatives, relatives_of
from samkorning.own_registers.selection import Frames, Program, compile_selection, run_selection, silent_years
from samkorning.persons.attrition import AttritionStep
from samkorning.persons.entries import ENTRY, Entries, entries_in, of_persons

if TYPE_CHECKING:
    from samkorning.own_registers.controls import DrawnControls

IDENTITY = ("number", "issuer", "text")


@dataclass(frozen=True)
class FoundStudy:
    """Who is in the study: entries (columns of ``ENTRY``), controls where they are asked for, and the attrition."""

    entries: pl.DataFrame
    controls: DrawnControls | None
    relatives: FoundRelatives | None
    attrition: tuple[AttritionStep, ...]
    notes: tuple[str, ...]
    """Years in which a register holds other codes than were sought."""


def find_study(desk: Desk, case: Case, secret: bytes) -> FoundStudy:
    """The study of a case.

    :param secret: the case's secret, which decides all draws.
    :raises NotFound: when a register that it is found in is not loaded.
    """
    entries, steps = _entries(desk, case)
    entries, opted = _without_those_left_out(desk, case, entries)
    steps = [*steps, opted] if opted.removed else steps
    controls = _controls(desk, case, entries, secret) if case.specification.controls else None
    relatives = _relatives(desk, case, entries, controls) if case.specification.relatives else None
    steps = [*steps, *_steps_of_controls(controls), *_steps_of_relatives(relatives)]
    return FoundStudy(entries, controls, relatives, tuple(steps), tuple(_silent_years(desk, case)))


def selection_frames(
    desk: Desk, case: Case, registers: Iterator[str] | list[str], entries: pl.DataFrame | None, only: bool
) -> Frames:
    """What a selection reads: registers and the population, by person; ``only`` the rows of the entries' persons."""
    index_dates = numbers_by_person(desk, case, entries) if entries is not None else None
    among = index_dates.select(PERSON).unique().lazy() if only and index_dates is not None else None

    def of_them(rows: pl.LazyFrame) -> pl.LazyFrame:
        return rows if among is None else rows.join(among, on=PERSON, how="semi")

    dated = index_dates.filter(pl.col("index_date").is_not_null()) if index_dates is not None else None
    return Frames(
        registers={
            name: {year: of_them(rows) for year, rows in years_of(desk, case, name).items()} for name in registers
        },
        persons=newest_of(desk, case, Holds.PERSONS),
        residence=newest_of(desk, case, Holds.RESIDENCE),
        index_dates=dated.lazy() if dated is not None and not dated.is_empty() else None,
    )


def registers_read(case: Case) -> list[str]:
    """The own registers that event groups of the specification look at."""
    return sorted({register for group in case.specification.events for register in group.registers})


def program_of_selections(desk: Desk, case: Case) -> Program:
    """The named steps of the case's selections, by the register catalogue as it is."""
    return compile_selection(case.specification, desk.catalogue)


def _entries(desk: Desk, case: Case) -> tuple[pl.DataFrame, list[AttritionStep]]:
    """The entries of those whom a file lists, of those whom a selection chooses, or of these among those."""
    drawn = case.specification.population.drawn
    if drawn is None or drawn.within is not None:
        listed, steps = _listed(desk, case)
        chosen = drawn.selection if drawn else None
        return _chosen_among(desk, case, listed, steps, chosen) if chosen else (listed, steps)
    assert drawn.selection is not None, "a drawn population names a source or a selection"  # noqa: S101
    return _chosen(desk, case, drawn.selection, None)


def _listed(desk: Desk, case: Case) -> tuple[pl.DataFrame, list[AttritionStep]]:
    """The persons that a file lists: the population's own, or another holder's."""
    declared, source = case.specification.population, case.specification.population_source
    column, issuer = case.specification.population_identifier
    name = source.name if source else POPULATION
    rows = stores.received_rows(desk, case, name)
    found = entries_in(rows, column, identity_rules(case, issuer=issuer), declared.index_date)
    return found.frame, list(_steps_of_list(found, name, declared.index_date))


def _steps_of_list(found: Entries, name: str, index_date: str | None) -> Iterator[AttritionStep]:
    yield AttritionStep(POPULATION, "listed", f"listed in {name} with an identity number", found.persons)
    if index_date:
        persons = found.frame.select(IDENTITY).n_unique()
        yield AttritionStep(
            POPULATION, "dated", f"with an index date in {index_date}", persons, found.persons - persons
        )


def _chosen(
    desk: Desk, case: Case, selection: str, listed: pl.DataFrame | None
) -> tuple[pl.DataFrame, list[AttritionStep]]:
    """The persons that a selection chooses in own registers, with their index dates."""
    frames = selection_frames(desk, case, registers_read(case), listed, only=listed is not None)
    program = program_of_selections(desk, case)
    elsewhere = days_on_cluster(desk, case, program, frames, selection, listed)
    with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
        chosen, attrition = run_selection(engine, program, frames, selection, elsewhere)
    return of_persons(chosen), list(attrition)


def _chosen_among(
    desk: Desk, case: Case, listed: pl.DataFrame, steps: list[AttritionStep], selection: str
) -> tuple[pl.DataFrame, list[AttritionStep]]:
    """Of the persons that a file lists those whom a selection chooses (R22); its index dates go before the file's."""
    chosen, attrition = _chosen(desk, case, selection, listed)
    by_person = numbers_by_person(desk, case, listed).rename({"index_date": "~listed"}).unique()
    own = chosen.select(pl.col("number").alias(PERSON), "index_date")
    both = own.join(by_person, on=PERSON)
    same = pl.col("index_date").is_null() | pl.col("~listed").is_null() | _has_own_dates(case, selection)
    kept = both.filter(same | (pl.col("index_date") == pl.col("~listed")))
    entries = of_persons(kept.select(PERSON, pl.coalesce("index_date", "~listed").alias("index_date")).unique())
    persons, before = entries["number"].n_unique(), listed.select(IDENTITY).n_unique()
    last = AttritionStep(POPULATION, "both", f"listed, and in the selection {selection}", persons, before - persons)
    return entries, [*steps, *attrition, last]


def _has_own_dates(case: Case, selection: str) -> bool:
    """Whether a selection gives index dates of its own, in place of those that it was given."""
    found = next(each for each in case.specification.selections if each.name == selection)
    return found.index_date is not None


def _without_those_left_out(desk: Desk, case: Case, entries: pl.DataFrame) -> tuple[pl.DataFrame, AttritionStep]:
    """The entries without those who object or have opted out; the same number may stand for both."""
    kept = entries.join(left_out(desk, case).collect(), on="number", how="anti", nulls_equal=False).cast(ENTRY)
    persons, before = kept.select(IDENTITY).n_unique(), entries.select(IDENTITY).n_unique()
    sentence = "not opted out of secondary use, and without an objection"
    return kept.sort(pl.all()), AttritionStep(POPULATION, "willing", sentence, persons, before - persons)


def _controls(desk: Desk, case: Case, entries: pl.DataFrame, secret: bytes) -> DrawnControls:
    """Controls for the persons with an index date; those who are left out serve neither as a case nor as a control."""
    from samkorning.own_registers.controls import PopulationRegister, draw_controls  # few cases have any

    asked = case.specification.controls
    assert asked is not None, "asked of a specification with controls"  # noqa: S101
    everybody = require_newest(desk, case, Holds.PERSONS)
    register = PopulationRegister(
        persons=everybody.select(pl.exclude("death_date")),
        residence=require_newest(desk, case, Holds.RESIDENCE),
        deaths=everybody.select(PERSON, "death_date").drop_nulls(),
    )
    excluded = _excluded(desk, case)
    cases = numbers_by_person(desk, case, entries).rename({PERSON: "case"})
    engine, memory = desk.engine_of(case), desk.settings.memory
    return draw_controls(engine, memory, asked, register, cases, excluded, secret)


def _silent_years(desk: Desk, case: Case) -> list[str]:
    """What the selection could not see, in a sentence for each group and register."""
    drawn = case.specification.population.drawn
    if drawn is None or drawn.selection is None:
        return []
    years = {name: desk.registers.years(name) for name in registers_read(case)}
    return [str(found) for found in silent_years(case.specification, desk.catalogue, years)]


def _excluded(desk: Desk, case: Case) -> pl.Series:
    """The persons who object or have opted out."""
    return persons_of(desk, case, left_out(desk, case), "number", PERSON).collect()[PERSON].unique()


def _relatives(desk: Desk, case: Case, entries: pl.DataFrame, controls: DrawnControls | None) -> FoundRelatives:
    """Relatives of the cases, of their controls, or of both, without those who are left out."""
    asked = case.specification.relatives
    assert asked is not None, "asked of a specification with relatives"  # noqa: S101
    of = [numbers_by_person(desk, case, entries)] if "cases" in asked.of else []
    if "controls" in asked.of and controls is not None:
        of.append(controls.pairs.select(pl.col("control").alias(PERSON), "index_date"))
    persons = pl.concat([pl.DataFrame(schema={PERSON: pl.Int64, "index_date": pl.Date}), *of]).unique()
    parents = require_newest(desk, case, Holds.PARENTS)
    spouses = require_newest(desk, case, Holds.SPOUSES) if Kind.SPOUSE in asked.kinds else None
    with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
        found = relatives_of(engine, asked, persons.lazy(), parents, spouses)
    excluded = _excluded(desk, case)
    willing = found.pairs.filter(~pl.col("relative").is_in(excluded.implode()))
    return FoundRelatives(willing, found.faults | _count("opted out", found.pairs.height - willing.height))


def _count(reason: str, pairs: int) -> dict[str, int]:
    return {reason: pairs} if pairs else {}


def _steps_of_relatives(relatives: FoundRelatives | None) -> Iterator[AttritionStep]:
    """How many persons are a relative of each kind, and what was left out of the registers."""
    if relatives is None:
        return
    for kind, persons in relatives.pairs.group_by("kind").agg(pl.col("relative").n_unique()).sort("kind").iter_rows():
        yield AttritionStep("relatives", kind, f"relatives: {kind.replace('_', ' ')}", persons)
    for reason, count in sorted(relatives.faults.items()):
        yield AttritionStep("relatives", "left out", f"left out of the registers: {reason}", count)


def _steps_of_controls(controls: DrawnControls | None) -> Iterator[AttritionStep]:
    if controls is None:
        return
    for step, cases in controls.attrition.iter_rows():
        yield AttritionStep("controls", step, f"cases: {step}", cases)
