"""Reading the register catalogue, and the hash of what it says of some variables.

What belongs here: its file and its faults. What must not: the models (models).
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from samkorning.errors import NotFound
from samkorning.own_registers.catalogue.models import RegisterCatalogue


def entries_sha256(catalogue: RegisterCatalogue, register: str, variables: Iterable[str]) -> str:
    """Hash of what the catalogue says of some variables of a register; of one that is not there, that it is not."""
    entries = {
        variable.name: variable.model_dump_json(exclude_defaults=True)
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
