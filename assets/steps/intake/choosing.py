"""A person chooses between two files of a source: the held one takes the other's place, or is refused (R13).

What belongs here: both acts. What must not: which files wait (samkorning.case.second_files), or taking one in
(receiving).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assets.steps.free_text import require_nobody_named
from assets.steps.intake import quarantine
from assets.steps.intake.reading_in import Incoming
from assets.steps.intake.receiving import Received, receive_content
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind
from samkorning.case.clocks import IN_QUARANTINE
from samkorning.case.ledger import last_received
from samkorning.case.second_files import DECLINED, held_name, waiting_files
from samkorning.errors import FileRefused, NotFound


@dataclass(frozen=True)
class SecondFile:
    """A file held beside the one that counts: its name there, whose it is, the rows of both, since when, and by
    when a person is to choose."""

    held: str
    case: str
    source: str
    file: str
    rows: int | None
    counts: int | None
    since: date
    due: date


def held_beside(desk: Desk) -> list[SecondFile]:
    """The second files of all cases, each of which waits for a person."""
    return [each for number in desk.cases.numbers() for each in _beside(desk.case(number))]


def _beside(case: Case) -> Iterator[SecondFile]:
    for source in sorted({event.detail["source"] for event in case.held_files()}):
        counts = last_received(case, source)
        for event in waiting_files(case, source):
            since = event.at.date()
            yield SecondFile(
                held_name(event),
                case.number,
                source,
                event.detail["file"],
                event.detail.get("rows"),
                counts.detail.get("rows") if counts else None,
                since,
                since + IN_QUARANTINE,
            )


def waits_beside(case: Case, source: str, held: str) -> bool:
    """Whether a file is held under that name beside the one that counts for the source."""
    return any(held_name(event) == held for event in waiting_files(case, source))


def let_in(desk: Desk, case: str, source: str, held: str, person: str, reason: str) -> Received:
    """Lets a held file take the place of the one that counts.

    :raises FileRefused: without a reason; it is held on. Also where it cannot be read any more as declared: that is
        in the ledger, and it is held on; nothing of the source leaves before a person has chosen.
    :raises NotFound: when no file is held there under that name.
    """
    with desk.vault.lock(case):
        found = desk.case(case)
        event, incoming = _held(desk, found, source, held, person, reason)
        desk.require_role(found, person, EventKind.FILE_RECEIVED)
        _require_reason(desk, found, person, event, reason)
        return receive_content(desk, found, incoming)


def refuse(desk: Desk, case: str, source: str, held: str, person: str, reason: str) -> None:
    """Lets the file that counts stand, and nothing of the held one open again. Nobody is asked for another one.

    :raises NotFound: when no file is held there under that name.
    """
    with desk.vault.lock(case):
        found = desk.case(case)
        event, incoming = _held(desk, found, source, held, person, reason)
        desk.require_role(found, person, EventKind.FILE_REFUSED)
        _require_reason(desk, found, person, event, reason)
        facts = {"source": source, "sha256": incoming.sha256}
        desk.audit.append("refuse", person, case, desk.clock.now(), **facts)
        detail = {
            "source": source,
            "file": incoming.name,
            "sha256": incoming.sha256,
            "rows": event.detail.get("rows"),
            "problem": "a person lets the file stand that came before it",
            "reason": reason,
            "quarantined": event.number,
            DECLINED: True,
        }
        desk.cases.record(found, EventKind.FILE_REFUSED, desk.clock.now(), person, detail)
        quarantine.drop(desk, case, incoming)


def _held(desk: Desk, case: Case, source: str, held: str, person: str, reason: str) -> tuple[Event, Incoming]:
    event = next((each for each in waiting_files(case, source) if held_name(each) == held), None)
    if event is None:
        raise NotFound(f"no file {held} of {source} waits in case {case.number}; `samkorning file held` lists them")
    sha256 = str(event.detail["sha256"])
    content = quarantine.held_content(desk, case.number, source, sha256)
    return event, Incoming(source, event.detail["file"], sha256, content, person, reason)


def _require_reason(desk: Desk, case: Case, person: str, held: Event, reason: str) -> None:
    if not reason:
        raise FileRefused(
            held.detail["file"], "R13: which of two files counts is decided with a reason", "give --reason"
        )
    require_nobody_named(desk, case, person, {"reason": reason})
