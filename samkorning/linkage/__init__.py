"""Linkage (samkörning): identity numbers of a file are replaced by serial numbers, and every row is accounted for.

What belongs here: the kernel, the lookup from number to serial number, parts by range of serial number, the one order
of rows. What must not: reading files, the vault, or the form of a number (samkorning.identity).
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.linkage.bounds import Bounds, bearable_rows, bounds_for
    from samkorning.linkage.digest import RowsDigest
    from samkorning.linkage.kernel import Linked, link, linked_columns
    from samkorning.linkage.lookup import ColumnLookup, numbers_to_add, of_population, serial_number_lookup
    from samkorning.linkage.ordering import OrderedRows, in_order, normalised, ranges_of, rows_between

__all__ = [
    "Bounds",
    "ColumnLookup",
    "Linked",
    "OrderedRows",
    "RowsDigest",
    "bearable_rows",
    "bounds_for",
    "in_order",
    "link",
    "linked_columns",
    "normalised",
    "numbers_to_add",
    "of_population",
    "ranges_of",
    "rows_between",
    "serial_number_lookup",
]

__getattr__ = on_demand(
    __name__,
    {
        "bounds": (
            "Bounds",
            "bearable_rows",
            "bounds_for",
        ),
        "digest": ("RowsDigest",),
        "kernel": (
            "Linked",
            "link",
            "linked_columns",
        ),
        "lookup": (
            "ColumnLookup",
            "numbers_to_add",
            "of_population",
            "serial_number_lookup",
        ),
        "ordering": (
            "OrderedRows",
            "in_order",
            "normalised",
            "ranges_of",
            "rows_between",
        ),
    },
)
