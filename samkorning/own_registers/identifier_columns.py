"""Identifier columns of own registers: mother, child, spouse, workplace beside the person of a row.

What belongs here: which variables of an extract these are, and under which names their serial numbers are delivered.
What must not: looking anybody up (assets.steps.linkage.register_identifiers).
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from samkorning.order import IdentifierColumn, OwnRegister
from samkorning.own_registers.catalogue import CatalogueRegister

if TYPE_CHECKING:
    import polars as pl

VALUE, SERIAL_NUMBER = "value", "serial_number"


@dataclass(frozen=True)
class Replaced:
    """What stands for the numbers of one identifier column: columns ``value`` (as in the register, each once) and
    ``serial_number`` (Int32). A value that is not there is left blank."""

    name: str
    serial_numbers: "pl.LazyFrame" = field(repr=False)


def identifier_columns(own: OwnRegister, register: CatalogueRegister | None) -> tuple[IdentifierColumn, ...]:
    """The variables of an extract that identify somebody or something, each as a holder's identifier column is said."""
    return tuple(
        IdentifierColumn(column=variable.name, serial_name=variable.delivered_name, identifies=variable.identifies)
        for variable in (register.variables if register else ())
        if variable.identifies and variable.name in own.variables
    )


def delivered_variables(own: OwnRegister, register: CatalogueRegister | None) -> list[str]:
    """The variables of an extract in their order, by the names under which they are delivered."""
    renamed = {each.column: each.serial_name for each in identifier_columns(own, register)}
    return [renamed.get(name, name) for name in own.variables]
