"""What a number history that comes after serial numbers were drawn means for them.

What belongs here: bringing code key, history and what has been delivered together. What must not: moving a serial
number.
"""

import polars as pl

from assets.steps import stores
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.inputs import Unit
from samkorning.order import PERSON_SERIES
from samkorning.own_registers.identifier_columns import identifier_columns
from samkorning.persons.number_history import Impact, impact_of


def impact(desk: Desk, case: Case) -> Impact:
    """Which serial numbers stand for persons who carry another one too, and the deliveries they have left in."""
    key = stores.code_key_rows(desk, case).drop_nulls("number").collect()
    return impact_of(key, stores.persons_of_history(desk, case).collect(), delivered_serial_numbers(desk, case))


def delivered_serial_numbers(desk: Desk, case: Case) -> pl.DataFrame:
    """Columns ``delivery`` and ``serial_number``: every person's serial number in every delivery, once."""
    nothing = pl.LazyFrame(schema={"delivery": pl.String, "serial_number": pl.Int32})
    parts = [nothing]
    for event in case.of(EventKind.DELIVERED):
        for entry in event.detail["units"]:
            unit = Unit(entry["source"], entry["period"])
            if stores.latest_linked(desk, case, unit) is None:
                continue  # its material is disposed of
            rows = stores.linked(desk, case, unit).scan()
            for column in person_columns(desk, case, unit.source):
                serials = rows.select(pl.col(column).alias("serial_number")).drop_nulls()
                parts.append(serials.select(pl.lit(event.detail["delivery"]).alias("delivery"), "serial_number"))
    return pl.concat(parts).unique().collect(engine="streaming")


def person_columns(desk: Desk, case: Case, source_name: str) -> list[str]:
    """The delivered columns of a source that hold serial numbers of persons."""
    source = case.specification.source(source_name)
    if source is None:
        own = next(own for own in case.specification.own_registers if own.name == source_name)
        others = identifier_columns(own, desk.catalogue.find(own.register_name))
        return [own.serial_name, *(each.serial_name for each in others if each.identifies.series == PERSON_SERIES)]
    return [column.serial_name for column in source.identifiers if column.identifies.series == PERSON_SERIES]
