"""Blocks of an order that ask for controls (kontroller) to the persons of the population.

What belongs here: their fields and that they do not contradict each other. What must not: what a risk set is, or how
controls are drawn (samkorning.own_registers.controls).
"""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from samkorning.order.block import Block


class MatchedColumn(Block):
    """One column in which a control is like its case on the index date."""

    column: Annotated[str, StringConstraints(min_length=1)] = Field(
        description="`birth_year`, or a column of the population register, such as `sex` or `area`. A column that has "
        "an interval is matched as it is on the index date. A missing value is like no other."
    )
    within: int = Field(
        default=0, ge=0, le=50, description="Largest difference, of whole numbers such as `birth_year`; 0 is exact."
    )
    characters: int | None = Field(
        default=None, ge=1, description="How many first characters count, such as 2 of `LK` for the county."
    )

    @model_validator(mode="after")
    def is_text_or_number(self) -> "MatchedColumn":
        if self.within and self.characters is not None:
            raise ValueError("within is for numbers and characters for text; state one of them")
        return self


class Controls(Block):
    """Controls to every case person, drawn among those at risk on the index date (incidence density sampling)."""

    per_case: int = Field(ge=1, le=100, description="Controls to a case.")
    match: tuple[MatchedColumn, ...] = Field(min_length=1, description="In what a control is like its case.")
    reuse_between: bool = Field(
        default=True,
        description="Whether a control may serve several case persons; if not, the case with the earliest index date "
        "takes first.",
    )
    reuse_within: bool = Field(
        default=True, description="Whether a control may serve several index dates of one case person."
    )
    resident_years: int = Field(
        default=0,
        ge=0,
        le=100,
        description="Years that cases and controls have been resident without a gap, if not since birth.",
    )

    @model_validator(mode="after")
    def each_column_once(self) -> "Controls":
        columns = [matched.column for matched in self.match]
        if len(columns) != len(set(columns)):
            raise ValueError("a column stands twice in match")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The matched columns, in the order of the specification."""
        return tuple(matched.column for matched in self.match)
