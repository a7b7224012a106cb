"""When something of a case goes, and why then: R14 to R17 as dates.

What belongs here: one clock each for code key and population, for a unit's material, for a sealed delivery, for a
refused file. What must not: today's date: a clock gives the first day on which a thing may go, or what holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samkorning.case.clocks import IN_QUARANTINE, MONTHS_TO_COMPLAIN, last_day_to_complain, months_after
from samkorning.case.complaints import open_complaints
from samkorning.case.endings import how_it_ended
from samkorning.case.events import NO_LIMIT, Case, Event, EventKind
from samkorning.case.inputs import Unit
from samkorning.case.ledger import WAITING, LedgerRow, UnitStatus
from samkorning.case.second_files import waiting_files
from samkorning.case.states import State, state_of

DAY = timedelta(days=1)
STAYS = (UnitStatus.TWO_FILES, UnitStatus.AWAITS_RELEASE)
"""Is there, and may still leave."""
REFUSED_FILE_STAYS = timedelta(days=30)
"""Long enough for the holder to be asked about it; the corrected file comes under its own clock."""


@dataclass(frozen=True)
class DisposalClock:
    """The first day on which a thing may go (none while something holds it), why, and by which rule."""

    first_day: date | None
    why: str
    rule: str = "R16"

    def has_passed(self, today: date) -> bool:
        """Whether the thing may go today."""
        return self.first_day is not None and self.first_day <= today


def code_key_clock(case: Case, rows: Sequence[LedgerRow]) -> DisposalClock:
    """Code key and population: three months after the last letter, unless something keeps them (R14, R16, R17)."""
    letters = case.of(EventKind.DELIVERED)
    complaints = open_complaints(case)
    awaited = sorted({row.unit.source for row in rows if row.status in WAITING or row.is_open})
    ended = case.last(EventKind.ENDED)
    if ended is not None:
        after_end = months_after(ended.at.date(), MONTHS_TO_COMPLAIN) + DAY
        return DisposalClock(after_end, f"three months after the case ended {how_it_ended(ended)}")
    if not letters:
        return DisposalClock(None, "nothing has been delivered yet")
    if complaints:
        return DisposalClock(None, f"a complaint on {', '.join(complaints)} is open")
    if awaited:
        return DisposalClock(None, f"files are awaited, to be delivered or changed: {', '.join(awaited)}", "R14")
    (after_letter, last), kept = _after(case, letters), case.kept_until()
    if kept == NO_LIMIT:
        return DisposalClock(None, "a decision keeps it without a limit", "R17")
    if kept is not None and kept + DAY > after_letter:
        return DisposalClock(kept + DAY, f"a decision keeps it until {kept}", "R17")
    return DisposalClock(after_letter, f"three months after the letter of {last}, the last one")


def unit_clock(case: Case, unit: Unit, rows: Sequence[LedgerRow], code_key: DisposalClock) -> DisposalClock:
    """A unit as received, linked and put together: three months after the letter of the last delivery it was in.

    What was in no delivery goes with the code key.
    """
    if case.last(EventKind.ENDED) is not None:
        return code_key
    letters = [event for event in case.of(EventKind.DELIVERED) if _holds(event, unit)]
    if any(row.unit == unit and (row.is_open or row.status in STAYS) for row in rows):
        return DisposalClock(None, "is to be delivered, or has changed")
    if not letters:
        return DisposalClock(
            code_key.first_day, f"was in no delivery: with the code key ({code_key.why})", code_key.rule
        )
    names = [event.detail["delivery"] for event in letters]
    complaints = sorted(set(names) & set(open_complaints(case)))
    if complaints:
        return DisposalClock(None, f"a complaint on {', '.join(complaints)} is open")
    after_letter, last = _after(case, letters)
    return DisposalClock(after_letter, f"three months after the letter of {last}")


def delivery_clock(case: Case, delivery: str, code_key: DisposalClock) -> DisposalClock:
    """A sealed delivery in the outbox: three months after its letter; one without an event was never handed over."""
    letter = next((event for event in case.of(EventKind.DELIVERED) if event.detail["delivery"] == delivery), None)
    if letter is None:
        return _never_delivered(case, code_key)
    if delivery in open_complaints(case):
        return DisposalClock(None, f"a complaint on {delivery} is open")
    return DisposalClock(_after(case, [letter])[0], f"three months after the letter of {delivery}")


def _never_delivered(case: Case, code_key: DisposalClock) -> DisposalClock:
    """A sealed file that is in no ledger: the next delivery replaces it, or it goes where none will follow."""
    over = case.last(EventKind.ENDED, EventKind.DISPOSED)
    if over is not None and state_of(case.events) in (State.ENDED, State.DISPOSED):
        return DisposalClock(over.at.date(), "is not in the ledger, and the case makes no delivery any more")
    if code_key.first_day is not None:
        why = f"is not in the ledger: with the code key ({code_key.why})"
        return DisposalClock(code_key.first_day, why, code_key.rule)
    return DisposalClock(None, "is not in the ledger; the next delivery replaces it")


def transit_clock(until: date | None, code_key: DisposalClock, known_on: date) -> DisposalClock:
    """Transit identifiers and sealed transit files (R24): the day after their last, or with the code key before that.

    :param until: the last day of their hand-over; none where it has ended, or broke off before it began.
    :param known_on: a day on which they were there.
    """
    if until is None:
        return DisposalClock(known_on, "of a hand-over that has ended or broke off", "R24")
    if code_key.first_day is not None and code_key.first_day <= until:
        return DisposalClock(code_key.first_day, f"with the code key ({code_key.why})", code_key.rule)
    return DisposalClock(until + DAY, f"the hand-over is open until {until}", "R24")


def held_file_clock(case: Case, held: Event) -> DisposalClock:
    """A file in quarantine: thirty days for the decision (R10). A second file of a source stays until a person has
    decided which counts: gone by itself it would have decided for the first (R13).
    """
    source, days = held.detail["source"], IN_QUARANTINE.days
    first_day = held.at.date() + IN_QUARANTINE
    if held not in waiting_files(case, source):
        return DisposalClock(first_day, f"{days} days in quarantine without an approved decision", "R10")
    if case.last(EventKind.ENDED) is None and source not in case.withdrawn_sources:
        return DisposalClock(None, "a person decides which file counts", "R13")
    return DisposalClock(first_day, f"{days} days after it came: nothing of {source} is awaited any more", "R13")


def refused_file_clock(refused_on: date) -> DisposalClock:
    """A file that was refused at intake and set aside in the inbox."""
    days = REFUSED_FILE_STAYS.days
    return DisposalClock(refused_on + REFUSED_FILE_STAYS, f"{days} days after it was refused on {refused_on}")


def temporary_file_clock(written_on: date) -> DisposalClock:
    """What an interrupted sealing left in the outbox; the next delivery sweeps it too, where there is one."""
    return DisposalClock(written_on + DAY, f"left by a delivery that broke off on {written_on}")


def _after(case: Case, letters: Sequence[Event]) -> tuple[date, str]:
    """The day after the last on which the recipient can complain about any of these deliveries (R15), and which."""
    days = [(last_day_to_complain(case, letter) + DAY, str(letter.detail["delivery"])) for letter in letters]
    return max(days)


def _holds(event: Event, unit: Unit) -> bool:
    return any((entry["source"], entry["period"]) == (unit.source, unit.period) for entry in event.detail["units"])
