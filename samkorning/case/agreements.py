"""A quality register's agreement (avtal) with the researcher, and what is owed at its end (R21, R28).

What belongs here: the agreement's dates and cost, results that are reported back, working copies that are deleted. What
must not: which variables leave (the specification says so).
"""

from dataclasses import dataclass
from datetime import date

from samkorning.case.act import Act
from samkorning.case.enquiries import must_be_a_holder
from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import RuleRefused

K = EventKind


@dataclass(frozen=True)
class Agreement:
    """What was agreed with a holder: how long the data may be kept, when results are due, what it costs."""

    holder: str
    until: date
    results_due: date
    cost: int
    results_reported: date | None


def record_agreement(case: Case, holder: str, until: date, results_due: date, cost: int) -> Act:
    """An agreement with a holder: how long the researcher has the data, when results are due, the cost (R21)."""
    must_be_a_holder(case, holder)
    if cost < 0:
        raise RuleRefused("R21", "a cost is not less than nothing", "correct it")
    dates = {"until": until.isoformat(), "results_due": results_due.isoformat()}
    return Act(K.AGREEMENT_RECORDED, {"holder": holder, **dates, "cost": cost})


def report_results(case: Case, holder: str, day: date, today: date) -> Act:
    """The researcher has reported results to a holder, as agreed (R28)."""
    if holder not in {agreement.holder for agreement in agreements(case)}:
        raise RuleRefused("R28", "no agreement with that holder is recorded", "record it with `case agreement`")
    _has_delivered(case)
    _has_come(day, today)
    return Act(K.RESULTS_REPORTED, {"holder": holder, "day": day.isoformat()})


def delete_working_copies(case: Case, day: date, today: date) -> Act:
    """The researcher has archived the work and deleted the working copies (R28)."""
    _has_delivered(case)
    _has_come(day, today)
    return Act(K.WORKING_COPIES_DELETED, {"day": day.isoformat()})


def agreements(case: Case) -> list[Agreement]:
    """The agreement that holds with each holder, by the holder's name."""
    newest: dict[str, Event] = {event.detail["holder"]: event for event in case.of(K.AGREEMENT_RECORDED)}
    reported = {event.detail["holder"]: event.detail["day"] for event in case.of(K.RESULTS_REPORTED)}
    return [
        Agreement(
            holder,
            date.fromisoformat(event.detail["until"]),
            date.fromisoformat(event.detail["results_due"]),
            int(event.detail["cost"]),
            date.fromisoformat(reported[holder]) if holder in reported else None,
        )
        for holder, event in sorted(newest.items())
    ]


def _has_delivered(case: Case) -> None:
    if not case.of(K.DELIVERED):
        raise RuleRefused("R28", "nothing has been delivered in the case", "check which case is meant")


def _has_come(day: date, today: date) -> None:
    if day > today:
        raise RuleRefused("R28", f"{day} has not come", "record it when it is done")
