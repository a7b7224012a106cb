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
from samkorning.case.second_files import DECLINED, held_name, told, waiting_files
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


@dataclass(frozen=True)
class Choice:
    """Between two files of a source: of which case, the name under which the second is held, whose choice, and why."""

    case: str
    source: str
    held: str
    person: str
    reason: str


def waits_beside(case: Case, source: str, held: str) -> bool:
    """Whether a file is held under that name beside the one that counts for the source."""
    return any(held_name(event) == held for event in waiting_files(case, source))


def rows_of_both(case: Case, source: str, held: str) -> dict[str, str]:
    """What a person chooses between: how many rows each has and when it came.

    :raises NotFound: when no file is held there under that name; it says which are.
    """
    event, counts = _waiting(case, source, held), last_received(case, source)
    assert counts is not None, "it waits beside one that counts"  # noqa: S101
    return {"held": told(event), "counts": told(counts)}


def let_in(desk: Desk, choice: Choice) -> Received:
    """Lets a held file take the place of the one that counts.

    :raises FileRefused: without a reason; it is held on. Also where it cannot be read any more as declared: that is
        in the ledger, and it is held on; nothing of the source leaves before a person has chosen.
    :raises NotFound: when no file is held there under that name.
    """
    with desk.vault.lock(choice.case):
        event = require_choice(desk, choice, EventKind.FILE_RECEIVED)
        return receive_content(desk, desk.case(choice.case), _incoming(desk, choice, event))


def refuse(desk: Desk, choice: Choice) -> None:
    """Lets the file that counts stand, and nothing of the held one open again. Nobody is asked for another one.

    :raises FileRefused: without a reason.
    :raises NotFound: when no file is held there under that name.
    """
    with desk.vault.lock(choice.case):
        event = require_choice(desk, choice, EventKind.FILE_REFUSED)
        incoming, now = _incoming(desk, choice, event), desk.clock.now()
        facts = {"source": choice.source, "sha256": incoming.sha256}
        desk.audit.append("refuse", choice.person, choice.case, now, **facts)
        detail = {
            "source": choice.source,
            "file": incoming.name,
            "sha256": incoming.sha256,
            "rows": event.detail.get("rows"),
            "problem": "a person lets the file stand that came before it",
            "reason": choice.reason,
            "quarantined": event.number,
            DECLINED: True,
        }
        desk.cases.record(desk.case(choice.case), EventKind.FILE_REFUSED, now, choice.person, detail)
        quarantine.drop(desk, choice.case, incoming)


def require_choice(desk: Desk, choice: Choice, kind: EventKind) -> Event:
    """The event of the held file, where that person may choose so; refused as the act itself, and nothing changed."""
    case = desk.case(choice.case)
    event = _waiting(case, choice.source, choice.held)
    desk.require_role(case, choice.person, kind)
    if not choice.reason:
        problem = "R13: which of two files counts is decided with a reason"
        raise FileRefused(event.detail["file"], problem, "give a reason")
    require_nobody_named(desk, case, choice.person, {"reason": choice.reason})
    return event


def _waiting(case: Case, source: str, held: str) -> Event:
    waiting = {held_name(event): event for event in waiting_files(case, source)}
    if held not in waiting:
        names = ", ".join(f"{name} ({told(event)})" for name, event in waiting.items()) or "none"
        raise NotFound(f"no file {held} of {source} waits in case {case.number}; it has: {names}")
    return waiting[held]


def _incoming(desk: Desk, choice: Choice, event: Event) -> Incoming:
    sha256 = str(event.detail["sha256"])
    content = quarantine.held_content(desk, choice.case, choice.source, sha256)
    return Incoming(choice.source, event.detail["file"], sha256, content, choice.person, choice.reason)
