"""What `samkorning doctor` finds: from when each part of a home is, and what does not fit.

What belongs here: comparing the parts, by case. What must not: making or mending anything; what to do is said, and
docs/operations.md has the drill. The parts are compared by how far each has seen every case come: the case register and
the audit log by their events, the vault by its anchor of the case, the keystore by its anchors of the stores, the
outbox by its deliveries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import DatabaseError

from assets.steps.delivery.due import wrong_cases
from assets.steps.overview import wrong_rows
from assets.steps.safekeeping.fitting import (
    AUDIT_LOG,
    CASE_REGISTER,
    KEYSTORE,
    OUTBOX,
    RECEIPTS,
    REGISTERS,
    VAULT,
    Misfit,
    disposal_broke_off,
)
from assets.steps.safekeeping.verifying import misfits_around, proven_cases, whole_case_misfits, without_repeats
from resources.desk import Desk
from resources.register_years import OWN_REGISTERS, is_held
from samkorning.audit import Head, Trail
from samkorning.case import Case, EventKind
from samkorning.case.anchor import read_anchor
from samkorning.errors import SamkorningError
from samkorning.keystore import RetentionClass

DUE = "derived tables"


@dataclass(frozen=True)
class Part:
    """One part of a home: until when it has seen the cases come, and the cases of which another has seen more."""

    part: str
    until: str
    older_in: tuple[str, ...]


@dataclass(frozen=True)
class Examination:
    """The answer: every part, and what does not fit."""

    parts: list[Part]
    misfits: list[Misfit]

    @property
    def ok(self) -> bool:
        """Whether nothing hinders work."""
        return not any(misfit.is_grave for misfit in self.misfits)


@dataclass(frozen=True)
class _Moment:
    """How far one part has seen one case come: the number of events, and when that was."""

    events: int = 0
    at: str = ""


def examine(desk: Desk, kept_elsewhere: Head | None = None) -> Examination:
    """Look at every part of the home. Nothing is made or changed."""
    if not desk.has_keystore:  # without one nothing can be proven, and opening it here would make one
        sentence = f"the keystore is missing at {desk.keystore_folder}; restore it from backup"
        return Examination([], [] if _is_new(desk) else [Misfit(KEYSTORE, None, sentence)])
    found: list[Misfit] = []
    try:
        cases, unproven = proven_cases(desk)
        found += unproven
        found += _misfits(desk, cases, kept_elsewhere)
        return Examination(_parts(desk, cases), without_repeats(found))
    except SamkorningError as refused:  # nothing more can be found without what does not open
        return Examination([], without_repeats([*found, Misfit(KEYSTORE, None, str(refused))]))


def _is_new(desk: Desk) -> bool:
    """Whether nothing has been done in this home yet."""
    try:
        return not desk.home.audit.exists() and not desk.home.vault.exists() and not desk.cases.counts()
    except SamkorningError:
        return False


def _misfits(desk: Desk, cases: list[Case], kept_elsewhere: Head | None) -> list[Misfit]:
    found = misfits_around(desk, cases, kept_elsewhere)
    try:
        desk.keystore.require_whole()
    except SamkorningError as refused:
        found.append(Misfit(KEYSTORE, None, str(refused)))
    for case in cases:
        found += [*whole_case_misfits(desk, case), *_anchor_behind(desk, case)]
    found += list(_wrong_tables(desk))
    half_gone = {case.number for case in cases if disposal_broke_off(case)}
    for number in sorted(set(desk.vault.cases()) - half_gone):
        found += list(_stores(desk, number))
    return found


def _wrong_tables(desk: Desk) -> Iterator[Misfit]:
    """The derived tables, where they are there: they decide nothing, and one can delay a delivery or mislead a list."""
    yield from _wrong_table(desk, desk.home.due, "what is due", wrong_cases)
    yield from _wrong_table(desk, desk.home.overview, "the overview", wrong_rows)


def _wrong_table(desk: Desk, path: Path, what: str, wrong_in: Callable[[Desk], list[str]]) -> Iterator[Misfit]:
    wrong, whole = list[str](), True
    if path.exists():
        try:
            wrong = wrong_in(desk)
        except DatabaseError:
            whole = False
    remedy = f"delete {path.name}, it is found out anew"
    if not whole:
        yield Misfit(DUE, None, f"the table of {what} is no whole database; {remedy}")
    for number in wrong:
        yield Misfit(DUE, number, f"case {number}: {what} is told wrongly; {remedy}")


def _stores(desk: Desk, number: str) -> Iterator[Misfit]:
    """Every byte of every kept file of a case in the vault, and how far the keystore has seen its stores come."""
    for retention_class in RetentionClass:
        for name in desk.vault.stores(number, retention_class):
            part = REGISTERS if number == OWN_REGISTERS else VAULT
            try:
                store = desk.vault.open_store(number, retention_class, name)
                store.require_whole()
                ahead = store.ahead_of_keystore()
            except SamkorningError as refused:
                yield Misfit(part, number, str(refused))
                continue
            if ahead:
                sentence = f"{number}: the keystore has not seen the last {ahead} generations of {name}: "
                after_crash = "as a crash leaves it; the next writer moves it on"
                why = after_crash if ahead == 1 else "it is older than the vault"
                yield Misfit(KEYSTORE, number, sentence + why, is_grave=ahead > 1)


def _anchor_behind(desk: Desk, case: Case) -> Iterator[Misfit]:
    """A vault that has not seen the newest events: by itself no hindrance, what it lacks is reported apart."""
    anchor = read_anchor(desk.home.vault, case.number, desk.event_secrets)
    seen = anchor.event if anchor else 0
    if seen < len(case.events):
        since = f" ({anchor.at[:16]})" if anchor else ""
        sentence = f"case {case.number}: the vault has not seen the events after {seen}{since}"
        yield Misfit(VAULT, case.number, sentence, is_grave=False)


def _parts(desk: Desk, proven: list[Case]) -> list[Part]:
    moments = {CASE_REGISTER: _register(desk), AUDIT_LOG: _log(desk), VAULT: _vault(desk)}
    cases = sorted({case for each in moments.values() for case in each})
    newest = {case: max(each.get(case, _Moment()).events for each in moments.values()) for case in cases}
    parts = [_part(name, each, newest) for name, each in moments.items()]
    return [*parts, _outbox(desk, proven), _receipts(desk), Part(REGISTERS, f"{_years(desk)} years loaded", ())]


def _part(name: str, moments: dict[str, _Moment], newest: dict[str, int]) -> Part:
    older = tuple(case for case, events in newest.items() if moments.get(case, _Moment()).events < events)
    return Part(name, max((moment.at for moment in moments.values()), default=""), older)


def _register(desk: Desk) -> dict[str, _Moment]:
    stored = {number: desk.cases.stored(number) for number in desk.cases.counts()}
    return {number: _Moment(len(events), str(events[-1].at)[:19]) for number, events in stored.items() if events}


def _log(desk: Desk) -> dict[str, _Moment]:
    def moment(trail: Trail) -> _Moment:
        return _Moment(trail.confirmed, trail.at.replace("T", " ")[:19])

    return {case: moment(desk.audit.trails.of(case)) for case in desk.cases.known_to_log()}


def _vault(desk: Desk) -> dict[str, _Moment]:
    found: dict[str, _Moment] = {}
    for number in desk.vault.cases():
        try:
            anchor = read_anchor(desk.home.vault, number, desk.event_secrets)
        except SamkorningError:
            continue
        if anchor is not None:
            found[number] = _Moment(anchor.event, anchor.at[:19])
    return found


def _outbox(desk: Desk, cases: list[Case]) -> Part:
    lacking = [
        case.number
        for case in cases
        for event in case.of(EventKind.DELIVERED)
        if not (desk.home.root / event.detail["path"]).parent.is_dir()
    ]
    newest = sorted(path.name for path in desk.home.root.glob("outbox/*/L*"))
    return Part(OUTBOX, f"{len(newest)} deliveries", tuple(sorted(set(lacking))))


def _receipts(desk: Desk) -> Part:
    found = [path for path in desk.home.root.glob("receipts/*/*.json") if path.is_file()]
    return Part(RECEIPTS, f"{len(found)} receipts", ())


def _years(desk: Desk) -> int:
    return sum(not is_held(name) for name in desk.vault.stores(OWN_REGISTERS))
