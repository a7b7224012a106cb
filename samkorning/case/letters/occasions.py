"""Which letters a case has occasion for, whom they go to, which were sent, and the act of sending.

What belongs here: questions to a case's events. What must not: the letters' pages, or sending them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.letters.facts import LetterFacts
from samkorning.case.letters.registry import LETTERS, Letter, To
from samkorning.errors import NotFound, RuleRefused

BY_ITSELF_WITHIN = timedelta(days=14)
"""How long after its event a letter is tried again that goes by itself; then whoever has the case sends it."""


@dataclass(frozen=True)
class Addressee:
    """A person or function that a letter goes to; without an e-mail address it is printed and sent by post."""

    name: str
    organisation: str
    email: str | None


@dataclass(frozen=True)
class Occasion:
    """A letter that the case has occasion for: the event it is about, and its sendings so far."""

    letter: Letter
    event: Event
    sendings: tuple[Event, ...]

    @property
    def sent(self) -> Event | None:
        """The newest sending."""
        return self.sendings[-1] if self.sendings else None

    @property
    def of(self) -> str | None:
        """What tells it from the letter's other occasions: a holder, a delivery."""
        distinct = [str(value) for value in _distinction(self.letter, self.event) if value]
        return distinct[-1] if distinct else None


def occasions(case: Case, letter: Letter | None = None) -> list[Occasion]:
    """What the case has occasion for, by the event that came first."""
    letters = LETTERS.values() if letter is None else (letter,)
    found = [
        Occasion(each, event, tuple(sendings(case, each, event))) for each in letters for event in _events(case, each)
    ]
    return sorted(found, key=lambda occasion: occasion.event.number)


def not_sent(case: Case, today: date) -> list[Occasion]:
    """The letters that go by themselves when their event is recorded, and have not gone yet."""
    found = (each for each in occasions(case) if each.letter.by_itself and each.sent is None)
    return [each for each in found if today - each.event.at.date() <= BY_ITSELF_WITHIN]


def occasions_of(case: Case, letter: Letter, of: str | None = None) -> list[Occasion]:
    """The occasions of one letter, or the one that is named.

    :raises RuleRefused: when the case has no occasion for it yet.
    :raises NotFound: when none is of that name.
    """
    found = occasions(case, letter)
    if not found:
        problem = f"case {case.number} has no occasion for the letter {letter.name}"
        raise RuleRefused(letter.rule.split(", ")[0], problem, f"it follows when {letter.when_en}")
    if of is None:
        return found
    named = [occasion for occasion in found if occasion.of == of]
    if not named:
        known = ", ".join(str(occasion.of) for occasion in found if occasion.of) or "none"
        raise NotFound(f"the letter {letter.name} has no occasion of that name; it has: {known}")
    return named


def sendings(case: Case, letter: Letter, event: Event) -> list[Event]:
    """Every sending of a letter about an event, oldest first."""
    about = (letter.name, event.number)
    return [each for each in case.of(EventKind.LETTER_SENT) if (each.detail["letter"], each.detail["about"]) == about]


def addressee(facts: LetterFacts, to: To) -> Addressee:
    """Whom a letter goes to."""
    order, principal = facts.order, facts.order.research_principal
    if to is To.HOLDER and facts.holder is not None:
        return Addressee(facts.holder.person or facts.holder.name, facts.holder.name, facts.holder.email)
    if to is To.REPRESENTATIVE:
        return Addressee(principal.representative.name, principal.name, principal.representative.email)
    if to is To.RECIPIENT:
        return Addressee(order.recipient.name, order.recipient.organisation, order.contact.email)
    return Addressee(order.contact.name, principal.name, order.contact.email)


def letter_sent(occasion: Occasion, sending: Mapping[str, Any], again: str | None = None) -> Act:
    """A letter has been sent, or laid down to be sent by post.

    :param sending: its language, addressees, way, file and hashes.
    :param again: why it was sent although it had been sent before.
    """
    why = {"again": again} if again else {}
    return Act(
        EventKind.LETTER_SENT, {"letter": occasion.letter.name, "about": occasion.event.number, **sending, **why}
    )


def _events(case: Case, letter: Letter) -> list[Event]:
    found = case.of(letter.about)
    if letter.first_alone:
        return found[:1]
    return list({_distinction(letter, event): event for event in found}.values())


def _distinction(letter: Letter, event: Event) -> tuple[Any, ...]:
    return tuple(event.detail.get(field) for field in letter.each)
