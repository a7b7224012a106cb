"""Roles (roller) at the service: who may record what, who has which role, and who stands in for whom.

What belongs here: one table, and the rule that holds an act to it. What must not: who has which role (config.yaml), or
that nobody approves their own, which the rules of the acts themselves hold (R10, R12, R16, R20).

Roles bind in cases of real persons, once the home's configuration gives them. In synthetic cases any name will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from samkorning.case.events import EventKind
from samkorning.errors import RuleRefused

K = EventKind
SERVICE = "samkorning"
"""Who acts when the service itself enters what it has done."""
BY_ITSELF = (SERVICE, "inbox")
"""Names of the service, which no person has."""


class Role(StrEnum):
    """What a person is at the service."""

    REGISTRAR = "registrar"
    """Registrator: opens cases and enters what comes in."""
    COORDINATOR = "coordinator"
    """Samordnare: looks at new orders, assigns cases, makes inventories."""
    CASE_OFFICER = "case_officer"
    """Handläggare."""
    MANAGER = "manager"
    """The officer's manager (chef)."""
    LAWYER = "lawyer"
    """Jurist."""
    EXTRACTOR = "extractor"
    """Uttagsansvarig: takes files in, links and delivers."""
    CODE_REVIEWER = "code_reviewer"
    """Kodgranskare."""
    KEY_CUSTODIAN = "key_custodian"
    """Nyckelansvarig: code keys, look-ups, disposal."""
    AUDITOR = "auditor"
    """Granskare: reads everything, the audit log among it, and changes nothing."""


INCOMING = (K.LETTER_SENT, K.ATTACHED, K.FILE_ANNOUNCED, K.QUESTIONS_ANSWERED, K.SUPPLEMENT_GIVEN)
FIRST_CONTACT = (K.REVIEWED_FIRST, K.QUESTIONS_ASKED, K.REMINDER_SENT, K.ASSIGNED, K.PAUSED, K.RESUMED)
DECISIONS = (K.DECISION_ENDORSED, K.POPULATION_CHANGE_ENDORSED)
"""Endorsed by three persons, each in the role that the event names (R11)."""
OF_DATA = (K.FILE_RECEIVED, K.FILE_REFUSED, K.FILE_QUARANTINED, K.HANDED_OVER)
TRANSIT = (K.TRANSIT_MADE, K.TRANSIT_TAKEN, K.TRANSIT_RECEIPT_TAKEN, K.TRANSIT_ENDED)
PEERS = (K.TRANSIT_PEER_NAMED, K.TRANSIT_PEER_CONFIRMED)
DISPOSAL = (K.DISPOSAL_ORDERED, K.DISPOSAL_CONFIRMED, K.DISPOSED, K.DISPOSAL_COMPLETED)
RESTORED = (K.RESTORED_PROPOSED, K.RESTORED_ACCEPTED)
INCIDENTS = (K.INCIDENT_RECORDED, K.INCIDENT_CLOSED)

MAY: Mapping[Role, tuple[EventKind, ...]] = {
    Role.REGISTRAR: (K.OPENED, K.AMENDED, *INCOMING, *INCIDENTS),
    Role.COORDINATOR: (*INCOMING, *FIRST_CONTACT, *INCIDENTS),
    Role.CASE_OFFICER: (
        K.OPENED,
        K.AMENDED,
        *INCOMING,
        *FIRST_CONTACT,
        K.MET,
        K.SUPPLEMENT_ASKED,
        K.SPECIFICATION_SENT,
        K.SPECIFICATION_APPROVED,
        K.QUOTED,
        K.QUOTE_ACCEPTED,
        K.QUOTE_DECLINED,
        K.RESERVED,
        K.HOLDER_ASKED,
        K.HOLDER_RELEASED,
        K.HOLDER_RECALLED,
        K.HOLDER_REFUSED,
        K.AGREEMENT_RECORDED,
        K.SOURCE_WITHDRAWN,
        K.SOURCE_AWAITED,
        *DECISIONS,
        K.DECISION_DISPATCHED,
        K.RECIPIENT_EXCHANGED,
        K.RECIPIENT_CONFIRMED,
        K.DISCLOSURE_ACCEPTED,
        K.DELIVERY_RELEASED,
        K.DELIVERY_RECALLED,
        K.REPLACEMENT_RELEASED,
        K.CHANGE_DECLINED,
        K.CODE_KEY_KEPT,
        K.COMPLAINT_OPENED,
        K.COMPLAINT_CLOSED,
        *INCIDENTS,
        K.RESULTS_REPORTED,
        K.WORKING_COPIES_DELETED,
        K.QUESTIONNAIRE_ANSWERED,
        K.INVOICED,
        K.ENDED,
        K.REPORTED_BACK,
        *OF_DATA,
        *PEERS,
        K.TRANSIT_ENDED,
        *DISPOSAL,
    ),
    Role.MANAGER: (
        K.ASSIGNED,
        K.AMENDMENT_DECIDED,
        *DECISIONS,
        K.RECIPIENT_CONFIRMED,
        K.DISCLOSURE_ACCEPTED,
        K.DELIVERY_RECALLED,
        K.CODE_KEY_KEPT,
        K.COMPLAINT_CLOSED,
        *INCIDENTS,
        K.ENDED,
        *RESTORED,
        *DISPOSAL,
    ),
    Role.LAWYER: (*DECISIONS, K.AMENDMENT_DECIDED, K.DISCLOSURE_ACCEPTED, K.ENDED),
    Role.EXTRACTOR: (
        *OF_DATA,
        K.FILE_ANNOUNCED,
        *TRANSIT,
        *PEERS,
    ),
    Role.CODE_REVIEWER: (K.CODE_REVIEWED, K.DISCLOSURE_ACCEPTED),
    Role.KEY_CUSTODIAN: (
        K.CODE_KEY_IMPORTED,
        K.CODE_KEY_EXPORTED,
        K.SERIAL_NUMBERS_LOOKED_UP,
        K.PERSON_REMOVED,
        K.LINK_CUT,
        K.ENCRYPTION_KEYS_ROTATED,
        K.TAKEN_OVER,
        *RESTORED,
        *DISPOSAL,
    ),
    Role.AUDITOR: (),
}
"""What each role may record. What the service enters by itself is nobody's act."""


