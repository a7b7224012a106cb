"""``samkorning case ask-holder|holder-refused|agreement|results|copies-deleted``: what register holders are asked.

What belongs here: these commands. What must not: their rules (samkorning.case.holder_requests and agreements), or a
holder's release (releases).
"""

from datetime import date
from typing import Annotated

import typer

from cli.case import record_act
from cli.case_enquiries import Note
from cli.parameters import Acting, CaseNumber, named, one_of
from cli.session import session
from samkorning.case import agreements, holder_requests
from samkorning.typed import MOST_KRONOR

Holder = Annotated[
    str, typer.Argument(help="The register holder, as the specification names it.", callback=named("the holder"))
]
Happened = Annotated[str | None, typer.Option("--day", help="The day on which it was done; today without it.")]


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command(name="ask-holder")(ask_holder)
    app.command(name="holder-refused")(holder_refused)
    app.command()(agreement)
    app.command()(results)
    app.command(name="copies-deleted")(copies_deleted)


def ask_holder(
    case: CaseNumber,
    holder: Holder,
    due: Annotated[str, typer.Option("--due", help="The day on which its decision is due, YYYY-MM-DD.")],
    acting: Acting = None,
) -> None:
    """A holder has been asked for its data, by an order of its own (R04)."""
    day, today = date.fromisoformat(session.day(due)), session.desk.clock.today()
    record_act(case, acting, lambda found, person: holder_requests.ask_holder(found, holder, day, today))


def holder_refused(
    case: CaseNumber,
    holder: Holder,
    why: Annotated[
        str,
        typer.Option("--why", help="quality, missing_data, law or other.", callback=one_of(holder_requests.Reason)),
    ],
    note: Note,
    acting: Acting = None,
) -> None:
    """A holder refuses to release what is asked of it (R04)."""
    reason = holder_requests.Reason(why)
    record_act(case, acting, lambda found, person: holder_requests.refuse_by_holder(found, holder, reason, note))


def agreement(
    case: CaseNumber,
    holder: Holder,
    until: Annotated[str, typer.Option("--until", help="The last day on which the researcher has the data.")],
    results_due: Annotated[str, typer.Option("--results-due", help="The day on which results are due.")],
    cost: Annotated[
        int, typer.Option("--cost", help="What the holder charges, kronor without VAT.", min=0, max=MOST_KRONOR)
    ] = 0,
    acting: Acting = None,
) -> None:
    """A holder's agreement with the researcher: how long, results by when, at what cost (R21)."""
    last, due = date.fromisoformat(session.day(until)), date.fromisoformat(session.day(results_due))
    record_act(case, acting, lambda found, person: agreements.record_agreement(found, holder, last, due, cost))


def results(case: CaseNumber, holder: Holder, day: Happened = None, acting: Acting = None) -> None:
    """The researcher has reported results to a holder (R28)."""
    done, today = session.day_until_today(day), session.desk.clock.today()
    record_act(case, acting, lambda found, person: agreements.report_results(found, holder, done, today))


def copies_deleted(case: CaseNumber, day: Happened = None, acting: Acting = None) -> None:
    """The researcher has archived the work and deleted the working copies (R28)."""
    done, today = session.day_until_today(day), session.desk.clock.today()
    record_act(case, acting, lambda found, person: agreements.delete_working_copies(found, done, today))
