"""``samkorning receive``: taking a holder's files in at once.

What belongs here: the command. What must not: intake itself (assets.steps.intake.receiving).
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from assets.steps.intake.receiving import Received, file_sha256, receive_file
from cli.parameters import Acting, CaseNumber, SourceName
from cli.session import console, errors, failed, session
from samkorning.case import Event
from samkorning.case.ledger import last_received
from samkorning.errors import FileRefused, NotFound, RuleRefused
from samkorning.identity.redaction import redact_file_name

NONE_KNOWN = (
    "nobody in it is in the case's code key, so no row will link as things stand; ask the holder whether the file is "
    "of this case and its population"
)


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

    One file counts for a source: after it another one is refused. The files stay where they are, but for those in the
    inbox: these are removed when they are safe, or set aside.
    """
    desk = session.desk
    found = desk.case(case)
    person = session.person(acting, found.order.synthetic)
    results: list[dict[str, Any]] = []
    refused: list[str] = []
    counts = ""
    for file in files:
        sha256 = file_sha256(file) if len(files) > 1 and file.is_file() else ""
        try:
            _may_follow(file, sha256, counts, source)
            before = last_received(desk.case(case), source)
            taken = receive_file(desk, desk.case(case), source, file, person, reason)
            counts = sha256
            results.append(_as_json(taken, before))
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


def _may_follow(file: Path, sha256: str, counts: str, source: str) -> None:
    """A second file would take the first one's place, where somebody meant both.

    :raises FileRefused: where another file of this command counts for the source already.
    """
    if counts and sha256 and sha256 != counts:
        raise FileRefused(
            redact_file_name(file.name),
            f"another file of this command counts for {source} already, and a source has one file",
            "put the parts of a file together; if it is to take the other's place, take it in by itself",
        )


def _as_json(taken: Received, before: Event | None) -> dict[str, Any]:
    replaces = None
    if before is not None and not taken.known_already:
        replaces = {"file": before.detail["file"], "rows": before.detail["rows"]}
    return {
        "file": taken.file,
        "rows": taken.rows,
        "refused_rows": taken.refused_rows,
        "known": taken.known_already,
        "none_known": taken.none_known,
        "replaces": replaces,
    }


def _show(results: list[dict[str, Any]]) -> None:
    for result in results:
        words = "was taken in before" if result["known"] else f"{result['rows']} rows taken in"
        if (former := result["replaces"]) is not None:
            words += f", in place of the {former['rows']} of {former['file']}"
        console.print(f"{result['file']}: {words}", markup=False)
        if result["none_known"]:
            errors.print(f"{result['file']}: {NONE_KNOWN}", style="yellow", markup=False)
        if result["refused_rows"]:
            errors.print(f"{result['file']}: {result['refused_rows']} rows set aside", style="yellow", markup=False)
