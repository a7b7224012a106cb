"""``samkorning case assign|queue|pause|resume``: who handles a case, and which wait for somebody.

What belongs here: these commands. What must not: their rules (samkorning.case.assignment).
"""

from typing import Annotated

import typer
from rich.table import Table

from cli.case import record_act
from cli.case_enquiries import Note
from cli.parameters import Acting, CaseNumber, Reason, free_text, named, one_of
from cli.session import console, session
from samkorning.case import Case, assignment
from samkorning.case.act import Act


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command()(assign)
    app.command()(queue)
    app.command()(pause)
    app.command()(resume)


def assign(
    case: CaseNumber,
    officer: Annotated[str, typer.Argument(help="The case officer's full name.", callback=named("the officer"))],
    note: Note,
    out_of_turn: Annotated[
        str | None,
        typer.Option(
            "--out-of-turn",
            help="Why it is taken before cases that came earlier, for the case register.",
            callback=free_text("the reason"),
        ),
    ] = None,
    acting: Acting = None,
) -> None:
    """Gives a case to an officer, or hands it over to another with a note (R02)."""
    from assets.steps.queueing import earlier_in_the_queue

    office, today = session.desk.office, session.desk.clock.today()

    def act(found: Case, person: str) -> Act:
        turn = assignment.Turn(earlier_in_the_queue(session.desk, found), out_of_turn)
        return assignment.assign(found, officer, note, office, today, turn)

    record_act(case, acting, act)


def queue() -> None:
    """The cases that wait for an officer, in the order they came (R02)."""
    from assets.steps.queueing import cases_without_officer  # and what it finds out anew

    desk = session.desk
    cases = cases_without_officer(desk)
    today, by_number = desk.clock.today(), {case.number: case for case in cases}
    answer = [
        {
            "position": position,
            "case": number,
            "came": by_number[number].events[0].at.date(),
            "days": assignment.days_without_officer(by_number[number], today),
            "title": by_number[number].order.title,
        }
        for position, number in enumerate(assignment.queue(cases), start=1)
    ]

    def show() -> None:
        if not answer:
            console.print("no case waits for an officer")
            return
        table = Table("position", "case", "came", "days", "title")
        for row in answer:
            table.add_row(*(str(value) for value in row.values()))
        console.print(table)

    session.answer({"queue": answer}, show)


def pause(
    case: CaseNumber,
    reason: Reason,
    waits_for: Annotated[
        str,
        typer.Option("--for", help="For whom it rests: orderer, ethics or us.", callback=one_of(assignment.PAUSED_FOR)),
    ] = "orderer",
    acting: Acting = None,
) -> None:
    """Lets a case rest until it is resumed: nothing is decided and nothing leaves."""
    record_act(case, acting, lambda found, person: assignment.pause(found, reason, waits_for))


def resume(case: CaseNumber, acting: Acting = None) -> None:
    """Takes a case up again."""
    record_act(case, acting, lambda found, person: assignment.resume(found))
