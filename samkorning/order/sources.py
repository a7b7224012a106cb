"""The blocks of an order about files that are linked: their identifier columns, and who sends them.

What belongs here: the fields of a source. What must not: the study population (population), or what the service draws
itself (drawn_files).
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from samkorning.identity import Issuer
from samkorning.identity.identifies import UNKNOWN_BY_DEFAULT, Identifies, Unknown
from samkorning.order.block import Block
from samkorning.order.spans import Period
from samkorning.register_files import FileContract
from samkorning.source_names import SOURCE_NAME

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
SourceName = Annotated[str, StringConstraints(pattern=f"^{SOURCE_NAME}$")]
ColumnName = Annotated[str, StringConstraints(min_length=1)]
DeliveredName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Share = Annotated[float, Field(ge=0, le=1)]


class IdentifierColumn(Block):
    """One column that identifies somebody or something, and the serial number that replaces it."""

    column: ColumnName = Field(description="The column's name in the file.")
    serial_name: DeliveredName = Field(
        default="LopNr", description="Name of the serial number (löpnummer) that takes its place."
    )
    identifies: Identifies = Field(
        default=Identifies.PERSON,
        description="The person the row is about, a relative of that person, or something with a series of its own.",
    )
    issuer: Issuer | None = Field(
        default=None, description="Who gave the numbers out, where a number could be several issuers'."
    )
    unknown: Unknown | None = Field(
        default=None,
        description="A number not in the code key: `drop` the row (the default for persons), leave the serial number "
        "`blank` (for relatives), or `add` it to the code key (for all else).",
    )
    reused_name: DeliveredName | None = Field(
        default=None, description="Name of a column that flags numbers that have belonged to several persons (AterPNr)."
    )

    @property
    def when_unknown(self) -> Unknown:
        """What becomes of a number that is not in the code key."""
        return self.unknown or UNKNOWN_BY_DEFAULT.get(self.identifies, Unknown.ADD)

    @property
    def delivered_names(self) -> tuple[str, ...]:
        """The columns that stand in the delivery for this one."""
        return (self.serial_name, self.reused_name) if self.reused_name else (self.serial_name,)


class SourceClass(StrEnum):
    """The kinds of holders that send files, and the service itself for what it draws."""

    SCB = "scb"
    QUALITY_REGISTER = "quality_register"
    REGION = "region"
    RESEARCHER = "researcher"
    OWN = "own"


Corrections = Annotated[
    Literal["ask", "follow"],
    Field(
        description="What becomes of a correction after it was delivered: `ask` waits for a person, `follow` lets a "
        "standing release cover the replacement."
    ),
]


class Source(Block):
    """A file that another register holder sends for linkage (samkörning)."""

    name: SourceName = Field(description="Short name, used in commands, assets and file names.")
    source_class: SourceClass = Field(description="What kind of holder sends it.")
    holder: Name = Field(description="The register holder, who decides on its own data (R04).")
    identifiers: tuple[IdentifierColumn, ...] = Field(
        min_length=1, description="The identifier columns; the first is the person the row is about."
    )
    deliver: tuple[ColumnName, ...] | None = Field(
        default=None, description="The columns to deliver; without it, every declared column that is no identifier."
    )
    linked_share_at_least: Share = Field(
        default=0.0, description="Smallest share of rows that must link before the case stops (R12)."
    )
    period: Period | None = Field(
        default=None, description="The years that the holder is asked for; its release covers these (R04)."
    )
    corrections: Corrections = "ask"
    file: FileContract = Field(description="What the file looks like.")

    @property
    def delivered_columns(self) -> tuple[str, ...]:
        """The columns of the file that leave as they came, in the order they are delivered."""
        if self.deliver is not None:
            return self.deliver
        identifying = {identifier.column for identifier in self.identifiers}
        return tuple(column.name for column in self.file.columns if column.name not in identifying)
