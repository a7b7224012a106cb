"""``samkorning case release|recall|announce``: what holders decide and say, and letting data leave.

What belongs here: these commands. What must not: what a release covers (samkorning.case).
"""

from datetime import date
from typing import Annotated

import typer

from assets.steps.case_view import program_of
from cli.case import record_act
from cli.parameters import Acting, CaseNumber, Reason, free_text, named, source_name
from cli.session import session
from samkorning.case import Case, acts
from samkorning.case.act import Act
from samkorning.case.announcements import announce
from samkorning.case.holder_releases import HolderDecision
from samkorning.typed import MOST_ROWS

Holder = Annotated[
    str | None, typer.Option("--holder", help="A register holder's own decision (R04).", callback=named("the holder"))
]
NoneLinked = Annotated[
    str | None,
    typer.Option(
        "--none-linked",
        metavar="SOURCE",
        help="Let this source's file pass, once, of which no row links (R12); with --reason.",
        callback=source_name,
    ),
]
WhyItPasses = Annotated[
    str | None,
    typer.Option("--reason", help="Why it passes, for the case register.", callback=free_text("the reason")),
]


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command()(release)
    app.command()(recall)
    app.command(name="announce")(announce_file)


def release(
    case: CaseNumber,
    holder: Holder = None,
    decision: Annotated[
        str | None, typer.Option("--decision", help="Number of the holder's decision.", callback=named("the number"))
    ] = None,
    decided: Annotated[str | None, typer.Option("--decided", help="Its date, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Last day on which it holds, YYYY-MM-DD.")] = None,
    standing: Annotated[bool, typer.Option("--standing", help="Later deliveries leave without a further act.")] = False,
    none_linked: NoneLinked = None,
    reason: WhyItPasses = None,
    acting: Acting = None,
) -> None:
    """Releases the next delivery (R20), or with --holder records a register holder's decision (R04).

    The holder's release covers what is asked of it now: more than that asks again, less does not.
    """
    if holder is None and (decision or decided or until):
        raise typer.BadParameter("--decision, --decided and --until go with --holder")
    if holder is not None and standing:
        raise typer.BadParameter("--standing is for deliveries; a holder's release goes on until --until")
    if (none_linked is None) != (reason is None) or (none_linked is not None and holder is not None):
        raise typer.BadParameter("--none-linked and --reason go together, and without --holder")
    own = HolderDecision(decision, _day(decided), _day(until))

    def act(found: Case, person: str) -> Act:
        if holder is not None:
            return acts.release_by_holder(found, holder, own)
        if none_linked is not None and reason is not None:
            from assets.steps.linkage.none_linked import let_pass  # and all that links with it

            return let_pass(session.desk, found, none_linked, reason, standing)
        return acts.release_delivery(found, program_of(session.desk, found), standing)

    record_act(case, acting, act)


def recall(case: CaseNumber, reason: Reason, holder: Holder = None, acting: Acting = None) -> None:
    """Takes back the release of what has not left, or with --holder a holder's release that no delivery has used."""

    def act(found: Case, person: str) -> Act:
        return acts.recall_by_holder(found, holder, reason) if holder else acts.recall_delivery(found, reason)

    record_act(case, acting, act)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(session.day(written)) if written else None


def announce_file(
    case: CaseNumber,
    source: Annotated[str, typer.Argument(help="The source whose next file is announced.", callback=source_name)],
    rows: Annotated[
        int | None, typer.Option("--rows", help="Data rows that its holder says it has.", min=0, max=MOST_ROWS)
    ] = None,
    expected: Annotated[str | None, typer.Option("--expected", help="The day on which it comes, YYYY-MM-DD.")] = None,
    acting: Acting = None,
) -> None:
    """A holder announces its next file; one with another number of rows is refused (R13)."""
    day = date.fromisoformat(session.day(expected)) if expected else None
    today = session.desk.clock.today()
    record_act(case, acting, lambda found, person: announce(found, source, rows, day, today))
