"""``samkorning dispose``: what is due goes, with two persons and a signed receipt; or a rehearsal that does nothing.

What belongs here: the command and what it shows. What must not: what is due and how it goes (assets.steps.retention).
"""

from typing import Annotated, Any

import typer
from rich.table import Table

from assets.steps.retention.disposing import Disposal, dispose, rehearse
from cli.parameters import Acting, case_number, named
from cli.session import console, session
from samkorning.case import State, state_of
from samkorning.errors import RuleRefused

WINDOWS = (0, 30, 90)


def dispose_case(
    case: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]", help="Case number; with --rehearse every case without it.", callback=case_number
        ),
    ] = None,
    rehearsal: Annotated[bool, typer.Option("--rehearse", help="Show what would go when and why; do nothing.")] = False,
    second_person: Annotated[
        str | None,
        typer.Option(
            "--second-person",
            help="Who confirms in the same call; in synthetic cases alone.",
            callback=named("who confirms"),
        ),
    ] = None,
    acting: Acting = None,
) -> None:
    """Disposal (gallring) of what is due: one person orders it, another confirms it by the same command."""
    if rehearsal:
        _rehearse(case)
        return
    if case is None:
        raise typer.BadParameter("name the case, or rehearse all with --rehearse")
    desk = session.desk
    found = desk.case(case)
    if second_person is not None and not found.order.synthetic:
        raise RuleRefused(
            "R16", "free names are for synthetic cases", "let the second person call `dispose` themselves"
        )
    done = dispose(desk, case, session.person(acting, found.order.synthetic), second_person)
    if any(each.phase in ("disposed", "completed") for each in done):
        _report_to_page(case, purge=state_of(desk.case(case).events) is State.DISPOSED)
    answer = {"case": case, "disposals": [_as_json(each) for each in done]}
    session.answer(answer, lambda: _show(case, done))


def _report_to_page(case: str, purge: bool) -> None:
    """The page's runs of a case that is disposed of hold counts alone, and go with it; the end of its river stays."""
    from pipelines.desk import report_to_page  # Dagster takes seconds to load: only where it is needed
    from pipelines.purging import purge_runs

    if purge:
        purge_runs(session.desk, case)
    report_to_page(session.desk, case)


def _as_json(done: Disposal) -> dict[str, Any]:
    detail = done.detail or {}
    counts = {"stores": len(detail.get("stores", ())), "files": len(detail.get("files", ()))}
    until = detail.get("keystore_backups_until")
    return {
        "phase": done.phase,
        "disposal": done.number,
        **counts,
        "receipt": str(session.desk.home.root / done.receipt) if done.receipt else None,
        "keystore_backups_until": until,
        "not_yet_erased": bool(detail.get("again")),
        "waits_for": done.waits,
    }


def _show(case: str, done: list[Disposal]) -> None:
    for each in map(_as_json, done):
        if each["phase"] == "nothing":
            console.print(f"{case}: nothing is due; `dispose --rehearse` shows what comes")
        if each["phase"] == "ordered":
            console.print(f"{case}: {each['disposal']} ordered, {each['stores']} stores and {each['files']} files")
            console.print("another person confirms it with the same command")
        if each["not_yet_erased"]:
            console.print(f"{case}: {each['disposal']} was NOT YET ERASED: its encryption keys had come back")
        if each["phase"] == "disposed":
            console.print(f"{case}: {each['disposal']} destroyed {each['stores']} stores and {each['files']} files")
            console.print(f"  receipt: {each['receipt']}", soft_wrap=True)
            console.print(f"  complete when the keystore's backups of {each['keystore_backups_until']} have expired")
        if each["phase"] == "completed":
            console.print(f"{case}: {each['disposal']} is complete; receipt: {each['receipt']}", soft_wrap=True)


def _rehearse(case: str | None) -> None:
    desk = session.desk
    items = rehearse(desk, [case] if case else desk.cases.numbers())

    def show() -> None:
        for days in WINDOWS:
            earlier = max((window for window in WINDOWS if window < days), default=-1)
            rows = [row for row in items if row["in_days"] is not None and earlier < row["in_days"] <= days]
            _print_rows("goes now" if not days else f"goes within {days} days", rows)
        later = [row for row in items if row["in_days"] is None or row["in_days"] > WINDOWS[-1]]
        _print_rows("stays longer", later)

    session.answer({"items": items}, show)


def _print_rows(title: str, rows: list[dict[str, Any]]) -> None:
    table = Table("case", "what", "first day", "why", title=f"{title}: {len(rows)}", title_justify="left")
    for row in sorted(rows, key=lambda row: (str(row["first_day"]), row["case"], row["what"])):
        table.add_row(row["case"], row["what"], str(row["first_day"] or "not yet"), f"{row['why']} ({row['rule']})")
    if rows:
        console.print(table)
    else:
        console.print(f"{title}: nothing")
