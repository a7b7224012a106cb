"""What became of a file, entered in the case register and reported to its sender.

What belongs here: the event and the report. What must not: reading (reading_in), or the order
of steps (intake).
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from assets.steps.intake.reading_in import Incoming, ReadIn
from resources.desk import Desk
from resources.reports import write_report
from samkorning.case import Case, EventKind
from samkorning.register_files.reports.sender_report import Arrival, sender_report


def enter(desk: Desk, case: Case, incoming: Incoming, read: ReadIn, more: Mapping[str, Any]) -> None:
    """Writes the report to the file's sender, and records the file as received or refused, with account and report."""
    detail: dict[str, Any] = {"source": incoming.source, "file": incoming.name, "sha256": incoming.sha256, **more}
    if incoming.reason:
        detail["reason"] = incoming.reason
    refusal = read.verdict.refusal
    outcome = {"problem": refusal.problem} if refusal else {"generation": read.generation}
    kind = EventKind.FILE_REFUSED if refusal else EventKind.FILE_RECEIVED
    arrival = Arrival(incoming.sha256, desk.clock.today(), case.number, incoming.source)
    report = sender_report(read.verdict, arrival, read.more.get("duplicate_rows"))
    page = write_report(report, desk.home.reports(case.number))
    detail["report"] = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (page.with_suffix(".json"), page)
    }
    desk.cases.record(case, kind, desk.clock.now(), incoming.person, {**read.counts(), **detail, **outcome})
