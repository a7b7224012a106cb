"""Reading entries of the register catalogue, and the hash of what they say of some variables.

What belongs here: the text of an entry and its faults. What must not: the models (models), or where the texts lie
(resources.catalogue).

An entry is read at every order and every look at a case: so it is parsed by the C library, and the same text once.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError

from samkorning.errors import NotFound
from samkorning.own_registers.catalogue.models import CatalogueRegister, RegisterCatalogue

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLACES, _PLACE = "places", "{n}"
"""``name: DIA{n}, places: [1, 30]`` stands for thirty variables that differ by their number alone."""


def entries_sha256(catalogue: RegisterCatalogue, register: str, variables: Iterable[str]) -> str:
    """Hash of what the catalogue says of some variables of a register, and of whether it is barred; of one that is
    not there, that it is not."""
    found = catalogue.find(register)
    by_name = {variable.name: variable for variable in found.variables} if found else {}
    said = "\n".join(f"{name} {_said(by_name.get(name))}" for name in variables)
    barred = f"\nbarred {found.barred}" if found and found.barred else ""
    return hashlib.sha256((said + barred).encode()).hexdigest()


def _said(variable: Any) -> str | None:
    return variable.model_dump_json(exclude_defaults=True) if variable else None


@lru_cache(maxsize=256)
def read_register(text: str, source: str) -> CatalogueRegister:
    """The entry of one register in a YAML text; ``source`` names it in messages. The same text is read once.

    :raises NotFound: when it is no entry; which field, never what stands in it.
    """
    read = _read(text, source)
    return _register(read, source)


def entry_text(register: CatalogueRegister) -> str:
    """The text of an entry, which ``read_register`` reads as the same."""
    said = register.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120))


@lru_cache(maxsize=4)
def read_catalogue(text: str, source: str) -> RegisterCatalogue:
    """A catalogue of several registers in one YAML text, under ``registers``."""
    read = _read(text, source)
    if set(read) != {"registers"} or not isinstance(read["registers"], list):
        raise _unreadable(source, "the field registers")
    return RegisterCatalogue(_register(entry, source) for entry in read["registers"])


def _read(text: str, source: str) -> Mapping[str, Any]:
    try:
        read = yaml.load(text, _LOADER)  # noqa: S506  safe loaders both
    except (yaml.YAMLError, ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise _unreadable(source, "the text")
    return read


def _register(entry: Any, source: str) -> CatalogueRegister:
    wrong = ""
    try:
        return CatalogueRegister.model_validate({**entry, "variables": list(_placed(entry["variables"]))})
    except ValidationError as error:
        wrong = ".".join(map(str, error.errors()[0]["loc"])) or str(entry.get("name"))
    except (TypeError, KeyError, ValueError, AttributeError):
        wrong = "variables"
    raise _unreadable(source, wrong)


def _placed(variables: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every variable, those that stand for several in full."""
    for variable in variables:
        if _PLACES not in variable:
            yield variable
            continue
        first, last = variable[_PLACES]
        kept = {field: value for field, value in variable.items() if field != _PLACES}
        for place in range(first, last + 1):
            yield {field: _numbered(value, place) for field, value in kept.items()}


def _numbered(value: Any, place: int) -> Any:
    return value.replace(_PLACE, str(place)) if isinstance(value, str) else value


def _unreadable(source: str, where: str) -> NotFound:
    return NotFound(f"{source}: the register catalogue is not readable at {where}; compare it with one that ships")
