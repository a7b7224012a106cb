"""A delivery built again from its inputs, and held against what was delivered: the same bytes, or what differs.

What belongs here: the desk as it was, the same steps as for the delivery, and the comparison. What must not: a step of
its own for anything that is delivered; whether the inputs are still kept (kept_inputs).

Nothing of the case is changed: what is made anew lies in scratch, under encryption keys that this process alone has.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assets.steps import stores
from assets.steps.case_view import ledger_rows, program_of
from assets.steps.delivery.contents import render_files
from assets.steps.delivery.delivering import describe, present_plan
from assets.steps.delivery.kept_inputs import no_longer_kept
from assets.steps.linkage.linking import link_own_register_year, link_source
from assets.steps.safekeeping.fitting import require_fits
from resources.clock import Clock
from resources.desk import Desk
from resources.past_desk import PastDesk
from resources.scratch import scratch_vault
from samkorning.case import Case, Event, EventKind
from samkorning.case.ledger import LedgerRow
from samkorning.case.made_from import MadeFrom, Standing, made_from
from samkorning.delivery.package.archive import Member
from samkorning.delivery.package.contents import package_contents
from samkorning.delivery.package.manifest import MANIFEST, SIGNATURE
from samkorning.errors import NotFound
from samkorning.linkage.engines import ENGINES
from samkorning.program_hash import program_hash
from samkorning.vault import Moment, Vault


@dataclass(frozen=True)
class RebuiltFile:
    """A data file as it was built again: its place in the package, and whether it is what was delivered."""

    name: str
    same: bool
    sha256: str


@dataclass(frozen=True)
class Rebuilt:
    """What came of building a delivery again; ``problems`` says in sentences what differs, or is no longer kept."""

    case: str
    delivery: str
    engine: str
    same_program: bool
    files: tuple[RebuiltFile, ...] = ()
    documents_same: bool = False
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all of it is what was delivered, byte for byte."""
        return not self.problems


def rebuild(desk: Desk, case_number: str, delivery: str, engine: str | None, person: str) -> Rebuilt:
    """Builds a delivery again from its inputs and compares it with what was delivered.

    It holds the case meanwhile, so that nothing is disposed of or taken out under its reading.

    :param engine: ``polars`` or ``duckdb``; the specification's without it.
    :raises NotFound: when there is no such delivery or engine, or it is of before it was kept what it was made from.
    :raises CaseBusy: when another run holds the case.
    :raises VaultDamaged: when the parts of the case are not of one moment.
    """
    with desk.vault.lock(case_number):
        case = desk.case(case_number)
        delivered = _delivered(case, delivery)
        made = _made_from(case, delivered)
        then = replace(case, events=case.events[: made.events])
        engine = engine or then.specification.engine
        if engine not in ENGINES:
            raise NotFound(f"no engine {engine}; use one of {', '.join(ENGINES)}")
        require_fits(desk, case)
        desk.audit.append("rebuild delivery", person, case_number, desk.clock.now(), delivery=delivery, engine=engine)
        same_program = (made.program, made.extraction) == (program_hash(), program_of(desk, then))
        answer = Rebuilt(case_number, delivery, engine, same_program)
        gone = no_longer_kept(desk, case, then, delivered, made)
        if gone:
            return replace(answer, problems=tuple(gone))
        with scratch_vault(desk.home, desk.vault, case_number) as scratch:
            return _compared(_Rebuilding(desk, then, made, engine, scratch), delivered, answer)


@dataclass(frozen=True)
class _Rebuilding:
    """One delivery on its way to be built again."""

    desk: Desk
    then: Case
    made: MadeFrom
    engine: str
    scratch: Vault

    def desk_with(self, standing: Standing) -> PastDesk:
        """The desk of the delivery's day, with stores and register years as far as they had come."""
        return PastDesk(
            home=self.desk.home,
            settings=self.desk.settings,
            clock=Clock(date.fromisoformat(self.made.day)),
            progress=self.desk.progress,
            present=self.desk,
            then=self.then,
            standing=standing,
            moment=Moment(self.then.number, standing.stores, stores.keeping_of),
            scratch=self.scratch,
            engine=self.engine,
        )

    def link(self, entries: list[Mapping[str, Any]]) -> Iterator[str]:
        """Links the units of the delivery, each from what it was linked from; the names of those that cannot be."""
        rows = {
            (row.unit.source, row.unit.period): row
            for row in ledger_rows(self.desk_with(self.made.standing), self.then)
        }
        for entry in entries:
            row = rows.get((entry["source"], entry["period"]))
            if row is None or not row.is_due or row.input_sha256 != entry["input_sha256"]:
                yield " ".join(str(part) for part in (entry["source"], entry["period"]) if part is not None)
            else:
                self._link(row)

    def members(self) -> tuple[Member, ...]:
        """Everything that the package holds, once its units are linked."""
        desk = self.desk_with(self.made.standing)
        plan = present_plan(desk, self.then)
        render_files(desk, self.then, plan.files)
        return package_contents(describe(desk, self.then, plan), self.desk.signing_seed).members

    def _link(self, row: LedgerRow) -> None:
        desk, specification = self.desk_with(self.made.standing_of(str(row.unit))), self.then.specification
        source = specification.source(row.unit.source)
        if source is not None:
            link_source(desk, self.then, source, row)
        else:
            own = next(own for own in specification.own_registers if own.name == row.unit.source)
            link_own_register_year(desk, self.then, own, row)


def _compared(rebuilding: _Rebuilding, delivered: Event, answer: Rebuilt) -> Rebuilt:
    """Builds it and says of everything in the package whether it is what was delivered."""
    others = list(rebuilding.link(delivered.detail["units"]))
    if others:
        problems = (f"{unit}: its inputs are not found as they were when it was delivered" for unit in others)
        return replace(answer, problems=tuple(problems))
    found = {member.name: _sha256(member) for member in rebuilding.members() if member.name != SIGNATURE}
    data = {file["name"]: file["sha256"] for file in delivered.detail["files"]}
    documents = {**rebuilding.made.documents, MANIFEST: rebuilding.made.manifest}
    different = sorted(differing(found, {**data, **documents}))
    files = (RebuiltFile(name, name not in different, found.get(name, "")) for name in sorted(data))
    return replace(
        answer,
        files=tuple(files),
        documents_same=not any(name in different for name in documents if name != MANIFEST),
        problems=tuple(f"{name}: is not as it was delivered" for name in different),
    )


def differing(rebuilt: Mapping[str, str], delivered: Mapping[str, str]) -> set[str]:
    """The names of what is not the same on both sides, or on one side alone."""
    return {name for name in {*rebuilt, *delivered} if rebuilt.get(name) != delivered.get(name)}


def _delivered(case: Case, delivery: str) -> Event:
    found = [event for event in case.of(EventKind.DELIVERED) if event.detail["delivery"] == delivery]
    if not found:
        raise NotFound(f"case {case.number} has no delivery {delivery}; `samkorning case show` lists them")
    return found[0]


def _made_from(case: Case, delivered: Event) -> MadeFrom:
    made = made_from(delivered)
    if made is None:
        raise NotFound(
            f"case {case.number}, {delivered.detail['delivery']}: it was delivered before it was kept what a delivery "
            "is made from; it cannot be built again, its receipt and the recipient's copy stand for it"
        )
    return made


def _sha256(member: Member) -> str:
    digest = hashlib.sha256()
    for chunk in member.chunks():
        digest.update(chunk)
    return digest.hexdigest()
