"""The block of an order about the study population: a file of it, or where its persons are found.

What belongs here: its fields. What must not: selections (selection), or the files that are drawn from it (drawn_files).
"""

from pydantic import Field, model_validator

from samkorning.identity import Issuer
from samkorning.order.block import Block
from samkorning.order.selection import GroupName
from samkorning.order.sources import ColumnName, Name, Share, SourceName
from samkorning.register_files import FileContract
from samkorning.register_files.declared.contract import ColumnContract

NUMBER, INDEX_DATE = "number", "INDEXDATUM"
DRAWN_FILE = FileContract(
    columns=(
        ColumnContract(name=NUMBER, label="Identity number"),
        ColumnContract(name=INDEX_DATE, label="Indexdatum / index date", type="date"),
    )
)
"""What a population looks like that the service finds itself: taken in as a file of its own."""


class Drawn(Block):
    """Where the persons of the population are found, in place of a file of them; with both, in two steps (R22)."""

    within: SourceName | None = Field(
        default=None, description="The source whose persons they are: a group that another holder's file lists."
    )
    selection: GroupName | None = Field(
        default=None, description="The selection in own registers that they are in; its index dates are theirs."
    )

    @model_validator(mode="after")
    def is_found_somewhere(self) -> "Drawn":
        if self.within is None and self.selection is None:
            raise ValueError("names neither a source nor a selection")
        return self


class Population(Block):
    """The study population: whose persons get serial numbers first, by a file of them or found by the service."""

    holder: Name = Field(description="Who made the population and sends it.")
    column: ColumnName = Field(default=NUMBER, description="The column of its file that holds the identity number.")
    issuer: Issuer | None = Field(
        default=None, description="Who gave the numbers out, where a number could be several issuers'."
    )
    damaged_share_allowed: Share = Field(
        default=0.02, description="Largest share of rows whose number is missing or damaged before the case stops."
    )
    file: FileContract = Field(default=DRAWN_FILE, description="What its file looks like, where one is sent.")
    drawn: Drawn | None = Field(default=None, description="Where its persons are found, where no file is sent.")
    index_date: ColumnName | None = Field(
        default=None, description="The column with the index date, in its file or in that of the source they come from."
    )

    @model_validator(mode="after")
    def is_sent_or_drawn(self) -> "Population":
        sent = bool({"file", "column"} & self.model_fields_set)
        if sent == (self.drawn is not None):
            raise ValueError("give either file and column, or drawn")
        if sent and not {"file", "column"} <= self.model_fields_set:
            raise ValueError("a population that is sent needs both file and column")
        return self
