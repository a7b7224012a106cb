"""``samkorning audit``: who did what, and whether the log is whole.

What belongs here: showing and verifying. What must not: writing records of acts.
"""

import json
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.case import Acting
from cli.session import console, failed, session
from samkorning.audit import Head
from samkorning.errors import NotFound
from samkorning.leak_scan import redact_file_name

HEAD = re.compile("[0-9a-f]{64}|")

app = typer.Typer(help="The audit log.", no_args_is_help=True)


@app.command()
def show() -> None:
    """Every record, oldest first."""
    records = session.desk.audit.records()

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
    session.answer(answer, lambda: console.print(json.dumps(answer), soft_wrap=True))


@app.command()
def verify(
    anchor: Annotated[
        Path | None, typer.Option("--anchor", help="File with what `audit head` printed, kept elsewhere.")
    ] = None,
) -> None:
    """Finds a changed, removed, swapped or cut-off record; the head is held against the one the case register keeps."""
    desk = session.desk
    kept_elsewhere = read_head(anchor) if anchor else None
    problems = [str(problem) for problem in desk.audit.verify(*desk.cases.audit_anchors(), kept_elsewhere)]
    if problems and not session.json:
        failed("\n".join(problems), 1)
    session.answer({"ok": not problems, "problems": problems}, lambda: console.print("the audit log is whole"))
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


def read_head(file: Path) -> Head:
    """A head of the log, as `audit head` printed it.

    :raises NotFound: when there is no such file, or something else in it.
    """
    try:
        found = json.loads(file.read_bytes())
        head = Head(int(found["number"]), str(found["authenticator"]))
    except (OSError, ValueError, KeyError, TypeError):
        head = None
    if head is None or not HEAD.fullmatch(head.authenticator):
        raise NotFound(
            f"{redact_file_name(file.name)} holds no head of an audit log; `samkorning audit head` prints one"
        )
    return head
