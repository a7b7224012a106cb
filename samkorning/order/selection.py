"""Blocks of an order that select persons and rows in own registers: code lists, event groups, selections.

What belongs here: the closed language, field by field. What must not: rules between blocks (selection_rules), or what
it compiles to (samkorning.own_registers.selection).

Every bound names the first and the last day, age or code that it includes.
"""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from samkorning.order.block import Block
from samkorning.order.dates import Date
from samkorning.order.spans import Ages
from samkorning.own_registers.catalogue.models import CodeSystem, Position
from samkorning.source_names import REGISTER_NAME, SOURCE_NAME

GroupName = Annotated[str, StringConstraints(pattern=f"^{SOURCE_NAME}$")]
RegisterName = Annotated[str, StringConstraints(pattern=f"^{REGISTER_NAME}$")]
CODE = "[A-ZÅÄÖ0-9]{1,7}"
INTERVAL = re.compile(rf"({CODE})-({CODE})\*")


def _as_compared(value: object) -> object:
    """A code as it is compared: no point, no blank, capital letters."""
    return value.replace(".", "").replace(" ", "").upper() if isinstance(value, str) else value


CodePattern = Annotated[str, StringConstraints(pattern=rf"^{CODE}(\*|-{CODE}\*)?$"), BeforeValidator(_as_compared)]
"""``E109`` that code alone; ``E10*`` all that begin so; ``E10-E14*`` all whose first characters lie there."""
Codes = Annotated[tuple[CodePattern, ...], Field(min_length=1)]
Days = Annotated[int, Field(ge=-36_600, le=36_600)]


class CodeFile(Block):
    """The file that a code list was taken from."""

    name: Annotated[str, StringConstraints(min_length=1)] = Field(description="Its name.")
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] = Field(description="Hash of its bytes.")


class CodeList(Block):
    """A named list of codes (kodlista) for each classification in which they are sought, with or without points."""

    name: GroupName = Field(description="Its name.")
    version: Annotated[str, StringConstraints(min_length=1)] | None = Field(
        default=None, description="Which version of the list it is."
    )
    taken_from: CodeFile | None = Field(default=None, description="The file or sheet that it was taken from.")
    codes: dict[CodeSystem, Codes] = Field(
        min_length=1,
        description="By classification: `E109` that code alone, `E10*` all that begin so, `E10-E14*` all that begin "
        "with the first, the last or what lies between.",
    )
    except_codes: dict[CodeSystem, Codes] = Field(
        default={}, description="Codes that the list leaves out, in the same forms."
    )

    @field_validator("codes", "except_codes")
    @classmethod
    def intervals_run_forward(cls, codes: dict[CodeSystem, Codes]) -> dict[CodeSystem, Codes]:
        for found in (INTERVAL.fullmatch(pattern) for patterns in codes.values() for pattern in patterns):
            if found and len(found[1]) != len(found[2]):
                raise ValueError("the bounds of an interval have different lengths")
            if found and found[2] < found[1]:
                raise ValueError("the last code of an interval comes before its first")
        return codes


class SoughtCodes(Block):
    """Which codes a row must have, and where they stand in it."""

    list: GroupName = Field(description="Name of the code list.")
    positions: Annotated[tuple[Position, ...], Field(min_length=1)] = Field(
        description="Where they may stand; a row counts where one of its codes there is of the list."
    )


class DateWindow(Block):
    """Days of the calendar, both included."""

    first_day: Date | None = Field(default=None, description="First day; without it, since always.")
    last_day: Date | None = Field(default=None, description="Last day; without it, until always.")

    @model_validator(mode="after")
    def runs_forward(self) -> "DateWindow":
        first, last = self.first_day, self.last_day
        if first is None and last is None:
            raise ValueError("names neither first_day nor last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            raise ValueError("last_day comes before first_day")
        return self


class DayWindow(Block):
    """Days counted from the day of something else of the same person, both included; the day itself is 0."""

    of: GroupName = Field(description="An event group that takes one event a person, or `index_date`.")
    first_day: Days | None = Field(default=None, description="First day, such as -365; without it, since always.")
    last_day: Days | None = Field(default=None, description="Last day, such as -1; without it, until always.")

    @model_validator(mode="after")
    def runs_forward(self) -> "DayWindow":
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("last_day comes before first_day")
        return self


class EventGroup(Block):
    """A group of events (händelser) of own registers: the rows that meet every criterion which is stated.

    The criteria follow each other in this order: codes, wash-out among all days of these codes, then dates, days around
    something else, age, sex and area, then the least number of days, then which of them are taken. All rows of a day
    that is taken count. A row without a day, or without what a criterion asks for, does not meet it; where nothing but
    registers, codes and sex are stated, a row needs no day.
    """

    name: GroupName = Field(description="Its name.")
    registers: Annotated[tuple[RegisterName, ...], Field(min_length=1)] = Field(
        description="The registers or parts of registers; the parts of the patient register are its types of care."
    )
    codes: SoughtCodes | None = Field(default=None, description="The codes that a row must have one of.")
    dates: DateWindow | None = Field(default=None, description="The days of the calendar on which it happened.")
    around: DayWindow | None = Field(default=None, description="The days around something else of the same person.")
    ages: Ages | None = Field(default=None, description="Age in whole years on the day of the event.")
    sex: Literal[1, 2] | None = Field(default=None, description="Sex in the population register: 1 man, 2 woman.")
    areas: tuple[Annotated[str, StringConstraints(pattern="^[0-9]{2}([0-9]{2})?$")], ...] = Field(
        default=(), description="Counties (2 digits) or municipalities (4) of residence on the day of the event."
    )
    free_days: Annotated[int, Field(ge=1, le=36_600)] | None = Field(
        default=None,
        description="Wash-out: an event counts only if the person had none of these codes in so many days before.",
    )
    at_least: Annotated[int, Field(ge=1, le=1_000)] = Field(
        default=1, description="How many days with an event a person must have for any to count."
    )
    take: Literal["every", "first", "last"] | Annotated[int, Field(ge=1, le=1_000)] = Field(
        default="every",
        description="Which of the days with events count: `every`, the `first`, the `last`, or the n-th by number.",
    )

    @property
    def takes_one(self) -> bool:
        """Whether a person has at most one day in the group."""
        return self.take != "every"

    @property
    def needs_day(self) -> bool:
        """Whether a row without a day cannot be in the group."""
        about_days = (self.dates, self.around, self.ages, self.free_days)
        return self.takes_one or self.at_least > 1 or bool(self.areas) or any(each is not None for each in about_days)


class Selection(Block):
    """Persons by the event groups and selections that they are in (urval)."""

    name: GroupName = Field(description="Its name.")
    all_of: tuple[GroupName, ...] = Field(default=(), description="Groups or selections, all of which have the person.")
    any_of: tuple[GroupName, ...] = Field(default=(), description="Groups or selections, of which one is enough.")
    none_of: tuple[GroupName, ...] = Field(
        default=(), description="Groups or selections, none of which has the person."
    )
    index_date: GroupName | None = Field(
        default=None, description="The event group whose day is the person's index date; it takes one event a person."
    )

    @model_validator(mode="after")
    def asks_for_somebody(self) -> "Selection":
        if not self.all_of and not self.any_of:
            raise ValueError("states neither all_of nor any_of: it would be everybody")
        return self
