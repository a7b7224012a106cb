"""What the page shows of the end of a case's river: what was disposed of, what may go when, and the receipts.

What belongs here: disposals in the page's forms. What must not: the act (assets.steps.retention.disposing).
"""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from assets.shown.tables import table
from assets.steps.retention.disposing import orders
from samkorning.case import Case, EventKind

STEPS = {
    EventKind.DISPOSAL_ORDERED: "ordered",
    EventKind.DISPOSAL_CONFIRMED: "confirmed",
    EventKind.DISPOSED: "disposed of",
    EventKind.DISPOSAL_COMPLETED: "completed",
}


def disposal_metadata(case: Case, waiting: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Every disposal by its steps, and what is still there with the first day on which it may go.

    :param waiting: as ``rehearse`` gives it.
    """
    made = [
        (
            name,
            *(steps[kind].at.date() if kind in steps else "" for kind in STEPS),
            _counted(steps, "stores"),
            _counted(steps, "files"),
        )
        for name, steps in orders(case).items()
    ]
    head = ["disposal", *STEPS.values(), "#stores", "#files"]
    left = [(item["first_day"] or "not yet", item["what"], item["why"], item["rule"]) for item in waiting]
    return {
        "disposals": dg.MetadataValue.md(table(head, made)),
        "stores_destroyed": sum(len(event.detail["stores"]) for event in case.of(EventKind.DISPOSED)),
        "files_deleted": sum(len(event.detail["files"]) for event in case.of(EventKind.DISPOSED)),
        "code_key_destroyed": any(event.detail["code_key"] for event in case.of(EventKind.DISPOSED)),
        "may_go": dg.MetadataValue.md(table(["first day", "what", "why", "rule"], sorted(left, key=str))),
    }


def receipt_metadata(case: Case) -> dict[str, Any]:
    """Every receipt: of which phase, its day, and where it lies with its hash."""
    rows = [
        (
            event.detail["disposal"],
            "second: backups have expired" if event.kind is EventKind.DISPOSAL_COMPLETED else "first: destroyed",
            event.at.date(),
            f"`{event.detail['receipt']}`",
            f"{event.detail['receipt_sha256'][:16]}…",
        )
        for event in case.of(EventKind.DISPOSED, EventKind.DISPOSAL_COMPLETED)
    ]
    head = ["disposal", "receipt", "day", "where", "SHA-256"]
    return {"receipts": len(rows), "receipts_table": dg.MetadataValue.md(table(head, rows))}


def _counted(steps: dict[EventKind, Any], what: str) -> int:
    return max((len(event.detail.get(what, ())) for event in steps.values()), default=0)
