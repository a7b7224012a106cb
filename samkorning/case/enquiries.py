"""What is asked of the orderer and still open: questions, a supplement, the specification, a quote.

What belongs here: the acts of asking, answering, reminding and meeting, and the deadline that holds (R02, R09, R11,
R20). What must not: what follows when nobody answers (endings), or prices (offers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.working_days import next_working_day
from samkorning.errors import RuleRefused

K = EventKind
TWO_WEEKS = timedelta(days=14)
"""How long a supplement at the ethics authority may take (R11), and questions where nothing else is said."""
ASKED_AND_SETTLED: dict[str, tuple[EventKind, tuple[EventKind, ...]]] = {
    "questions": (K.QUESTIONS_ASKED, (K.QUESTIONS_ANSWERED,)),
    "supplement": (K.SUPPLEMENT_ASKED, (K.SUPPLEMENT_GIVEN,)),
    "specification": (K.SPECIFICATION_SENT, (K.SPECIFICATION_APPROVED, K.AMENDED)),
    "quote": (K.QUOTED, (K.QUOTE_ACCEPTED, K.QUOTE_DECLINED)),
}
"""What the orderer can be waited for, the event that asks, and those that settle it."""
RULE_OF = {"questions": "R02", "supplement": "R11", "specification": "R09", "quote": "R20"}
ABOUT_ORDERER = (*ASKED_AND_SETTLED, "results", "working_copies", "code_key")
ABOUT = (*ABOUT_ORDERER, "files")
"""What a reminder can be about."""
SETTLE = {
    "questions": "record the answer with `case answer`",
    "supplement": "record it with `case supplement --given`",
    "specification": "record the approval with `case approve`",
    "quote": "record the answer with `case quote --accepted` or `--declined`",
}


@dataclass(frozen=True)
class Awaited:
    """Something that the orderer has been asked for and has not given: since when, by when, and whether reminded."""

    what: str
    since: date
    deadline: date
    reminded: bool

    @property
    def rule(self) -> str:
        """The rule that it is asked for by."""
        return RULE_OF[self.what]

    def is_overdue(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.deadline


def awaited_of_orderer(case: Case) -> list[Awaited]:
    """What is open, in the order in which a case comes to it."""
    return [found for what in ASKED_AND_SETTLED if (found := _open(case, what)) is not None]


def is_awaited(case: Case, what: str) -> Awaited | None:
    """What is open under that name, or nothing."""
    return next((each for each in awaited_of_orderer(case) if each.what == what), None)


def review_first(case: Case, note: str) -> Act:
    """The first review of an order, and what it found (R26: within a week)."""
    if case.last(K.REVIEWED_FIRST) is not None:
        raise RuleRefused("R26", "the case has had its first review", "ask the orderer with `case ask`")
    return Act(K.REVIEWED_FIRST, {"note": note})


def ask(case: Case, questions: Sequence[str], deadline: date, today: date) -> Act:
    """Questions to the orderer, to be answered by a day (R02)."""
    if not questions:
        raise RuleRefused("R02", "no question is asked", "write at least one")
    _lies_ahead("R02", deadline, today)
    return Act(K.QUESTIONS_ASKED, {"questions": list(questions), "deadline": deadline.isoformat()})


def answer(case: Case, note: str) -> Act:
    """The orderer has answered all that was asked (R02)."""
    _must_be_open(case, "questions", "R02", "`case ask`")
    return Act(K.QUESTIONS_ANSWERED, {"note": note})


def ask_for_supplement(case: Case, deadline: date, today: date) -> Act:
    """The orderer has to supplement the application at the ethics authority, within two weeks (R11)."""
    if is_awaited(case, "supplement"):
        raise RuleRefused("R11", "a supplement is awaited already", "remind of it with `case remind CASE supplement`")
    _lies_ahead("R11", deadline, today)
    last = next_working_day(today + TWO_WEEKS)
    if deadline > last:
        problem = f"a supplement has two weeks, until {last}"
        raise RuleRefused("R11", problem, "give that day or an earlier one; a reminder can set a later day")
    return Act(K.SUPPLEMENT_ASKED, {"deadline": deadline.isoformat()})


def give_supplement(case: Case, note: str) -> Act:
    """The orderer has supplemented the application at the ethics authority (R11)."""
    _must_be_open(case, "supplement", "R11", "`case supplement`")
    return Act(K.SUPPLEMENT_GIVEN, {"note": note})


def meet(case: Case, day: date, agreed: str, today: date) -> Act:
    """The first meeting with the orderer, and what was agreed there."""
    if day > today:
        raise RuleRefused("R02", f"{day} has not come", "record the meeting when it has been held")
    return Act(K.MET, {"day": day.isoformat(), "agreed": agreed})


def remind(case: Case, about: str, deadline: date, today: date, holder: str | None = None) -> Act:
    """A reminder with a new deadline, of what is awaited of the orderer or of a holder (R02, R28)."""
    if about not in ABOUT:
        raise RuleRefused("R02", "nothing is reminded of under that name", f"use one of {', '.join(ABOUT)}")
    if about in ASKED_AND_SETTLED and is_awaited(case, about) is None:
        raise RuleRefused("R02", f"no {about} is awaited", "`case show` lists what is open")
    if (about == "files") != (holder is not None):
        raise RuleRefused("R04", "a holder is reminded of its files, nobody else of anything", "give --holder or not")
    if holder is not None:
        must_be_a_holder(case, holder)
    _lies_ahead("R02", deadline, today)
    of = {"holder": holder} if holder else {}
    return Act(K.REMINDER_SENT, {"about": about, "deadline": deadline.isoformat(), **of})


def last_reminder(case: Case, about: str, holder: str | None = None) -> Event | None:
    """The newest reminder of something, of the orderer or of a holder."""
    of_it = (
        event
        for event in reversed(case.of(K.REMINDER_SENT))
        if event.detail["about"] == about and event.detail.get("holder") == holder
    )
    return next(of_it, None)


def nothing_is_awaited(case: Case) -> None:
    """R02, R11, R20: no decision while the orderer owes an answer, a supplement, or yes or no to a quote."""
    waiting = [each for each in awaited_of_orderer(case) if each.what != "specification"]
    if waiting:
        first = waiting[0]
        problem = f"the orderer's answer is awaited until {first.deadline}: {first.what}"
        raise RuleRefused(first.rule, problem, f"{SETTLE[first.what]}, or end the case with `case end`")


def must_be_a_holder(case: Case, holder: str) -> None:
    """R04: a holder is one that the specification names.

    :raises RuleRefused: which lists those.
    """
    holders = sorted({source.holder for source in case.specification.sources})
    if holder not in holders:
        problem = "no source of the specification comes from that holder"
        raise RuleRefused("R04", problem, f"name one of: {', '.join(holders) or 'none'}, or amend the order")


def _open(case: Case, what: str) -> Awaited | None:
    asks, settles = ASKED_AND_SETTLED[what]
    asked: list[Event] = []
    for event in case.of(asks, *settles):
        asked = [*asked, event] if event.kind is asks else []
    if not asked:
        return None
    reminders = [
        event for event in case.of(K.REMINDER_SENT) if event.number > asked[-1].number and event.detail["about"] == what
    ]
    deadline = max(date.fromisoformat(event.detail["deadline"]) for event in (*asked, *reminders))
    return Awaited(what, asked[0].at.date(), deadline, bool(reminders))


def _must_be_open(case: Case, what: str, rule: str, command: str) -> None:
    if is_awaited(case, what) is None:
        raise RuleRefused(rule, f"no {what} is awaited", f"record first that it was asked for: {command}")


def _lies_ahead(rule: str, deadline: date, today: date) -> None:
    if deadline <= today:
        raise RuleRefused(rule, f"the deadline {deadline} does not lie ahead", "give a later day")
