"""The blocks of an order about extracts from the authority's own registers.

What belongs here: the fields of an extract. What must not: selections of persons (selection), or the registers' own
description (samkorning.own_registers.catalogue).
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from samkorning.order.block import Block
from samkorning.order.selection import GroupName
from samkorning.order.sources import Corrections, DeliveredName, Name
from samkorning.source_names import REGISTER_NAME
from samkorning.years import Year


class CutCode(Block):
    """A code that is delivered with less detail than it has in the register; none is, unless it is asked for (R08)."""

    variable: DeliveredName = Field(description="The variable that holds the code.")
    characters: Annotated[int, Field(ge=1, le=10)] = Field(description="How many first characters are delivered.")
    because: Name = Field(description="Why: what the ethics approval or the justification of R07 says of it.")


class About(StrEnum):
    """Whom rows may be about."""

    CASES = "cases"
    CONTROLS = "controls"
    RELATIVES = "relatives"


class OwnRegister(Block):
    """An extract from one of the authority's own registers, for persons of the study."""

    register_name: Annotated[str, StringConstraints(pattern=f"^{REGISTER_NAME}$")] = Field(
        description="Name in the register catalogue, such as `PAR_SV`."
    )
    from_year: Year = Field(description="First year of the period.")
    to_year: Year = Field(description="Last year of the first delivery.")
    repeats_until: Year | None = Field(
        default=None, description="Last year that repeat deliveries may add; they need a kept code key (R18)."
    )
    variables: tuple[DeliveredName, ...] = Field(min_length=1, description="Variables, by their delivered names.")
    about: Annotated[tuple[About, ...], Field(min_length=1)] = Field(
        default=(About.CASES, About.CONTROLS),
        description="Whom rows are about: `cases` are the persons of the population, `controls` those drawn for them. "
        "Rows about `relatives` leave only where this names them.",
    )
    events: GroupName | None = Field(
        default=None, description="Only rows that this event group takes; without one, all rows of the persons."
    )
    cut_codes: tuple[CutCode, ...] = Field(default=(), description="Codes that are delivered with less detail (R08).")
    corrections: Corrections = "ask"
    serial_name: DeliveredName = Field(default="LopNr", description="Name of the serial number column.")
    reused_name: DeliveredName | None = Field(
        default=None, description="Name of a column that flags numbers that have belonged to several persons (AterPNr)."
    )

    @model_validator(mode="after")
    def period_runs_forward(self) -> "OwnRegister":
        if self.to_year < self.from_year:
            raise ValueError("to_year comes before from_year")
        if self.repeats_until is not None and self.repeats_until <= self.to_year:
            raise ValueError("repeats_until must come after to_year")
        return self

    @property
    def delivered_names(self) -> tuple[str, ...]:
        """The columns that stand in the delivery for the person."""
        return (self.serial_name, self.reused_name) if self.reused_name else (self.serial_name,)

    @property
    def name(self) -> str:
        """The short name used in files and the ledger."""
        return self.register_name.lower()
