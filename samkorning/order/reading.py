"""Reading an order file: YAML in, an order or its faults by line out.

What belongs here: turning a validation error into what the orderer must do, and what an order that comes in is looked
at for. What must not: YAML and lines (document), what a good order is (models and rules). A fault never repeats the
value that was found.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from samkorning.errors import OrderFault, OrderRefused
from samkorning.identity.disguised import is_disguised
from samkorning.identity.free_text import REMEDY, reads_as_number
from samkorning.order.document import MOST_BYTES, Document, Path, field_near, read_document
from samkorning.order.models import Order
from samkorning.order.rules import findings
from samkorning.own_registers.catalogue import RegisterCatalogue

REMEDIES = {
    "missing": "add the field",
    "extra_forbidden": "remove it, or correct its spelling; docs/order.md lists the fields",
    "enum": "use one of the values that docs/order.md lists",
    "literal_error": "use one of the values that docs/order.md lists",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "date_as_text": "write the date as YYYY-MM-DD",
    "date_from_datetime_parsing": "write a date that exists, as YYYY-MM-DD",
    "date_parsing": "write a date that exists, as YYYY-MM-DD",
    "too_short": "list at least one",
    "string_type": "write text, in quotes where it is a number",
    "string_too_short": "write something",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "tuple_type": "write it as a list",
    "model_type": "write it as a block of fields",
}
OUT_OF_PLACE = {
    "string_pattern_mismatch": "does not have the form that docs/order.md gives",
    "missing": "is missing",
    "extra_forbidden": "is not a field of an order",
    "tuple_type": "is no list",
    "model_type": "is no block of fields",
}
HOLDS_NUMBER = "reads as an identity number"


def text_of_order(content: bytes, source: str) -> str:
    """The text of an order file, with line ends as they are meant.

    :raises OrderRefused: with the first line that is not UTF-8 text; when it is longer than any order.
    """
    if len(content) > MOST_BYTES:
        raise OrderRefused(source, [OrderFault(0, "file", "is longer than any order", "send the order alone")])
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
    raise OrderRefused(source, [OrderFault(line, "file", "is not UTF-8 text", "save the order as YAML in UTF-8")])


def read_incoming_order(text: str, source: str, catalogue: RegisterCatalogue | None = None) -> Order:
    """An order that comes in: read as below, after every key, value and comment was looked at for identity numbers.

    :raises OrderRefused: with every fault's line, field and remedy; where a number was found, with those alone.
    """
    require_no_number_in(text, source)
    return read_order(text, source, catalogue, comes_in=True)


def read_order(text: str, source: str, catalogue: RegisterCatalogue | None = None, *, comes_in: bool = False) -> Order:
    """The order in a YAML text.

    :param text: the whole file.
    :param source: its name, for messages.
    :param catalogue: the register catalogue, where ordered registers and variables are to be looked up.
    :param comes_in: whether it comes in now: then rules hold that orders kept from before need not keep.
    :raises OrderRefused: with every fault's line, field and remedy.
    """
    document = read_document(text, source)
    if not isinstance(document.value, dict):
        raise OrderRefused(source, [OrderFault(1, "order", "holds no fields", "start from data/sample/order.yaml")])
    try:
        order = Order.model_validate(document.value)
    except ValidationError as invalid:
        faults = model_faults(document, invalid)
        order = None
    if order is None:
        raise OrderRefused(source, faults)
    broken = [document.fault(*finding) for finding in findings(order, catalogue, comes_in)]
    if broken:
        raise OrderRefused(source, sorted(broken, key=lambda fault: fault.line))
    return order


def require_no_number_in(text: str, source: str) -> None:
    """Refuses a YAML text that holds what reads as an identity number, in comments too, by line and field.

    :raises OrderRefused: also when it is no YAML.
    """
    seen = [line for line, said in enumerate(text.splitlines(), start=1) if reads_as_number(said)]
    seen += [line for line, said in enumerate(text.splitlines(), start=1) if is_disguised(said)]
    faults = {line: OrderFault(line, _named_field(text, line), HOLDS_NUMBER, REMEDY) for line in sorted(seen)}
    if not faults:
        document = read_document(text, source)
        for path, said in _texts(document.value, ()):
            if reads_as_number(said):  # spread over lines, or escaped
                line = document.line_of(path)
                faults[line] = OrderFault(line, _named_field(text, line), HOLDS_NUMBER, REMEDY)
    if faults:
        raise OrderRefused(source, list(faults.values()))


def model_faults(document: Document, invalid: ValidationError) -> list[OrderFault]:
    """What a model found, one fault a field, in order of line."""
    faults: dict[Path, OrderFault] = {}
    for error in invalid.errors(include_input=False, include_url=False, include_context=False):
        path = _path(document, error)
        problem = OUT_OF_PLACE.get(error["type"], error["msg"].removeprefix("Value error, "))
        remedy = REMEDIES.get(error["type"], "correct it; docs/order.md tells what it takes")
        faults.setdefault(path, document.fault(path, problem, remedy))
    return sorted(faults.values(), key=lambda fault: fault.line)


def order_sha256(text: str) -> str:
    """Hash of the order as it came, for the case register."""
    return hashlib.sha256(text.encode()).hexdigest()


def _path(document: Document, error: Any) -> Path:
    """Where in the document: without the names that a model's alternatives have, with the field that is missing."""
    known = document.known(error["loc"])
    return (*known, error["loc"][-1]) if error["type"] == "missing" else known


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every key and value of a document as text, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), key
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))
    else:
        yield path, str(value)


def _named_field(text: str, line: int) -> str:
    """The name of the field near a line, but for a name that is the number itself."""
    field = field_near(text, line)
    return "YAML" if reads_as_number(field) or is_disguised(field) else field
