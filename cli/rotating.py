"""``samkorning key rotate`` and ``key passphrase``: encryption keys drawn anew, or opened by another passphrase.

What belongs here: the commands. What must not: what is rotated (assets.steps.safekeeping.rotating).
"""

from pathlib import Path
from typing import Annotated

import typer

from assets.steps.safekeeping import rotating
from assets.steps.safekeeping.rotating import Level
from cli.parameters import Acting, case_number
from cli.session import console, errors, session
from samkorning.identity.redaction import no_file


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``key``."""
    app.command()(rotate)
    app.command()(passphrase)


def rotate(
    level: Annotated[Level, typer.Option("--level", help="Which encryption keys are drawn anew.")],
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]", help="One case; every case and the own registers without it.", callback=case_number
        ),
    ] = None,
    acting: Acting = None,
) -> None:
    """Draws encryption keys anew. What a crash breaks off is completed by the same command."""
    if level is Level.MASTER and case is not None:
        raise typer.BadParameter("the master is one for all cases; leave CASE out")
    done = rotating.rotate(session.desk, level, case, lambda number: _person(acting, number), _progress)
    answer = {"level": level, "case": case, "rotated": done}
    session.answer(answer, lambda: console.print(f"{level}: rotated" + (f", {done} in all" if done else "")))


def passphrase(
    new: Annotated[Path, typer.Option("--new-passphrase-file", help="The file that holds the new passphrase.")],
    acting: Acting = None,
) -> None:
    """Lets the keystore open with another passphrase; the present one is read where it always is."""
    if not new.is_file():
        raise no_file(new)
    desk = session.desk
    rotating.change_passphrase(
        desk, new.read_bytes().strip(), session.person(acting, desk.holds_synthetic_cases_alone())
    )
    sentence = f"changed; put the new passphrase into {desk.passphrase_file} now, and start the service anew"
    answer = {"passphrase_file": str(desk.passphrase_file)}
    session.answer(answer, lambda: console.print(sentence, markup=False, soft_wrap=True))


def _person(acting: str | None, number: str | None) -> str:
    desk = session.desk
    is_case = number is not None and number in desk.cases.numbers()
    synthetic = desk.case(str(number)).order.synthetic if is_case else desk.holds_synthetic_cases_alone()
    return session.person(acting, synthetic)


def _progress(line: str) -> None:
    if not session.json:
        errors.print(line, style="dim", markup=False)
