"""The block of an order about repeat deliveries (R18): how often they come, and what they hold.

What belongs here: its fields. What must not: whether one is due (samkorning.case.repeats).
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from samkorning.order.block import Block


class Every(StrEnum):
    """How often a repeat delivery may come."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Repeats(Block):
    """Repeat deliveries (upprepade uttag) of the own registers; they need a kept code key (R18)."""

    every: Every = Field(
        default=Every.MONTH, description="How often: at most one in each month, quarter or year of the calendar."
    )
    ships: Literal["new", "whole"] = Field(
        default="new",
        description="`new` sends what is new or has changed; `whole` sends everything again that is still kept, in "
        "place of what was delivered before.",
    )
