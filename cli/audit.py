"""``samkorning audit``: who did what, and whether the log is whole.

What belongs here: showing and verifying. What must not: writing records.
"""

import typer
from rich.table import Table

from cli.session import console, failed, session

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
def verify() -> None:
    """Finds a changed, removed or swapped record."""
    problems = [str(problem) for problem in session.desk.audit.verify()]
    if problems and not session.json:
        failed("\n".join(problems), 1)
    session.answer({"ok": not problems, "problems": problems}, lambda: console.print("the audit log is whole"))
    if problems:
        raise typer.Exit(1)
