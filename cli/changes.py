"""``samkorning case replace|decline|decide-amendment|…``: what changes in a case.

What belongs here: the commands for changes after a decision. What must not: their rules (samkorning.case).
"""

from typing import Annotated

import typer

from assets.steps.case_view import ledger_rows
from cli.case import record_act
from cli.parameters import Acting, CaseNumber, Reason, delivery_number, free_text, one_of, source_name
from cli.session import session
from samkorning.case import Case
from samkorning.case.act import Act
from samkorning.case.amendments import BY_DECISION, LeadsTo, decide_amendment
from samkorning.case.changes import decline_change, release_replacement
from samkorning.case.inputs import Unit
from samkorning.case.population import PopulationChange
from samkorning.case.population_decision import Endorsement, endorse_population_change
from samkorning.case.recipient import confirm_recipient, exchange_recipient

Changed = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A source, or an own register in small letters.", callback=source_name)
]
Period = Annotated[int | None, typer.Option("--period", help="The year of an own register.")]


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command()(replace)
    app.command()(decline)
    app.command(name="decide-amendment")(decide_another_amendment)
    app.command(name="decide-population")(decide_population)
    app.command(name="exchange-recipient")(exchange)
    app.command(name="confirm-recipient")(confirm)


def replace(case: CaseNumber, source: Changed, reason: Reason, period: Period = None, acting: Acting = None) -> None:
    """Lets what has changed since its delivery be delivered again, as a replacement."""

    def act(found: Case, person: str) -> Act:
        return release_replacement(found, ledger_rows(session.desk, found), Unit(source, period), reason)

    record_act(case, acting, act)


def decline(case: CaseNumber, source: Changed, reason: Reason, period: Period = None, acting: Acting = None) -> None:
    """Lets what was delivered stand, until it changes once more."""

    def act(found: Case, person: str) -> Act:
        return decline_change(found, ledger_rows(session.desk, found), Unit(source, period), reason)

    record_act(case, acting, act)


def decide_another_amendment(
    case: CaseNumber,
    part: Annotated[
        str,
        typer.Argument(
            metavar="PART",
            help=f"What would change: {', '.join(BY_DECISION)}; any words where it is a new order.",
            callback=free_text("the part"),
        ),
    ],
    leads_to: Annotated[str, typer.Option("--leads-to", help="amendment or new_order.", callback=one_of(LeadsTo))],
    reason: Reason,
    acting: Acting = None,
) -> None:
    """Decides what a wish beside the three kinds of amendments leads to, once the case has delivered (R19)."""
    record_act(case, acting, lambda found, who: decide_amendment(found, part, LeadsTo(leads_to), reason, who))


def decide_population(
    case: CaseNumber,
    role: Annotated[
        str, typer.Option("--role", help="case_officer, manager or lawyer.", callback=free_text("the role"))
    ],
    reason: Reason,
    adds: Annotated[int, typer.Option("--adds", help="How many persons come.")] = 0,
    removes: Annotated[int, typer.Option("--removes", help="How many persons go.")] = 0,
    complaint: Annotated[
        str | None,
        typer.Option("--complaint", help="The delivery whose complaint it settles.", callback=delivery_number),
    ] = None,
    acting: Acting = None,
) -> None:
    """One of the three decides that the frozen population changes by so many persons (R19)."""
    said = Endorsement(role, PopulationChange(adds, removes), reason, complaint)
    record_act(case, acting, lambda found, person: endorse_population_change(found, said, person))


def exchange(
    case: CaseNumber,
    age_recipient: Annotated[
        str, typer.Argument(metavar="AGE", help="The recipient's new public age key.", callback=free_text("the key"))
    ],
    reason: Reason,
    acting: Acting = None,
) -> None:
    """Another age key for the recipient; no delivery leaves until another person has confirmed it."""
    record_act(case, acting, lambda found, person: exchange_recipient(found, age_recipient, reason))


def confirm(
    case: CaseNumber,
    fingerprint: Annotated[
        str, typer.Argument(metavar="FINGERPRINT", help="As the recipient reads it out.", callback=free_text("it"))
    ],
    acting: Acting = None,
) -> None:
    """Confirms the recipient's age key, by another person than who named it."""
    record_act(case, acting, lambda found, person: confirm_recipient(found, fingerprint, person))
