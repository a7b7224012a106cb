"""Intake (mottagning): a holder's file is read, put into the vault, entered in the ledger, and only then removed.

What belongs here: the order of these steps, for the inbox and the command line alike. What must not: reading itself
(reading_in), entering what came of it (arrivals), holding what comes too early (quarantine).
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.steps import stores
from assets.steps.free_text import require_nobody_named
from assets.steps.intake import quarantine
from assets.steps.intake.arrivals import enter
from assets.steps.intake.reading_in import Incoming, ReadIn, read_in
from assets.steps.intake.second_files import hold_beside, leave_beside
from assets.steps.safekeeping.fitting import require_fits
from resources import inbox
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind
from samkorning.case.announcements import announcement
from samkorning.case.ledger import last_received, material_is_disposed
from samkorning.case.population import another_has_its_reason
from samkorning.case.rules import decision_is_approved, source_is_awaited
from samkorning.case.second_files import BESIDE, UNASKED, held_name, stands_before, waiting_files
from samkorning.errors import FileRefused, NotFound, RuleRefused
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.order import Source
from samkorning.persons.number_history import HISTORY_COLUMNS
from samkorning.register_files import FileContract, FileVerdict
from samkorning.register_files.guarded import absent_guards, make_ready


@dataclass(frozen=True)
class Received:
    """What became of one file."""

    file: str
    source: str
    rows: int
    refused_rows: int
    known_already: bool
    none_known: bool = False
    """Whether nobody in it is in the code key, where there is one."""


def receive_file(desk: Desk, case: Case, source: str, path: Path, person: str, reason: str = "") -> Received:
    """Takes one file into the vault and the ledger because a person says that it is whole.

    The file is left where it is, but for one that lies in the inbox, which leaves it. ``reason`` says why it takes the
    place of another, where that needs one (R19).

    :raises RuleRefused: before the disclosure decision is approved (R10); the file is then held in quarantine. Also
        of a source that is withdrawn (R30), and where the reason names somebody by number.
    :raises FileRefused: when it cannot be read as declared; the ledger says so, and nothing else has changed.
    :raises NotFound: when the specification awaits no such source, or there is no such file.
    """
    desk.require_role(case, person, EventKind.FILE_RECEIVED)
    require_nobody_named(desk, case, person, {"reason": reason})
    lying = next((file for file in inbox.lying_files(desk.home) if file.path == path.resolve()), None)
    try:
        if path.is_file() and not is_approved(case):  # said at once, and not when it leaves quarantine
            another_has_its_reason(case, source, redact_file_name(path.name), file_sha256(path), reason)
        taken = receive_or_hold(desk, case, source, path, person, reason)
    except FileRefused:
        if lying is not None:
            inbox.set_aside(lying)
        raise
    if lying is not None:
        inbox.remove(lying)
    if taken is None:
        raise too_early(case, path.name)
    return taken


def receive_or_hold(desk: Desk, case: Case, source: str, path: Path, person: str, reason: str = "") -> Received | None:
    """The same of any file, left where it is; what comes before the decision is held, and nothing is given for it."""
    declared_file(case, source)
    if not path.is_file():
        raise no_file(path)
    make_ready()
    with desk.vault.lock(case.number):
        name = redact_file_name(path.name)  # a holder may have named a file after a person
        incoming = Incoming(source, name, file_sha256(path), path, person, reason)
        if not is_approved(desk.case(case.number)):
            source_is_awaited(desk.case(case.number), source)
            require_fits(desk, desk.case(case.number), coming=source)
            quarantine.hold(desk, desk.case(case.number), incoming)
            return None
        return receive_content(desk, desk.case(case.number), incoming)


def receive_unasked(desk: Desk, case: Case, source: str, path: Path, person: str) -> Received | None:
    """The same of a file for which no person answers: one that would take another's place waits for a person (R13)."""
    contract, _ = declared_file(case, source)
    with desk.vault.lock(case.number):
        receive_held_files(desk, case.number, person)
        found, sha256 = desk.case(case.number), file_sha256(path)
        before = stands_before(found, source, sha256) if is_approved(found) else None
        if before is None:
            return receive_or_hold(desk, found, source, path, person)
        make_ready()
        require_fits(desk, found, coming=source)
        hold_beside(desk, found, Incoming(source, redact_file_name(path.name), sha256, path, person), contract, before)
        return None


