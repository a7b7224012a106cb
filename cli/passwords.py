"""A password from a person: from a prompt that shows nothing, or from a file; never from the command line.

What belongs here: asking, and the command that keeps one for a source. What must not: keeping it
(assets.steps.intake.passwords).
"""

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from assets.steps.intake.passwords import forget_password, keep_password
from assets.steps.intake.receiving import declared_file
from cli.parameters import Acting, CaseNumber, SourceName
from cli.session import console, session
from cli.standard_error import OURS
from samkorning.identity.redaction import no_file

LONGEST = 1024
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A file whose first line is the password; `-` for standard input."),
]


def password(
    case: CaseNumber,
    source: SourceName,
    password_file: PasswordFile = None,
    forget: Annotated[bool, typer.Option("--forget", help="Forget the password that is kept.")] = False,
    acting: Acting = None,
) -> None:
    """Keeps the password of a source's locked files, encrypted with the case; it is asked for and never shown."""
    if forget and password_file is not None:
        raise typer.BadParameter("give either --forget or --password-file")
    desk = session.desk
    found = desk.case(case)
    declared_file(found, source)
    person = session.person(acting, found.order.synthetic)
    if forget:
        state = "forgotten" if forget_password(desk, found, source, person) else "not kept here"
    else:
        keep_password(desk, found, source, password_from(password_file) or _asked(), person)
        state = "kept"
    answer = {"case": case, "source": source, "kept": not forget}
    session.answer(answer, lambda: console.print(f"the password of {source} is {state}", markup=False))


def password_from(path: Path | None) -> str | None:
    """The password in a file, if one is named.

    :raises NotFound: when there is no such file.
    :raises typer.BadParameter: when its first line is empty, or no text.
    """
    if path is None:
        return None
    if str(path) != "-" and not path.is_file():
        raise no_file(path)
    line = sys.stdin.buffer.readline(LONGEST) if str(path) == "-" else _first_line(path)
    password = None
    try:
        password = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        password = None
    if not password:
        raise typer.BadParameter("the first line of --password-file is empty, or no text in UTF-8")
    return password


def _first_line(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.readline(LONGEST)


def _asked() -> str:
    """The password as a person types it, twice; nothing of it shows."""
    if not sys.stdin.isatty():
        raise typer.BadParameter("nobody is there to ask; name a file with --password-file")
    first, second = getpass("password: ", OURS.stream), getpass("once more: ", OURS.stream)
    if not first or first != second:
        raise typer.BadParameter("the two were not the same, or empty; nothing is kept")
    return first
