"""``samkorning audit``: who did what, and whether the log is whole and all that it records fits it.

What belongs here: showing and verifying. What must not: writing records of acts.
"""

import json
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from assets.steps.safekeeping.taking_over import holds_synthetic_cases_alone, take_over
from assets.steps.safekeeping.verifying import audit_misfits
from cli.case import Acting
from cli.session import console, failed, session
from samkorning.audit import Head
from samkorning.case.roles import may_read_the_log
from samkorning.errors import NotFound
from samkorning.identity.redaction import redact_file_name

HEAD = re.compile("[0-9a-f]{64}|")
FIELDS = ("number", "authenticator")

app = typer.Typer(help="The audit log.", no_args_is_help=True)


@app.command()
def show() -> None:
    """Every record, oldest first; where roles are given, for an auditor."""
    desk = session.desk
    if desk.office.roles:
        may_read_the_log(desk.office, session.person(None, synthetic=False), desk.clock.today())
    records = desk.audit.records()

    def table() -> None:
        shown = Table("no", "at", "person", "act", "case", "facts")
        for record in records:
            facts = ", ".join(f"{name} {value}" for name, value in record.facts.items())
            shown.add_row(
                str(record.number), f"{record.at:%Y-%m-%d %H:%M:%S}", record.person, record.act, record.case, facts
            )
        console.print(shown)

    answer = [
        {
            "number": record.number,
            "at": record.at,
            "person": record.person,
            "act": record.act,
            "case": record.case,
            "facts": dict(record.facts),
        }
        for record in records
    ]
    session.answer({"records": answer}, table)


@app.command()
def head() -> None:
    """How far the log has come: keep it outside this machine, and `audit verify --anchor` misses what is cut off."""
    found = session.desk.audit.head()
    answer = {"number": found.number, "authenticator": found.authenticator}
    anchor = f"{found.number}:{found.authenticator}"
    session.answer(answer, lambda: console.print(anchor, markup=False, soft_wrap=True))


@app.command()
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", help="File with what `audit head` printed, kept elsewhere.")
    ] = None,
) -> None:
    """Finds what was changed, removed, exchanged, cut off or restored in log, cases, ledger, receipts and reports."""
    found = audit_misfits(session.desk, read_head(anchor) if anchor else None)
    problems = [str(misfit) for misfit in found if misfit.is_grave]
    notes = [str(misfit) for misfit in found if not misfit.is_grave]
    if problems and not session.json:
        failed("\n".join([*problems, *notes]), 1)

    def show() -> None:
        console.print("the audit log is whole, and what it tells of fits", markup=False)
        for note in notes:
            console.print(note, markup=False)

    session.answer({"ok": not problems, "problems": problems, "notes": notes}, show)
    if problems:
        raise typer.Exit(1)


@app.command(name="accept-clock")
def accept_clock(acting: Acting = None) -> None:
    """Records that the clock is right and was wrong before, where records of a later time stand in the way."""
    desk = session.desk
    person = session.person(acting, desk.holds_synthetic_cases_alone())
    now = desk.clock.now()
    desk.audit.accept_clock(person, now)
    session.answer({"accepted": now}, lambda: console.print(f"accepted: it is {now:%Y-%m-%d %H:%M} (UTC)"))


@app.command(name="take-over")
def take_over_home(acting: Acting = None) -> None:
    """Takes over a home of before events proved themselves: each is authenticated as it stands. Look at them first."""
    desk = session.desk
    person = session.person(acting, holds_synthetic_cases_alone(desk))
    done = take_over(desk, person)

    def show() -> None:
        for each in done:
            console.print(f"{each.case}: {each.events} events taken over as they stood")
        if not done:
            console.print("every event proves itself already")

    session.answer({"cases": done}, show)


def read_head(file: Path) -> Head:
    """A head of the log, as `audit head` printed it in words or as JSON.

    :raises NotFound: when there is no such file, or something else in it.
    """
    try:
        text = file.read_text(encoding="utf-8").strip()
        found = json.loads(text) if text.startswith("{") else dict(zip(FIELDS, text.split(":"), strict=True))
        head = Head(int(found["number"]), str(found["authenticator"]))
    except (OSError, ValueError, KeyError, TypeError):
        head = None
    if head is None or not HEAD.fullmatch(head.authenticator):
        raise NotFound(
            f"{redact_file_name(file.name)} holds no head of an audit log; `samkorning audit head` prints one"
        )
    return head
