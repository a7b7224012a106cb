"""What the page shows of a year of an own register: rows, persons, and its variables.

What belongs here: the account of a year in the page's forms. What must not: counting (samkorning.own_registers).
"""

from typing import Any

import dagster as dg

from assets.shown.columns import schema
from assets.shown.tables import table
from assets.steps.columns import register_columns
from resources.register_store import LoadedYear
from samkorning.own_registers.catalogue import CatalogueRegister


def year_metadata(register: CatalogueRegister | None, loaded: LoadedYear) -> dict[str, Any]:
    """A year as it was loaded, by variable: rows without it, and values that the catalogue does not have."""
    account = loaded.account
    rows = [(name, said.missing, said.outside, len(said.codes) or "") for name, said in account.variables.items()]
    head = ["variable", "#rows without it", "#values outside", "#codes"]
    return {
        "year": loaded.year,
        "dagster/row_count": account.rows,
        "persons": account.persons,
        "rows_whose_day_lies_outside": account.outside_year,
        "variables": dg.MetadataValue.md(table(head, rows)),
        "dagster/column_schema": schema(register_columns(register, list(account.variables))),
    }
