"""The files of the inbox: which are whole, what becomes of each, and what the others wait for.

What belongs here: bringing inbox, contracts and clock together, and the steps on a file that lies there. What must not:
what makes a file whole (samkorning.register_files.whole.wholeness), or taking one in (intake).
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from assets.steps.intake.arrivals import enter
from assets.steps.intake.reading_in import Incoming, ReadIn
from assets.steps.intake.receiving import (
    declared_file,
    file_sha256,
    is_approved,
    receive_unasked,
)
from assets.steps.intake.unmatched import hold_unmatched
from resources import inbox
from resources.desk import Desk
from resources.inbox import WaitingFile
from samkorning.case.second_files import UNASKED, stands_before
from samkorning.errors import FileRefused, NotFound, RuleRefused
from samkorning.identity.redaction import redact_file_name
from samkorning.register_files import FileContract, FileVerdict
from samkorning.register_files.whole.wholeness import REMEDIES, Standing, may_be_whole, refusal_of, standing

WITHDRAWN = "its source is withdrawn: `case await` takes that back, and `file match` takes the file in then"
"""Why a file waits of which nobody waits any more (R30)."""


@dataclass(frozen=True)
class NotYetWhole:
    """A file that lies in the inbox and is not taken in: where, since when unchanged, how it stands, what to do."""

    case: str
    source: str
    file: str
    unchanged_since: datetime
    standing: Standing
    remedy: str


def standings(desk: Desk, case: str | None = None) -> Iterator[tuple[WaitingFile, Standing]]:
    """Every file of the inbox, of one case or of all, and how it stands; some are read to their end for it."""
    for file in inbox.lying_files(desk.home, case):
        with suppress(FileNotFoundError):  # another process took it meanwhile
            yield file, _standing(desk, file)


def whole_files(desk: Desk, case: str | None = None) -> list[WaitingFile]:
    """The files that are whole, in order of name."""
    return [file for file, how in standings(desk, case) if how is Standing.WHOLE]


def worth_a_look(desk: Desk) -> dict[str, list[str]]:
    """For each case, a mark of every file that may be whole: cheap, and another mark when there is more to see."""
    marks: dict[str, list[str]] = {}
    now = desk.clock.machine_time()
    for file in inbox.lying_files(desk.home):
        with suppress(FileNotFoundError):
            if file.is_readable and may_be_whole(file.path, file.signs(now), _contract(desk, file)):
                marks.setdefault(file.case, []).append(file.mark(now))
    return marks


def not_yet_whole(desk: Desk) -> list[NotYetWhole]:
    """What waits in the inbox, for the person who can do something about it."""
    return [
        NotYetWhole(*file.place_without_numbers, redact_file_name(file.path.name), file.changed(), how, REMEDIES[how])
        for file, how in standings(desk)
        if how is not Standing.WHOLE
    ]


def receive_or_set_aside(desk: Desk, file: WaitingFile, person: str) -> bool:
    """Whether the vault has a whole file now: taken in, or in quarantine: before the decision, without a source or of
    one that is withdrawn, or beside another file."""
    try:
        receive_unasked(desk, desk.case(file.case), file.source, file.path, person)
    except NotFound:
        hold_unmatched(desk, file, "the case awaits no such source", person)
    except (FileRefused, RuleRefused):
        if file.source not in desk.case(file.case).withdrawn_sources:
            inbox.set_aside(file)
            return False
        hold_unmatched(desk, file, WITHDRAWN, person)
    inbox.remove(file)
    return True


def refuse_unread(desk: Desk, file: WaitingFile, how: Standing, person: str) -> None:
    """Tells the sender of a file that never can be taken in, enters it and sets it aside; any other stays where it is.

    Before the decision is approved nothing is entered (R10), and it stays too.
    """
    case, name = desk.case(file.case), redact_file_name(file.path.name)
    contract = _contract(desk, file)
    refusal = refusal_of(name, how, contract) if contract is not None else None
    if refusal is None or not is_approved(case):
        return
    incoming = Incoming(file.source, name, file_sha256(file.path), file.path, person)
    desk.audit.append("receive", person, case.number, desk.clock.now(), source=file.source, sha256=incoming.sha256)
    unasked = stands_before(case, file.source, incoming.sha256) is not None
    enter(desk, case, incoming, ReadIn(FileVerdict(name, None, refusal)), {UNASKED: True} if unasked else {})
    inbox.set_aside(file)


def _standing(desk: Desk, file: WaitingFile) -> Standing:
    if not file.is_readable:
        return Standing.CANNOT_BE_READ
    return standing(file.path, file.signs(desk.clock.machine_time()), _contract(desk, file))


def _contract(desk: Desk, file: WaitingFile) -> FileContract | None:
    """What the file's source has promised; nothing where no case or source awaits it."""
    try:
        return declared_file(desk.cases.case(file.case), file.source)[0]
    except NotFound:
        return None
