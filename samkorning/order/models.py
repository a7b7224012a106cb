"""The models of an order file, field by field. Every field carries the description that docs/order.md prints.

What belongs here: fields, their types and what one field says about another inside the same block. What must not:
rules that compare the whole order with the practice of the service (samkorning.order.rules).
"""

import hashlib
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from samkorning.errors import NotFound
from samkorning.identity import IdentityRules, Issuer, Repair
from samkorning.identity.identifies import UNKNOWN_BY_DEFAULT, Identifies, Unknown
from samkorning.order.block import Block
from samkorning.order.dates import Date
from samkorning.order.selection import CodeList, EventGroup, Selection
from samkorning.order.spans import Ages, Period
from samkorning.register_files import FileContract
from samkorning.source_names import REGISTER_NAME, SOURCE_NAME
from samkorning.years import Year

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
SourceName = Annotated[str, StringConstraints(pattern=f"^{SOURCE_NAME}$")]
ColumnName = Annotated[str, StringConstraints(min_length=1)]
DeliveredName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Share = Annotated[float, Field(ge=0, le=1)]
AgeRecipient = Annotated[str, StringConstraints(pattern=r"^age1[a-z0-9]{58}$")]


class ContactPerson(Block):
    """A person the service writes to."""

    name: Name = Field(description="Full name.")
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] = Field(description="E-mail address.")


class ResearchPrincipal(Block):
    """Research principal (forskningshuvudman): the legal person that asks for the data (R03)."""

    name: Name = Field(description="Name of the legal person.")
    authority: bool = Field(
        description="Whether it is an authority; otherwise a confidentiality reservation can be made (R10)."
    )
    representative: ContactPerson = Field(
        description="Authorised representative (behörig företrädare), who receives the decision."
    )


class Recipient(Block):
    """Who receives the deliveries at the research principal (R20)."""

    name: Name = Field(description="The person who receives and opens the deliveries.")
    organisation: Name = Field(description="Where that person works.")
    age_recipient: AgeRecipient = Field(
        description="The public key deliveries are sealed for, as `age-keygen` prints it (`age1…`)."
    )


class Ethics(Block):
    """What the ethics authority has approved (R03)."""

    application: Name = Field(description="Reference of the ethics application.")
    decided: Date = Field(description="Date of the ethics decision.")
    supplements: tuple[Name, ...] = Field(default=(), description="References of supplements (ändringsansökningar).")
    consent: Literal["not_needed_by_ethics_decision"] | tuple[Name, ...] = Field(
        description="Every version of patient information and consent form, or `not_needed_by_ethics_decision`."
    )


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
    """The kinds of holders that send files."""

    SCB = "scb"
    QUALITY_REGISTER = "quality_register"
    REGION = "region"
    RESEARCHER = "researcher"


class Population(Block):
    """The study population: the file whose persons get serial numbers first."""

    holder: Name = Field(description="Who made the population and sends it.")
    column: ColumnName = Field(description="The column that holds the identity number.")
    issuer: Issuer | None = Field(
        default=None, description="Who gave the numbers out, where a number could be several issuers'."
    )
    damaged_share_allowed: Share = Field(
        default=0.02, description="Largest share of rows whose number is missing or damaged before the case stops."
    )
    file: FileContract = Field(description="What the file looks like.")


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


class OwnRegister(Block):
    """An extract from one of the authority's own registers, for the persons of the population."""

    register_name: Annotated[str, StringConstraints(pattern=f"^{REGISTER_NAME}$")] = Field(
        description="Name in the register catalogue, such as `PAR_SV`."
    )
    from_year: Year = Field(description="First year of the period.")
    to_year: Year = Field(description="Last year of the first delivery.")
    repeats_until: Year | None = Field(
        default=None, description="Last year that repeat deliveries may add; they need a kept code key (R18)."
    )
    variables: tuple[DeliveredName, ...] = Field(min_length=1, description="Variables, by their delivered names.")
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


