"""Making a transit file: the list of persons, or an answer to one (R24).

What belongs here: the order of the steps: rules, audit record, vault, sealed file, event. What must not: what may be
handed over (samkorning.transit), or opening what is handed over (selection).

The event is the commit. What a crash leaves before it, identifiers or a sealed file, belongs to no hand-over: nobody
has been given it, and the next command about hand-overs destroys it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from assets.steps import stores
from assets.steps.case_view import program_of, require_may_extract
from assets.steps.safekeeping.fitting import require_fits
from assets.steps.transit.identifiers import end_expired, keep_identifiers, kept_identifiers
from assets.steps.transit.selection import group, population_identities, rows_out
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.hand_overs import TransitKind
from samkorning.case.ledger import last_received
from samkorning.case.population import POPULATION
from samkorning.delivery.package.archive import ChunkReader
from samkorning.delivery.package.hashing import PassingHash
from samkorning.delivery.package.sealing import HashingWriter
from samkorning.durable import flush_to_disk, fsync_folder, partial, partials_removed
from samkorning.encryption import age
from samkorning.errors import RuleRefused
from samkorning.transit.documents import TransitManifest, last_line
from samkorning.transit.identifiers import COLUMN, draw_name
from samkorning.transit.making import (
    lasts_until,
    may_hand_over,
    may_leave,
    next_number,
    no_answer_waits,
    nothing_is_open,
    to_answer,
)
from samkorning.transit.matching import GROUP_COLUMNS, LIST_COLUMNS, as_listed, drawn_for
from samkorning.transit.peers import Peer, confirmed_peer
from samkorning.transit.sealed_lines import ROWS_AT_ONCE, Written, with_last_line

ENDING = ".transit.age"


@dataclass(frozen=True)
class _Outgoing:
    """A file about to be sealed; ``before`` is asked when all rows have passed and nothing has left."""

    hand_over: str
    kind: TransitKind
    peer: Peer
    until: date
    columns: tuple[str, ...]
    frames: Iterator[pl.DataFrame]
    source: str = ""
    period: int | None = None
    before: Callable[[], None] = lambda: None


def make_persons(desk: Desk, number: str, to: str, until: date | None, person: str) -> dict[str, Any]:
    """Seals the list of the population for another authority, under new transit identifiers; gives its event's detail.

    :raises RuleRefused: before the case is approved and reviewed, or while a list to the same authority is open (R24).
    """
    with desk.vault.lock(number):
        case, peer = _ready(desk, number, to, person)
        today = desk.clock.today()
        nothing_is_open(case, peer.name, today)
        last_day, name = lasts_until(until, today), draw_name(os.urandom)
        _leave_trace(desk, case, person, TransitKind.PERSONS, peer, name)
        identities = population_identities(desk, case)
        mapping = drawn_for(identities, stores.persons_of_history(desk, case), os.urandom)
        keep_identifiers(desk, case, name, mapping)
        frames = as_listed(mapping).iter_slices(ROWS_AT_ONCE)
        outgoing = _Outgoing(name, TransitKind.PERSONS, peer, last_day, LIST_COLUMNS, frames)
        listed = last_received(case, POPULATION)
        assert listed is not None, "the rules have asked for a population"  # noqa: S101
        more = {"population_sha256": listed.detail["sha256"], "generation": listed.detail["generation"]}
        return _made(desk, case, outgoing, person, more)


def make_group(desk: Desk, number: str, to: str, person: str) -> dict[str, Any]:
    """Seals which of the listed persons are in this case's population: transit identifiers alone."""
    with desk.vault.lock(number):
        case, peer = _ready(desk, number, to, person)
        asked = to_answer(case, peer.name, desk.clock.today())
        no_answer_waits(case, asked, TransitKind.GROUP, "", None)
        _leave_trace(desk, case, person, TransitKind.GROUP, peer, asked.name)
        found = group(desk, case, kept_identifiers(desk, case, asked)).alias(COLUMN).to_frame()
        frames = found.iter_slices(ROWS_AT_ONCE)
        return _made(
            desk, case, _Outgoing(asked.name, TransitKind.GROUP, peer, asked.until, GROUP_COLUMNS, frames), person, {}
        )


