"""Disposal (gallring) of a case: ordered by one person, confirmed by another, carried out, and later completed.

What belongs here: the order of the steps. What must not: what is due (samkorning.retention), destroying itself
(destroying).

The events are the journal: order, confirmation, then destruction, then the signed receipt, then the event that commits
it. Whatever a crash breaks off after the confirmation is carried out by the next call, whoever makes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assets.steps.retention.destroying import came_back, class_keys, destroy, inventory, keep_receipt
from assets.steps.retention.disposal_items import Item, items, recorded_items
from resources.desk import Desk
from resources.scratch import sweep_scratch
from samkorning.case import Case, Event, EventKind
from samkorning.case.rules import two_persons_dispose
from samkorning.retention import CompletionReceipt, DisposalReceipt

K = EventKind


@dataclass(frozen=True)
class Disposal:
    """What one call did: ``phase`` is nothing, ordered, disposed or completed."""

    phase: str
    number: str | None = None
    detail: dict[str, Any] | None = None
    receipt: str | None = None
    waits: str | None = None


def dispose(desk: Desk, case_number: str, person: str, second: str | None = None) -> list[Disposal]:
    """Takes the disposal of a case as far as it may go today: completes what waits, then what is due.

    :param second: who confirms in the same call; without it, another person calls once more.
    :raises RuleRefused: when one person would both order and confirm (R16).
    :raises CheckFailed: when something that was destroyed opens all the same.
    :raises CaseBusy: when another run holds the case, or something was recorded in it meanwhile.
    """
    if second is not None:
        two_persons_dispose(person, second)
    for each in (person, second or person):
        desk.require_role(desk.case(case_number), each, K.DISPOSAL_ORDERED)
    with desk.vault.lock(case_number):
        sweep_scratch(desk.home, desk.vault)
        done = [*_carried_out(desk, case_number), *_completed(desk, case_number, person)]
        done += _ordered_or_confirmed(desk, case_number, person, second)
    return done or [Disposal("nothing")]


def complete(desk: Desk, case_number: str, person: str) -> list[Disposal]:
    """Takes to its end what two persons have decided: what broke off after it was confirmed, and second receipts.

    Nothing is ordered or confirmed by it.
    """
    with desk.vault.lock(case_number):
        done = [*_carried_out(desk, case_number), *_completed(desk, case_number, person)]
    return done or [Disposal("nothing")]


def next_disposal(desk: Desk, case: Case) -> date | None:
    """The first day on which something of a case may go, which a person then orders; nothing where all stays."""
    return min((day for item in recorded_items(desk, case) if (day := item.clock.first_day) is not None), default=None)


def next_completion(case: Case) -> date | None:
    """The first day on which a disposal goes on by itself: at once where it broke off, else for its second receipt."""
    days = [_goes_on(steps) for steps in orders(case).values() if K.DISPOSAL_CONFIRMED in steps]
    return min((day for day in days if day is not None), default=None)


def _goes_on(steps: dict[EventKind, Event]) -> date | None:
    if K.DISPOSED not in steps:
        return steps[K.DISPOSAL_CONFIRMED].at.date()
    if K.DISPOSAL_COMPLETED in steps:
        return None
    return date.fromisoformat(steps[K.DISPOSED].detail["keystore_backups_until"]) + timedelta(days=1)


def orders(case: Case) -> dict[str, dict[EventKind, Event]]:
    """The disposals of a case by number, each with the newest event of every kind that it has."""
    found: dict[str, dict[EventKind, Event]] = {}
    for event in case.of(K.DISPOSAL_ORDERED, K.DISPOSAL_CONFIRMED, K.DISPOSED, K.DISPOSAL_COMPLETED):
        found.setdefault(event.detail["disposal"], {})[event.kind] = event
    return found


def due_items(desk: Desk, case: Case) -> list[Item]:
    """What may go today."""
    today = desk.clock.today()
    return [item for item in items(desk, case) if item.clock.has_passed(today)]


def _carried_out(desk: Desk, number: str) -> list[Disposal]:
    """Ends what was confirmed and broke off, and destroys again what has come back with a restored keystore."""
    done = []
    for steps in orders(desk.case(number)).values():
        broke_off = K.DISPOSAL_CONFIRMED in steps and K.DISPOSED not in steps
        again = K.DISPOSED in steps and came_back(desk, number, steps[K.DISPOSAL_CONFIRMED].detail)
        if broke_off or again:
            done.append(_carry_out(desk, number, steps, again))
    return done


def _completed(desk: Desk, number: str, person: str) -> list[Disposal]:
    """The second receipt of every disposal whose last backup of the keystore has expired."""
    done = []
    for name, steps in orders(desk.case(number)).items():
        disposed = steps.get(K.DISPOSED)
        if disposed is None or K.DISPOSAL_COMPLETED in steps:
            continue
        horizon = date.fromisoformat(disposed.detail["keystore_backups_until"])
        if desk.clock.today() > horizon:
            done.append(_complete(desk, number, name, disposed, person))
    return done


def _complete(desk: Desk, number: str, name: str, disposed: Event, person: str) -> Disposal:
    now = desk.clock.now()
    desk.audit.append("complete disposal", person, number, now, disposal=name)
    receipt = CompletionReceipt(
        case=number,
        disposal=name,
        date=desk.clock.today().isoformat(),
        first_receipt_sha256=disposed.detail["receipt_sha256"],
        keystore_backups_expired=disposed.detail["keystore_backups_until"],
    )
    _, path, sha256 = keep_receipt(desk, number, f"{name}_completed.json", receipt)
    detail = {"disposal": name, "receipt": path, "receipt_sha256": sha256}
    desk.cases.record(desk.case(number), K.DISPOSAL_COMPLETED, now, person, detail)
    return Disposal("completed", name, detail, path)


def _ordered_or_confirmed(desk: Desk, number: str, person: str, second: str | None) -> list[Disposal]:
    case = desk.case(number)
    due = due_items(desk, case)
    if not due:
        return []
    content = inventory(desk, case, due)
    waiting = _waiting_order(case, content)
    if waiting is None:
        case = _order(desk, case, content, person)
        waiting = case.events[-1]
        if second is None:
            return [Disposal("ordered", waiting.detail["disposal"], dict(waiting.detail), waits="a second person")]
    confirms = second if second is not None and waiting.person == person else person
    two_persons_dispose(waiting.person, confirms)
    _confirm(desk, case, waiting, confirms)
    return _carried_out(desk, number)


def _waiting_order(case: Case, content: dict[str, Any]) -> Event | None:
    """The order of exactly this content that nobody has confirmed yet; what has changed since is ordered anew."""
    for steps in orders(case).values():
        order = steps.get(K.DISPOSAL_ORDERED)
        if order is not None and len(steps) == 1 and {**order.detail, "disposal": ""} == {**content, "disposal": ""}:
            return order
    return None


def _order(desk: Desk, case: Case, content: dict[str, Any], person: str) -> Case:
    """The case as it was looked at, with the order behind it and nothing that has come after."""
    name = f"D{len(orders(case)) + 1:03d}"
    now = desk.clock.now()
    facts = {"stores": len(content["stores"]), "files": len(content["files"])}
    desk.audit.append("order disposal", person, case.number, now, disposal=name, **facts)
    after = desk.cases.record(case, K.DISPOSAL_ORDERED, now, person, {**content, "disposal": name})
    return Case(case.number, after.events[: len(case.events) + 1])


def _confirm(desk: Desk, case: Case, order: Event, person: str) -> None:
    """Confirms what was due in the case as it was looked at; a complaint or decision recorded since forbids it."""
    now, name = desk.clock.now(), order.detail["disposal"]
    desk.audit.append("confirm disposal", person, case.number, now, disposal=name)
    detail = {**order.detail, "ordered_by": order.person, "class_keys": class_keys(desk, case.number)}
    desk.cases.record(case, K.DISPOSAL_CONFIRMED, now, person, detail)


def _carry_out(desk: Desk, number: str, steps: dict[EventKind, Event], again: bool) -> Disposal:
    confirmed = steps[K.DISPOSAL_CONFIRMED]
    name, today = confirmed.detail["disposal"], desk.clock.today()
    desk.audit.append("dispose", confirmed.person, number, desk.clock.now(), disposal=name, again=int(again))
    horizon = today + timedelta(days=desk.settings.keystore_backup_days)
    times = sum(event.detail["disposal"] == name for event in desk.case(number).of(K.DISPOSED))
    made = destroy(desk, number, confirmed, horizon)
    file = f"{name}_disposed{f'_{times + 1}' if times else ''}.json"
    receipt, path, sha256 = keep_receipt(desk, number, file, made)
    assert isinstance(receipt, DisposalReceipt), "a receipt of the first phase lies there"  # noqa: S101
    until = receipt.keystore_backups_until
    ordered = {key: confirmed.detail[key] for key in ("disposal", "code_key", "stores", "files", "held")}
    detail = {**ordered, "receipt": path, "receipt_sha256": sha256, "keystore_backups_until": until, "again": again}
    desk.cases.record(desk.case(number), K.DISPOSED, desk.clock.now(), confirmed.person, detail)
    return Disposal("disposed", name, detail, path)


def rehearse(desk: Desk, cases: Sequence[str]) -> list[dict[str, Any]]:
    """Everything that will go and everything that is held, with the day and the reason; nothing is done."""
    today, found = desk.clock.today(), []
    for number in cases:
        case = desk.case(number)
        for item in items(desk, case):
            first_day = item.clock.first_day
            days = max((first_day - today).days, 0) if first_day else None
            found.append(
                {
                    "case": number,
                    "what": item.name,
                    "first_day": first_day,
                    "in_days": days,
                    "why": item.clock.why,
                    "rule": item.clock.rule,
                }
            )
        found += [
            _waiting_for_backups(desk, number, name, steps) for name, steps in orders(case).items() if _open(steps)
        ]
    return found


def _open(steps: dict[EventKind, Event]) -> bool:
    return K.DISPOSED in steps and K.DISPOSAL_COMPLETED not in steps


def _waiting_for_backups(desk: Desk, number: str, name: str, steps: dict[EventKind, Event]) -> dict[str, Any]:
    """A disposal whose second receipt has still to come, or whose encryption keys are there again."""
    horizon = date.fromisoformat(steps[K.DISPOSED].detail["keystore_backups_until"])
    first_day = horizon + timedelta(days=1)
    why = "the last backup of the keystore expires then"
    if came_back(desk, number, steps[K.DISPOSAL_CONFIRMED].detail):
        first_day, why = desk.clock.today(), "NOT YET ERASED: its encryption keys came back with a restored keystore"
    days = max((first_day - desk.clock.today()).days, 0)
    return {
        "case": number,
        "what": f"{name}, second receipt",
        "first_day": first_day,
        "in_days": days,
        "why": why,
        "rule": "R16",
    }
