"""``samkorning deliver``: the Dagster job, headless, with progress.

What belongs here: starting the job and showing what came of it. What must not: what the job does.
"""

from typing import Any

from cli.loading import loading
from cli.parameters import CaseNumber
from cli.session import console, errors, session


def deliver(case: CaseNumber) -> None:
    """Links what is in place and makes the next delivery; nothing when nothing is due."""
    with session.keystore_opens_meanwhile(), loading():
        from pipelines.delivering import run_delivery  # Dagster takes a second to load: only where it is needed

    def progress(line: str) -> None:
        if not session.json:
            errors.print(line, style="dim", markup=False)

    answer = run_delivery(session.desk, case, progress)
    session.answer(answer, lambda: show(answer))


def show(answer: dict[str, Any]) -> None:
    """What was delivered, for a person."""
    if answer["delivery"] is None:
        console.print(f"{answer['case']}: nothing is due; awaited: {', '.join(answer['awaited']) or 'nothing'}")
        _show_waiting(answer)
        return
    console.print(f"{answer['case']}: {answer['delivery']} ({answer['kind']}) lies at {answer['path']}")
    for file in answer["files"]:
        console.print(f"  {file['name']}: {file['rows']} rows")
    if answer["left_out"]:
        console.print(f"  no report as {', '.join(answer['left_out'])}: the system has no Pango (`make services`)")
    console.print(f"  awaited: {', '.join(answer['awaited']) or 'nothing'}")
    number = answer["delivery"]
    console.print(f"  its letter, to go with it: `samkorning letter send {answer['case']} delivery --of {number}`")
    _show_waiting(answer)


def _show_waiting(answer: dict[str, Any]) -> None:
    if waiting := ", ".join(answer.get("not_handed_over", [])):
        console.print(f"  not handed over: {waiting}; repeat it with `samkorning delivery hand-over {answer['case']}`")
