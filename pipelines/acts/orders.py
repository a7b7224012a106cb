"""Orders: a case is opened, its order amended, its specification sent and approved.

What belongs here: these acts. What must not: reading an order (samkorning.order), or their rules (samkorning.case).
"""

from typing import Annotated, Any

from pydantic import Field

from assets.steps.coming_orders import ComingOrder, order_from
from assets.steps.letters.by_themselves import send_by_themselves
from pipelines.acts.asked import Asked, CaseNumber, Deadline, Reason, Typed
from pipelines.acts.files import a_file_name, taken_file
from pipelines.acts.job import At, AtCase, Done, act_on_case, act_outside_cases
from resources.desk import Desk
from samkorning import typed
from samkorning.case import acts, offers, state_of
from samkorning.case.act import Act
from samkorning.case.amendments import BY_DECISION, LeadsTo, decide_amendment
from samkorning.errors import RuleRefused
from samkorning.order import read_order
from samkorning.order.reading import text_of_order
from samkorning.typed import MOST_KRONOR

OrderText = Annotated[
    str, Typed(lambda text: text), Field(default="", description="The whole order, as YAML, after a bar: `|`.")
]
FileName = Annotated[
    str, Typed(typed.a_name("the name")), Field(default="order.yaml", description="What a typed order is called.")
]


class AskedOrder(Asked):
    """An order, typed or in files."""

    order: OrderText = ""
    file: FileName = "order.yaml"
    files: Annotated[list[str], Typed(a_file_name)] = Field(
        default=[], description="Or the order as files in `acts/in`: one of YAML, or workbooks (xlsx) with lists (csv)."
    )


class AskedOpen(AskedOrder):
    """An order that came in."""

    case: CaseNumber | None = Field(default=None, description="The case number, such as 36759-2021; else the next.")


class AskedAmendment(Asked):
    """What would change in the order of a case that has delivered, and what that leads to."""

    part: Annotated[str, Typed(typed.a_sentence("the part"))] = Field(
        description=f"What would change: {', '.join(BY_DECISION)}; any words where it is a new order."
    )
    leads_to: Annotated[str, Typed(typed.one_of(LeadsTo))] = Field(description="amendment or new_order.")
    reason: Reason


class AskedPrice(Asked):
    """What it will cost, about."""

    low: int = Field(ge=0, le=MOST_KRONOR, description="Approximate price, at least, kronor without VAT.")
    high: int = Field(ge=0, le=MOST_KRONOR, description="Approximate price, at most.")
    deadline: Deadline = None


def _coming(desk: Desk, asked: AskedOrder) -> ComingOrder:
    """The order, typed or in files.

    :raises RuleRefused: when it is both or neither.
    """
    if bool(asked.order) == bool(asked.files):
        raise RuleRefused("R01", "an order is typed or in files", "fill in `order` or `files`, one of them")
    if asked.order:
        return ComingOrder(text_of_order(asked.order.encode(), asked.file), asked.file)
    return order_from([taken_file(desk, name) for name in asked.files], desk.catalogue)


def _detail(desk: Desk, asked: AskedOrder) -> dict[str, Any]:
    coming = _coming(desk, asked)
    return acts.order_detail(coming.text, coming.name, desk.catalogue, coming.workbooks)


def _is_synthetic(desk: Desk, asked: AskedOpen) -> bool:
    detail = _detail(desk, asked)
    return read_order(detail["order"], detail["file"]).synthetic


@act_outside_cases(_is_synthetic)
def order_open(at: At, asked: AskedOpen) -> Done:
    """Opens a case with its order (R01)."""
    detail = _detail(at.desk, asked)
    if not read_order(detail["order"], detail["file"]).synthetic:
        at.desk.require_keystore_apart()
    number = asked.case or at.desk.cases.next_number(at.today.year)
    if at.preview:
        return Done(f"would open case {number}, by {at.person}")
    opened = at.desk.cases.open(number, at.desk.clock.now(), at.person, detail)
    send_by_themselves(at.desk, number)
    return Done(f"{number}: opened by {at.person}; the case is {state_of(opened.events)}", opened=number)


@act_on_case
def order_amend(at: AtCase, asked: AskedOrder) -> Act:
    """Changes the order; the approval is void until it is given again (R09)."""
    coming = _coming(at.desk, asked)
    return acts.amend(at.case, coming.text, coming.name, at.desk.catalogue, coming.workbooks)


@act_on_case
def order_decide_amendment(at: AtCase, asked: AskedAmendment) -> Act:
    """Decides what a wish beside the three kinds of amendments leads to, once the case has delivered (R19)."""
    return decide_amendment(at.case, asked.part, LeadsTo(asked.leads_to), asked.reason, at.person)


@act_on_case
def order_send_specification(at: AtCase, asked: AskedPrice) -> Act:
    """The specification is sent to the orderer for approval, with its approximate price (R09)."""
    return offers.send_specification(at.case, asked.low, asked.high, at.deadline(asked.deadline), at.today)


@act_on_case
def order_approve(at: AtCase, asked: Asked) -> Act:
    """The orderer has approved the specification (R09)."""
    return acts.approve_specification(at.case)


JOBS = [order_open, order_amend, order_decide_amendment, order_send_specification, order_approve]
