"""Clocks of a case: what has to be done by when.

What belongs here: deadlines reckoned from events and today's date. What must not: doing anything about them, or what is
done next (next_act). Goals and times that the service has set are not moved by holidays (working_days).
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case.agreements import agreements
from samkorning.case.announcements import announcement
from samkorning.case.enquiries import awaited_of_orderer
from samkorning.case.events import NO_LIMIT, Case, Event, EventKind
from samkorning.case.holder_requests import undecided
from samkorning.case.ledger import NOT_IN_PLACE, LedgerRow
from samkorning.case.second_files import BESIDE

FIRST_ACTION = timedelta(days=7)
AFTER_LAST_FILE = timedelta(days=14)
MONTHS_TO_COMPLAIN = 3
DELIVERY_LETTER = "delivery"
"""The letter from which the time to complain runs."""
MONTHS_TO_DELIVER = 3
IN_QUARANTINE = timedelta(days=30)
"""How long a file may wait for the decision before somebody decides on it or sends it back."""

NO_ACTION = (
    EventKind.OPENED,
    EventKind.ASSIGNED,
    EventKind.LETTER_SENT,
    EventKind.ATTACHED,
    EventKind.FILE_QUARANTINED,
    EventKind.FILE_ANNOUNCED,
    EventKind.ENCRYPTION_KEYS_ROTATED,
    EventKind.TAKEN_OVER,
    EventKind.RESTORED_PROPOSED,
    EventKind.RESTORED_ACCEPTED,
)
"""What happens to a case before anybody has looked at its order."""


@dataclass(frozen=True)
class Clock:
    """One deadline: what, by when, and the rule it comes from."""

    what: str
    due: date
    rule: str


def clocks(case: Case, rows: Sequence[LedgerRow], today: date) -> list[Clock]:
    """The clocks that run, soonest first (R15, R17, R26)."""
    running = [*delivery_clocks(case, rows), *_complaint_windows(case, today), *_quarantine_clocks(case)]
    running += [*announced_clocks(case, rows), *_asked_clocks(case), *_agreement_clocks(case)]
    kept = case.kept_until()
    if kept is not None and kept != NO_LIMIT:
        running.append(Clock("code key is kept until", kept, "R17"))
    return sorted(running, key=lambda clock: clock.due)


def has_had_first_action(case: Case) -> bool:
    """R26: whether anybody has looked at the order; letters, files and who shall have it are no look."""
    return any(event.kind not in NO_ACTION for event in case.events)


def letter_day(case: Case, delivered: Event) -> date:
    """The day on which the letter of a delivery was first sent (R15); before that, the day on which it was made."""
    sent = (each for each in case.of(EventKind.LETTER_SENT) if is_letter_of(each, delivered.number))
    return next(sent, delivered).at.date()


def is_letter_of(sent: Event, delivered: int | None) -> bool:
    """Whether what was sent is the letter of a delivery, which is named by the number of its event."""
    return sent.detail["letter"] == DELIVERY_LETTER and sent.detail.get("about") == delivered


def last_day_to_complain(case: Case, delivered: Event) -> date:
    """Three months from the letter of a delivery (R15)."""
    return months_after(letter_day(case, delivered), MONTHS_TO_COMPLAIN)


def months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or the month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def delivery_clocks(case: Case, rows: Sequence[LedgerRow]) -> list[Clock]:
    """R26: first action within a week; delivery within three months, or two weeks from the last awaited file."""
    opened = case.events[0].at.date()
    if case.last(EventKind.ENDED) is not None:
        return []
    if not has_had_first_action(case):
        return [Clock("first action", opened + FIRST_ACTION, "R26")]
    if not any(row.is_due for row in rows) and case.of(EventKind.DELIVERED):
        return []
    last_file = case.last(EventKind.FILE_RECEIVED)
    external = bool(case.specification.sources)
    if external and last_file is not None:
        return [Clock("deliver after the last file", last_file.at.date() + AFTER_LAST_FILE, "R26")]
    return [] if external else [Clock("deliver", months_after(opened, MONTHS_TO_DELIVER), "R26")]


def _quarantine_clocks(case: Case) -> list[Clock]:
    """R10: files that came before the decision was approved wait encrypted, and not for ever."""
    return [
        Clock(
            f"{event.detail['source']}: {event.detail['file']} waits in quarantine for {_waits_for(case, event)}",
            event.at.date() + IN_QUARANTINE,
            "R10",
        )
        for event in case.held_files()
    ]


def _waits_for(case: Case, held: Event) -> str:
    if held.detail["source"] in case.withdrawn_sources:
        return "nobody: its source is withdrawn"
    return "a person: another file counts" if BESIDE in held.detail else "the decision"


def announced_clocks(case: Case, rows: Sequence[LedgerRow]) -> list[Clock]:
    """R13: files that are awaited, on the day for which their holders have announced them."""
    awaited = {row.unit.source for row in rows if row.status in NOT_IN_PLACE}
    found = [announcement(case, source) for source in sorted(awaited)]
    return [
        Clock(f"{event.detail['source']} is announced", date.fromisoformat(event.detail["expected"]), "R13")
        for event in found
        if event is not None and event.detail.get("expected")
    ]


def _complaint_windows(case: Case, today: date) -> list[Clock]:
    """R15: three months from the day of the delivery letter, per delivery."""
    windows = (
        Clock(f"complaint window of {event.detail['delivery']}", last_day_to_complain(case, event), "R15")
        for event in case.of(EventKind.DELIVERED)
    )
    return [window for window in windows if window.due >= today]


def _asked_clocks(case: Case) -> list[Clock]:
    """R02, R04, R11, R20: what the orderer has been asked for, and what a holder has to decide."""
    if case.last(EventKind.ENDED) is not None:
        return []
    asked = [Clock(f"{each.what}: the orderer's answer", each.deadline, each.rule) for each in awaited_of_orderer(case)]
    return asked + [Clock(f"decision of {holder}", due, "R04") for holder, due in undecided(case)]


def _agreement_clocks(case: Case) -> list[Clock]:
    """R21, R28: what was agreed with a holder: results that are not reported yet, and the end of the time."""
    found = []
    for agreed in agreements(case):
        if agreed.results_reported is None:
            found.append(Clock(f"results are due to {agreed.holder}", agreed.results_due, "R28"))
        if case.last(EventKind.WORKING_COPIES_DELETED) is None:
            found.append(Clock(f"the agreement with {agreed.holder} ends", agreed.until, "R21"))
    return found
