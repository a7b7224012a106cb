"""``samkorning register opt-out``: the list of persons who are in no study.

What belongs here: the command. What must not: taking the list in (assets.steps.intake.opt_out_list).
"""

from pathlib import Path
from typing import Annotated

import typer

from assets.steps.intake.opt_out_list import take_in_opt_out_list
from cli.parameters import Acting, named
from cli.session import console, session


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``samkorning register``."""
    app.command(name="opt-out")(opt_out)


def opt_out(
    file: Annotated[
        Path | None, typer.Argument(help="The whole list, in place of the one before; without it, how many it has.")
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", help="The column of numbers, where it has several.", callback=named("the column")),
    ] = None,
    acting: Acting = None,
) -> None:
    """Persons who have opted out of secondary use: they are in no population, and no relatives or controls."""
    desk = session.desk
    if file is not None:
        take_in_opt_out_list(desk, file, column, session.person(acting, desk.holds_synthetic_cases_alone()))
    latest = desk.opt_out.latest()
    counts = {name: int(count) for name, count in (latest.facts if latest else {}).items() if name != "sha256"}
    answer = {"persons": 0, "came": 0, "went": 0, **counts}
    words = f"{answer['persons']} persons; by the last list {answer['came']} came and {answer['went']} went"
    session.answer(answer, lambda: console.print(words if latest else "there is no opt-out list"))
