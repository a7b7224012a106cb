"""Disclosure preview (förhandsvisning av röjanderisk): small groups of persons who are alike in what others may know.

What belongs here: reckoning groups while a file is rendered, and what less detail would do to them. What must not: a
limit or a refusal (a person decides: samkorning.case.disclosure), or any value of a row.

What is reckoned: two persons of a file are alike when the same different combinations of the quasi-identifiers stand in
their rows. A missing value is a value of its own. How often a combination stands there is not counted, nor the order of
rows: it is no column that was named, and would make nearly everybody of an event file single. k is the size of the
smallest group of persons who are alike. A recipient joins files by serial number, so the same is reckoned of all files
together, those of earlier deliveries too: alike are then who are alike in each.
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.delivery.disclosure.coarser import Variant, variants
    from samkorning.delivery.disclosure.figures import (
        TOGETHER,
        FileDisclosure,
        GroupFigures,
        VariantFigures,
        disclosure_of,
        together_of,
        told_together,
    )
    from samkorning.delivery.disclosure.groups import Disclosure
    from samkorning.delivery.disclosure.together import JoinedFile, alike_together

__all__ = [
    "TOGETHER",
    "Disclosure",
    "FileDisclosure",
    "GroupFigures",
    "JoinedFile",
    "Variant",
    "VariantFigures",
    "alike_together",
    "disclosure_of",
    "together_of",
    "told_together",
    "variants",
]

__getattr__ = on_demand(
    __name__,
    {
        "coarser": ("Variant", "variants"),
        "figures": (
            "TOGETHER",
            "FileDisclosure",
            "GroupFigures",
            "VariantFigures",
            "disclosure_of",
            "together_of",
            "told_together",
        ),
        "groups": ("Disclosure",),
        "together": ("JoinedFile", "alike_together"),
    },
)
