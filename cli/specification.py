"""The contract of one file, from an order or from a file that holds nothing else.

What belongs here: finding which of the two a YAML file is. What must not: what a contract says (samkorning).
"""

from pathlib import Path

import typer
from pydantic import ValidationError

from assets.steps.coming_orders import shown_name, text_of
from samkorning.errors import NotFound, OrderRefused
from samkorning.order import Order
from samkorning.order.document import Document, read_document
from samkorning.order.reading import model_faults, read_incoming_order, require_no_number_in
from samkorning.persons.number_history import HISTORY_COLUMNS
from samkorning.register_files import FileContract
from samkorning.register_files.declared.declared_file import DeclaredFile


def declared(path: Path, source: str | None) -> FileContract | DeclaredFile:
    """What an order declares of the file ``source``, or the contract that is the whole YAML file.

    :raises OrderRefused: when the YAML is neither.
    :raises NotFound: when the order has no such source.
    """
    text, name = text_of(path), shown_name(path)
    document = read_document(text, name)
    if not isinstance(document.value, dict) or "specification" in document.value or "title" in document.value:
        return _of_order(read_incoming_order(text, name), source)
    if source is not None:
        raise typer.BadParameter("--source is for an order; this file is the contract of one file")
    require_no_number_in(text, name)
    return _bare(document, name)


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


def _bare(document: Document, name: str) -> FileContract:
    try:
        return FileContract.model_validate(document.value)
    except ValidationError as invalid:
        faults = model_faults(document, invalid)
    raise OrderRefused(name, faults)
