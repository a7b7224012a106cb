"""``samkorning doctor``: from when each part of a home is, what does not fit, and what to do.

What belongs here: the command and what it shows. What must not: the comparing (assets.steps.safekeeping.doctor).
"""

from typing import Annotated, Any

import typer
from rich.table import Table

from assets.steps.safekeeping.doctor import Examination, examine
from cli.audit import HEAD
from cli.session import console, errors, session
from samkorning.audit import Head


def doctor(
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="NUMBER:AUTHENTICATOR", help="A head of the audit log that was kept elsewhere."),
    ] = None,
) -> None:
    """Holds vault, keystore, case register, audit log, outbox, receipts and registers against each other."""
    found = examine(session.desk, _head(head) if head else None)
    session.answer(_as_json(found), lambda: _show(found))
    if not found.ok:
        raise typer.Exit(1)


def _head(text: str) -> Head:
    number, _, authenticator = text.partition(":")
    if not number.isascii() or not number.isdigit() or not HEAD.fullmatch(authenticator):
        raise typer.BadParameter("write it as `audit head` tells it: NUMBER:AUTHENTICATOR")
    return Head(int(number), authenticator)


def _as_json(found: Examination) -> dict[str, Any]:
    def misfits(grave: bool) -> list[dict[str, Any]]:
        chosen = [misfit for misfit in found.misfits if misfit.is_grave is grave]
        return [{"part": misfit.part, "case": misfit.case, "problem": misfit.problem} for misfit in chosen]

    return {"ok": found.ok, "parts": found.parts, "problems": misfits(True), "notes": misfits(False)}


def _show(found: Examination) -> None:
    table = Table("part", "seen until", "older than another in")
    for part in found.parts:
        table.add_row(part.part, part.until, ", ".join(part.older_in) or "no case")
    if found.parts:
        console.print(table)
    for misfit in found.misfits:
        shown, style = (errors, "red") if misfit.is_grave else (console, "yellow")
        shown.print(f"{misfit.part}: {misfit.problem}", style=style, markup=False, soft_wrap=True)
    console.print("all parts fit" if found.ok else "docs/operations.md has the restore drill", soft_wrap=True)
