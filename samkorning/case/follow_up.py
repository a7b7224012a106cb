"""What is recorded after a delivery beside complaints: incidents, and the orderer's questionnaire (R27).

What belongs here: these acts and what is open of them. What must not: complaints (complaints), or letters
(letters).
"""

from datetime import date

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import NotFound, RuleRefused

K = EventKind


def open_incidents(case: Case) -> list[Event]:
    """The incidents that nobody has closed, oldest first."""
    closed = {event.detail["number"] for event in case.of(K.INCIDENT_CLOSED)}
    return [event for event in case.of(K.INCIDENT_RECORDED) if event.number not in closed]


def record_incident(case: Case, what: str, day: date, today: date) -> Act:
    """A personal-data incident (personuppgiftsincident) is recorded, on the day on which it happened (R27)."""
    if day > today:
        raise RuleRefused("R27", f"{day} has not come", "give the day on which it happened")
    return Act(K.INCIDENT_RECORDED, {"what": what, "day": day.isoformat()})


def close_incident(case: Case, number: int, note: str) -> Act:
    """An incident is followed up and closed (R27); it is named by the number of the event that recorded it.

    :raises NotFound: when no open incident has that number.
    """
    still_open = [event.number for event in open_incidents(case)]
    if number not in still_open:
        names = ", ".join(map(str, still_open)) or "none"
        raise NotFound(f"case {case.number} has no open incident {number}; open are: {names}")
    return Act(K.INCIDENT_CLOSED, {"number": number, "note": note})


def answer_questionnaire(case: Case, effective: int, clear: int, note: str) -> Act:
    """The orderer's answer to the questionnaire after delivery: how effective, how clear, each from 1 to 5."""
    if not case.of(K.DELIVERED, K.ENDED):
        problem = "the case has neither delivered nor ended"
        raise RuleRefused("R27", problem, "the questionnaire follows that; check which case is meant")
    if not (1 <= effective <= 5 and 1 <= clear <= 5):
        raise RuleRefused("R27", "an answer lies between 1 and 5", "correct it")
    return Act(K.QUESTIONNAIRE_ANSWERED, {"effective": effective, "clear": clear, "note": note})
