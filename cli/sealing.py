"""``samkorning key seal-to``: the recipient that register holders seal their files to.

What belongs here: the command. What must not: the identity behind the recipient (assets.steps.intake.sealing).
"""

from typing import Annotated

import typer

from assets.steps.intake import sealing
from cli.parameters import Acting
from cli.session import console, session


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``key``."""
    app.command(name="seal-to")(seal_to)


def seal_to(
    new: Annotated[
        bool, typer.Option("--new", help="Make another one; files sealed to earlier ones still open.")
    ] = False,
    acting: Acting = None,
) -> None:
    """Prints the public age recipient that register holders seal their files to; the first time it is made."""
    desk = session.desk
    person = session.person(acting, desk.holds_synthetic_cases_alone())
    recipient = sealing.renew_recipient(desk, person) if new else sealing.recipient(desk, person)
    session.answer({"recipient": recipient}, lambda: console.print(recipient, markup=False, soft_wrap=True))
