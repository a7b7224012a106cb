"""Serial numbers for the identifier columns of an own register's year: children, spouses, workplaces.

What belongs here: which of them stand in the rows that leave, giving those a serial number that are added, and looking
them up. What must not: the rows themselves. A number that nobody knows is left blank: it never leaves as it is.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from assets.steps.persons.numbering import add_column, column_lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import serial_numbers_of
from samkorning.order import IdentifierColumn, Unknown
from samkorning.own_registers.extraction import Taken, rows_of_persons
from samkorning.own_registers.identifier_columns import SERIAL_NUMBER, VALUE, Replaced
from samkorning.own_registers.person_column import NUMBER
from samkorning.vault import Part

TEXT = "text"


def replacements(
    desk: Desk,
    case: Case,
    identifiers: Sequence[IdentifierColumn],
    year: Sequence[Part],
    persons: pl.DataFrame,
    taken: Taken,
) -> Mapping[str, Replaced]:
    """By variable, what stands for its numbers in the rows of some persons; new workplaces get serial numbers first."""
    if not identifiers:
        return {}
    about = persons.lazy().select(pl.col("number").alias(NUMBER))
    rows = taken(rows_of_persons(year, persons["number"])).join(about, on=NUMBER, how="semi")
    return {each.column: _replaced(desk, case, each, rows) for each in identifiers}


def adds_somebody(identifiers: Sequence[IdentifierColumn]) -> bool:
    """Whether an extract may give out new serial numbers."""
    return any(each.when_unknown is Unknown.ADD for each in identifiers)


def _replaced(desk: Desk, case: Case, identifier: IdentifierColumn, rows: pl.LazyFrame) -> Replaced:
    stated = rows.select(pl.col(identifier.column).alias(VALUE)).drop_nulls().unique().collect(engine="streaming")
    texts = stated.with_columns(pl.col(VALUE).cast(pl.String).alias(TEXT))
    column = identifier.model_copy(update={"column": TEXT})
    if identifier.when_unknown is Unknown.ADD:
        add_column(desk, case, column, texts.lazy())
    with open_engine("polars", desk.settings.memory) as engine:
        found = serial_numbers_of(engine, texts.lazy(), TEXT, column_lookup(desk, case, column))
        serial_numbers = found.select(VALUE, SERIAL_NUMBER).drop_nulls().collect(engine="streaming")
    return Replaced(identifier.serial_name, serial_numbers.lazy())
