"""The models of the register catalogue: registers, their variables, and what is true of these in which years.

What belongs here: fields, and what one field says about another. What must not: reading the catalogue (reading).
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from samkorning.errors import NotFound
from samkorning.identity.identifies import Identifies
from samkorning.source_names import REGISTER_NAME
from samkorning.years import Year

RegisterName = Annotated[str, StringConstraints(pattern=f"^{REGISTER_NAME}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]


class CodeSystem(StrEnum):
    """The classifications that codes of the registers are of; codes are written without a dot."""

    ICD_7 = "ICD-7"
    ICD_8 = "ICD-8"
    ICD_9 = "ICD-9"
    ICD_10 = "ICD-10-SE"
    ICD_O_3 = "ICD-O-3"
    KVA = "KVÅ"
    ATC = "ATC"


class Position(StrEnum):
    """Where in a row a code stands: what a selection by codes may look at."""

    MAIN = "main"
    SECONDARY = "secondary"
    EXTERNAL_CAUSE = "external_cause"
    PROCEDURE = "procedure"
    DRUG = "drug"
    UNDERLYING_CAUSE = "underlying_cause"
    CONTRIBUTING_CAUSE = "contributing_cause"


class Holds(StrEnum):
    """What a row of a register is about."""

    EVENTS = "events"
    """Something that happened to a person on a day."""
    PERSONS = "persons"
    """A person, once: birth, sex, death."""
    RESIDENCE = "residence"
    """A person's residence in an area from a first to a last day, both included."""
    PARENTS = "parents"
    """A person's mother and father."""
    SPOUSES = "spouses"
    """A person's spouse from a first to a last day, both included."""


