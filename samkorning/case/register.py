"""The case register (diarium för ärenden): events of all cases in one database, append-only, each proving itself.

What belongs here: recording and reading events, and case numbers. What must not: what an event means, or how it is
proven (``proof``).

Every event is recorded here and nowhere else, in this order: its intent in the audit log, the event (this is the
commit), its confirmation in the log, the anchor in the vault. The next event completes what a crash left out.
"""

import weakref
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from samkorning.audit.records import Head
from samkorning.case.assignment import officers_manager_takes_part
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.proof import RESTORE_REGISTER, StoredEvent, event_mac, proven_events, stored_event
from samkorning.case.roles import ANYBODY, Office, may_record
from samkorning.case.states import state_after, state_of
from samkorning.case.stored_rows import ServerAddress, open_rows
from samkorning.case.witnesses import Witnesses
from samkorning.case_number import LARGEST_RUNNING_NUMBER, is_case_number, require_case_number
from samkorning.errors import CaseBusy, HomeRefused, NotFound, RuleRefused, VaultDamaged
from samkorning.machine.clock_order import in_order

if TYPE_CHECKING:
    from sqlalchemy import Engine

FIRST_RUNNING_NUMBER = 10_001
COLUMNS = ", ".join(StoredEvent.__dataclass_fields__)


