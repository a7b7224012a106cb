"""The course of a case, event by event: whose turn it is after each (R26).

What belongs here: what is open, received, released and decided so far. What must not: the calendar's days (days), or
what a rule holds back (rules): this is told of the past, at any event, without a register or a ledger.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from samkorning.case.clocks import MONTHS_TO_COMPLAIN, is_letter_of, months_after
from samkorning.case.enquiries import ASKED_AND_SETTLED
from samkorning.case.events import NO_LIMIT, Event, EventKind
from samkorning.case.population import NUMBER_HISTORY, POPULATION
from samkorning.case.second_files import BESIDE
from samkorning.case.states import DECIDING_ROLES, State
from samkorning.case.working_days import DAY
from samkorning.order import Order

K = EventKind
OPENS = {asks: what for what, (asks, _) in ASKED_AND_SETTLED.items()}
SETTLES = {settles: what for what, (_, all_of_them) in ASKED_AND_SETTLED.items() for settles in all_of_them}
OF_THE_CASE = (POPULATION,)
WHO_IS_STUDIED = frozenset({POPULATION, NUMBER_HISTORY})
"""Of two such files one is chosen before anybody is linked (R19)."""


class Whose(StrEnum):
    """Whose a day is."""

    ORDERER = "orderer"
    ETHICS = "ethics"
    HOLDER = "holder"
    US = "us"


@dataclass(frozen=True)
class Party:
    """One whose a day can be: with the holder's name, or our role."""

    whose: Whose
    name: str = ""


