"""One delivery as it was made: the case and the desk of then, its units linked anew, and what its package holds.

What belongs here: the same steps as for the delivery, at the desk as it was. What must not: a step of its own for
anything that is delivered, or comparing (rebuilding).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assets.steps import stores
from assets.steps.case_view import ledger_rows
from assets.steps.delivery.contents import render_files
from assets.steps.delivery.delivering import describe, plan_of_then
from assets.steps.delivery.kept_inputs import no_longer_kept
from assets.steps.linkage.linking import link_own_register_year, link_source
from assets.steps.made_from import extract_of
from resources.clock import Clock
from resources.desk import Desk
from resources.past_desk import PastDesk
from samkorning.case import Case, Event
from samkorning.case.inputs import Unit, is_entry_of, last_delivery
from samkorning.case.ledger import LedgerRow
from samkorning.case.made_from import MadeFrom, Standing, made_from
from samkorning.delivery.package.archive import Member
from samkorning.delivery.package.contents import package_contents
from samkorning.errors import NotFound
from samkorning.vault import Moment, Vault

Entry = Mapping[str, Any]
"""A unit as a delivery's event names it."""


@dataclass(frozen=True)
class PastDelivery:
    """A delivery that is looked back at: ``case`` is the case as it is, ``then`` as it was when it was put together."""

    desk: Desk
    case: Case
    then: Case
    delivered: Event
    made: MadeFrom

    def gone(self, entries: Sequence[Entry] | None = None) -> list[str]:
        """What it was made from in some units, or in all, and that is no longer kept: a sentence for each."""
        units = self.delivered.detail["units"] if entries is None else entries
        return no_longer_kept(self.desk, self.case, self.then, self.delivered, self.made, units)


def past_delivery(desk: Desk, case: Case, delivered: Event) -> PastDelivery:
    """A delivery of a case to look back at.

    :raises NotFound: when it is of before events remembered what deliveries were made from.
    """
    made = made_from(delivered)
    if made is None:
        raise NotFound(
            f"case {case.number}, {delivered.detail['delivery']}: it was delivered before it was kept what a delivery "
            "is made from; it cannot be built again, its receipt and the recipient's copy stand for it"
        )
    return PastDelivery(desk, case, replace(case, events=case.events[: made.events]), delivered, made)


@dataclass(frozen=True)
class Rebuilding:
    """A past delivery on its way to be built again by an engine, in a scratch vault."""

    past: PastDelivery
    engine: str
    scratch: Vault

    def link(self, entries: Sequence[Entry] | None = None) -> Iterator[str]:
        """Links units of it, or all, each from what it was linked from; a sentence for each that cannot be."""
        then, units = self.past.then, self.past.delivered.detail["units"] if entries is None else entries
        rows = {row.unit: row for row in ledger_rows(self._desk(self.past.made.standing), then)}
        for entry in units:
            unit = Unit(entry["source"], entry["period"])
            row = rows.get(unit)
            if row is None or not row.is_due or row.input_sha256 != entry["input_sha256"]:
                yield f"{unit}: its inputs are not found as they were when it was delivered"
            else:
                self._link(row)

    def link_replaced(self) -> Iterator[str]:
        """Links what units of the delivery took the place of, as it was delivered before: what they differ in is
        delivered too. A sentence for each that cannot be; it comes before ``link``.
        """
        for entry in self.past.delivered.detail["units"]:
            yield from self._link_former(entry, Unit(entry["source"], entry["period"]))

    def link_covered(self) -> Iterator[str]:
        """Links what was delivered before and is not replaced, where a file of persons tells of it. A sentence for each
        that cannot be; it comes before ``link``.
        """
        then = self.past.then
        if not then.specification.one_row_per_person:
            return
        now = {(entry["source"], entry["period"]) for entry in self.past.delivered.detail["units"]}
        for unit in sorted({Unit(entry["source"], entry["period"]) for entry in then.delivered_units()}, key=str):
            if (unit.source, unit.period) not in now:
                yield from self._link_as_before(unit)

    def members(self) -> tuple[Member, ...]:
        """Everything that the package holds, once its units are linked."""
        desk, then = self._desk(self.past.made.standing), self.past.then
        plan = plan_of_then(desk, then)
        render_files(desk, then, plan.files)
        return package_contents(describe(desk, then, plan), self.past.desk.signing_seed).members

    def _link_former(self, entry: Entry, unit: Unit) -> Iterator[str]:
        """Links what a unit took the place of, where the delivery told what they differ in."""
        seen = {each["unit"] for each in self.past.delivered.detail.get("differences", ()) if each["rows"] is not None}
        if str(unit) not in seen:
            return
        former = last_delivery(self.past.then, unit)
        assert former is not None, "what is replaced was delivered"  # noqa: S101
        before = [each for each in former.detail["units"] if is_entry_of(each, unit)]
        if any(before[-1][name] != entry[name] for name in ("input_sha256", "content_digest")):
            yield from self._link_as_before(unit)

    def _link_as_before(self, unit: Unit) -> Iterator[str]:
        """Links a unit as it was delivered last before this delivery."""
        former = last_delivery(self.past.then, unit)
        assert former is not None, "it was delivered"  # noqa: S101
        entries = [each for each in former.detail["units"] if is_entry_of(each, unit)]
        past = past_delivery(self.past.desk, self.past.case, former)
        gone = past.gone(entries)
        yield from (f"{unit}, as it was in {former.detail['delivery']}: {sentence}" for sentence in gone)
        if not gone:
            yield from replace(self, past=past).link(entries)

    def _link(self, row: LedgerRow) -> None:
        desk, then = self._desk(self.past.made.standing_of(str(row.unit))), self.past.then
        source, own = then.specification.source(row.unit.source), extract_of(then, row.unit)
        if source is not None:
            link_source(desk, then, source, row)
        elif own is not None:
            link_own_register_year(desk, then, own, row)

    def _desk(self, standing: Standing) -> PastDesk:
        """The desk of the delivery's day, with stores and register years as far as they had come."""
        desk, then = self.past.desk, self.past.then
        return PastDesk(
            home=desk.home,
            settings=desk.settings,
            clock=Clock(date.fromisoformat(self.past.made.day)),
            progress=desk.progress,
            present=desk,
            then=then,
            standing=standing,
            moment=Moment(then.number, standing.stores, stores.keeping_of),
            scratch=self.scratch,
            engine=self.engine,
        )
