"""What an order may still change once the case has delivered (R19): three kinds, others by a decision, and nothing of
what was agreed.

What belongs here: comparing two orders, and the decision that lets another part of the order change. What must not:
recording the amendment (acts), or what follows from it: nothing leaves before the order is approved, decided and
reviewed again (R09, R10, R12).

The rule names three kinds of amendments that are accepted among others, and what may never be added: codes, variables,
registers, the period, how it is carried out. What is neither is asked for in words; a manager or a lawyer decides that
the order may be amended in it, or that it is a new order, and why.
"""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import RuleRefused
from samkorning.order import Order, read_order

NAMED_LISTS = {"sources": "name", "own_registers": "register_name"}
"""Lists whose entries are told apart by a name."""
BY_DECISION = (
    "title",
    "purpose",
    "recipient",
    "ethics",
    "research_plan",
    "metadata",
    "attachments",
    "specification.approximate_price_sek",
)
"""The parts of an order that a decision can let change after a delivery: none of them is what was agreed to deliver."""


class LeadsTo(StrEnum):
    """What a decision on another amendment leads to."""

    AMENDMENT = "amendment"
    """The order may be amended in that part, once: `case amend` with the changed order."""
    NEW_ORDER = "new_order"
    """It is a new order, and the case stays as it is."""


def decide_amendment(case: Case, part: str, leads_to: LeadsTo, reason: str, person: str) -> Act:
    """R19: a person decides what a wish beside the three kinds leads to; not who wrote the order as it stands.

    :param part: the part of the order that would change.
    """
    if case.last(EventKind.DELIVERED) is None:
        raise RuleRefused("R19", "nothing has been delivered yet", "amend the order with `case amend`")
    if person == case.author:
        raise RuleRefused("R19", "who wrote the order cannot decide on its amendment", "let another person decide")
    if leads_to is LeadsTo.AMENDMENT and part not in BY_DECISION:
        problem = f"{part} is of what was agreed, or is no part of an order"
        remedy = f"decide that it is a new order; an amendment can be let in for {', '.join(BY_DECISION)}"
        raise RuleRefused("R19", problem, remedy)
    return Act(EventKind.AMENDMENT_DECIDED, {"part": part, "leads_to": leads_to, "reason": reason})


def open_amendments(case: Case) -> list[Event]:
    """The decisions that let the order be amended and have not been used: nothing was delivered by such an order."""
    decided = [each for each in case.of(EventKind.AMENDMENT_DECIDED) if each.detail["leads_to"] == LeadsTo.AMENDMENT]
    return [each for each in decided if not _is_used(case, each)]


def _is_used(case: Case, decision: Event) -> bool:
    amended = next((each for each in case.of(EventKind.AMENDED) if each.number > decision.number), None)
    return amended is not None and any(each.number > amended.number for each in case.of(EventKind.DELIVERED))


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
    let_in = {str(each.detail["part"]) for each in open_amendments(case)}
    refused = [field for field in changed if not _may_change(field, let_in)]
    if refused:
        raise RuleRefused(
            "R19",
            f"the case has delivered, and {', '.join(refused)} would be another",
            "a change of what is delivered is a new order; what is not of it is let in by `case decide-amendment`; "
            "another age key has `case exchange-recipient`",
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


def _may_change(field: str, let_in: Collection[str]) -> bool:
    """Another principal or contact; further sources and documents, which are told apart from changes by the sign; and
    what a decision has let in."""
    if field.startswith(("research_principal.", "contact.", "+specification.sources.", "+attachments")):
        return True
    place = field.lstrip("+-")
    return any(place == part or place.startswith(f"{part}.") for part in let_in)


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
