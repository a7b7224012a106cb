"""What is counted for the documents of a delivery while its files are rendered.

What belongs here: the takers of code book, row flow and linkage shares. What must not: counting itself
(samkorning.delivery.rendering), or which counts are shown.
"""

from collections.abc import Collection

import polars as pl

from assets.steps import stores
from assets.steps.delivery.variables import described_variable
from assets.steps.persons.numbering import population_lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.plan import PlannedFile
from samkorning.delivery.rendering import Persons, StudyPersonsMet, Taker, VariableCounts
from samkorning.delivery.study_persons.groups import GROUPS, group_of


def counting_takers(
    desk: Desk, case: Case, file: PlannedFile, schema: pl.Schema, serial_columns: Collection[str]
) -> list[Taker]:
    """The takers that count the rows of a file; one without units counts as one."""
    units = max(1, len(file.units))
    variables = {name: described_variable(desk, case, file.source, name) for name in schema}
    value_sets = {name: [code.code for code in each.codes] for name, each in variables.items() if each.codes}
    found: list[Taker] = [VariableCounts(schema, units, value_sets, serial_columns), Persons(units)]
    return [*found, StudyPersonsMet(_study(desk, case), len(GROUPS), units)] if file.units else found


def _study(desk: Desk, case: Case) -> pl.DataFrame:
    """The persons of the study by their serial numbers, and the group of each; nobody before there is a study."""
    if stores.population(desk, case).latest() is None:
        return pl.DataFrame(schema={"serial_number": pl.Int32, "group": pl.Int8})
    persons = population_lookup(desk, case).select("serial_number").unique()
    reference = case.specification.reference_date.year
    key = stores.code_key_rows(desk, case).select("serial_number", group_of("number", reference).alias("group"))
    return key.join(persons, on="serial_number", how="semi").unique("serial_number").collect()
