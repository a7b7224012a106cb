"""Events of a case, and the case that follows from them.

What belongs here: the kinds of event and plain questions to a list of them. What must not: whether an act is allowed
(rules), what state follows (states), where events are stored (register). Details hold names, dates, counts and
hashes; never a value from a row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from samkorning.order import Order, Specification, read_order
from samkorning.order.fingerprint import fingerprint


class EventKind(StrEnum):
    """Everything that can happen to a case."""

    OPENED = "opened"
    AMENDED = "amended"
    AMENDMENT_DECIDED = "amendment_decided"
    SPECIFICATION_APPROVED = "specification_approved"
    DECISION_ENDORSED = "decision_endorsed"
    DECISION_DISPATCHED = "decision_dispatched"
    RECIPIENT_EXCHANGED = "recipient_exchanged"
    RECIPIENT_CONFIRMED = "recipient_confirmed"
    HOLDER_RELEASED = "holder_released"
    HOLDER_RECALLED = "holder_recalled"
    CODE_REVIEWED = "code_reviewed"
    DISCLOSURE_ACCEPTED = "disclosure_accepted"
    DELIVERY_RELEASED = "delivery_released"
    DELIVERY_RECALLED = "delivery_recalled"
    FILE_RECEIVED = "file_received"
    FILE_REFUSED = "file_refused"
    FILE_QUARANTINED = "file_quarantined"
    FILE_ANNOUNCED = "file_announced"
    SOURCE_WITHDRAWN = "source_withdrawn"
    SOURCE_AWAITED = "source_awaited"
    POPULATION_FROZEN = "population_frozen"
    POPULATION_CHANGE_ENDORSED = "population_change_endorsed"
    DELIVERED = "delivered"
    HANDED_OVER = "handed_over"
    DELIVERY_BLOCKED = "delivery_blocked"
    FOUND_UNCHANGED = "found_unchanged"
    REPLACEMENT_RELEASED = "replacement_released"
    CHANGE_DECLINED = "change_declined"
    CODE_KEY_KEPT = "code_key_kept"
    CODE_KEY_IMPORTED = "code_key_imported"
    CODE_KEY_EXPORTED = "code_key_exported"
    SERIAL_NUMBERS_LOOKED_UP = "serial_numbers_looked_up"
    PERSON_REMOVED = "person_removed"
    LINK_CUT = "link_cut"
    TAKEN_OVER = "taken_over"
    ENCRYPTION_KEYS_ROTATED = "encryption_keys_rotated"
    RESTORED_PROPOSED = "restored_proposed"
    RESTORED_ACCEPTED = "restored_accepted"
    TRANSIT_PEER_NAMED = "transit_peer_named"
    TRANSIT_PEER_CONFIRMED = "transit_peer_confirmed"
    TRANSIT_MADE = "transit_made"
    TRANSIT_TAKEN = "transit_taken"
    TRANSIT_RECEIPT_TAKEN = "transit_receipt_taken"
    TRANSIT_ENDED = "transit_ended"
    COMPLAINT_OPENED = "complaint_opened"
    COMPLAINT_CLOSED = "complaint_closed"
    DISPOSAL_ORDERED = "disposal_ordered"
    DISPOSAL_CONFIRMED = "disposal_confirmed"
    DISPOSED = "disposed"
    DISPOSAL_COMPLETED = "disposal_completed"
    ASSIGNED = "assigned"
    REVIEWED_FIRST = "reviewed_first"
    QUESTIONS_ASKED = "questions_asked"
    QUESTIONS_ANSWERED = "questions_answered"
    REMINDER_SENT = "reminder_sent"
    MET = "met"
    SUPPLEMENT_ASKED = "supplement_asked"
    SUPPLEMENT_GIVEN = "supplement_given"
    SPECIFICATION_SENT = "specification_sent"
    QUOTED = "quoted"
    QUOTE_ACCEPTED = "quote_accepted"
    QUOTE_DECLINED = "quote_declined"
    HOLDER_ASKED = "holder_asked"
    HOLDER_REFUSED = "holder_refused"
    RESERVED = "reserved"
    PAUSED = "paused"
    RESUMED = "resumed"
    REPORTED_BACK = "reported_back"
    ENDED = "ended"
    LETTER_SENT = "letter_sent"
    AGREEMENT_RECORDED = "agreement_recorded"
    RESULTS_REPORTED = "results_reported"
    WORKING_COPIES_DELETED = "working_copies_deleted"
    INCIDENT_RECORDED = "incident_recorded"
    INCIDENT_CLOSED = "incident_closed"
    QUESTIONNAIRE_ANSWERED = "questionnaire_answered"
    INVOICED = "invoiced"
    ATTACHED = "attached"


OF_WAITING = (EventKind.SOURCE_WITHDRAWN, EventKind.SOURCE_AWAITED)
"""What ends the waiting for a file, and what takes that back (R30)."""
NO_LIMIT = date.max
"""The day to which a decision keeps a code key that it keeps without a limit (region practice, R17)."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: the n-th event of the case, when, by whom, and its particulars.

    ``mac`` authenticates it behind the event before it; empty while it is not recorded.
    """

    number: int
    kind: EventKind
    at: datetime
    person: str
    detail: Mapping[str, Any]
    mac: str = ""


@dataclass(frozen=True)
class Case:
    """A case number and all its events, oldest first."""

    number: str
    events: tuple[Event, ...]

    def of(self, *kinds: EventKind) -> list[Event]:
        """The events of these kinds, oldest first."""
        return [event for event in self.events if event.kind in kinds]

    def last(self, *kinds: EventKind) -> Event | None:
        """The newest event of these kinds, or nothing."""
        return next((event for event in reversed(self.events) if event.kind in kinds), None)

    @cached_property
    def order(self) -> Order:
        """The order as it stands now: as opened, or as last amended."""
        event = self.last(EventKind.OPENED, EventKind.AMENDED)
        assert event is not None, "a case starts with its order"  # noqa: S101
        return _order_of(event.detail["order"], event.detail["file"])

    @property
    def specification(self) -> Specification:
        """The specification as it stands now."""
        return self.order.specification

    @property
    def recipient_key(self) -> str:
        """The public age key that deliveries are sealed for: the order's, or the one it was exchanged for since.

        Where the order locks them with a passphrase, whom that is sent to.
        """
        newest = self.last(EventKind.OPENED, EventKind.AMENDED, EventKind.RECIPIENT_EXCHANGED)
        if newest is not None and newest.kind is EventKind.RECIPIENT_EXCHANGED:
            return str(newest.detail["age_recipient"])
        return self.order.recipient.sealed_for

    @property
    def recipient_fingerprint(self) -> str:
        """The fingerprint of that key, for persons to compare."""
        return fingerprint(self.recipient_key)

    @property
    def author(self) -> str:
        """Who wrote the specification as it stands now (R12)."""
        event = self.last(EventKind.OPENED, EventKind.AMENDED)
        return event.person if event else ""

    @property
    def withdrawn_sources(self) -> set[str]:
        """Sources that are no longer awaited (R30)."""
        newest = {event.detail["source"]: event.kind for event in self.of(*OF_WAITING)}
        return {source for source, kind in newest.items() if kind is EventKind.SOURCE_WITHDRAWN}

    def held_files(self) -> list[Event]:
        """The events of the files that wait in quarantine (karantän), oldest first (R10)."""
        kinds = (EventKind.FILE_RECEIVED, EventKind.FILE_REFUSED, EventKind.FILE_QUARANTINED)
        settled = {event.detail.get("quarantined") for event in self.of(*kinds)}
        settled |= {number for event in self.of(EventKind.DISPOSED) for number in event.detail["held"]}
        return [event for event in self.of(EventKind.FILE_QUARANTINED) if event.number not in settled]

    def kept_until(self) -> date | None:
        """The day to which the last decision keeps the code key (R17), NO_LIMIT for one without, or nothing."""
        event = self.last(EventKind.CODE_KEY_KEPT)
        return date.fromisoformat(event.detail["until"]) if event else None

    def received_files(self, source: str) -> list[Event]:
        """The events of the files that were taken in from a source, oldest first; the newest counts."""
        return [event for event in self.of(EventKind.FILE_RECEIVED) if event.detail["source"] == source]

    def received_sha256(self, source: str) -> str | None:
        """Hash of the file that counts for a source."""
        files = self.received_files(source)
        return str(files[-1].detail["sha256"]) if files else None

    def endorsements(self) -> list[Event]:
        """The endorsements of the disclosure decision on the order as it stands, oldest first (R11)."""
        order = self.last(EventKind.OPENED, EventKind.AMENDED)
        return [event for event in self.of(EventKind.DECISION_ENDORSED) if order and event.number > order.number]

    def delivered_units(self) -> Iterator[Mapping[str, Any]]:
        """Every unit of every delivery, oldest first."""
        for event in self.of(EventKind.DELIVERED):
            yield from event.detail["units"]


@lru_cache(maxsize=64)
def _order_of(text: str, file: str) -> Order:
    """Reading YAML by line takes its time, and the same case is asked for its order again and again."""
    return read_order(text, file)
