"""The code key (kodnyckel): which serial number stands for whom, within one case.

What belongs here: get-or-create of serial numbers, import, look-up and removal, and what the table looks like. What
must not: how values are drawn (``serial_numbers``), how they are kept (``vault``), which numbers are one person
(``persons``).

Columns: ``number`` Int64 (null once the person was removed), ``serial_number`` Int32, ``generation`` Int16 (in which
the row came). Both numbers are unique. Each identifier kind (person, workplace, …) has a store and so a series of
its own.
"""

from samkorning.code_key.extension import Extension, extend_code_key
from samkorning.code_key.importing import Imported, ImportFault, import_code_key, import_faults, with_imported
from samkorning.code_key.looking_up import LookUp, look_up
from samkorning.code_key.removal import cut_link, persons_gone, remove_persons, without_links, without_persons
from samkorning.code_key.stability import code_key_faults
from samkorning.code_key.table import SCHEMA, next_generation, read_code_key

__all__ = [
    "SCHEMA",
    "Extension",
    "ImportFault",
    "Imported",
    "LookUp",
    "code_key_faults",
    "cut_link",
    "extend_code_key",
    "import_code_key",
    "import_faults",
    "look_up",
    "next_generation",
    "persons_gone",
    "read_code_key",
    "remove_persons",
    "with_imported",
    "without_links",
    "without_persons",
]
