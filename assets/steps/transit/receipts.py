"""Receipts of hand-overs: made for what is taken, and taken for what was made.

What belongs here: writing one and recording one that has come. What must not: whether it fits what was made
(samkorning.transit.taking).
"""

import hashlib
from pathlib import Path
from typing import Any

from assets.steps.transit.opening import SEND_AGAIN
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.durable import fsync_folder, partial, partials_removed, write_through
from samkorning.errors import FileRefused, PackageRefused
from samkorning.transit.documents import (
    TransitManifest,
    TransitReceipt,
    read_receipt,
    receipt_bytes,
)
from samkorning.transit.taking import (
    receipt_fits,
    sender_of,
)

LONGEST_RECEIPT = 64 * 1024
RECEIPT_ENDING = ".receipt.json"


def new_receipt(
    desk: Desk, case: Case, manifest: TransitManifest, sha256: str, counts: dict[str, int]
) -> TransitReceipt:
    """The receipt for a file that is taken: what this side has counted of it."""
    return TransitReceipt(
        hand_over=manifest.hand_over,
        number=manifest.number,
        kind=manifest.kind,
        from_case=case.number,
        to_case=manifest.from_case,
        taken=desk.clock.today().isoformat(),
        sha256=sha256,
        rows=counts["rows"],
        persons=counts["persons"],
    )


def hand_out_receipt(desk: Desk, case: Case, peer: str, receipt: TransitReceipt) -> tuple[str, str]:
    """The signed receipt in the outbox: its place below the home, and its SHA-256."""
    folder, content = desk.home.transit(case.number), receipt_bytes(receipt, desk.signing_seed)
    path = folder / f"{peer}_{receipt.to_case}_{receipt.number}{RECEIPT_ENDING}"
    folder.mkdir(parents=True, exist_ok=True)
    with partials_removed(path):
        write_through(partial(path), content)
        partial(path).rename(path)
    fsync_folder(folder)
    return str(path.relative_to(desk.home.root)), hashlib.sha256(content).hexdigest()


def take_receipt(desk: Desk, case: Case, path: Path, name: str, person: str) -> dict[str, Any]:
    """A receipt for what this case has made, once both sides count the same."""
    with path.open("rb") as stream:
        content, refusal = stream.read(LONGEST_RECEIPT), None
    try:
        signed = read_receipt(content, name)
    except PackageRefused:
        refusal = FileRefused(name, "R24: it is neither a transit file nor a receipt for one", SEND_AGAIN)
    if refusal is not None:
        raise refusal
    peer = sender_of(case, name, signed)
    made = receipt_fits(case, name, signed.receipt, peer)
    receipt = signed.receipt
    detail = {
        "file": made.number,
        "hand_over": receipt.hand_over,
        "number": receipt.number,
        "kind": receipt.kind,
        "peer": peer.name,
        "rows": receipt.rows,
        "persons": receipt.persons,
        "taken": receipt.taken,
        "signature": signed.signature,
        "receipt_sha256": hashlib.sha256(content).hexdigest(),
    }
    desk.cases.record(case, EventKind.TRANSIT_RECEIPT_TAKEN, desk.clock.now(), person, detail)
    return detail
