"""The register catalogue (registerkatalog): what the own registers contain, variable by variable.

What belongs here: the catalogue's models, reading it, and what is said of a part of it by hash. What must not: the
registers' rows.
"""

from samkorning.own_registers.catalogue.models import (
    Break,
    CatalogueRegister,
    CatalogueVariable,
    Code,
    CodeSystem,
    CodeSystemYears,
    Holds,
    Position,
    RegisterCatalogue,
    Standing,
    Validity,
)
from samkorning.own_registers.catalogue.reading import entries_sha256, entry_text, read_catalogue, read_register

__all__ = [
    "Break",
    "CatalogueRegister",
    "CatalogueVariable",
    "Code",
    "CodeSystem",
    "CodeSystemYears",
    "Holds",
    "Position",
    "RegisterCatalogue",
    "Standing",
    "Validity",
    "entries_sha256",
    "entry_text",
    "read_catalogue",
    "read_register",
]
