"""Rendering: one reading of a file's ordered rows gives its bytes and all that is to be known of them.

What belongs here: leading rows to the formats, and the takers that look at rows on the way. What must not: the formats
(samkorning.delivery.formats), which rows and columns leave, where the bytes are kept (the vault), sealing (package).

A further taker is one module beside the others and one line where a rendering is begun; it looks at rows in order,
batch by batch, keeps a bounded amount of what it saw, and says it when all have passed.
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.delivery.rendering.facts import Form, RenderedFacts
    from samkorning.delivery.rendering.numbers_found import NumbersFound
    from samkorning.delivery.rendering.one_reading import Rendering
    from samkorning.delivery.rendering.persons import Persons
    from samkorning.delivery.rendering.persons_by_group import StudyPersonsMet
    from samkorning.delivery.rendering.serial_numbers import SerialNumbers, WithdrawnSerialNumbers
    from samkorning.delivery.rendering.spreadsheet_values import SpreadsheetValues
    from samkorning.delivery.rendering.taker import Taker
    from samkorning.delivery.rendering.unit_contents import UnitContents, UnitFacts
    from samkorning.delivery.rendering.variable_counts import VariableCounts

__all__ = [
    "Form",
    "NumbersFound",
    "Persons",
    "RenderedFacts",
    "Rendering",
    "SerialNumbers",
    "SpreadsheetValues",
    "StudyPersonsMet",
    "Taker",
    "UnitContents",
    "UnitFacts",
    "VariableCounts",
    "WithdrawnSerialNumbers",
]

__getattr__ = on_demand(
    __name__,
    {
        "facts": (
            "Form",
            "RenderedFacts",
        ),
        "numbers_found": ("NumbersFound",),
        "one_reading": ("Rendering",),
        "persons": ("Persons",),
        "persons_by_group": ("StudyPersonsMet",),
        "serial_numbers": (
            "SerialNumbers",
            "WithdrawnSerialNumbers",
        ),
        "spreadsheet_values": ("SpreadsheetValues",),
        "taker": ("Taker",),
        "unit_contents": (
            "UnitContents",
            "UnitFacts",
        ),
        "variable_counts": ("VariableCounts",),
    },
)
