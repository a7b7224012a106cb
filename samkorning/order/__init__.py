"""The order (beställning) and its specification: what was asked for, agreed and approved.

What belongs here: the models an order file is read into, the reading itself, and the rules an order alone can break.
What must not: what has happened to the order since (samkorning.case), or any row of data.
"""

from samkorning.order.models import (
    IdentifierColumn,
    Order,
    OwnRegister,
    Population,
    Source,
    SourceClass,
    Specification,
    UnknownPersons,
)
from samkorning.order.reading import read_order

__all__ = [
    "IdentifierColumn",
    "Order",
    "OwnRegister",
    "Population",
    "Source",
    "SourceClass",
    "Specification",
    "UnknownPersons",
    "read_order",
]
