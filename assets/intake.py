"""Intake (mottagning): a holder's file is read, put into the vault, entered in the ledger, and only then removed.

What belongs here: the order of these steps, for the inbox and the command line alike. What must not: reading itself
(samkorning.register_files), or deciding when an inbox file is whole (pipelines).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets import stores
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.ledger import received_sha256
from samkorning.case.rules import decision_is_approved
from samkorning.errors import FileRefused, NotFound
from samkorning.order import Source
from samkorning.register_files import FileContract, RegisterTable, read_register_file


@dataclass(frozen=True)
class TakenIn:
    """What became of one file."""

    file: str
    source: str
    rows: int
    refused_rows: int
    known_already: bool


def take_in(desk: Desk, case: Case, source: str, path: Path, person: str) -> TakenIn:
    """Takes one file into the vault and the ledger. The file itself is left where it is.

    :raises RuleRefused: before the disclosure decision is approved (R10).
    :raises FileRefused: when it cannot be read as declared; the ledger tells, and nothing else has changed.
    :raises NotFound: when the specification awaits no such source, or there is no such file.
    """
    decision_is_approved(case)
    contract, identifiers = declared_file(case, source)
    if not path.is_file():
        raise NotFound(f"no file {path.name} there")
    with desk.vault.lock(case.number):
        case = desk.case(case.number)
        sha256 = file_sha256(path)
        if received_sha256(case, source) == sha256:
            rows = stores.received(desk, case, source).latest()
            return TakenIn(path.name, source, rows.rows if rows else 0, 0, known_already=True)
        table = _read(desk, case, source, path, sha256, contract, identifiers, person)
        desk.audit.append("receive", person, case.number, desk.clock.now(), source=source, sha256=sha256)
        generation = stores.received(desk, case, source).append(table.frame, facts={"sha256": sha256})
        detail = {
            "source": source,
            "file": path.name,
            "sha256": sha256,
            "rows": table.rows,
            "refused_rows": table.refused_rows,
            "generation": generation.number,
        }
        desk.cases.record(case, EventKind.FILE_RECEIVED, desk.clock.now(), person, detail)
    return TakenIn(path.name, source, table.rows, table.refused_rows, known_already=False)


def declared_file(case: Case, source: str) -> tuple[FileContract, tuple[str, ...]]:
    """The contract of a source's file and its identifier columns.

    :raises NotFound: when the specification awaits no such source.
    """
    specification = case.specification
    if source == "population":
        return specification.population.file, (specification.population.column,)
    if source == "number_history" and specification.number_history is not None:
        return specification.number_history, ("old_number", "new_number")
    declared: Source | None = specification.source(source)
    if declared is None:
        names = ["population", *(known.name for known in specification.sources)]
        raise NotFound(f"case {case.number} awaits no source {source}; it awaits: {', '.join(names)}")
    return declared.file, tuple(identifier.column for identifier in declared.identifiers)


def file_sha256(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(
    desk: Desk,
    case: Case,
    source: str,
    path: Path,
    sha256: str,
    contract: FileContract,
    identifiers: tuple[str, ...],
    person: str,
) -> RegisterTable:
    """The file as read; a refusal is entered in the ledger before it is told."""
    refusal: FileRefused | None = None
    try:
        table = read_register_file(path, path.name, contract)
        missing = [column for column in identifiers if column not in table.columns]
        if missing:
            raise FileRefused(
                path.name, f"lacks the declared identity column {', '.join(missing)}", "send it with that column"
            )
        if table.rows == 0:
            raise FileRefused(path.name, "has no rows", "send the file with its rows")
    except FileRefused as refused:
        refusal = refused
    if refusal is None:
        return table
    detail: dict[str, Any] = {"source": source, "file": path.name, "sha256": sha256, "problem": refusal.problem}
    desk.cases.record(case, EventKind.FILE_REFUSED, desk.clock.now(), person, detail)
    raise FileRefused(refusal.file, refusal.problem, refusal.remedy)
