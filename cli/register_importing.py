"""``samkorning register import``: a register's metadata workbook becomes the home's own entry of the catalogue.

What belongs here: the command. What must not: the layout of a workbook (samkorning.own_registers.catalogue.words).
"""

from pathlib import Path
from typing import Annotated

import typer

from assets.steps.intake.metadata_workbooks import import_workbook
from cli.parameters import Acting
from cli.session import console, session


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``register``."""
    app.command(name="import")(import_metadata)


def import_metadata(
    workbook: Annotated[Path, typer.Argument(metavar="WORKBOOK", help="The register's metadata workbook (xlsx).")],
    look_only: Annotated[bool, typer.Option("--check", help="Tell what would change, and change nothing.")] = False,
    acting: Acting = None,
) -> None:
    """Imports a register's metadata workbook, whole or not at all, and tells what differs from the entry before."""
    desk = session.desk
    person = session.person(acting, desk.holds_synthetic_cases_alone())
    made = import_workbook(desk, workbook, person, look_only=look_only)
    answer = {
        "register": made.register,
        "changed": bool(made.differences) and not look_only,
        "differences": made.differences,
        "sha256": made.sha256,
    }

    def show() -> None:
        for said in made.differences:
            console.print(f"  {said}", markup=False)
        done = "would change" if look_only else "imported"
        console.print(f"{made.register}: {done if made.differences else 'says what stands already'}", markup=False)

    session.answer(answer, show)
