"""The order (beställning) and its specification: what was asked for, agreed and approved.

What belongs here: the models an order file is read into, the reading itself, and the rules an order alone can break.
What must not: what has happened to the order since (samkorning.case), or any row of data.
"""

from samkorning.identity.identifies import PERSON_SERIES, Identifies, Unknown
from samkorning.order.models import Order, Specification
from samkorning.order.own_registers import About, OwnRegister
from samkorning.order.population import Population
from samkorning.order.reading import read_order
from samkorning.order.sources import IdentifierColumn, Source, SourceClass

__all__ = [
    "PERSON_SERIES",
    "About",
    "IdentifierColumn",
    "Identifies",
    "Order",
    "OwnRegister",
    "Population",
    "Source",
    "SourceClass",
    "Specification",
    "Unknown",
    "read_order",
]