def make_rows(desk: Desk, number: str, source: str, period: int | None, to: str, person: str) -> dict[str, Any]:
    """Seals the rows of a source, or of a year of an own register, about listed persons of this case's population."""
    with desk.vault.lock(number):
        case, peer = _ready(desk, number, to, person)
        asked = to_answer(case, peer.name, desk.clock.today())
        no_answer_waits(case, asked, TransitKind.ROWS, source, period)
        _leave_trace(desk, case, person, TransitKind.ROWS, peer, asked.name)
        rows = rows_out(desk, case, source, period, kept_identifiers(desk, case, asked))
        outgoing = _Outgoing(
            asked.name, TransitKind.ROWS, peer, asked.until, rows.columns, iter(rows), source, period,
            before=rows.require_no_numbers,
        )  # fmt: skip
        return _made(desk, case, outgoing, person, {}, lambda: {"rows_left_out": rows.left_out})


def _ready(desk: Desk, number: str, to: str, person: str) -> tuple[Case, Peer]:
    """The case and the other authority, once everything that must precede a hand-over is recorded."""
    end_expired(desk, number)
    case = desk.case(number)
    desk.require_role(case, person, EventKind.TRANSIT_MADE)
    may_hand_over(case, program_of(desk, case))
    require_may_extract(desk, case)
    may_leave(case, desk.clock.today())
    peer = confirmed_peer(case, to)
    require_fits(desk, case)
    return case, peer


def _leave_trace(desk: Desk, case: Case, person: str, kind: TransitKind, peer: Peer, hand_over: str) -> None:
    """The record in the audit log, before anything about persons is opened."""
    facts = {"kind": kind.value, "peer": peer.name, "hand_over": hand_over}
    desk.audit.append("make transit", person, case.number, desk.clock.now(), **facts)


def _made(
    desk: Desk,
    case: Case,
    outgoing: _Outgoing,
    person: str,
    more: dict[str, Any],
    counted: Callable[[], dict[str, int]] = dict,
) -> dict[str, Any]:
    """The sealed file in the outbox, and its event. ``counted`` gives further counts when all rows have passed."""
    number, folder = next_number(case), desk.home.transit(case.number)
    path, written = folder / f"{case.number}_{number}{ENDING}", Written(outgoing.frames)
    folder.mkdir(parents=True, exist_ok=True)

    def last() -> bytes:
        outgoing.before()
        _require_anybody(outgoing, written)
        return last_line(_manifest(desk, case, number, outgoing, written), desk.signing_seed)

    sha256 = _sealed(path, with_last_line(written, last), outgoing.peer.address.age_recipient)
    detail = {
        "hand_over": outgoing.hand_over,
        "number": number,
        "kind": outgoing.kind.value,
        "source": outgoing.source,
        "period": outgoing.period,
        "peer": outgoing.peer.name,
        "fingerprint": outgoing.peer.address.fingerprint,
        "until": outgoing.until.isoformat(),
        "rows": written.rows,
        "persons": written.persons,
        "sha256": sha256,
        "path": str(path.relative_to(desk.home.root)),
        **more,
        **counted(),
    }
    desk.cases.record(case, EventKind.TRANSIT_MADE, desk.clock.now(), person, detail)
    return detail


def _sealed(path: Path, inside: Iterator[bytes], recipient: str) -> str:
    """Writes a sealed file, whole or not at all; its SHA-256. Nothing of it lies in clear on the way."""
    with partials_removed(path):
        with partial(path).open("wb") as file, PassingHash() as digest:
            age.seal(ChunkReader(inside), HashingWriter(file, digest), [recipient])
            flush_to_disk(file)
            sha256 = digest.hexdigest()
        partial(path).rename(path)
    fsync_folder(path.parent)
    return sha256


def _require_anybody(outgoing: _Outgoing, written: Written) -> None:
    """R24: an answer about nobody is no file."""
    if not written.rows:
        problem = f"nobody who was listed is in the {outgoing.kind.value}: there is nothing to hand over"
        raise RuleRefused("R24", problem, f"tell {outgoing.peer.name} so")


def _manifest(desk: Desk, case: Case, number: str, outgoing: _Outgoing, written: Written) -> TransitManifest:
    return TransitManifest(
        hand_over=outgoing.hand_over,
        number=number,
        kind=outgoing.kind.value,
        source=outgoing.source,
        period=outgoing.period,
        from_case=case.number,
        to_case=outgoing.peer.address.case,
        synthetic=case.order.synthetic,
        made=desk.clock.today().isoformat(),
        until=outgoing.until.isoformat(),
        columns=outgoing.columns,
        rows=written.rows,
        persons=written.persons,
        sha256=written.sha256,
    )
