"""Whether an order is complete: what the service would have to ask for before it could decide (R02, R03, R05).

What belongs here: what is missing, each with what mends it. What must not: what makes an order contradict itself
(rules). An order that lacks something can be opened as a case; its orderer is then asked.
"""

from collections.abc import Callable, Iterator

from samkorning.order.attachments import missing_documents
from samkorning.order.models import Order

Finding = tuple[tuple[str | int, ...], str, str]


def something_is_ordered(order: Order) -> Iterator[Finding]:
    """R03: an order has a variable list."""
    specification = order.specification
    if not specification.own_registers and not specification.sources:
        yield (
            ("specification", "own_registers"),
            "no variable of any register is ordered",
            "fill in the variable list (sheet Variabellista)",
        )


MISSING: tuple[Callable[[Order], Iterator[Finding]], ...] = (something_is_ordered, missing_documents)


def missing(order: Order) -> list[Finding]:
    """All that is missing."""
    return [finding for find in MISSING for finding in find(order)]
