"""The plan of a delivery: which units go out now, in which files, under which number.

What belongs here: choosing among what is due. What must not: the rows themselves, or whether a delivery may leave
(rules).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from samkorning.case.events import Case, EventKind
from samkorning.case.inputs import Unit, change_is_declined
from samkorning.case.ledger import NOT_IN_PLACE, LedgerRow, UnitStatus
from samkorning.case.repeats import comes_by_repeats
from samkorning.delivery.kind import DeliveryKind
from samkorning.delivery.standing import StandingUnit, Why

STANDS = {
    UnitStatus.TWO_FILES: Why.TWO_FILES,
    UnitStatus.AWAITS_RELEASE: Why.AWAITS_RELEASE,
    UnitStatus.WITHDRAWN: Why.WITHDRAWN,
    UnitStatus.DISPOSED: Why.DISPOSED,
}
"""Why a unit that was delivered does not go again, by where it stands."""


@dataclass(frozen=True)
class LinkedUnit:
    """A unit as linked: the hashes of its inputs and its content, its rows, and the delivery that it replaces.

    The content has its digest once it is delivered; before that only where it must be held against a delivered one.
    """

    unit: Unit
    input_sha256: str
    content_digest: str | None
    rows: int
    replaces: str | None = None

    def entry(self) -> dict[str, Any]:
        """How the ledger remembers it."""
        return {
            "source": self.unit.source,
            "period": self.unit.period,
            "input_sha256": self.input_sha256,
            "content_digest": self.content_digest,
            "rows": self.rows,
            **({"replaces": self.replaces} if self.replaces else {}),
        }


@dataclass(frozen=True)
class PlannedFile:
    """One file of a delivery and the units it holds, oldest period first.

    ``covers`` are the units whose persons it tells of, where it holds none: the file with one row per person.
    """

    name: str
    source: str
    units: tuple[LinkedUnit, ...]
    covers: tuple[LinkedUnit, ...] = ()


@dataclass(frozen=True)
class DeliveryPlan:
    """What the next delivery holds; a plan without files is no delivery."""

    number: str
    kind: DeliveryKind | None
    files: tuple[PlannedFile, ...]
    unchanged: tuple[LinkedUnit, ...]
    awaited: tuple[str, ...]
    standing: tuple[StandingUnit, ...] = ()
    """What one that holds everything leaves out, because it stands as in an earlier delivery."""


def plan_delivery(case: Case, rows: Sequence[LedgerRow], linked: Mapping[Unit, LinkedUnit]) -> DeliveryPlan:
    """The plan, from the ledger and what has been linked.

    A unit whose content equals what was delivered last is not delivered again, and needs no person for it.
    """
    found = [(row, linked[row.unit]) for row in rows if row.is_open and row.unit in linked]
    unchanged = tuple(unit for row, unit in found if not row.goes_again and _is_unchanged(case, unit))
    leaving = [row for row, unit in found if row.is_due and unit not in unchanged]
    fresh = [_in_place_of(row, unit) for row, unit in found if row in leaving]
    kind = kind_of(case, leaving)
    whole = case.specification.repeats.ships == "whole" and kind in (DeliveryKind.REPEAT, DeliveryKind.COMPLETE)
    stands = _standing(case, rows, fresh, unchanged) if whole else ()
    files = _files(case, fresh)
    return DeliveryPlan(next_delivery_number(case), kind, files, unchanged, awaited_sources(rows), stands)


def next_delivery_number(case: Case) -> str:
    """L001 for the first delivery, and so on."""
    return f"L{len(case.of(EventKind.DELIVERED)) + 1:03d}"


def last_content(case: Case, unit: Unit) -> str | None:
    """The hash of the unit's content when it was delivered last."""
    entries = [entry for entry in case.delivered_units() if Unit(entry["source"], entry["period"]) == unit]
    return entries[-1].get("content_digest") if entries else None


def awaited_sources(rows: Sequence[LedgerRow]) -> tuple[str, ...]:
    """What has not come yet: sources, and own registers' years as ``name year``."""
    return tuple(str(row.unit) for row in rows if row.status in (*NOT_IN_PLACE, UnitStatus.TWO_FILES))


def _standing(
    case: Case, rows: Sequence[LedgerRow], leaving: Sequence[LinkedUnit], unchanged: Sequence[LinkedUnit]
) -> tuple[StandingUnit, ...]:
    """What was delivered before and does not leave now."""
    out, same = {unit.unit for unit in leaving}, {unit.unit for unit in unchanged}
    stay = (row for row in rows if row.deliveries and row.unit not in out)
    return tuple(
        StandingUnit(str(row.unit), row.deliveries[-1], Why.UNCHANGED if row.unit in same else _why(case, row))
        for row in stay
    )


def _why(case: Case, row: LedgerRow) -> Why:
    if row.status is not UnitStatus.DELIVERED:
        return STANDS.get(row.status, Why.UNDECIDED)
    return Why.DECLINED if change_is_declined(case, row.unit, row.input_sha256) else Why.DISPOSED


def _is_unchanged(case: Case, unit: LinkedUnit) -> bool:
    return unit.content_digest is not None and unit.content_digest == last_content(case, unit.unit)


def _in_place_of(row: LedgerRow, unit: LinkedUnit) -> LinkedUnit:
    return replace(unit, replaces=row.deliveries[-1] if row.deliveries else None)


def kind_of(case: Case, leaving: Sequence[LedgerRow]) -> DeliveryKind | None:
    """What a delivery of these units is: one that replaces what was delivered is a replacement, unless it is a repeat
    in which a year has grown."""
    if not leaving:
        return None
    if not case.of(EventKind.DELIVERED):
        return DeliveryKind.FIRST
    if any(row.goes_again for row in leaving):
        return DeliveryKind.COMPLETE
    if all(comes_by_repeats(case, row) for row in leaving):
        return DeliveryKind.REPEAT
    if any(row.deliveries for row in leaving):
        return DeliveryKind.REPLACEMENT
    return DeliveryKind.SUPPLEMENT


def _files(case: Case, units: Sequence[LinkedUnit]) -> tuple[PlannedFile, ...]:
    return tuple(
        PlannedFile(file_name(case.number, source), source, _by_period(units, source))
        for source in sorted({unit.unit.source for unit in units})
    )


def _by_period(units: Sequence[LinkedUnit], source: str) -> tuple[LinkedUnit, ...]:
    of_source = (unit for unit in units if unit.unit.source == source)
    return tuple(sorted(of_source, key=lambda unit: unit.unit.period or 0))


def file_name(case_number: str, source: str) -> str:
    """Name of a delivered file without ending: ``ut_r_par_ov_36759_2021``."""
    return f"ut_r_{source}_{case_number.replace('-', '_')}"
