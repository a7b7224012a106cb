"""``samkorning case complain|extend-key``: complaints on deliveries, and keeping a code key longer.

What belongs here: the two commands. What must not: their rules (samkorning.case.complaints).
"""

from datetime import date
from typing import Annotated

import typer

from cli.case import record_act
from cli.parameters import Acting, CaseNumber, DeliveryNumber, Reason, named
from cli.session import session
from samkorning.case import Case
from samkorning.case.act import Act
from samkorning.case.complaints import close_complaint, complain, extend_code_key


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command(name="complain")(record_complaint)
    app.command(name="extend-key")(extend_key)


def record_complaint(
    case: CaseNumber,
    delivery: DeliveryNumber,
    reason: Reason,
    close: Annotated[
        bool, typer.Option("--close", help="The complaint is followed up; --reason says what came of it.")
    ] = False,
    acting: Acting = None,
) -> None:
    """The recipient complains about a delivery (R15), or with --close the complaint is settled (R27)."""
    today = session.desk.clock.today()

    def act(found: Case, person: str) -> Act:
        return close_complaint(found, delivery, reason) if close else complain(found, delivery, reason, today)

    record_act(case, acting, act)


def extend_key(
    case: CaseNumber,
    until: Annotated[str, typer.Option("--until", help="Date to keep to, YYYY-MM-DD.")],
    contact: Annotated[
        str,
        typer.Option("--contact", help="The orderer's contact, as the order names it.", callback=named("the contact")),
    ],
    representative: Annotated[
        str,
        typer.Option(
            "--representative",
            help="The research principal's authorised representative, as in the order.",
            callback=named("the representative"),
        ),
    ],
    reason: Reason,
    acting: Acting = None,
) -> None:
    """A kept code key is kept longer; names contact and authorised representative (R17)."""
    last_day, today = date.fromisoformat(session.day(until)), session.desk.clock.today()
    record_act(
        case, acting, lambda found, person: extend_code_key(found, last_day, today, contact, representative, reason)
    )