class Standing(StrEnum):
    """What kind of register it is."""

    STATISTICAL = "statistical"
    """One of the thirteen statistical registers, or a part of one."""
    ADMINISTRATIVE = "administrative"
    """A register that stands beside these, kept for another task."""
    POPULATION = "population"
    """Who has lived where, with whom: what populations and controls are drawn from."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Validity(_Entry):
    """The years in which something holds, both included; without a bound, since or until always."""

    from_year: Year | None = Field(default=None, description="First year.")
    to_year: Year | None = Field(default=None, description="Last year.")

    @model_validator(mode="after")
    def runs_forward(self) -> "Validity":
        if self.from_year is not None and self.to_year is not None and self.to_year < self.from_year:
            raise ValueError("to_year comes before from_year")
        return self

    def holds_in(self, year: int) -> bool:
        """Whether it holds in a year."""
        return (self.from_year or year) <= year <= (self.to_year or year)


class Code(Validity):
    """One value of a value set (värdemängd), with the years in which it is used."""

    code: str = Field(description="The value as it stands in the register.")
    label_sv: str = Field(description="What it means, in Swedish.")
    label_en: str = Field(description="What it means, in English.")


class CodeSystemYears(Validity):
    """The years in which a variable holds codes of a classification."""

    system: CodeSystem = Field(description="The classification.")


class Break(_Entry):
    """A break in a series: from this year on, what stands there is not to be compared with before."""

    year: Year = Field(description="The first year of the new order.")
    note_sv: str = Field(description="What changed, in Swedish.")
    note_en: str = Field(description="What changed, in English.")


class CatalogueVariable(Validity):
    """One variable of a register, in the years in which it exists."""

    name: VariableName = Field(description="Delivered name.")
    type: Literal["text", "integer", "decimal", "date"] = Field(description="`text`, `integer`, `decimal` or `date`.")
    length: Annotated[int, Field(ge=1)] = Field(description="Longest value, in characters.")
    label_sv: str = Field(description="What it is, in Swedish.")
    label_en: str = Field(description="What it is, in English.")
    unit: str | None = Field(default=None, description="Unit of a measure, such as `kg`.")
    codes: tuple[Code, ...] = Field(default=(), description="Its value set, where it has a closed one.")
    systems: tuple[CodeSystemYears, ...] = Field(default=(), description="Which classification it holds, by years.")
    position: Position | None = Field(default=None, description="Where in the row its code stands.")
    identifies: Identifies | None = Field(
        default=None, description="Of an identifier column beside the person of the row: whom or what it stands for."
    )
    serial_name: VariableName | None = Field(
        default=None, description="Of an identifier column: the name under which its serial number is delivered."
    )
    breaks: tuple[Break, ...] = Field(default=(), description="Breaks in the series.")

    @model_validator(mode="after")
    def codes_fit(self) -> "CatalogueVariable":
        if any(len(each.code) > self.length for each in self.codes):
            raise ValueError("a code of the value set is longer than length")
        if self.serial_name is not None and self.identifies is None:
            raise ValueError("serial_name without identifies")
        return self

    @property
    def delivered_name(self) -> str:
        """Its name in deliveries, where an identifier column holds a serial number."""
        return self.serial_name or self.name

    def codes_in(self, year: int) -> frozenset[str]:
        """The values of its value set in a year; none where it has no closed one."""
        return frozenset(each.code for each in self.codes if each.holds_in(year))

    def system_in(self, year: int) -> CodeSystem | None:
        """The classification that its codes are of in a year, or nothing."""
        return next((each.system for each in self.systems if each.holds_in(year)), None)


class CatalogueRegister(Validity):
    """One of the authority's own registers, or a part of one, in the years that it covers."""

    name: RegisterName = Field(description="Name in orders and file names.")
    title_sv: str = Field(description="Swedish title.")
    title_en: str = Field(description="English title.")
    description: str | None = Field(default=None, description="What it holds, as its publisher describes it.")
    publisher: str | None = Field(default=None, description="Who publishes its metadata.")
    part_of: str | None = Field(default=None, description="The register that it is a part of, such as `PAR`.")
    standing: Standing = Field(default=Standing.STATISTICAL, description="What kind of register it is.")
    holds: Holds = Field(default=Holds.EVENTS, description="What a row is about.")
    day: str | None = Field(default=None, description="The variable that says on which day an event happened.")
    year_by: str | None = Field(
        default=None, description="The variable whose day puts a row into its year, where that is not `day`."
    )
    barred: str | None = Field(default=None, description="Why it is never linked or delivered at person level (R06).")
    variables: tuple[CatalogueVariable, ...] = Field(description="The variables that can be ordered.")

    @model_validator(mode="after")
    def names_fit(self) -> "CatalogueRegister":
        names = Counter(variable.name.casefold() for variable in self.variables)
        if names and max(names.values()) > 1:
            raise ValueError("two variables share a name")
        unknown = {each for each in (self.day, self.year_by) if each} - {variable.name for variable in self.variables}
        if unknown:
            raise ValueError("day or year_by is none of its variables")
        return self

    def variable(self, name: str) -> CatalogueVariable:
        """The variable of that name.

        :raises NotFound: when the register has none.
        """
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise NotFound(f"register {self.name} has no variable {name}; the register catalogue lists them")

    def at(self, position: Position) -> tuple[CatalogueVariable, ...]:
        """The variables in which codes of a position stand, in their order."""
        return tuple(variable for variable in self.variables if variable.position is position)


class RegisterCatalogue:
    """All own registers, by their names."""

    def __init__(self, registers: Iterable[CatalogueRegister] = ()) -> None:
        self._registers = {register.name: register for register in registers}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all registers, in order; none is read for it."""
        return tuple(sorted(self._registers))

    def find(self, name: str) -> CatalogueRegister | None:
        """The register of that name, or nothing."""
        return self._registers.get(name)

    @property
    def registers(self) -> tuple[CatalogueRegister, ...]:
        """All registers, in order of their names: each of them is read."""
        return tuple(self.register(name) for name in self.names)

    def register(self, name: str) -> CatalogueRegister:
        """The register of that name.

        :raises NotFound: when there is none.
        """
        found = self.find(name)
        if found is None:
            raise NotFound(f"no own register {name}; the register catalogue lists: {', '.join(self.names)}")
        return found
