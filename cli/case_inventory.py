"""``samkorning case inventory|report-back``: old cases by stage with the act that is due, and what officers report.

What belongs here: the two commands. What must not: which cases are old, or what is due (samkorning.case).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.case import record_act
from cli.case_enquiries import Note
from cli.parameters import Acting, CaseNumber, named
from cli.session import console, session
from samkorning.case.inventory import InventoryLine, by_officer, report_back


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command()(inventory)
    app.command(name="report-back")(report)


def inventory(
    older_than: Annotated[
        int, typer.Option("--older-than", help="Days since the order that make a case old.", min=0, max=9_999)
    ] = 90,
    sent: Annotated[
        str | None,
        typer.Option("--sent", help="The day on which it was sent; reports since then count. Today without it."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="The day by which officers report back; two weeks on without it.")
    ] = None,
    officer: Annotated[
        str | None, typer.Option("--officer", help="Only what goes to this officer.", callback=named("the officer"))
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="A folder that gets a text file for each officer, to be sent.")
    ] = None,
) -> None:
    """Old cases by stage with the act that is due, for their officers to report back on. Nothing is recorded."""
    from assets.steps.inventory import inventory as made

    if to is not None and to.exists() and not to.is_dir():
        raise typer.BadParameter("--to names a folder")
    last_day, sent_on = session.deadline(by), session.day_until_today(sent)
    lines = [
        line
        for line in made(session.desk, timedelta(days=older_than), sent_on)
        if officer is None or line.goes_to == officer
    ]
    files = _written(lines, last_day, to) if to is not None else []
    answer = {"report_back_by": last_day, "lines": lines, "files": [file.name for file in files]}
    session.answer(answer, lambda: _print(lines, last_day, files))


def _print(lines: Sequence[InventoryLine], last_day: date, files: Sequence[Path]) -> None:
    if not lines:
        console.print("no old case waits for anything")
        return
    table = Table("stage", "case", "days", "rests", "goes to", "what is due", "whose", "reported")
    for line in lines:
        row = (line.stage, line.case, line.age, line.rests, line.goes_to, line.what, line.whose, line.reported)
        table.add_row(*map(str, row))
    console.print(table)
    waiting = sum(not line.reported for line in lines)
    console.print(f"{len(lines)} cases, {waiting} without a report; `samkorning case report-back` by {last_day}")
    for file in files:
        console.print(f"written: {file.name}", markup=False)


def report(case: CaseNumber, note: Note, acting: Acting = None) -> None:
    """An officer reports what has been done about an old case."""
    record_act(case, acting, lambda found, person: report_back(found, note))


def _written(lines: Sequence[InventoryLine], last_day: date, folder: Path) -> list[Path]:
    """A text file for each officer with what that officer has, and how to report back."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for officer, theirs in by_officer(lines).items():
        name = "_".join("".join(c for c in word if c.isalnum()) for word in officer.split())
        file = folder / f"inventory_{name}.txt"
        text = [f"Old cases of {officer}; report back by {last_day}", ""]
        for line in theirs:
            text += [f"{line.case}  {line.title}", f"    {line.stage}, {line.age} days, nothing for {line.rests} days"]
            text += [f"    next: {line.what} ({line.whose})"]
            text += [f'    report: samkorning case report-back {line.case} --note "..."', ""]
        file.write_text("\n".join(text), encoding="utf-8")
        files.append(file)
    return files
