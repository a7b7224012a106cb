"""``samkorning case list``: the work list, a line a case.

What belongs here: filters, order and layout of the list. What must not: what a line says (assets.steps.overview).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.parameters import named
from cli.session import console, session

if TYPE_CHECKING:
    from samkorning.case.overview import CaseLine

QUEUES = ("waiting for an officer", "review", "decision", "extraction", "delivered", "over")
"""In the order in which a case goes through them, and the list shows them."""
OVER = QUEUES[-1]


Queue = Annotated[
    str | None, typer.Option("--queue", help=f"Only one queue: {', '.join(QUEUES)}.", callback=named("the queue"))
]
InState = Annotated[str | None, typer.Option("--state", help="Only cases in this state.", callback=named("the state"))]
Officer = Annotated[
    str | None,
    typer.Option(
        "--officer", help="Only this officer's cases; `nobody` for those without.", callback=named("the officer")
    ),
]
Whose = Annotated[
    str | None,
    typer.Option(
        "--whose", help="Only cases whose next act is this one's; a part of it will do.", callback=named("whose")
    ),
]
WaitsFor = Annotated[
    str | None,
    typer.Option(
        "--waits-for", help="Only cases that await a file of this register holder.", callback=named("the holder")
    ),
]
DueBefore = Annotated[
    str | None, typer.Option("--due-before", help="Only cases whose next act is due before this day, YYYY-MM-DD.")
]


@dataclass(frozen=True)
class Wanted:
    """What a line must have to be listed; nothing where it does not matter."""

    queue: str | None
    state: str | None
    officer: str | None
    whose: str | None
    waits_for: str | None
    before: date | None
    over: bool

    def fits(self, line: "CaseLine") -> bool:
        """Whether a line has all of it."""
        return (
            (self.over or line.queue != OVER)
            and self.queue in (None, line.queue)
            and self.state in (None, line.state)
            and (self.officer is None or self.officer == (line.officer or "nobody"))
            and (self.whose is None or self.whose.casefold() in line.whose.casefold())
            and (self.waits_for is None or self.waits_for in line.waits_for)
            and (self.before is None or (line.due is not None and line.due < self.before))
        )


def list_cases(
    queue: Queue = None,
    state: InState = None,
    officer: Officer = None,
    whose: Whose = None,
    waits_for: WaitsFor = None,
    due_before: DueBefore = None,
    everything: Annotated[bool, typer.Option("--all", help="Cases that are over as well.")] = False,
) -> None:
    """The work list: the cases by queue, with the next act, whose it is, by when, and how old the case is (R02)."""
    from assets.steps.overview import overview

    if queue is not None and queue not in QUEUES:
        raise typer.BadParameter(f"no such queue; there are: {', '.join(QUEUES)}")
    before = date.fromisoformat(session.day(due_before)) if due_before else None
    over = everything or queue == OVER or state is not None
    wanted, today = Wanted(queue, state, officer, whose, waits_for, before, over), session.desk.clock.today()
    lines = [row.line for row in overview(session.desk)]
    found = sorted(
        filter(wanted.fits, lines), key=lambda line: (QUEUES.index(line.queue), line.due or date.max, line.opened)
    )
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
        "letters_not_sent": line.letters_not_sent,
        "opened": line.opened,
        "age_days": (today - line.opened).days,
    }


def _print(answer: Sequence[dict[str, Any]], count: int, today: date) -> None:
    """A table for each queue, what has not been sent by itself, and what is left out."""
    for queue in QUEUES:
        rows = [row for row in answer if row["queue"] == queue]
        if rows:
            console.print(_table(queue, rows, today))
    for row in answer:
        if row["letters_not_sent"]:
            console.print(f"{row['case']}: letters not sent yet: {', '.join(row['letters_not_sent'])}", markup=False)
    if not answer:
        console.print("no such case" if count else "no cases; `samkorning case open ORDER` opens one")
    if left_out := count - len(answer):
        console.print(f"{left_out} cases are left out; `--all` shows those that are over")


def _table(queue: str, rows: Sequence[dict[str, Any]], today: date) -> Any:
    """The cases of a queue; what is overdue stands out."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=f"{queue}: {len(rows)}", title_justify="left")
    for name in ("case", "officer", "next act", "whose", "due", "days", "title"):
        table.add_column(name, justify="right" if name == "days" else "left")
    for row in rows:
        act = row["next_act"]
        late = act["due"] is not None and act["due"] < today
        due = f"[red]{act['due']}[/red]" if late else str(act["due"] or "")
        cells = (row["case"], row["officer"] or "", act["what"], act["whose"])
        table.add_row(*map(escape, cells), due, str(row["age_days"]), escape(row["title"]))
    return table


def add_to(app: typer.Typer) -> None:
    """Puts the list among the commands of a case."""
    app.command(name="list")(list_cases)
