"""Linkage (samkörning): identity numbers of a file are replaced by serial numbers, and every row is accounted for.

What belongs here: the kernel, and the lookup from number to serial number. What must not: reading files, the vault, or
the form of a number (samkorning.identity).
"""

from samkorning.linkage.kernel import Linked, link, repeated_rows, sort_for_delivery
from samkorning.linkage.lookup import ColumnLookup, numbers_to_add, serial_number_lookup

__all__ = [
    "ColumnLookup",
    "Linked",
    "link",
    "numbers_to_add",
    "repeated_rows",
    "serial_number_lookup",
    "sort_for_delivery",
]
