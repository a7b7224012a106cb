"""One account of how a case stands, for the command line, the page and what is sent: ledger, deliveries, what is next.

What belongs here: bringing together what the case's rules say. What must not: the rules, or how it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assets.steps.case_view import ledger_rows, program_of, register_hashes
from resources.desk import Desk
from samkorning.case import Case, EventKind, State, state_of
from samkorning.case.assignment import officer_of
from samkorning.case.clocks import Clock, clocks
from samkorning.case.days import Span, days
from samkorning.case.holder_requests import HolderStanding, standings
from samkorning.case.ledger import LedgerRow, years_without_key
from samkorning.case.ledger_account import (
    DOCUMENTED,
    LOST,
    CameIn,
    Counting,
    WentOut,
    deliveries_of,
    files_of,
    what_counts,
)
from samkorning.case.next_act import NextAct, next_act
from samkorning.case.plan import kind_of, next_delivery_number
from samkorning.case.repeats import comes_by_repeats, next_repeat
from samkorning.case.suggestions import Suggestion, suggestions
from samkorning.retention.standing import KeyStanding, code_key_standing


@dataclass(frozen=True)
class LedgerEntry:
    """One unit: where it stands, its files as they came, which of them counts, its deliveries as they hold."""

    row: LedgerRow
    files: list[CameIn]
    counts: Counting | None
    deliveries: list[WentOut]


@dataclass(frozen=True)
class MadeDelivery:
    """One delivery: its kind, day, files and rows, and whether a later one has taken the place of some of it."""

    delivery: str
    kind: str
    on: date
    files: int
    rows: int
    units: list[str]
    replaced: list[str]
    differences: list[Mapping[str, Any]]
    """Of each unit that took the place of a delivered one, the rows and cells that differ."""
    lost: Mapping[str, Any] | None
    """The persons behind dropped rows as its documents tell, by source; nothing where they were not counted then."""


@dataclass(frozen=True)
class NextDelivery:
    """The delivery that would be made now: its number, kind and units, and from when on it comes by itself."""

    delivery: str
    kind: str
    units: list[str]
    by_itself_from: date | None


@dataclass(frozen=True)
class CaseAccount:
    """How a case stands today."""

    state: State
    ledger: list[LedgerEntry]
    deliveries: list[MadeDelivery]
    next_delivery: NextDelivery | None
    code_key: KeyStanding
    clocks: list[Clock]
    next_act: NextAct
    officer: str | None
    holders: list[HolderStanding]
    suggestions: list[Suggestion]
    days: list[Span]


def case_account(desk: Desk, case: Case) -> CaseAccount:
    """How a case stands."""
    rows, today = ledger_rows(desk, case), desk.clock.today()
    entries = [_entry(case, row) for row in rows]
    return CaseAccount(
        state=state_of(case.events),
        ledger=entries,
        deliveries=_made(case, entries),
        next_delivery=_next_delivery(case, rows, today),
        code_key=code_key_standing(case, rows, today),
        clocks=clocks(case, rows, today),
        next_act=next_act_of(desk, case, rows),
        officer=officer_of(case),
        holders=standings(case),
        suggestions=suggestions(case, today),
        days=days(case, today),
    )


def _entry(case: Case, row: LedgerRow) -> LedgerEntry:
    unit = row.unit
    counts = what_counts(case, unit) if unit.period is None else None
    return LedgerEntry(row, files_of(case, unit), counts, deliveries_of(case, unit))


def next_act_of(desk: Desk, case: Case, rows: Sequence[LedgerRow]) -> NextAct:
    """What the case waits for: the same wherever it is told."""
    today = desk.clock.today()
    waiting = years_without_key(case, register_hashes(desk, case), today)
    return next_act(case, rows, program_of(desk, case), today, waiting)


def _made(case: Case, entries: Sequence[LedgerEntry]) -> list[MadeDelivery]:
    replaced = {(went.delivery, str(each.row.unit)) for each in entries for went in each.deliveries if went.replaced_by}
    return [
        MadeDelivery(
            delivery=event.detail["delivery"],
            kind=event.detail["kind"],
            on=event.at.date(),
            files=len(event.detail["files"]),
            rows=sum(file["rows"] for file in event.detail["files"]),
            units=[_name(entry) for entry in event.detail["units"]],
            replaced=[
                _name(entry) for entry in event.detail["units"] if (event.detail["delivery"], _name(entry)) in replaced
            ],
            differences=list(event.detail.get("differences", ())),
            lost=event.detail.get(DOCUMENTED, {}).get(LOST),
        )
        for event in case.of(EventKind.DELIVERED)
    ]


def _name(entry: dict[str, object]) -> str:
    return f"{entry['source']} {entry['period']}" if entry["period"] else str(entry["source"])


def _next_delivery(case: Case, rows: Sequence[LedgerRow], today: date) -> NextDelivery | None:
    due = [row for row in rows if row.is_due]
    kind = kind_of(case, due)
    if kind is None:
        return None
    waits = next_repeat(case) if all(comes_by_repeats(case, row) or row.goes_again for row in due) else None
    by_itself = max(waits, today) if waits else (today if case.of(EventKind.DELIVERED) else None)
    return NextDelivery(next_delivery_number(case), str(kind), [str(row.unit) for row in due], by_itself)
