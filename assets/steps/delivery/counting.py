"""What is counted for the documents of a delivery while its files are rendered.

What belongs here: the takers of code book, row flow and linkage shares, and comparing a unit with what it replaces.
What must not: counting itself (samkorning.delivery.rendering), or which counts are shown.
"""

import json
from collections.abc import Collection

import polars as pl

from assets.steps import stores
from assets.steps.delivery.variables import described_variable
from assets.steps.persons.numbering import population_lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import is_entry_of
from samkorning.case.plan import LinkedUnit, PlannedFile
from samkorning.delivery.changes.rows import rows_compared
from samkorning.delivery.rendering import Persons, StudyPersonsMet, Taker, VariableCounts
from samkorning.delivery.study_persons.groups import GROUPS, group_of
from samkorning.linkage import bearable_rows, in_order


def counting_takers(
    desk: Desk, case: Case, file: PlannedFile, schema: pl.Schema, serial_columns: Collection[str]
) -> list[Taker]:
    """The takers that count the rows of a file; one without units counts as one."""
    units = max(1, len(file.units))
    variables = {name: described_variable(desk, case, file.source, name) for name in schema}
    value_sets = {name: [code.code for code in each.codes] for name, each in variables.items() if each.codes}
    found: list[Taker] = [VariableCounts(schema, units, value_sets, serial_columns), Persons(units)]
    return [*found, StudyPersonsMet(_study(desk, case), len(GROUPS), units)] if file.units else found


def compared_units(desk: Desk, case: Case, file: PlannedFile, columns: list[str]) -> str:
    """How each unit that replaces another differs from it, as JSON by unit; nothing where the other is gone."""
    found = {str(unit.unit): _compared(desk, case, unit, columns) for unit in file.units if unit.replaces}
    return json.dumps({unit: counts for unit, counts in found.items() if counts is not None})


def _compared(desk: Desk, case: Case, unit: LinkedUnit, columns: list[str]) -> dict[str, int] | None:
    store = stores.linked(desk, case, unit.unit)
    *_, before, now = [None, None, *store.generations()]
    delivered = [entry for entry in case.delivered_units() if is_entry_of(entry, unit.unit)]
    if before is None or now is None or before.facts["input_sha256"] != delivered[-1]["input_sha256"]:
        return None
    both = [store.parts(before.number), store.parts(now.number)]
    held = [parts[0].rows.collect_schema() if parts else pl.Schema() for parts in both]
    common = [name for name in columns if all(name in schema and schema[name] == held[1][name] for schema in held)]
    if columns[0] not in common:
        return None
    return rows_compared(in_order(both, common, bearable_rows(len(common), desk.settings.memory))).facts()


def _study(desk: Desk, case: Case) -> pl.DataFrame:
    """The persons of the study by their serial numbers, and the group of each."""
    persons = population_lookup(desk, case).select("serial_number").unique()
    reference = case.specification.reference_date.year
    key = stores.code_key_rows(desk, case).select("serial_number", group_of("number", reference).alias("group"))
    return key.join(persons, on="serial_number", how="semi").unique("serial_number").collect()
