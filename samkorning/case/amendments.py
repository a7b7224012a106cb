"""What an order may still change once the case has delivered (R19): three kinds, and nothing of what was agreed.

What belongs here: comparing two orders. What must not: recording the amendment (acts), or what follows from it: nothing
leaves before the order is approved, decided and reviewed again (R09, R10, R12).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import RuleRefused
from samkorning.order import Order, read_order

NAMED_LISTS = {"sources": "name", "own_registers": "register_name"}
"""Lists whose entries are told apart by a name."""


def may_be_amended(case: Case, order: Order) -> None:
    """R19: after a delivery an order takes another research principal, another contact, or further files of holders.

    :raises RuleRefused: which names every field that is changed beside these.
    """
    delivered = case.last(EventKind.DELIVERED)
    if delivered is None:
        return
    if order == case.order:
        raise RuleRefused("R19", "the case has delivered, and this order says nothing else", "amend what is to change")
    before = _order_at(case, delivered)
    changed = sorted(_differences(before.model_dump(mode="json"), order.model_dump(mode="json"), ""))
    refused = [field for field in changed if not _may_change(field)]
    if refused:
        raise RuleRefused(
            "R19",
            f"the case has delivered, and {', '.join(refused)} would be another",
            "a change of what is delivered is a new order; another age key has `case exchange-recipient`",
        )
    if order.recipient.age_recipient != case.recipient_key:
        raise RuleRefused(
            "R20",
            f"the order names the age key from before it was exchanged for {case.recipient_fingerprint}",
            "write the present one into the order",
        )


def _order_at(case: Case, delivered: Event) -> Order:
    """The order that was delivered on last: what was amended since and has not left may still be put right."""
    named = [event for event in case.of(EventKind.OPENED, EventKind.AMENDED) if event.number < delivered.number][-1]
    return read_order(named.detail["order"], named.detail["file"])


def _may_change(field: str) -> bool:
    """Another principal or contact; further sources and documents, which are told apart from changes by the sign."""
    return field.startswith(("research_principal.", "contact.", "+specification.sources.", "+attachments"))


def _differences(before: Any, after: Any, place: str) -> Iterator[str]:
    """The fields that differ, by their place; ``+`` before what has come, ``-`` before what has gone."""
    if before == after or place == "recipient.age_recipient":
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted(before.keys() | after.keys()):
            inner = f"{place}.{name}" if place else name
            if name in before and name in after:
                yield from _differences(before[name], after[name], inner)
            else:
                yield f"{'+' if name in after else '-'}{inner}"
        return
    if place == "attachments" and all(each in after for each in before):
        yield f"+{place}"  # documents that have come; those that were there are as they were
        return
    key = NAMED_LISTS.get(place.rpartition(".")[2])
    if key and isinstance(before, list) and isinstance(after, list):
        yield from _differences({each[key]: each for each in before}, {each[key]: each for each in after}, place)
        return
    yield place
