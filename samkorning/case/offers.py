"""What it costs: the specification's approximate price, a quote (offert), and what is charged (R09, R20).

What belongs here: prices, the acts of sending, quoting, accepting, declining and invoicing. What must not: the letter
or the invoice itself. Prices are in kronor without VAT.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from samkorning.case.act import Act
from samkorning.case.enquiries import is_awaited
from samkorning.case.events import Case, EventKind
from samkorning.case.hand_overs import ended_with_its_answer
from samkorning.errors import RuleRefused

K = EventKind
NEW_REQUEST, RENEWED_REQUEST, BY_THE_HOUR = 5_000, 3_000, 1_000
"""Region prices: a new request, one that is the same but for its period (R25), and an hour of work by a quote."""


def send_specification(case: Case, low: int, high: int, deadline: date, today: date) -> Act:
    """The specification is sent for approval, with its approximate price (R09)."""
    if not 0 <= low <= high:
        raise RuleRefused("R09", "the approximate price does not go from lower to higher", "correct --low and --high")
    if deadline <= today:
        raise RuleRefused("R09", f"the deadline {deadline} does not lie ahead", "give a later day")
    price = {"price_low": low, "price_high": high}
    covered = {"specification_sha256": case.specification.sha256}
    return Act(K.SPECIFICATION_SENT, {**price, "deadline": deadline.isoformat(), **covered})


def quote(case: Case, hours: int, deadline: date, today: date, price: int | None = None) -> Act:
    """A quote for the work, which the orderer accepts or declines by a day (R20).

    :param price: where an outside supplier sets it; else by the hour.
    """
    if is_awaited(case, "quote"):
        raise RuleRefused("R20", "a quote is unanswered", "record its answer before another is made")
    if hours < 0 or (price is not None and price < 0):
        raise RuleRefused("R20", "hours and price are not less than nothing", "correct them")
    if deadline <= today:
        raise RuleRefused("R20", f"the deadline {deadline} does not lie ahead", "give a later day")
    price = hours * BY_THE_HOUR if price is None else price
    return Act(K.QUOTED, {"hours": hours, "price": price, "deadline": deadline.isoformat()})


def answer_quote(case: Case, accepted: bool) -> Act:
    """The orderer accepts or declines the quote (R20)."""
    if is_awaited(case, "quote") is None:
        raise RuleRefused("R20", "no quote is unanswered", "make one with `case quote`")
    return Act(K.QUOTE_ACCEPTED if accepted else K.QUOTE_DECLINED, {})


def quote_is_declined(case: Case) -> bool:
    """Whether the newest quote was declined (R20)."""
    newest = case.last(K.QUOTED, K.QUOTE_ACCEPTED, K.QUOTE_DECLINED)
    return newest is not None and newest.kind is K.QUOTE_DECLINED


def quote_is_not_declined(case: Case) -> None:
    """R20: nothing is decided on a quote that the orderer declined."""
    if quote_is_declined(case):
        raise RuleRefused("R20", "the orderer declined the quote", "make another with `case quote`, or `case end`")


def is_renewed(case: Case) -> bool:
    """Whether the case renews an earlier one: the same but for its period (R25)."""
    return any("renews" in event.detail for event in case.of(K.CODE_REVIEWED))


def base_fee(case: Case) -> int:
    """What the handling of a request costs whatever comes of it (R20)."""
    return RENEWED_REQUEST if is_renewed(case) else NEW_REQUEST


def charged(case: Case) -> list[dict[str, Any]]:
    """What is charged by the region's prices (R20): the base fee, and what was quoted, accepted and delivered, or
    handed over in answer to another authority.

    A case of which nothing has left, and a quote that was declined, cost the base fee alone.
    """
    what = "renewed request" if is_renewed(case) else "new request"
    rows: list[dict[str, Any]] = [{"what": what, "hours": 0, "price": base_fee(case)}]
    if not case.of(K.DELIVERED) and not ended_with_its_answer(case):
        return rows
    for answer in case.of(K.QUOTE_ACCEPTED):
        said = next(event for event in reversed(case.of(K.QUOTED)) if event.number < answer.number).detail
        rows.append({"what": "work as quoted", "hours": said["hours"], "price": said["price"]})
    return rows


def invoice(case: Case, rows: Sequence[Mapping[str, Any]]) -> Act:
    """What is invoiced, after the delivery or the end of the case (R20)."""
    if not case.of(K.DELIVERED, K.ENDED):
        raise RuleRefused("R20", "the case has neither delivered nor ended", "invoice it then")
    if not rows:
        raise RuleRefused("R20", "nothing is invoiced", "give at least one row")
    kept = [{"what": str(row["what"]), "hours": row["hours"], "price": row["price"]} for row in rows]
    if any(row["hours"] < 0 or row["price"] < 0 for row in kept):
        raise RuleRefused("R20", "hours and price are not less than nothing", "correct them")
    return Act(K.INVOICED, {"rows": kept, "total": sum(row["price"] for row in kept)})
