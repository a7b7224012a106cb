"""The contract of one file, from an order or from a file that holds nothing else.

What belongs here: finding which of the two a YAML file is. What must not: what a contract says (samkorning).
"""

from io import StringIO
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.order import text_of
from samkorning.errors import NotFound, OrderFault, OrderRefused
from samkorning.order import Order, read_order
from samkorning.persons import HISTORY_COLUMNS
from samkorning.register_files import FileContract
from samkorning.register_files.declared_file import DeclaredFile


def declared(path: Path, source: str | None) -> FileContract | DeclaredFile:
    """What an order declares of the file ``source``, or the contract that is the whole YAML file.

    :raises OrderRefused: when the YAML is neither.
    :raises NotFound: when the order has no such source.
    """
    text = text_of(path)
    document = _document(text)
    if not isinstance(document, dict) or "specification" in document or "title" in document:
        return _of_order(read_order(text, path.name), source)
    if source is not None:
        raise typer.BadParameter("--source is for an order; this file is the contract of one file")
    return _bare(document, path.name)


def _document(text: str) -> Any:
    try:
        return YAML(typ="safe").load(StringIO(text))
    except YAMLError:
        return None


def _of_order(order: Order, source: str | None) -> DeclaredFile:
    specification = order.specification
    population = specification.population
    files: dict[str, tuple[FileContract, tuple[str, ...]]] = {"population": (population.file, (population.column,))}
    if specification.number_history is not None:
        files["number_history"] = (specification.number_history, HISTORY_COLUMNS)
    files |= {each.name: (each.file, tuple(one.column for one in each.identifiers)) for each in specification.sources}
    if source is None:
        raise typer.BadParameter(f"name one file of the order with --source: {', '.join(files)}")
    if source not in files:
        raise NotFound(f"the order has no file {source}; it has {', '.join(files)}")
    return DeclaredFile(*files[source], order.identity_rules())


def _bare(document: Any, name: str) -> FileContract:
    faults: list[OrderFault] = []
    try:
        return FileContract.model_validate(document)
    except ValidationError as invalid:
        for error in invalid.errors(include_input=False, include_url=False, include_context=False):
            field = ".".join(str(step) for step in error["loc"]) or "contract"
            faults.append(OrderFault(0, field, error["msg"], "correct it; docs/order.md lists the fields of a file"))
    raise OrderRefused(name, faults)
