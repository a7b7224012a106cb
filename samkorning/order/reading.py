"""Reading an order file: YAML in, an order or its faults by line out.

What belongs here: YAML, lines, and turning a validation error into what the orderer must do. What must not: what a
good order is (models and rules say that). A fault never repeats the value that was found.
"""

import hashlib
from io import StringIO
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from samkorning.errors import OrderFault, OrderRefused
from samkorning.order.models import Order
from samkorning.order.rules import findings
from samkorning.register_catalogue import RegisterCatalogue

REMEDIES = {
    "missing": "add the field",
    "extra_forbidden": "remove it, or correct its spelling; docs/order.md lists the fields",
    "enum": "use one of the values that docs/order.md lists",
    "literal_error": "use one of the values that docs/order.md lists",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "date_from_datetime_parsing": "write the date as YYYY-MM-DD",
    "date_parsing": "write the date as YYYY-MM-DD",
    "too_short": "list at least one",
}
OUT_OF_PLACE = {
    "string_pattern_mismatch": "does not have the form that docs/order.md gives",
    "missing": "is missing",
    "extra_forbidden": "is not a field of an order",
}


def read_order(text: str, source: str, catalogue: RegisterCatalogue | None = None) -> Order:
    """The order in a YAML text.

    :param text: the whole file.
    :param source: its name, for messages.
    :param catalogue: the register catalogue, where ordered registers and variables are to be looked up.
    :raises OrderRefused: with every fault's line, field and remedy.
    """
    document = _parse(text, source)
    try:
        order = Order.model_validate(document)
    except ValidationError as invalid:
        faults = [_fault(document, error) for error in invalid.errors(include_input=False, include_url=False)]
        order = None
    if order is None:
        raise OrderRefused(source, sorted(faults, key=lambda fault: fault.line))
    broken = [OrderFault(line_of(document, path), _dotted(path), *words) for path, *words in findings(order, catalogue)]
    if broken:
        raise OrderRefused(source, sorted(broken, key=lambda fault: fault.line))
    return order


def order_sha256(text: str) -> str:
    """Hash of the order as it came, for the case register."""
    return hashlib.sha256(text.encode()).hexdigest()


def line_of(document: Any, path: tuple[str | int, ...]) -> int:
    """The 1-based line of a field, or of the block that should have held it."""
    line, node = 1, document
    for step in path:
        if not hasattr(node, "lc") or not _holds(node, step):
            break
        line = (node.lc.item(step)[0] if isinstance(step, int) else node.lc.key(step)[0]) + 1
        node = node[step]
    return line


def _parse(text: str, source: str) -> Any:
    fault: OrderFault | None = None
    try:
        document = YAML(typ="rt").load(StringIO(text))
    except MarkedYAMLError as broken:
        mark = broken.problem_mark
        fault = OrderFault(mark.line + 1 if mark else 0, "YAML", "not readable here", "check indent, colon and quotes")
    except Exception:
        fault = OrderFault(0, "YAML", "not readable", "save the order as YAML in UTF-8")
    if fault is not None:
        raise OrderRefused(source, [fault])
    if not isinstance(document, dict):
        raise OrderRefused(source, [OrderFault(1, "order", "holds no fields", "start from data/sample/order.yaml")])
    return document


def _fault(document: Any, error: Any) -> OrderFault:
    path: tuple[str | int, ...] = error["loc"]
    problem = OUT_OF_PLACE.get(error["type"], error["msg"])
    remedy = REMEDIES.get(error["type"], "correct it; docs/order.md tells what it takes")
    return OrderFault(line_of(document, path), _dotted(path), problem, remedy)


def _holds(node: Any, step: str | int) -> bool:
    return step in node if isinstance(node, dict) else isinstance(step, int) and step < len(node)


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in path)
