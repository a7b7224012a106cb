"""A second file of a source that nobody asked for: counted, held encrypted, and left for a person (R13).

What belongs here: holding it beside the file that counts. What must not: the rule (samkorning.case.second_files), or
the person's act (choosing).
"""

from typing import Any

from assets.steps.intake import quarantine
from assets.steps.intake.arrivals import enter
from assets.steps.intake.passwords import file_secrets
from assets.steps.intake.reading_in import Incoming, ReadIn
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind
from samkorning.case.second_files import BESIDE, UNASKED, is_declined
from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, FileVerdict, check_file


def hold_beside(desk: Desk, case: Case, incoming: Incoming, contract: FileContract, before: Event) -> None:
    """Holds a file from the inbox beside the one that counts; one that a person has refused already is known.

    :raises FileRefused: when it cannot be read as declared; its sender is told, and nothing else has changed.
    """
    if is_declined(case, incoming.source, incoming.sha256) or quarantine.is_held(desk, case, incoming):
        return
    rows = _rows(desk, case, incoming, contract, {})
    quarantine.hold(desk, case, incoming, {BESIDE: before.number, "rows": rows})


def leave_beside(
    desk: Desk, case: Case, held: Event, incoming: Incoming, contract: FileContract, before: Event
) -> None:
    """Leaves a file where it was held before the decision, and says beside which it waits now.

    One that cannot be read as declared is refused, and out of quarantine.
    """
    settles = {"quarantined": held.number}
    try:
        rows = _rows(desk, case, incoming, contract, settles)
    except FileRefused:
        quarantine.drop(desk, case.number, incoming)
        return
    detail = {**held.detail, **settles, BESIDE: before.number, "rows": rows}
    desk.cases.record(desk.case(case.number), EventKind.FILE_QUARANTINED, desk.clock.now(), incoming.person, detail)


def _rows(desk: Desk, case: Case, incoming: Incoming, contract: FileContract, more: dict[str, Any]) -> int:
    """How many rows the file has; a refusal is entered, and asks nobody for another one."""
    facts = {"source": incoming.source, "sha256": incoming.sha256}
    desk.audit.append("receive", incoming.person, case.number, desk.clock.now(), **facts)
    secrets = file_secrets(desk, case, incoming.source)
    verdict = check_file(incoming.content, incoming.name, contract, secrets=secrets)
    if verdict.refusal is not None:
        refused = FileVerdict(incoming.name, None, verdict.refusal)
        enter(desk, case, incoming, ReadIn(refused), {UNASKED: True, **more})
        raise FileRefused(incoming.name, verdict.refusal.problem, verdict.refusal.remedy)
    assert verdict.account is not None, "an accepted file has its account"  # noqa: S101
    return verdict.account.rows