def receive_content(desk: Desk, case: Case, incoming: Incoming) -> Received:
    """Takes in a file that lies elsewhere than in a folder; refusals as in ``receive_file``, and nothing is held."""
    declared_file(case, incoming.source)
    decision_is_approved(case)
    with desk.vault.lock(case.number):
        receive_held_files(desk, case.number, incoming.person)
        return _receive_and_settle(desk, case.number, incoming)


def receive_held_files(desk: Desk, number: str, person: str) -> list[Received]:
    """Takes in what waited in quarantine for the decision, oldest first; what is refused is in the ledger.

    Gives the files that were taken in: none before the decision is approved. A file that an amended order awaits no
    longer or whose source is withdrawn stays where it is, and so does one that would take the place of another: that
    is for a person (R13).
    """
    taken: list[Received] = []
    if not desk.case(number).held_files() or not is_approved(desk.case(number)):
        return taken
    with desk.vault.lock(number):
        case = desk.case(number)
        for event in (each for each in case.held_files() if each.detail["source"] not in case.withdrawn_sources):
            with suppress(NotFound):
                contract, _ = declared_file(desk.case(number), event.detail["source"])
                taken += _release(desk, number, event, person, contract)
    return taken


def too_early(case: Case, name: str) -> RuleRefused:
    """Why a file that has come waits in quarantine."""
    try:
        decision_is_approved(case)
    except RuleRefused as refused:
        early = refused
    remedy = f"{early.remedy}; {redact_file_name(name)} is held encrypted in quarantine and is taken in then"
    return RuleRefused(early.rule, early.problem, remedy)


def is_approved(case: Case) -> bool:
    """Whether files may be accepted (R10)."""
    try:
        decision_is_approved(case)
    except RuleRefused:
        return False
    return True


def declared_file(case: Case, source: str) -> tuple[FileContract, tuple[str, ...]]:
    """The contract of a source's file and its identifier columns; it has the rows that its holder last announced.

    :raises NotFound: when the specification awaits no such source.
    """
    contract, identifiers = _specified_file(case, source)
    announced = announcement(case, source)
    rows = announced.detail.get("rows") if announced is not None else None
    return (contract if rows is None else contract.model_copy(update={"declared_rows": rows})), identifiers


def _specified_file(case: Case, source: str) -> tuple[FileContract, tuple[str, ...]]:
    specification = case.specification
    if source == "population" and specification.population.drawn is None:
        return specification.population.file, (specification.population.column,)
    if source == stores.NUMBER_HISTORY and specification.number_history is not None:
        return specification.number_history, HISTORY_COLUMNS
    declared: Source | None = next((known for known in specification.sources if known.name == source), None)
    if declared is None:
        history = [stores.NUMBER_HISTORY] if specification.number_history else []
        sent = [] if specification.population.drawn else ["population"]
        names = [*sent, *history, *(known.name for known in specification.sources)]
        raise NotFound(f"case {case.number} awaits no source {source}; it awaits: {', '.join(names)}")
    return declared.file, tuple(identifier.column for identifier in declared.identifiers)


