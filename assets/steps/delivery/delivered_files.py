"""What lies outside vault and case register and is remembered by events: sealed deliveries, receipts, reports.

What belongs here: holding each against the event that made it, and against the signing key. What must not: the inside
of a package (its recipient opens it), or anything that a delivery must wait for (fitting).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from assets.steps.letters.beside import is_letter_beside
from assets.steps.safekeeping.fitting import OUTBOX, RECEIPTS, SIGNING, Misfit
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind
from samkorning.case.ledger_account import not_handed_over
from samkorning.delivery.package.names import RECEIPT_ENDING
from samkorning.delivery.package.receipt import read_receipt
from samkorning.delivery.package.verification import receipt_problems
from samkorning.encryption.signing import public_key
from samkorning.errors import PackageRefused
from samkorning.keystore import RetentionClass
from samkorning.order.fingerprint import fingerprint
from samkorning.retention import read_receipt as read_disposal_receipt


def file_misfits(desk: Desk, case: Case) -> Iterator[Misfit]:
    """What of a case's files is not as its events remember it."""
    for event in case.of(EventKind.DELIVERED):
        yield from _delivery(desk, case, event)
    for number in not_handed_over(case):
        target = case.order.recipient.deliver_to
        sentence = f"case {case.number}, {number}: is not handed over to {target}; `samkorning delivery hand-over` does"
        yield Misfit(OUTBOX, case.number, sentence, is_grave=False)
    for event in case.of(EventKind.DISPOSED, EventKind.DISPOSAL_COMPLETED):
        yield from _disposal(desk, case, event)
    yield from _destroyed_keys(desk, case)
    yield from _reports(desk, case)


def signing_misfits(desk: Desk) -> Iterator[Misfit]:
    """The public key that recipients verify with must be the half of what the service signs with."""
    path = desk.home.signing_key
    if not desk.has_keystore:
        return
    if not path.is_file() or path.read_bytes() != f"{public_key(desk.signing_seed)}\n".encode():
        sentence = f"{path.name} is not the public half of the keystore's signing key; restore it, or the keystore"
        yield Misfit(SIGNING, None, sentence)


def _delivery(desk: Desk, case: Case, event: Event) -> Iterator[Misfit]:
    """One delivery's receipt and sealed file."""
    number = event.detail["delivery"]
    sealed = desk.home.root / event.detail["path"]
    receipt_path = sealed.parent / f"{case.number}_{number}{RECEIPT_ENDING}"
    for problem in _delivery_problems(desk, case, event, sealed, receipt_path):
        yield Misfit(OUTBOX, case.number, f"case {case.number}, {number}: {problem}; restore the outbox from backup")
    allowed = {sealed.name, receipt_path.name}
    for path in sorted(sealed.parent.glob("*")) if sealed.parent.is_dir() else []:
        if path.name not in allowed and not is_letter_beside(path, case, event):
            sentence = f"case {case.number}, {number}: something else lies beside the delivery"
            yield Misfit(OUTBOX, case.number, sentence, is_grave=False)


def _delivery_problems(desk: Desk, case: Case, event: Event, sealed: Path, receipt_path: Path) -> Iterator[str]:
    disposed = {file["path"] for each in case.of(EventKind.DISPOSED) for file in each.detail["files"]}
    if not receipt_path.is_file():
        yield f"{receipt_path.name} is missing"
        return
    try:
        receipt = read_receipt(receipt_path.read_bytes(), receipt_path.name, public_key(desk.signing_seed))
    except PackageRefused as refused:
        yield str(refused)
        return
    stated = (receipt.case, receipt.delivery, receipt.sha256)
    if stated != (case.number, event.detail["delivery"], event.detail["sealed_sha256"]):
        yield f"{receipt_path.name} is not of this delivery"
    named = fingerprint(receipt.recipient)
    if named != event.detail.get("recipient", named):
        yield f"{receipt_path.name} names another recipient than the case register"
    if event.detail["path"] in disposed:
        if sealed.exists():
            yield f"{sealed.name} was disposed of and lies there"
    elif not sealed.is_file():
        yield f"{sealed.name} is missing"
    else:
        yield from receipt_problems(sealed, receipt)


def _disposal(desk: Desk, case: Case, event: Event) -> Iterator[Misfit]:
    """One signed receipt of a disposal."""
    path = desk.home.root / event.detail["receipt"]
    problem = ""
    if not path.is_file():
        problem = "is missing"
    elif _sha256(path) != event.detail["receipt_sha256"]:
        problem = "is not the one that was written"
    else:
        try:
            read_disposal_receipt(path.read_bytes(), path.name, public_key(desk.signing_seed))
        except PackageRefused:
            problem = "is not signed by the service"
    if problem:
        sentence = f"case {case.number}: the receipt {path.name} {problem}; restore it from backup"
        yield Misfit(RECEIPTS, case.number, sentence)


def _destroyed_keys(desk: Desk, case: Case) -> Iterator[Misfit]:
    """The keystore remembers for ever which encryption keys a disposal destroyed."""
    disposed = {event.detail["disposal"] for event in case.of(EventKind.DISPOSED)}
    for event in case.of(EventKind.DISPOSAL_CONFIRMED):
        classes = event.detail["classes"] if event.detail["disposal"] in disposed else ()
        for retention_class in map(RetentionClass, classes):
            label = f"{case.number}.{retention_class}."
            gone = {name for name in event.detail["class_keys"] if name.startswith(label)}
            if not gone <= set(desk.keystore.retired_names(case.number, retention_class)):
                sentence = f"case {case.number}: the keystore does not know that {retention_class} was destroyed"
                yield Misfit("keystore", case.number, f"{sentence}; restore a newer one, or `samkorning dispose` again")


def _reports(desk: Desk, case: Case) -> Iterator[Misfit]:
    """Reports to senders, of which the newest of a name counts; they are handed over, so one may be gone."""
    newest: dict[str, str] = {}
    for event in case.of(EventKind.FILE_RECEIVED, EventKind.FILE_REFUSED):
        newest |= event.detail.get("report", {})
    for name, sha256 in sorted(newest.items()):
        path = desk.home.reports(case.number) / name
        if not path.is_file():
            yield Misfit(OUTBOX, case.number, f"case {case.number}: the report {name} is not there", is_grave=False)
        elif _sha256(path) != sha256:
            sentence = f"case {case.number}: the report {name} is not the one that was written; restore it from backup"
            yield Misfit(OUTBOX, case.number, sentence)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
