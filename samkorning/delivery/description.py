"""What a delivery (utlämning) says of itself: its files with their variables, the row flow and what is still awaited.

What belongs here: the values that the caller hands over and that all documents of the package are made from. What must
not: how they are checked (checks), written (rendering, documents) or sealed (package).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from samkorning.delivery.kind import DeliveryKind
from samkorning.delivery.provenance import Provenance
from samkorning.delivery.rendering.facts import Form, RenderedFacts
from samkorning.delivery.row_difference import RowDifference
from samkorning.delivery.standing import StandingUnit
from samkorning.delivery.steps import Step
from samkorning.linkage.row_flow import RowFlow
from samkorning.order.drawn_files import OWN_HOLDER
from samkorning.order.metadata import Metadata
from samkorning.own_registers.catalogue.models import Break, Code, CodeSystemYears, Validity
from samkorning.persons.attrition import AttritionStep
from samkorning.register_files.declared.contract import DateShape

if TYPE_CHECKING:  # they are made from what stands here
    from samkorning.delivery.changes.models import Change
    from samkorning.delivery.codebook.models import CodebookVariable
    from samkorning.delivery.lost_persons import ReportedLost
    from samkorning.delivery.study_persons.models import StudyPersons


class VariableRole(StrEnum):
    """What a delivered column is for."""

    SERIAL_NUMBER = "serial_number"
    """Stands for a person, or for a workplace, organisation or household."""
    REUSED = "reused"
    """Flags a serial number whose identity number has belonged to several persons."""
    VALUE = "value"
    """What the register says."""


@dataclass(frozen=True)
class Origin:
    """Where a delivered column comes from: its holder, the register or source, and its name there."""

    holder: str
    register: str
    column: str

    @property
    def holder_sv(self) -> str:
        """The holder in Swedish text."""
        return "eget register" if self.holder == OWN_HOLDER else self.holder


@dataclass(frozen=True)
class AsWritten:
    """How the text of another holder's column writes what it was declared as, since it is delivered as it came."""

    decimal_mark: str = "."
    date_shapes: tuple[DateShape, ...] = ("YYYY-MM-DD",)
    true_values: tuple[str, ...] = ()
    false_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveredVariable:
    """One row of the variable list (variabellista).

    ``type`` is ``text``, ``integer``, ``decimal``, ``date`` or ``boolean`` as it was declared, ``length`` in
    characters, 0 where nothing says it. ``codes`` are its value set (värdemängd) where it has a closed one, with the
    years in which each holds.
    """

    name: str
    label_sv: str
    label_en: str
    type: str
    length: int
    role: VariableRole = VariableRole.VALUE
    origin: Origin | None = None
    unit: str | None = None
    valid: Validity = field(default_factory=Validity)
    codes: tuple[Code, ...] = ()
    systems: tuple[CodeSystemYears, ...] = ()
    breaks: tuple[Break, ...] = ()
    is_typed: bool = False
    """Whether its values are written as its type says; those of another holder's file are written as they came."""
    written: AsWritten = AsWritten()
    """How another holder's file writes its type."""
    cut: int | None = None
    """How many first characters of its codes are delivered, where the specification cuts them (R08)."""


@dataclass(frozen=True)
class DeliveredUnit:
    """One part of a file, such as ``lisa`` or ``lmed 2219``, and the delivery whose part it replaces, if it does.

    ``input_digest`` is the keyed digest of what it was made from (samkorning.delivery.provenance).
    """

    name: str
    rows: int
    input_digest: str
    replaces: str | None = None


@dataclass(frozen=True)
class DeliveredFile:
    """One data file: ``name`` without ending (``ut_r_par_sv_36759_2021``), already rendered.

    ``rendered`` is what is known of its bytes, ``chunks`` gives those of a format each time anew. ``variables`` stand
    in the order of its columns. ``units`` are what it holds: a source's file, or years of an own register.
    """

    name: str
    rendered: RenderedFacts
    chunks: Callable[[str], Iterator[bytes]] = field(repr=False, compare=False)
    variables: tuple[DeliveredVariable, ...]
    units: tuple[DeliveredUnit, ...] = ()
    is_study: bool = False
    """Whether it says who is in the study."""
    is_about_the_study: bool = False
    """Whether its rows are about persons of the study alone."""


def data_name(file_name: str, form: Form) -> str:
    """Where a data file lies in the package, in one of its forms."""
    return f"data/{file_name}{form.ending}"


@dataclass(frozen=True)
class Recipient:
    """Who receives: the named person at the research principal (forskningshuvudman)."""

    name: str
    organisation: str


@dataclass(frozen=True)
class SerialNumberFacts:
    """Counts of the code key (kodnyckel): persons in it at this delivery, and how many were drawn for it."""

    persons_in_code_key: int
    drawn_now: int


@dataclass(frozen=True)
class StudyChange:
    """How many persons have come to the study population since the delivery before, and how many have gone."""

    came: int = 0
    went: int = 0


@dataclass(frozen=True)
class UnitDifference:
    """What a unit differs in from the one in the delivery that it ``replaces``; nothing where that is not kept."""

    unit: str
    replaces: str
    rows: RowDifference | None


@dataclass(frozen=True)
class DeliveryDescription:
    """All that one package says; ``number`` is L001, L002, …, ``previous`` the delivery before it in the case."""

    case: str
    number: str
    kind: DeliveryKind
    synthetic: bool
    title: str
    recipient: Recipient
    date: date
    files: tuple[DeliveredFile, ...]
    row_flows: tuple[RowFlow, ...]
    awaited: tuple[str, ...]
    serial_numbers: SerialNumberFacts
    provenance: Provenance
    previous: str | None = None
    study_change: StudyChange = StudyChange()
    notes: tuple[str, ...] = ()
    standing: tuple[StandingUnit, ...] = ()
    """What one that holds everything leaves out, because it stands as in an earlier delivery."""
    differences: tuple[UnitDifference, ...] = ()
    attrition: tuple[AttritionStep, ...] = ()
    balance: tuple[tuple[str, ...], ...] = ()
    """How like their controls the cases are, as a table with its heads; nothing of a study without controls."""
    research_principal: str = ""
    steps: tuple[Step, ...] = ()
    """The acts that led to the delivery, oldest first, the delivery itself last."""
    metadata: Metadata = field(default_factory=Metadata)
    """What catalogues of health data ask and only a person can say."""
    smallest_count: int = 5
    """Counts behind which fewer persons stand are left out of code book and report."""
    codebook: tuple["CodebookVariable", ...] = ()
    changes: tuple["Change", ...] = ()
    persons: "StudyPersons | None" = None
    """The persons of the study by age and sex, and how many of them each source has rows about."""
    lost: "Mapping[str, ReportedLost]" = field(default_factory=dict)
    """The persons behind dropped rows, by source of the row flow where they were counted."""
    reports: frozenset[str] = frozenset()
    """The forms in which the report is made: ``html``, ``pdf``."""

    @property
    def folder(self) -> str:
        """The name of the package's folder and the stem of its sealed file."""
        return f"{self.case}_{self.number}"
