"""The block of a specification about quasi-identifiers (indirekta identifierare): what could single a person out.

What belongs here: the fields, and the rule that they name what is delivered. What must not: reckoning
(samkorning.delivery.disclosure), or a limit: the figures warn and a person decides.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from samkorning.order.block import Block
from samkorning.order.sources import ColumnName, Name

if TYPE_CHECKING:
    from samkorning.order.models import Specification


class Kind(StrEnum):
    """What a column holds, which says how it could be delivered with less detail."""

    VALUE = "value"
    """Nothing that can be made coarser: it is delivered or left out."""
    CODE = "code"
    """A code whose first characters are its group."""
    DATE = "date"
    BIRTH = "birth"
    """A date, month or year of birth, the year first."""
    MUNICIPALITY = "municipality"
    """A municipality, whose first two digits are its county."""


class QuasiIdentifier(Block):
    """One column that others may know of a person."""

    column: ColumnName = Field(description="The column, by its delivered name.")
    kind: Kind = Field(
        default=Kind.VALUE,
        description="What it holds: `code` is tried with fewer characters, `date` as year, `birth` as year and as "
        "five years, `municipality` as county; `value` is only tried left out.",
    )


class QuasiIdentifiers(Block):
    """The columns of one delivered file that together could single a person out."""

    source: Name = Field(description="The source, or the own register in small letters.")
    columns: Annotated[tuple[QuasiIdentifier, ...], Field(min_length=1, max_length=12)] = Field(
        description="Its columns."
    )


def quasi_identifier_findings(specification: "Specification") -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What of the quasi-identifiers is not among what is delivered, or is named twice."""
    delivered = {own.name: set(own.variables) for own in specification.own_registers}
    delivered |= {source.name: set(source.delivered_columns) for source in specification.all_sources}
    sources = Counter(each.source for each in specification.quasi_identifiers)
    for index, each in enumerate(specification.quasi_identifiers):
        place = ("specification", "quasi_identifiers", index)
        names = Counter(column.column for column in each.columns)
        if each.source not in delivered:
            yield (*place, "source"), "no source or own register of that name", "name one of the specification's"
        elif not delivered[each.source].issuperset(names):
            yield (*place, "columns"), "names a column that is not delivered", "name delivered columns that are values"
        if sources[each.source] > 1 or max(names.values()) > 1:
            yield (*place, "source"), "names a source or a column twice", "put its columns in one entry, each once"