class CaseRegister:
    """The case register at the address of a database, such as ``sqlite:////home/register.sqlite``. Times are UTC.

    It is an SQLite database, or one of PostgreSQL: events, proofs and the fence around them are the same in both.

    Every reading of a case refuses events that are not as they were recorded, and a register, an audit log or a vault
    that is older than the others (VaultDamaged).
    """

    def __init__(self, address: str | ServerAddress, witnesses: Witnesses, office: Office = ANYBODY) -> None:
        """:param office: who has which role; binding in cases of real persons (R11)."""
        self._address = address
        self._witnesses = witnesses
        self._office = office
        self._rows, self._is_from_before = open_rows(address)
        weakref.finalize(self, self._rows.close)  # at the end too: the last one that closes SQLite empties its log

    def close(self) -> None:
        """Gives up the connections."""
        self._rows.close()
        if "_engine" in self.__dict__:
            self._engine.dispose()

    def next_number(self, year: int) -> str:
        """The next free case number of a year, such as ``10001-2026``.

        :raises RuleRefused: when the running numbers of the year are used up.
        """
        numbers = [number for number in self.numbers() if is_case_number(number) and number.endswith(f"-{year}")]
        running = max((int(number.split("-")[0]) for number in numbers), default=FIRST_RUNNING_NUMBER - 1) + 1
        if running > LARGEST_RUNNING_NUMBER:
            raise RuleRefused("R01", f"the case numbers of {year} are used up", "name a free one with --case")
        return f"{running}-{year}"

    def numbers(self) -> list[str]:
        """All case numbers, in the order they were opened (R02).

        :raises VaultDamaged: when the audit log knows a case, or events of it, that the register does not have.
        """
        known = self._witnesses.trails()
        counts = self.counts()
        lacking = sorted(case for case, trail in known.items() if counts.get(case, 0) < trail.confirmed)
        if lacking:
            raise VaultDamaged(
                f"the audit log knows more of case {', '.join(lacking)} than the case register; {RESTORE_REGISTER}"
            )
        return list(counts)

    def known_to_log(self) -> list[str]:
        """The cases of which the audit log confirms an event."""
        return sorted(self._witnesses.trails())

    def counts(self) -> dict[str, int]:
        """How many events every case has as it lies there, proven or not, in the order the cases were opened."""
        counted = "SELECT case_number, count(*) FROM case_event GROUP BY case_number"  # by the index alone
        counts = {str(number): int(count) for number, count in self._rows.read(counted)}
        opened = self._rows.read("SELECT at, case_number FROM case_event WHERE number = 1")
        order = [str(number) for _, number in sorted(opened)]  # databases sort apart
        return {number: counts[number] for number in [*order, *sorted(counts.keys() - set(order))]}

    def newest_of(self, number: str, *kinds: EventKind) -> EventKind | None:
        """The kind of the newest of such events of a case as it lies there, proven or not: for a look that decides
        nothing."""
        places = ", ".join("?" * len(kinds))
        wanted = f"WHERE case_number = ? AND kind IN ({places}) ORDER BY number DESC LIMIT 1"
        found = self._rows.read(f"SELECT kind FROM case_event {wanted}", number, *(kind.value for kind in kinds))  # noqa: S608
        return EventKind(found[0][0]) if found else None

    def heads(self) -> dict[str, tuple[int, str]]:
        """How far every case has come as it lies there, proven or not: its newest event's number and authenticator."""
        newest = "SELECT case_number, max(number) AS number FROM case_event GROUP BY case_number"
        same = "event.case_number = newest.case_number AND event.number = newest.number"
        found = self._rows.read(
            f"SELECT event.case_number, event.number, event.mac FROM ({newest}) AS newest "  # noqa: S608
            f"JOIN case_event AS event ON {same}"
        )
        return {str(case): (int(number), str(mac)) for case, number, mac in found}

    def case(self, number: str) -> Case:
        """The case with all its events, each as it was recorded.

        :raises NotFound: when no such case is open.
        :raises VaultDamaged: when an event, or the register as a whole, is not as it was recorded.
        """
        found = self._stored(number)
        if not found.events:
            raise NotFound(f"no case {require_case_number(number)}; `samkorning case list` shows the open ones")
        return found

    def open(self, number: str, at: datetime, person: str, detail: Mapping[str, Any]) -> Case:
        """Opens a case with its order (R01).

        :raises NotFound: when that is no case number.
        :raises RuleRefused: when the case number is taken.
        """
        require_case_number(number)
        self.require_role(Case(number, (Event(1, EventKind.OPENED, at, person, detail),)), EventKind.OPENED, person, at)
        taken = bool(self._stored(number).events)
        if not taken:
            try:
                self._append(Case(number, ()), EventKind.OPENED, at, person, detail)
            except CaseBusy:
                taken = True
        if taken:
            raise RuleRefused("R01", f"case {number} is open already", "choose another number")
        return self.case(number)

    def record(self, case: Case, kind: EventKind, at: datetime, person: str, detail: Mapping[str, Any]) -> Case:
        """Adds one event to a case, seen as the caller saw it.

        :raises RuleRefused: when the state of the case has no place for it, or the person no role for it (R11).
        :raises CaseBusy: when somebody else has added an event since the caller read the case; it says which.
        """
        state_after(state_of(case.events), kind)
        self.require_role(case, kind, person, at, detail)
        self._complete(case)
        self._append(case, kind, in_order(at, case.events[-1].at), person, detail)
        return self.case(case.number)

    def require_role(
        self, case: Case, kind: EventKind, person: str, at: datetime, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Refuses, in a case of real persons, what a person has no role for (R11); asked before work that is recorded
        when it is done, and again as it is recorded.

        :raises RuleRefused: naming who could do it.
        """
        if not case.order.synthetic:
            may_record(self._office, kind, detail or {}, person, at.date())
            officers_manager_takes_part(case, self._office, kind, detail or {}, person, at.date())

    def stored(self, number: str) -> list[StoredEvent]:
        """The events of a case as they lie there, proven or not."""
        found = f"SELECT {COLUMNS} FROM case_event WHERE case_number = ? ORDER BY number"  # noqa: S608
        return [StoredEvent(*row) for row in self._rows.read(found, number)]

    def events_from_before(self) -> dict[str, list[StoredEvent]]:
        """The events of every case in a register of before they proved themselves; nothing in any other."""
        from samkorning.case.taking_over import events_from_before

        return events_from_before(self._engine)

    def heads_from_before(self) -> list[Head]:
        """The heads of the audit log that such a register kept."""
        from samkorning.case.taking_over import heads_from_before

        return heads_from_before(self._engine)

    def take_over(self, secret: bytes, head: Head) -> None:
        """Authenticates such a register's events as they stand."""
        from samkorning.case.taking_over import take_over

        take_over(self._engine, secret, head)
        self._is_from_before = False

    def confirm_taken_over(self, number: str, acts: Collection[int]) -> bool:
        """Tells log and vault of a case that was taken over; whether they did not know.

        :param acts: the numbers of the log's records of taking over; only an event that one of them names counts.
        """
        stored = self.stored(number)
        if number in self._witnesses.trails() or stored[-1].audit_number not in acts:
            return False
        proven_events(number, stored, self._witnesses.secrets())
        self._witnesses.confirm(stored[-1])
        return True

    def _stored(self, number: str) -> Case:
        """A case with its proven events; without any where it was never opened."""
        if self._is_from_before:
            raise HomeRefused("the case register is of before events proved themselves; `samkorning audit take-over`")
        seen = self._witnesses.seen(number)
        stored = self.stored(number)
        if not stored and seen.anchor is None and not seen.trail.confirmed:
            return Case(number, ())
        return Case(number, self._witnesses.proven(number, stored, seen))

    def _complete(self, case: Case) -> None:
        """Confirms an event whose writer was stopped before it could."""
        last = case.events[-1].number
        if self._witnesses.seen(case.number).trail.confirmed < last:
            self._witnesses.confirm(self.stored(case.number)[last - 1])

    def _append(self, case: Case, kind: EventKind, at: datetime, person: str, detail: Mapping[str, Any]) -> None:
        number = len(case.events) + 1
        head = self._witnesses.audit().append(kind.value, person, case.number, at, event=number)
        stored = self._authenticated(case.number, case.events, Event(number, kind, at, person, detail), head)
        if not self._added(stored):
            raise CaseBusy(f"case {case.number} changed meanwhile: {self._since(case)}; look at it again and repeat")
        self._witnesses.confirm(stored)

    def _since(self, case: Case) -> str:
        """What others have added since the caller read the case, and who."""
        added = self.stored(case.number)[len(case.events) :]
        return ", ".join(f"{each.kind.replace('_', ' ')} by {each.person}" for each in added) or "an event was added"

    def _authenticated(self, case: str, before: Sequence[Event], event: Event, head: Head) -> StoredEvent:
        stored = stored_event(case, event, head)
        previous = before[-1].mac if before else ""
        return replace(stored, mac=event_mac(self._witnesses.secrets()[-1], stored, previous))

    def _added(self, stored: StoredEvent) -> bool:
        """Writes an event where none of its number is; whether there was none."""
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        from samkorning.case.tables import database_errors_as_damage, events

        try:
            with database_errors_as_damage(), self._engine.begin() as connection:
                connection.execute(insert(events).values(stored.__dict__))
        except IntegrityError:
            return False
        return True

    @cached_property
    def _engine(self) -> "Engine":
        """What writes; it is opened by the first act."""
        from samkorning.case.tables import engine_of

        engine = engine_of(self._address if isinstance(self._address, str) else self._address.url())
        weakref.finalize(self, engine.dispose)
        return engine
