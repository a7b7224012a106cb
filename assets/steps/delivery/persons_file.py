"""The file with one row per person: what it covers, and its rows in order.

What belongs here: bringing the study, its roles and the linked units together. What must not: the columns
(samkorning.delivery.study_persons.persons_file), or rendering (contents).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from assets.steps import stores
from assets.steps.delivery.linked_then import linked_then
from assets.steps.linkage.linking import delivered_columns
from assets.steps.linkage.taken_rows import persons_in
from assets.steps.persons.numbering import population_lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.case.plan import DeliveryPlan, LinkedUnit, PlannedFile, file_name
from samkorning.delivery.study_persons.persons_file import (
    CASES,
    CONTROLS,
    PERSONS_FILE,
    RELATIVES,
    SourcePersons,
    person_rows,
    roles,
    source_names,
)
from samkorning.linkage import OrderedRows, bearable_rows
from samkorning.order import About
from samkorning.vault import Generation

Covered = Mapping[Unit, Mapping[str, Any]]
"""The units of a delivery and of those before it, with ``input_sha256`` and ``content_digest`` of each."""


def with_persons_file(case: Case, plan: DeliveryPlan) -> DeliveryPlan:
    """The plan with the file of persons, where it is ordered; a plan without files stays without."""
    if not plan.files or not case.specification.one_row_per_person:
        return plan
    units = tuple(unit for file in plan.files for unit in file.units)
    persons = PlannedFile(file_name(case.number, PERSONS_FILE), PERSONS_FILE, (), covers=units)
    return replace(plan, files=(*plan.files, persons))


def covered(case: Case, planned: Iterable[LinkedUnit]) -> Covered:
    """What was delivered before, and what goes out now; a unit that goes out again once, as it is now."""
    before: Covered = {Unit(entry["source"], entry["period"]): entry for entry in case.delivered_units()}
    now = {unit.unit: {"input_sha256": unit.input_sha256, "content_digest": unit.content_digest} for unit in planned}
    return {**before, **now}


def covered_hashes(desk: Desk, case: Case, file: PlannedFile) -> list[str]:
    """What a rendered file of persons depends on, beside what every file depends on."""
    population = stores.population(desk, case).latest()
    return [
        population.sha256 if population else "",
        *(
            f"{unit} {made['input_sha256']} {_sha256(linked_then(desk, case, unit, made))}"
            for unit, made in sorted(covered(case, file.covers).items(), key=lambda found: str(found[0]))
        ),
    ]


def ordered_persons(desk: Desk, case: Case, file: PlannedFile) -> Iterator[OrderedRows]:
    """The rows of the file, so many persons at a time."""
    of_roles = _roles(desk, case)
    everybody = pl.concat([_study(desk, case), *of_roles.values()]).unique().sort()
    sources = [_source(desk, case, name, covered(case, file.covers)) for name in source_names(case.specification)]
    at_once = bearable_rows(len(delivered_columns(desk, case, PERSONS_FILE)), desk.settings.memory)
    for start in range(0, max(everybody.len(), 1), at_once):
        rows = person_rows(everybody.slice(start, at_once), of_roles, sources)
        yield OrderedRows(rows, pl.repeat(0, rows.height, dtype=pl.Int16, eager=True))


def _study(desk: Desk, case: Case) -> pl.Series:
    return population_lookup(desk, case).select("serial_number").unique().collect().to_series()


def _roles(desk: Desk, case: Case) -> dict[str, pl.Series]:
    about = {CASES: About.CASES, CONTROLS: About.CONTROLS, RELATIVES: About.RELATIVES}
    return {role: _persons(desk, case, (about[role],)) for role in roles(case.specification)}


def _persons(desk: Desk, case: Case, about: tuple[About, ...]) -> pl.Series:
    return persons_in(desk, case, about)["serial_number"].unique()


def _source(desk: Desk, case: Case, name: str, units: Covered) -> SourcePersons:
    own = next((own for own in case.specification.own_registers if own.name == name), None)
    eligible = _study(desk, case) if own is None else _persons(desk, case, own.about)
    of_source = {unit: made for unit, made in units.items() if unit.source == name}
    linked = _linked(desk, case, name, of_source)
    years = [unit.period for unit in of_source if unit.period is not None]
    source = case.specification.source(name)
    if source is not None and source.period is not None and of_source:
        years = [year for year in (source.period.from_year, source.period.to_year) if year is not None]
    return SourcePersons(name, eligible, linked, min(years, default=None), max(years, default=None))


def _linked(desk: Desk, case: Case, name: str, units: Covered) -> pl.Series | None:
    """Whom delivered rows are about; nothing where some of them are no longer in the vault."""
    serial = delivered_columns(desk, case, name)[0]
    found: list[pl.LazyFrame] = [pl.LazyFrame(schema={serial: pl.Int32})]
    for unit, made in units.items():
        generation = linked_then(desk, case, unit, made)
        if generation is None:
            return None
        found.append(stores.linked(desk, case, unit).scan(generation.number).select(pl.col(serial).cast(pl.Int32)))
    return pl.concat(found).drop_nulls().unique().collect(engine="streaming").to_series()


def _sha256(generation: Generation | None) -> str:
    return generation.sha256 if generation else "gone"