ORDERER, ETHICS = Party(Whose.ORDERER), Party(Whose.ETHICS)
COORDINATOR, OFFICER = Party(Whose.US, "coordinator"), Party(Whose.US, "case_officer")
EXTRACTOR, REVIEWER = Party(Whose.US, "extractor"), Party(Whose.US, "code_reviewer")
CUSTODIAN = Party(Whose.US, "key_custodian")
RESTS_FOR = {"orderer": ORDERER, "ethics": ETHICS, "us": OFFICER}


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, and whose after a last day, if it passes without an event."""

    party: Party
    until: date | None = None
    then: Party = CUSTODIAN

    def split(self, first: date, after: date) -> Iterator[tuple[Party, date, date]]:
        """The stretch of days by party, each with its first day and the day after its last."""
        change = after if self.until is None else max(first, min(self.until + DAY, after))
        yield self.party, first, change
        yield self.then, change, after


@dataclass(frozen=True)
class Outline:
    """What the course of a case depends on of its order."""

    population: Party | None
    """Who sends the population; nobody where the service draws it."""
    sources: Mapping[str, str]
    """The holder of each awaited file, by its source."""
    own: bool
    all_or_nothing: bool

    @classmethod
    def of(cls, order: Order) -> "Outline":
        """The outline of an order."""
        said = order.specification
        own = said.population.holder in (order.research_principal.name, order.recipient.organisation)
        sends = ORDERER if own else Party(Whose.HOLDER, said.population.holder)
        return cls(
            None if said.population.drawn else sends,
            {source.name: source.holder for source in said.sources},
            bool(said.own_registers),
            said.all_or_nothing,
        )


@dataclass
class Course:
    """What has happened to a case so far. ``outlines`` gives the outline of an order by the event that brought it."""

    outlines: Callable[[Event], Outline]
    outline: Outline = Outline(None, {}, own=False, all_or_nothing=False)
    officer: str | None = None
    rests_for: str | None = None
    open: set[str] = field(default_factory=set)
    approved: bool = False
    endorsed: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    """Received since the last delivery."""
    second: dict[int, str] = field(default_factory=dict)
    """The source of each file that waits beside another, by the event that holds it: a person chooses (R13)."""
    withdrawn: set[str] = field(default_factory=set)
    holders: dict[str, EventKind] = field(default_factory=dict)
    """The newest that each holder has decided."""
    reviewed: bool = False
    released: bool = False
    delivered: date | None = None
    """The day of the newest delivery, or of its letter once that is sent."""
    without_letter: int | None = None
    """The event of the newest delivery while its letter is not sent."""
    complaints: set[str] = field(default_factory=set)
    kept: date | None = None

    def take(self, event: Event) -> None:
        """One more event."""
        kind, said = event.kind, event.detail
        if kind in OPENS:
            self.open.add(OPENS[kind])
        self.open.discard(SETTLES.get(kind, ""))
        if kind in (K.OPENED, K.AMENDED):
            self.outline = self.outlines(event)
            self.approved, self.reviewed, self.released = False, False, False
            self.endorsed.clear()
        elif kind is K.SPECIFICATION_APPROVED:
            self.approved = True
        elif kind is K.DECISION_ENDORSED:
            self.endorsed.add(str(said["role"]))
        elif kind is K.ASSIGNED:
            self.officer = str(said["officer"])
        elif kind in (K.PAUSED, K.RESUMED):
            self.rests_for = str(said.get("waits_for", "orderer")) if kind is K.PAUSED else None
        else:
            self._take_of_data(event)

    def _take_of_data(self, event: Event) -> None:
        kind, said = event.kind, event.detail
        self._take_of_second_files(event)
        if kind is K.FILE_RECEIVED:
            self.received.add(str(said["source"]))
            self.fresh.add(str(said["source"]))
        elif kind is K.SOURCE_WITHDRAWN:
            self.withdrawn.add(str(said["source"]))
        elif kind is K.SOURCE_AWAITED:
            self.withdrawn.discard(str(said["source"]))
        elif kind in (K.HOLDER_RELEASED, K.HOLDER_RECALLED, K.HOLDER_REFUSED):
            self.holders[str(said["holder"])] = kind
        elif kind is K.CODE_REVIEWED:
            self.reviewed = True
        elif kind in (K.DELIVERY_RELEASED, K.DELIVERY_RECALLED):
            self.released = kind is K.DELIVERY_RELEASED
        elif kind is K.DELIVERED:
            self.delivered, self.without_letter = event.at.date(), event.number
            self.fresh.clear()
        elif kind is K.LETTER_SENT and is_letter_of(event, self.without_letter):
            self.delivered, self.without_letter = event.at.date(), None
        elif kind is K.COMPLAINT_OPENED:
            self.complaints.add(str(said["delivery"]))
        elif kind is K.COMPLAINT_CLOSED:
            self.complaints.discard(str(said["delivery"]))
        elif kind is K.CODE_KEY_KEPT:
            self.kept = date.fromisoformat(said["until"])

    def _take_of_second_files(self, event: Event) -> None:
        """A file that is held beside another, is let in or refused, or goes by disposal."""
        disposed_of = event.detail["held"] if event.kind is K.DISPOSED else ()
        for settled in (event.detail.get("quarantined"), *disposed_of):
            self.second.pop(settled, None)
        if event.kind is K.FILE_QUARANTINED and BESIDE in event.detail:
            self.second[event.number] = str(event.detail["source"])

    def turn(self, state: State) -> Turn:
        """Whose turn it is now."""
        if self.rests_for is not None:
            return Turn(RESTS_FOR[self.rests_for])
        if "supplement" in self.open:
            return Turn(ETHICS)
        if self.open:
            return Turn(ORDERER)
        if state is State.OPENED:
            return Turn(OFFICER if self.officer else COORDINATOR)
        if not self.approved or not self.endorsed.issuperset(DECIDING_ROLES):
            return Turn(self._decider())
        return Turn(self._before_delivery()) if self.delivered is None else self._after_delivery(self.delivered)

    def _decider(self) -> Party:
        """Who has not taken part in the decision yet."""
        missing = [role for role in DECIDING_ROLES if role not in self.endorsed]
        return Party(Whose.US, missing[0]) if self.approved else OFFICER

    def _before_delivery(self) -> Party:
        """What the first delivery waits for: others' data only where nothing can be delivered without them (R13)."""
        if self.outline.population and not self.received.issuperset(OF_THE_CASE):
            return self.outline.population
        if not WHO_IS_STUDIED.isdisjoint(self.second.values()):
            return OFFICER
        owing = self._owing()
        in_place = self.outline.own or self.received.intersection(self.outline.sources)
        if owing is not None and (self.outline.all_or_nothing or not in_place):
            return owing
        if not self.reviewed:
            return REVIEWER
        return EXTRACTOR if self.released and not self._chooses() else OFFICER

    def _after_delivery(self, letter: date) -> Turn:
        if self.complaints or self._chooses():
            return Turn(OFFICER)
        if any(self._may_leave(source) for source in self.fresh):
            return Turn(EXTRACTOR)
        owing = self._owing()
        if owing is not None:
            return Turn(owing)
        window = months_after(letter, MONTHS_TO_COMPLAIN)
        last = max(window, self.kept) if self.kept else window
        return Turn(ORDERER, None if last == NO_LIMIT else last)

    def _owing(self) -> Party | None:
        """The first holder that owes a file or its release; we, where a refusal has to be settled."""
        for source, holder in self.outline.sources.items():
            if source in self.withdrawn:
                continue
            if self.holders.get(holder) is K.HOLDER_REFUSED:
                return OFFICER
            if source not in self.received or self.holders.get(holder) is not K.HOLDER_RELEASED:
                return Party(Whose.HOLDER, holder)
        return None

    def _chooses(self) -> bool:
        """Whether two files of an awaited source have come, of which we have to choose."""
        return not self.withdrawn.issuperset(self.second.values())

    def _may_leave(self, source: str) -> bool:
        holder = self.outline.sources.get(source)
        return holder is None or self.holders.get(holder) is K.HOLDER_RELEASED
