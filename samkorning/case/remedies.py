"""Who can make possible what a rule has refused: the commands that a refusal names, and whose they are.

What belongs here: which event a command of `samkorning case` records, and reading a refusal. What must not: refusing.
"""

import re
from collections.abc import Mapping
from datetime import date

from samkorning.case.events import EventKind
from samkorning.case.roles import MAY, Office, Role
from samkorning.errors import RuleRefused

K = EventKind
RECORDS: Mapping[str, tuple[EventKind, ...]] = {
    "accept-disclosure": (K.DISCLOSURE_ACCEPTED,),
    "agreement": (K.AGREEMENT_RECORDED,),
    "amend": (K.AMENDED,),
    "announce": (K.FILE_ANNOUNCED,),
    "answer": (K.QUESTIONS_ANSWERED,),
    "approve": (K.SPECIFICATION_APPROVED,),
    "ask": (K.QUESTIONS_ASKED,),
    "ask-holder": (K.HOLDER_ASKED,),
    "assign": (K.ASSIGNED,),
    "await": (K.SOURCE_AWAITED,),
    "complain": (K.COMPLAINT_OPENED, K.COMPLAINT_CLOSED),
    "confirm-recipient": (K.RECIPIENT_CONFIRMED,),
    "copies-deleted": (K.WORKING_COPIES_DELETED,),
    "decide-amendment": (K.AMENDMENT_DECIDED,),
    "decide": (K.DECISION_ENDORSED, K.DECISION_DISPATCHED),
    "decide-population": (K.POPULATION_CHANGE_ENDORSED,),
    "decline": (K.CHANGE_DECLINED,),
    "end": (K.ENDED,),
    "exchange-recipient": (K.RECIPIENT_EXCHANGED,),
    "extend-key": (K.CODE_KEY_KEPT,),
    "holder-refused": (K.HOLDER_REFUSED,),
    "incident": (K.INCIDENT_RECORDED, K.INCIDENT_CLOSED),
    "invoice": (K.INVOICED,),
    "keep-key": (K.CODE_KEY_KEPT,),
    "met": (K.MET,),
    "open": (K.OPENED,),
    "pause": (K.PAUSED,),
    "questionnaire": (K.QUESTIONNAIRE_ANSWERED,),
    "quote": (K.QUOTED, K.QUOTE_ACCEPTED, K.QUOTE_DECLINED),
    "recall": (K.DELIVERY_RECALLED, K.HOLDER_RECALLED),
    "release": (K.DELIVERY_RELEASED, K.HOLDER_RELEASED),
    "remind": (K.REMINDER_SENT,),
    "replace": (K.REPLACEMENT_RELEASED,),
    "report-back": (K.REPORTED_BACK,),
    "reserve": (K.RESERVED,),
    "results": (K.RESULTS_REPORTED,),
    "resume": (K.RESUMED,),
    "review": (K.CODE_REVIEWED,),
    "review-first": (K.REVIEWED_FIRST,),
    "send-specification": (K.SPECIFICATION_SENT,),
    "supplement": (K.SUPPLEMENT_ASKED, K.SUPPLEMENT_GIVEN),
    "withdraw": (K.SOURCE_WITHDRAWN,),
}
"""What the commands that a refusal can name record."""


def commands_in(words: str) -> list[str]:
    """The commands of ``samkorning case`` that words name in backticks, each once."""
    return list(dict.fromkeys(re.findall(r"`(?:samkorning )?case ([a-z-]+)", words)))


def who_can(refusal: RuleRefused, office: Office, day: date) -> list[str]:
    """For each command that a refusal names, the roles that may take it, and who has these today, if that is known."""
    return who_may_take(f"{refusal.problem} {refusal.remedy}", office, day)


def who_may_take(words: str, office: Office, day: date) -> list[str]:
    """The same for the commands that any words name."""
    found = []
    for command in commands_in(words):
        roles = _roles(RECORDS.get(command, ()))
        people = sorted({person for role in roles for person in office.in_role(role, day)})
        said = " or ".join(role.value.replace("_", " ") for role in roles)
        names = f" ({', '.join(people)})" if people else ""
        found += [f"case {command}: {said}{names}"] if said else []
    return found


def _roles(kinds: tuple[EventKind, ...]) -> list[Role]:
    """The roles of any of these; of a decision all three."""
    return [role for role, may in MAY.items() if set(kinds).intersection(may)]
