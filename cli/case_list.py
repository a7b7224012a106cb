"""``samkorning case list``: the work list, a line a case.

What belongs here: filters, order and layout of the list. What must not: what a line says (assets.steps.overview).
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from cli.parameters import named
from cli.session import console, session

QUEUES = ("waiting for an officer", "review", "decision", "extraction", "delivered", "over")
"""In the order in which a case goes through them, and the list shows them."""
OVER = QUEUES[-1]


def list_cases(
    queue: Annotated[
        str | None, typer.Option("--queue", help=f"Only one queue: {', '.join(QUEUES)}.", callback=named("the queue"))
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="Only cases in this state.", callback=named("the state"))
    ] = None,
    officer: Annotated[
        str | None,
        typer.Option(
            "--officer", help="Only this officer's cases; `nobody` for those without.", callback=named("the officer")
        ),
    ] = None,
    whose: Annotated[
        str | None,
        typer.Option(
            "--whose", help="Only cases whose next act is this one's; a part of it will do.", callback=named("whose")
        ),
    ] = None,
    waits_for: Annotated[
        str | None,
        typer.Option(
            "--waits-for", help="Only cases that await a file of this register holder.", callback=named("the holder")
        ),
    ] = None,
    due_before: Annotated[
        str | None, typer.Option("--due-before", help="Only cases whose next act is due before this day, YYYY-MM-DD.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Cases that are over as well.")] = False,
) -> None:
    """The work list: the cases by queue, with the next act, whose it is, by when, and how old the case is (R02)."""
    from assets.steps.overview import overview

    today = session.desk.clock.today()
    before = date.fromisoformat(session.day(due_before)) if due_before else None
    if queue is not None and queue not in QUEUES:
        raise typer.BadParameter(f"no such queue; there are: {', '.join(QUEUES)}")
    shows_over = everything or queue == OVER or state is not None
    lines = [row.line for row in overview(session.desk)]
    found = [
        line
        for line in lines
        if (shows_over or line.queue != OVER)
        and queue in (None, line.queue)
        and state in (None, line.state)
        and (officer is None or officer == (line.officer or "nobody"))
        and (whose is None or whose.casefold() in line.whose.casefold())
        and (waits_for is None or waits_for in line.waits_for)
        and (before is None or (line.due is not None and line.due < before))
    ]
    found.sort(key=lambda line: (QUEUES.index(line.queue), line.due or date.max, line.opened))
    answer = [_answered(line, today) for line in found]
    session.answer({"cases": answer, "left_out": len(lines) - len(found)}, lambda: _print(answer, len(lines), today))


def _answered(line: Any, today: date) -> dict[str, Any]:
    return {
        "case": line.case,
        "queue": line.queue,
        "state": line.state,
        "title": line.title,
        "officer": line.officer or None,
        "next_act": {"what": line.what, "whose": line.whose, "due": line.due},
        "waits_for": line.waits_for,
        "opened": line.opened,
        "age_days": (today - line.opened).days,
    }


def _print(answer: Sequence[dict[str, Any]], count: int, today: date) -> None:
    """A table for each queue; what is overdue stands out."""
    from rich.markup import escape
    from rich.table import Table

    for queue in QUEUES:
        rows = [row for row in answer if row["queue"] == queue]
        if not rows:
            continue
        table = Table(title=f"{queue}: {len(rows)}", title_justify="left")
        for name in ("case", "officer", "next act", "whose", "due", "days", "title"):
            table.add_column(name, justify="right" if name == "days" else "left")
        for row in rows:
            act, late = row["next_act"], row["next_act"]["due"] is not None and row["next_act"]["due"] < today
            due = f"[red]{act['due']}[/red]" if late else str(act["due"] or "")
            told = (row["case"], row["officer"] or "", act["what"], act["whose"])
            table.add_row(*map(escape, told), due, str(row["age_days"]), escape(row["title"]))
        console.print(table)
    left_out = count - len(answer)
    if not answer:
        console.print("no such case" if count else "no cases; `samkorning case open ORDER` opens one")
    if left_out:
        console.print(f"{left_out} cases are left out; `--all` shows those that are over")


def add_to(app: typer.Typer) -> None:
    """Puts the list among the commands of a case."""
    app.command(name="list")(list_cases)
