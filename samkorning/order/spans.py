"""Blocks of an order that bound something: ages, and the years that data are asked for.

What belongs here: their fields and that they run forward. What must not: what is bounded by them (models).
"""

from typing import Annotated

from pydantic import Field, model_validator

from samkorning.order.block import Block
from samkorning.years import Year


class Period(Block):
    """The years that data are asked for."""

    from_year: Year = Field(description="First year.")
    to_year: Year = Field(description="Last year.")

    @model_validator(mode="after")
    def runs_forward(self) -> "Period":
        if self.to_year < self.from_year:
            raise ValueError("to_year comes before from_year")
        return self


class Ages(Block):
    """The ages that the population can have, in completed years on the reference date."""

    lowest: Annotated[int, Field(ge=0)] = Field(description="The lowest age.")
    highest: Annotated[int, Field(ge=0)] = Field(description="The highest age.")

    @model_validator(mode="after")
    def lowest_comes_first(self) -> "Ages":
        if self.highest < self.lowest:
            raise ValueError("highest is below lowest")
        return self
