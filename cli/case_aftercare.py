"""``samkorning case reserve|incident|questionnaire``: who may use the data, incidents, and what the orderer thought.

What belongs here: these commands. What must not: their rules (samkorning.case.reservations and follow_up).
"""

from typing import Annotated

import typer

from cli.case import record_act
from cli.case_holders import Happened
from cli.parameters import Acting, CaseNumber, each, free_text, named
from cli.session import session
from samkorning.case import follow_up
from samkorning.case.reservations import reserve as reserve_for

OneToFive = "from 1 (not at all) to 5 (very)"


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command()(reserve)
    app.command()(incident)
    app.command()(questionnaire)


def reserve(
    case: CaseNumber,
    person: Annotated[
        list[str],
        typer.Option(
            "--person", help="Who may use the data; may be given again.", callback=each(named("a person's name"))
        ),
    ],
    acting: Acting = None,
) -> None:
    """A confidentiality reservation (sekretessförbehåll) with all its persons (R10, R19)."""
    record_act(case, acting, lambda found, who: reserve_for(found, person))


def incident(
    case: CaseNumber,
    what: Annotated[
        str | None,
        typer.Option("--what", help="What happened, in a sentence without data.", callback=free_text("what happened")),
    ] = None,
    day: Happened = None,
    close: Annotated[
        int | None, typer.Option("--close", help="The number of an incident that is followed up.", min=1)
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", help="With --close: what was learnt.", callback=free_text("the note"))
    ] = None,
    acting: Acting = None,
) -> None:
    """A personal-data incident is recorded, or with --close followed up (R27)."""
    happened, today = session.day_until_today(day), session.desk.clock.today()
    if what is not None and close is None and note is None:
        record_act(case, acting, lambda found, person: follow_up.record_incident(found, what, happened, today))
    elif close is not None and note is not None and what is None and day is None:
        record_act(case, acting, lambda found, person: follow_up.close_incident(found, close, note))
    else:
        raise typer.BadParameter("give --what (with --day), or --close with --note")


def questionnaire(
    case: CaseNumber,
    effective: Annotated[int, typer.Option("--effective", help=f"How effective it was, {OneToFive}.")],
    clear: Annotated[int, typer.Option("--clear", help=f"How clear it was, {OneToFive}.")],
    note: Annotated[
        str, typer.Option("--note", help="What the orderer added.", callback=free_text("the note"))
    ] = "nothing added",
    acting: Acting = None,
) -> None:
    """The orderer's answer to the questionnaire after delivery."""
    record_act(case, acting, lambda found, person: follow_up.answer_questionnaire(found, effective, clear, note))
