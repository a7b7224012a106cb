"""``samkorning case draw``: finding who is in the study again, by a person's act.

What belongs here: the command and its table. What must not: drawing (assets.steps.persons.drawing).
"""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from cli.parameters import Acting, CaseNumber, free_text
from cli.session import console, session
from samkorning.persons.attrition import AttritionStep, in_words


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``samkorning case``."""
    app.command(name="draw")(draw)


def draw(
    case: CaseNumber,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why it is drawn again.", callback=free_text("the reason"))
    ] = None,
    rehearse: Annotated[bool, typer.Option("--rehearse", help="Show what it would give, and keep nothing.")] = False,
    acting: Acting = None,
) -> None:
    """Draws the study again from its sources as they are now; a frozen one only as three have decided (R19).

    The first time it is drawn by `deliver`; registers that are loaded anew change nobody's study by themselves.
    """
    from assets.steps.persons.drawing import attrition, draw_again, rehearse_draw  # and all engines with it

    desk = session.desk
    found = desk.case(case)
    if rehearse:
        steps, change = rehearse_draw(desk, found)
        counts = {"adds": change.adds, "removes": change.removes} if change else None
        answer = {"case": case, "kept": False, "change": counts, "attrition": [step.fact() for step in steps]}
        session.answer(answer, lambda: _show(steps, f"nothing was kept; {change}" if change else "nothing was kept"))
        return
    if not reason:
        raise typer.BadParameter("give a reason with --reason, or --rehearse to see what it would give")
    drawn = draw_again(desk, found, session.person(acting, found.order.synthetic), reason)
    steps = attrition(drawn)
    answer = {"case": case, "kept": True, "change": None, "attrition": [step.fact() for step in steps]}
    session.answer(answer, lambda: _show(steps, "drawn; `samkorning deliver` goes on from it"))


def _show(steps: Sequence[AttritionStep], sentence: str) -> None:
    table = Table("of", "criterion", "persons left", "removed")
    for row in in_words(steps):
        table.add_row(*row)
    console.print(table)
    console.print(sentence, markup=False)