def file_sha256(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _receive_and_settle(desk: Desk, number: str, incoming: Incoming) -> Received:
    """Takes a file in; the same one that waited beside another does not wait any longer, unless it is refused: the
    other one counts again by a person's word alone (R13).
    """
    case = desk.case(number)
    source_is_awaited(case, incoming.source)
    held = next((event for event in case.held_files() if _place(event) == (incoming.source, incoming.sha256)), None)
    if held is None:
        return _receive(desk, case, incoming, {})
    try:
        return _receive(desk, case, incoming, {"quarantined": held.number})
    except FileRefused as refused:
        if held not in desk.case(number).held_files():
            raise
        refusal = refused
    finally:
        if held not in desk.case(number).held_files():
            quarantine.drop(desk, number, incoming)
    remedy = (
        f"{refusal.remedy}; it is held on and nothing of {incoming.source} leaves before a person has decided: "
        f"`file refuse {held_name(held)} {number} {incoming.source} --reason REASON` lets the other file stand"
    )
    raise FileRefused(refusal.file, refusal.problem, remedy)


def _place(event: Event) -> tuple[str, str]:
    return event.detail["source"], event.detail["sha256"]


def _release(desk: Desk, number: str, event: Event, person: str, contract: FileContract) -> list[Received]:
    """One held file into the ordinary way, and out of quarantine; a refusal is in the ledger."""
    case, detail = desk.case(number), event.detail
    if BESIDE in detail:
        return []
    content = quarantine.held_content(desk, number, detail["source"], detail["sha256"])
    incoming = Incoming(detail["source"], detail["file"], detail["sha256"], content, person, detail.get("reason", ""))
    before = stands_before(case, *_place(event)) if not incoming.reason else None
    if before is not None:
        leave_beside(desk, case, event, incoming, contract, before)
        return []
    taken: list[Received] = []
    with suppress(FileRefused):
        taken.append(_receive(desk, case, incoming, {"quarantined": event.number}))
    quarantine.drop(desk, number, incoming)
    return taken


def _receive(desk: Desk, case: Case, incoming: Incoming, more: Mapping[str, Any]) -> Received:
    source = incoming.source
    contract, identifiers = declared_file(case, source)
    counted = {"announced_rows": contract.declared_rows} if contract.declared_rows is not None else {}
    require_fits(desk, case, coming=source)
    if _is_known(desk, case, incoming) and not more:
        rows = stores.received(desk, case, source).latest()
        return Received(incoming.name, source, rows.rows if rows else 0, 0, known_already=True)
    facts = {"source": source, "sha256": incoming.sha256, "absent_guards": ", ".join(absent_guards())}
    desk.audit.append("receive", incoming.person, case.number, desk.clock.now(), **facts)
    read = _refused_unread(case, incoming) or read_in(desk, case, incoming, incoming.form or contract, identifiers)
    waits = read.verdict.refusal is not None and _waits_beside(case, incoming)
    enter(desk, case, incoming, read, {**counted, **({UNASKED: True} if waits else more)})
    account, refusal = read.verdict.account, read.verdict.refusal
    if refusal is not None:
        raise FileRefused(refusal.file, refusal.problem, refusal.remedy)
    assert account is not None, "an accepted file has its account"  # noqa: S101
    none_known = bool(read.more.get("none_known", False))
    return Received(
        incoming.name, source, account.rows, account.refused_rows, known_already=False, none_known=none_known
    )


def _waits_beside(case: Case, incoming: Incoming) -> bool:
    """Whether just this file waits beside the one that counts: refused it waits on."""
    return any(_place(event) == (incoming.source, incoming.sha256) for event in waiting_files(case, incoming.source))


def _refused_unread(case: Case, incoming: Incoming) -> ReadIn | None:
    """A file that takes another's place without a word why, where that needs one (R19)."""
    try:
        another_has_its_reason(case, incoming.source, incoming.name, incoming.sha256, incoming.reason)
    except FileRefused as refused:
        return ReadIn(FileVerdict(incoming.name, None, refused))
    return None


def _is_known(desk: Desk, case: Case, incoming: Incoming) -> bool:
    """Whether the file that counts for the source is this one, and the vault holds it."""
    event = last_received(case, incoming.source)
    return (
        event is not None
        and event.detail["sha256"] == incoming.sha256
        and not material_is_disposed(case, incoming.source)
        and stores.holds_received(desk, case, event)
    )
