"""Reminders: each once, the day after the last day."""

from datetime import date, timedelta

import pytest

from samkorning.case import EventKind
from samkorning.case.reminders import Reminder, next_reminder, reminders
from tests.factories import AT, Step, a_case, approved, delivered

K = EventKind
LAST = date(2026, 12, 1)
AFTER = LAST + timedelta(days=1)
ASKED: Step = (K.QUESTIONS_ASKED, "Olle", {"questions": ["which years?"], "deadline": LAST.isoformat()})
HOLDER: Step = (K.HOLDER_ASKED, "Olle", {"holder": "SCB", "due": LAST.isoformat()})
WITHDRAWN: Step = (K.SOURCE_WITHDRAWN, "Olle", {"source": "lisa", "reason": "never came"})
AWAITED: Step = (K.SOURCE_AWAITED, "Olle", {"source": "lisa", "reason": "it comes after all"})
AGREED: Step = (
    K.AGREEMENT_RECORDED,
    "Olle",
    {"holder": "Exempelregistret", "until": "2030-01-01", "results_due": LAST.isoformat(), "cost": 0},
)


def reminded(about: str, holder: str | None = None) -> Step:
    of = {"holder": holder} if holder else {}
    return K.REMINDER_SENT, "samkorning", {"about": about, "deadline": "2026-12-20", **of}


@pytest.mark.parametrize(
    ("steps", "due"),
    [
        ([], []),
        ([ASKED], [Reminder("questions", AFTER)]),
        ([ASKED, (K.QUESTIONS_ANSWERED, "Olle", {"note": "all"})], []),
        ([ASKED, reminded("questions")], []),
        ([HOLDER], [Reminder("files", AFTER, "SCB")]),
        ([HOLDER, reminded("files", "SCB")], []),
        ([HOLDER, WITHDRAWN], []),
        ([HOLDER, WITHDRAWN, AWAITED], [Reminder("files", AFTER, "SCB")]),
        ([HOLDER, (K.HOLDER_REFUSED, "Olle", {"holder": "SCB", "reason": "law", "note": "no"})], []),
        ([AGREED], [Reminder("results", AFTER)]),
        (
            [
                AGREED,
                *approved(),
                delivered(),
                (K.RESULTS_REPORTED, "Olle", {"holder": "Exempelregistret", "day": "2026-11-30"}),
            ],
            [],
        ),
        ([AGREED, reminded("results")], []),
        ([ASKED, (K.ENDED, "Olle", {"outcome": "closed", "reason": "no answer"})], []),
    ],
)
def test_r02_what_is_owed_and_late_is_reminded_of_once(steps: list[Step], due: list[Reminder]) -> None:
    """R02: answers, results and a holder's decision on what is awaited are reminded of once, a day after the last."""
    case = a_case(*steps)
    assert case.events[0].at == AT
    assert reminders(case) == due
    assert next_reminder(case) == (due[0].due if due else None)
