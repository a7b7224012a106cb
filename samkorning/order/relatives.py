"""Blocks of an order that ask for relatives (närstående) of the persons of the population.

What belongs here: their fields, and the kinds of relatives there are. What must not: how they are found
(samkorning.own_registers.relatives).
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from samkorning.order.block import Block


class Kind(StrEnum):
    """What a relative is to a person, in the order in which they are told."""

    MOTHER = "mother"
    FATHER = "father"
    CHILD = "child"
    FULL_SIBLING = "full_sibling"
    HALF_SIBLING_MATERNAL = "half_sibling_maternal"
    HALF_SIBLING_PATERNAL = "half_sibling_paternal"
    SIBLING_OF_UNKNOWN_KIND = "sibling_of_unknown_kind"
    """One parent is the same, and of one of the two the other parent is not known: full or half, never guessed."""
    GRANDPARENT = "grandparent"
    GRANDCHILD = "grandchild"
    AUNT_OR_UNCLE = "aunt_or_uncle"
    NIECE_OR_NEPHEW = "niece_or_nephew"
    COUSIN = "cousin"
    SPOUSE = "spouse"


class Relatives(Block):
    """Relatives of the persons of the population: those of some kinds, those of some degrees, or both."""

    of: Annotated[tuple[Literal["cases", "controls"], ...], Field(min_length=1)] = Field(
        default=("cases",), description="Whose relatives: those of the persons of the population, or of their controls."
    )
    kinds: tuple[Kind, ...] = Field(default=(), description="The kinds that are wanted, of whatever degree.")
    up_to_degree: int | None = Field(
        default=None,
        ge=1,
        le=4,
        description="All relatives by blood up to this degree: 1 is parents, children and full siblings, 2 "
        "half-siblings, grandparents, grandchildren, aunts, uncles, nieces and nephews, 3 cousins; by a half-sibling "
        "one more.",
    )
    spouses: Literal["index_date", "ever"] = Field(
        default="index_date", description="Spouses on the person's index date, or at any time."
    )

    @model_validator(mode="after")
    def asks_for_something(self) -> "Relatives":
        if not self.kinds and self.up_to_degree is None:
            raise ValueError("neither kinds nor up_to_degree is stated")
        return self
