"""Reminders that are due: each recorded once, by the service, and its letter sent.

What belongs here: the order of the two. What must not: which are due (samkorning.case.reminders), or how a letter is
sent (assets.steps.letters). A reminder whose letter a crash left out has it sent by the next call, and so
have the other letters that go by themselves.
"""

from assets.steps.letters.by_themselves import send_by_themselves
from assets.steps.letters.sending import Request, send_letter
from assets.steps.recording import record
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.case.enquiries import TWO_WEEKS, remind
from samkorning.case.reminders import Reminder, reminders
from samkorning.case.roles import SERVICE


def remind_where_due(desk: Desk, case_number: str) -> list[Reminder]:
    """Records the reminders of a case that are due today, each with two weeks for the answer; gives them.

    :raises HomeRefused: as the letters do, when the reminders are recorded.
    """
    today = desk.clock.today()
    with desk.vault.lock(case_number):
        due = [each for each in reminders(desk.case(case_number)) if each.due <= today]
        for each in due:
            case = desk.case(case_number)
            record(desk, case, SERVICE, remind(case, each.about, today + TWO_WEEKS, today, each.holder))
        if desk.case(case_number).of(EventKind.REMINDER_SENT):
            send_letter(desk, case_number, Request("reminder"), SERVICE)
        send_by_themselves(desk, case_number)
    return due
