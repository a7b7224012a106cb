"""The register catalogue (registerkatalog): what the own registers contain, variable by variable.

What belongs here: the catalogue's models and reading it. What must not: the registers' rows.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from samkorning.errors import NotFound


class CatalogueVariable(BaseModel):
    """One variable of a register."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="Delivered name.")
    type: str = Field(description="`text`, `integer`, `decimal` or `date`.")
    length: int = Field(ge=1, description="Longest value, in characters.")
    label_sv: str = Field(description="What it is, in Swedish.")
    label_en: str = Field(description="What it is, in English.")


class CatalogueRegister(BaseModel):
    """One of the authority's own registers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="Name in orders and file names.")
    title_sv: str = Field(description="Swedish title.")
    title_en: str = Field(description="English title.")
    variables: tuple[CatalogueVariable, ...] = Field(description="The variables that can be ordered.")

    def variable(self, name: str) -> CatalogueVariable:
        """The variable of that name.

        :raises NotFound: when the register has none.
        """
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise NotFound(f"register {self.name} has no variable {name}; the register catalogue lists them")


class RegisterCatalogue(BaseModel):
    """All own registers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    registers: tuple[CatalogueRegister, ...]

    def register(self, name: str) -> CatalogueRegister:
        """The register of that name.

        :raises NotFound: when there is none.
        """
        for register in self.registers:
            if register.name == name:
                return register
        raise NotFound(
            f"no own register {name}; the register catalogue lists: {', '.join(r.name for r in self.registers)}"
        )


def entries_sha256(catalogue: RegisterCatalogue, register: str, variables: Iterable[str]) -> str:
    """Hash of what the catalogue says of some variables of a register; of one that is not there, that it is not."""
    entries = {
        variable.name: variable.model_dump_json()
        for found in catalogue.registers
        if found.name == register
        for variable in found.variables
    }
    said = "\n".join(f"{name} {entries.get(name)}" for name in variables)
    return hashlib.sha256(said.encode()).hexdigest()


@lru_cache(maxsize=4)
def read_catalogue(text: str, source: str) -> RegisterCatalogue:
    """The catalogue in a YAML text; ``source`` names it in messages. The same text is read once."""
    catalogue: RegisterCatalogue | None
    try:
        catalogue = RegisterCatalogue.model_validate(YAML(typ="safe").load(text))
    except (YAMLError, ValidationError):
        catalogue = None
    if catalogue is None:
        raise NotFound(f"{source}: the register catalogue is not readable; compare it with the one the program ships")
    return catalogue
