"""Linkage (samkörning): identity numbers of a file are replaced by serial numbers, and every row is accounted for.

What belongs here: the kernel, the lookup from number to serial number, and the row flow. What must not: reading files,
the vault, or the form of a number (samkorning.identity).
"""

from samkorning.linkage.kernel import Linked, link, sort_for_delivery
from samkorning.linkage.lookup import numbers_to_add, serial_number_lookup
from samkorning.linkage.row_flow import LINKED, UNKNOWN_PERSON, RowFlow

__all__ = [
    "LINKED",
    "UNKNOWN_PERSON",
    "Linked",
    "RowFlow",
    "link",
    "numbers_to_add",
    "serial_number_lookup",
    "sort_for_delivery",
]
