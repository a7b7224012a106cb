"""The models of an order file, field by field. Every field carries the description that docs/order.md prints.

What belongs here: fields, their types and what one field says about another inside the same block. What must not:
rules that compare the whole order with the practice of the service (samkorning.order.rules).
"""

import hashlib
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from samkorning.data_formats import FormatName
from samkorning.errors import NotFound
from samkorning.identity import IdentityRules, Issuer, Repair
from samkorning.identity.identifies import Identifies
from samkorning.order.attachments import Attachment
from samkorning.order.block import Block
from samkorning.order.controls import Controls
from samkorning.order.dates import Date
from samkorning.order.drawn_files import drawn_files
from samkorning.order.metadata import Metadata
from samkorning.order.own_registers import OwnRegister
from samkorning.order.population import Population
from samkorning.order.quasi_identifiers import QuasiIdentifiers
from samkorning.order.relatives import Relatives
from samkorning.order.repeats import Repeats
from samkorning.order.selection import CodeList, EventGroup, Selection
from samkorning.order.sources import Name, Source, SourceClass
from samkorning.order.spans import Ages
from samkorning.register_files import FileContract

FOLDER = "folder"
TargetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
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
    sealed_as: Literal["age", "7z"] = Field(
        default="age",
        description="`age` for the recipient's own key; `7z` for a recipient without age: AES-256 under a passphrase "
        "that the service draws and that is sent apart.",
    )
    age_recipient: AgeRecipient | None = Field(
        default=None,
        description="The public key deliveries are sealed for, as `age-keygen` prints it (`age1…`); not with `7z`.",
    )
    deliver_to: TargetName = Field(
        default=FOLDER,
        description="Where sealed deliveries go: `folder`, the outbox of the case, or a target that the service's "
        "settings name.",
    )

    @property
    def sealed_for(self) -> str:
        """What a delivery is sealed for, in one line: the age key, or whom the passphrase is sent to."""
        return self.age_recipient or f"7z: {self.name}, {self.organisation}"


class Ethics(Block):
    """What the ethics authority has approved (R03)."""

    application: Name = Field(description="Reference of the ethics application.")
    decided: Date = Field(description="Date of the ethics decision.")
    supplements: tuple[Name, ...] = Field(default=(), description="References of supplements (ändringsansökningar).")
    consent: Literal["not_needed_by_ethics_decision"] | tuple[Name, ...] = Field(
        description="Every version of patient information and consent form, or `not_needed_by_ethics_decision`."
    )


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
    engine: Literal["polars", "duckdb", "spark"] = Field(
        default="polars",
        description="What does the linkage; results are equal. `spark` links on a cluster (docs/scale.md).",
    )
    all_or_nothing: bool = Field(
        default=False, description="Nothing leaves before every holder has decided and sent its file (R04)."
    )
    dispatch: Literal["before_extraction", "with_delivery"] = Field(
        default="with_delivery", description="When the disclosure decision is sent to the representative (R10)."
    )
    formats: Annotated[tuple[FormatName, ...], Field(min_length=1)] = Field(
        default=("csv",),
        description="The formats of data files: `csv`, `tab`, `parquet`, `spss`, `stata`, `sas_transport`, `sas` (a "
        "program that reads the CSV file beside it) and `excel` for small tables; each file leaves in all of them. "
        "docs/formats.md tells what each carries.",
    )
    smallest_count: int = Field(
        default=5,
        ge=3,
        le=100,
        description="Counts behind which fewer persons stand are left out of code book, variable list, row flow, "
        "`urval.csv`, `balans.csv`, readme and report.",
    )
    one_row_per_person: bool = Field(
        default=False,
        description="Deliver a further file `personer` with one row per person: for each source whether rows could "
        "come, whether they came, and the first and last year delivered.",
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
    controls: Controls | None = Field(
        default=None, description="Controls to the persons of the population, who need an index date (R23)."
    )
    quasi_identifiers: tuple[QuasiIdentifiers, ...] = Field(
        default=(),
        description="What could single a person out, file by file: nothing leaves before a person has seen how many "
        "persons are alike in each and in all files together, and accepted that.",
    )
    repeats: Repeats = Field(
        default=Repeats(), description="How often repeat deliveries come, and what they hold (R18)."
    )
    relatives: Relatives | None = Field(
        default=None,
        description="Relatives of the persons of the study; rows about them need an extract that names them.",
    )

    @cached_property
    def all_sources(self) -> tuple[Source, ...]:
        """The files that holders send, and those that the service draws and takes in as its own."""
        return (
            *self.sources,
            *drawn_files(self.population, self.controls, self.relatives, self.population_identifier[1]),
        )

    @property
    def engine_here(self) -> Literal["polars", "duckdb"]:
        """What computes on the machine of the service: everything but what a cluster does."""
        return "polars" if self.engine == "spark" else self.engine

    @property
    def population_source(self) -> Source | None:
        """The source whose persons the population is, where it is one's."""
        drawn = self.population.drawn
        return next((source for source in self.sources if drawn and source.name == drawn.within), None)

    @property
    def population_identifier(self) -> tuple[str, Issuer | None]:
        """The column that the persons are found in, of the population's file or a source's, and its issuer."""
        within = self.population_source
        if within is None:
            return self.population.column, self.population.issuer
        return within.identifiers[0].column, within.identifiers[0].issuer

    def source(self, name: str) -> Source | None:
        """The source of that name, or nothing."""
        return next((source for source in self.all_sources if source.name == name), None)

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
        return tuple(source for source in self.all_sources if source.source_class is source_class)

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
    metadata: Metadata = Field(
        default=Metadata(), description="How deliveries are described to catalogues of health data."
    )
    attachments: tuple[Attachment, ...] = Field(default=(), description="The documents that come with it (R03).")

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
