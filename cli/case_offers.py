"""``samkorning case send-specification|quote|invoice``: what it costs.

What belongs here: these commands. What must not: prices and rules (samkorning.case.offers).
"""

from typing import Annotated

import typer

from cli.case import record_act
from cli.case_enquiries import Deadline
from cli.parameters import Acting, CaseNumber
from cli.session import session
from samkorning.case import offers
from samkorning.typed import MOST_HOURS, MOST_KRONOR


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command(name="send-specification")(send_specification)
    app.command()(quote)
    app.command()(invoice)


def send_specification(
    case: CaseNumber,
    low: Annotated[
        int, typer.Option("--low", help="Approximate price, at least, kronor without VAT.", min=0, max=MOST_KRONOR)
    ],
    high: Annotated[int, typer.Option("--high", help="Approximate price, at most.", min=0, max=MOST_KRONOR)],
    deadline: Deadline = None,
    acting: Acting = None,
) -> None:
    """The specification is sent to the orderer for approval, with its approximate price (R09)."""
    day, today = session.deadline(deadline), session.desk.clock.today()
    record_act(case, acting, lambda found, person: offers.send_specification(found, low, high, day, today))


def quote(
    case: CaseNumber,
    hours: Annotated[int | None, typer.Option("--hours", help="Hours of work.", min=0, max=MOST_HOURS)] = None,
    price: Annotated[
        int | None,
        typer.Option(
            "--price", help="The price of an outside supplier; by the hour without it.", min=0, max=MOST_KRONOR
        ),
    ] = None,
    deadline: Deadline = None,
    accepted: Annotated[
        bool | None, typer.Option("--accepted/--declined", help="The orderer's answer to the quote.")
    ] = None,
    acting: Acting = None,
) -> None:
    """A quote for the work (R20), or the orderer's answer to it; declined, it costs the base fee alone."""
    if (hours is None) == (accepted is None) or (accepted is not None and (price is not None or deadline)):
        raise typer.BadParameter("give --hours (with --price and --deadline), or the answer alone")
    day, today = session.deadline(deadline), session.desk.clock.today()
    if accepted is not None:
        record_act(case, acting, lambda found, person: offers.answer_quote(found, accepted))
    if hours is not None:
        record_act(case, acting, lambda found, person: offers.quote(found, hours, day, today, price))


def invoice(case: CaseNumber, acting: Acting = None) -> None:
    """What is charged by the region's prices is invoiced: base fee, and work as quoted once it is delivered (R20)."""
    record_act(case, acting, lambda found, person: offers.invoice(found, offers.charged(found)))
