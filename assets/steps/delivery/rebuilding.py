"""A delivery built again from its inputs, and held against what was delivered: the same bytes, or what differs.

What belongs here: the order of it, and the comparison. What must not: the desk as it was (past_delivery), or whether
the inputs are still kept (kept_inputs).

Nothing of the case is changed: what is made anew lies in scratch, under encryption keys that this process alone has.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from assets.steps.case_view import program_of
from assets.steps.delivery.past_delivery import PastDelivery, Rebuilding, past_delivery
from assets.steps.safekeeping.fitting import require_fits
from resources.desk import Desk
from resources.scratch import scratch_vault
from samkorning.case import Case, Event, EventKind
from samkorning.delivery.package.archive import Member
from samkorning.delivery.package.manifest import MANIFEST, SIGNATURES
from samkorning.errors import NotFound
from samkorning.linkage.engines import ENGINES
from samkorning.program_hash import program_hash


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

    :param engine: ``polars`` or ``duckdb``; the specification's without it, and ``polars`` where a cluster linked.
    :raises NotFound: when there is no such delivery or engine, or it is of before it was kept what it was made from.
    :raises CaseBusy: when another run holds the case.
    :raises VaultDamaged: when the parts of the case are not of one moment.
    """
    with desk.vault.lock(case_number):
        case = desk.case(case_number)
        past = past_delivery(desk, case, _delivered(case, delivery))
        engine = engine or past.then.specification.engine_here
        if engine not in ENGINES:
            raise NotFound(f"no engine {engine}; use one of {', '.join(ENGINES)}")
        require_fits(desk, case)
        desk.audit.append("rebuild delivery", person, case_number, desk.clock.now(), delivery=delivery, engine=engine)
        answer = Rebuilt(case_number, delivery, engine, _is_same_program(past))
        gone = past.gone()
        if gone:
            return replace(answer, problems=tuple(gone))
        with scratch_vault(desk.home, desk.vault, case_number) as scratch:
            return _compared(Rebuilding(past, engine, scratch), answer)


def _is_same_program(past: PastDelivery) -> bool:
    """Whether neither this program nor the case's extraction program is another than then."""
    then = past.made.program, past.made.extraction
    return then == (program_hash(), program_of(past.desk, past.then))


def _compared(rebuilding: Rebuilding, answer: Rebuilt) -> Rebuilt:
    """Builds it and says of everything in the package whether it is what was delivered."""
    unlisted = [*rebuilding.link_replaced(), *rebuilding.link_covered()]
    lacking = list(rebuilding.link())
    if lacking:
        return replace(answer, problems=(*unlisted, *lacking))
    past = rebuilding.past
    found = {member.name: _sha256(member) for member in rebuilding.members() if member.name not in SIGNATURES}
    data = {file["name"]: file["sha256"] for file in past.delivered.detail["files"]}
    documents = {**past.made.documents, MANIFEST: past.made.manifest}
    different = sorted(differing(found, {**data, **documents}))
    files = (RebuiltFile(name, name not in different, found.get(name, "")) for name in sorted(data))
    return replace(
        answer,
        files=tuple(files),
        documents_same=not any(name in different for name in documents if name != MANIFEST),
        problems=(*unlisted, *(f"{name}: is not as it was delivered" for name in different)),
    )


def differing(rebuilt: Mapping[str, str], delivered: Mapping[str, str]) -> set[str]:
    """The names of what is not the same on both sides, or on one side alone."""
    return {name for name in {*rebuilt, *delivered} if rebuilt.get(name) != delivered.get(name)}


def _delivered(case: Case, delivery: str) -> Event:
    found = [event for event in case.of(EventKind.DELIVERED) if event.detail["delivery"] == delivery]
    if not found:
        raise NotFound(f"case {case.number} has no delivery {delivery}; `samkorning case show` lists them")
    return found[0]


def _sha256(member: Member) -> str:
    digest = hashlib.sha256()
    for chunk in member.chunks():
        digest.update(chunk)
    return digest.hexdigest()