@dataclass(frozen=True)
class Absence:
    """Days on which somebody is away, and who stands in."""

    first_day: date
    last_day: date
    stand_in: str

    def is_on(self, day: date) -> bool:
        """Whether it is on a day."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class Office:
    """The persons of the service: their roles, when they are away, and whose manager somebody is."""

    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    absences: Mapping[str, tuple[Absence, ...]] = field(default_factory=dict)
    managers: Mapping[str, str] = field(default_factory=dict)
    """Each case officer's manager, where that is said."""

    def absence_of(self, person: str, day: date) -> Absence | None:
        """The absence of somebody on a day, if any."""
        return next((absence for absence in self.absences.get(person, ()) if absence.is_on(day)), None)

    def roles_of(self, person: str, day: date) -> set[Role]:
        """The roles that somebody acts in on a day: their own, and those of whom they stand in for."""
        stood_in_for = [
            absent for absent, away in self.absences.items() if any(a.is_on(day) and a.stand_in == person for a in away)
        ]
        return {role for each in (person, *stood_in_for) for role in self.roles.get(each, ())}

    def in_role(self, role: Role, day: date) -> list[str]:
        """Who acts in a role on a day and is there."""
        people = {*self.roles, *(absence.stand_in for away in self.absences.values() for absence in away)}
        return sorted(p for p in people if role in self.roles_of(p, day) and self.absence_of(p, day) is None)


ANYBODY = Office()
"""Where no roles are configured."""


def roles_for(kind: EventKind, detail: Mapping[str, Any]) -> tuple[Role, ...]:
    """The roles in which an event may be recorded; for a decision the one that the event names."""
    if kind in DECISIONS:
        return tuple(role for role in MAY if role == detail.get("role"))
    return tuple(role for role, kinds in MAY.items() if kind in kinds)


def may_record(office: Office, kind: EventKind, detail: Mapping[str, Any], person: str, day: date) -> None:
    """R11: an act is taken by somebody in a role that may take it; where roles are configured, and by persons.

    :raises RuleRefused: naming the roles, and who has them today.
    """
    wanted = roles_for(kind, detail)
    if not office.roles or person in BY_ITSELF or office.roles_of(person, day).intersection(wanted):
        return
    who = sorted({each for role in wanted for each in office.in_role(role, day)})
    words = " or ".join(role.value.replace("_", " ") for role in wanted) or "nobody"
    problem = f"{kind.value.replace('_', ' ')} is for a {words}, which {person} is not"
    can = f"let {', '.join(who)} record it" if who else "nobody has that role today"
    raise RuleRefused("R11", problem, f"{can}; `roles` and `absences` in config.yaml say who is what")


def may_accept_registers(office: Office, person: str, day: date) -> None:
    """R11: where roles are configured, what a restored vault has lost of own registers is accepted as of a case.

    :raises RuleRefused: naming who could accept it.
    """
    may_record(office, K.RESTORED_ACCEPTED, {}, person, day)


def may_read_the_log(office: Office, person: str, day: date) -> None:
    """R11: where roles are configured the audit log, which says who did what in all cases, is read by an auditor.

    :raises RuleRefused: naming who could read it.
    """
    if not office.roles or Role.AUDITOR in office.roles_of(person, day):
        return
    who = office.in_role(Role.AUDITOR, day)
    can = f"let {', '.join(who)} read it" if who else "nobody has that role today"
    raise RuleRefused(
        "R11", f"the audit log is for an auditor, which {person} is not", f"{can}; `roles` in config.yaml"
    )
