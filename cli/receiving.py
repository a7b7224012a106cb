"""``samkorning receive``: taking a holder's files in at once.

What belongs here: the command. What must not: intake itself (assets.steps.intake.receiving).
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from assets.steps.intake.receiving import Received, receive_file
from cli.parameters import Acting, CaseNumber, SourceName
from cli.session import console, errors, failed, session
from samkorning.errors import FileRefused, NotFound, RuleRefused


def receive(
    case: CaseNumber,
    source: SourceName,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Files; a person's word is that they are whole.")
    ],
    reason: Annotated[
        str, typer.Option("--reason", help="Why it takes the place of another: a population, or a late number history.")
    ] = "",
    acting: Acting = None,
) -> None:
    """Takes files of one source in. A refused file is named and the others go on.

    The files stay where they are, but for those in the inbox: these are removed when they are safe, or set aside.
    """
    desk = session.desk
    found = desk.case(case)
    person = session.person(acting, found.order.synthetic)
    results: list[dict[str, Any]] = []
    refused: list[str] = []
    for file in files:
        try:
            taken = receive_file(desk, desk.case(case), source, file, person, reason)
            results.append(_as_json(taken))
        except (FileRefused, RuleRefused) as refusal:
            refused.append(str(refusal))
        except NotFound as absent:
            if file.is_file():  # it is the source that nobody awaits
                raise
            refused.append(str(absent))
    answer = {"case": case, "source": source, "files": results}
    if refused:
        if not session.json:
            _show(results)
        failed("\n".join(refused), 1, answer)
    session.answer(answer, lambda: _show(results))


def _as_json(taken: Received) -> dict[str, Any]:
    return {
        "file": taken.file,
        "rows": taken.rows,
        "refused_rows": taken.refused_rows,
        "known": taken.known_already,
    }


def _show(results: list[dict[str, Any]]) -> None:
    for result in results:
        words = "was taken in before" if result["known"] else f"{result['rows']} rows taken in"
        console.print(f"{result['file']}: {words}", markup=False)
        if result["refused_rows"]:
            errors.print(f"{result['file']}: {result['refused_rows']} rows set aside", style="yellow", markup=False)
