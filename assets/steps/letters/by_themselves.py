"""Letters that go by themselves when their act is recorded: confirmation, reminders, and the letter of each delivery.

What belongs here: sending them, once each, and leaving what cannot be sent for the next look. What must not: which
these are (waiting), how one is sent (sending), or what asks for a look (recording, pipelines).

The act is recorded whether its letter goes or not. What has not gone is tried again by the look after reminders and by
whatever sends letters of the case, and stands in the work list until it has gone.
"""

from assets.steps.letters.sending import Request, Sending, send_letter
from assets.steps.letters.waiting import waiting
from resources.desk import Desk
from samkorning.case.roles import SERVICE
from samkorning.errors import SamkorningError


def send_by_themselves(desk: Desk, case_number: str) -> list[Sending]:
    """Sends what goes by itself and has not gone; what cannot be sent now stands in the way of nothing."""
    done: list[Sending] = []
    for occasion in waiting(desk, desk.case(case_number)):
        try:
            done += send_letter(desk, case_number, Request(occasion.letter.name, occasion.of), SERVICE)
        except SamkorningError:
            continue  # the work list shows it, and `letter send` says why
    return done