class Specification(Block):
    """Specification (specifikation): what the orderer approves and the service carries out (R09)."""

    reference_date: Date = Field(description="The day that decides the century of ten-digit numbers.")
    strict_century: bool = Field(
        default=False, description="Refuse ten-digit numbers whose century would be a guess, instead of counting them."
    )
    ages: Ages | None = Field(
        default=None,
        description="The ages that the population can have: they settle the century of ten-digit numbers, and refuse "
        "those that fit none or two. Not for relatives.",
    )
    repairs: tuple[Repair, ...] = Field(
        default=(), description="Safe repairs of damaged numbers that are made, and counted."
    )
    engine: Literal["polars", "duckdb"] = Field(
        default="polars", description="What does the linkage; results are equal."
    )
    all_or_nothing: bool = Field(
        default=False, description="Nothing leaves before every holder has decided and sent its file (R04)."
    )
    dispatch: Literal["before_extraction", "with_delivery"] = Field(
        default="with_delivery", description="When the disclosure decision is sent to the representative (R10)."
    )
    approximate_price_sek: int | None = Field(default=None, ge=0, description="Approximate price, SEK without VAT.")
    population: Population = Field(description="The study population.")
    number_history: FileContract | None = Field(
        default=None,
        description="The file of changed identity numbers, with the columns `old_number` and `new_number`.",
    )
    sources: tuple[Source, ...] = Field(default=(), description="Files awaited from other register holders.")
    own_registers: tuple[OwnRegister, ...] = Field(default=(), description="Extracts from the own registers.")
    code_lists: tuple[CodeList, ...] = Field(default=(), description="Lists of codes that event groups seek.")
    events: tuple[EventGroup, ...] = Field(default=(), description="Groups of events in own registers.")
    selections: tuple[Selection, ...] = Field(default=(), description="Persons by the event groups that they are in.")

    def source(self, name: str) -> Source | None:
        """The source of that name, or nothing."""
        return next((source for source in self.sources if source.name == name), None)

    def code_list(self, name: str) -> CodeList:
        """The code list of that name.

        :raises NotFound: when there is none.
        """
        for code_list in self.code_lists:
            if code_list.name == name:
                return code_list
        raise NotFound(f"no code list {name}; the specification lists them in code_lists")

    def of_class(self, source_class: SourceClass) -> tuple[Source, ...]:
        """The sources of one class, in the order of the specification."""
        return tuple(source for source in self.sources if source.source_class is source_class)

    @property
    def sha256(self) -> str:
        """Hash of the specification: approvals and reviews are bound to it (R09, R12).

        Fields left at their default do not count, so that a later version with new fields voids no approval.
        """
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()


class Order(Block):
    """Order (beställning), with the specification that the orderer approves (R03)."""

    title: Name = Field(description="Title of the research project.")
    synthetic: bool = Field(
        default=False,
        description="A case of made-up persons only. Such a case never delivers to a real recipient.",
    )
    purpose: Literal["research", "statistics"] = Field(description="What the data are for.")
    research_principal: ResearchPrincipal = Field(description="Who asks for the data.")
    contact: ContactPerson = Field(description="The orderer's contact person.")
    recipient: Recipient = Field(description="Who receives the deliveries.")
    ethics: Ethics | None = Field(default=None, description="The ethics application and decision.")
    research_plan: Name | None = Field(
        default=None, description="Research plan, in place of ethics approval for deceased persons only (R05)."
    )
    deceased_only: bool = Field(default=False, description="The order concerns deceased persons only (R05).")
    specification: Specification = Field(description="What is to be done.")

    def identity_rules(self, identifies: Identifies = Identifies.PERSON, issuer: Issuer | None = None) -> IdentityRules:
        """How the identity numbers of a column are read: synthetic persons only in a synthetic case."""
        said = self.specification
        bound = said.ages if identifies is Identifies.PERSON else None
        return IdentityRules(
            reference_date=said.reference_date,
            issuer=issuer,
            kinds=identifies.kinds,
            strict_century=said.strict_century,
            allow_synthetic=self.synthetic,
            ages=(bound.lowest, bound.highest) if bound else None,
            repairs=frozenset(said.repairs),
        )
