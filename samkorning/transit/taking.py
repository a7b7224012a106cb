"""Whether a transit file or a receipt that has come may be taken: each refusal says what to do.

What belongs here: rules on what a signed document says, judged from the case's events. What must not: opening files.
Nothing has been changed when one of these refuses.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.hand_overs import (
    HandOver,
    TransitKind,
    hand_overs,
    is_open,
    made_files,
    receipt_of,
    taken_files,
)
from samkorning.case.population import POPULATION
from samkorning.errors import FileRefused
from samkorning.transit.documents import (
    SignedManifest,
    SignedReceipt,
    TransitManifest,
    TransitReceipt,
    is_of,
)
from samkorning.transit.identifiers import COLUMN
from samkorning.transit.matching import GROUP_COLUMNS, LIST_COLUMNS
from samkorning.transit.peers import Peer, peers

NOTHING_CHANGED = "nothing was changed"


def file_is_new(case: Case, file: str, sha256: str) -> None:
    """R24: a transit file is taken once. Asked before anything that could open it is touched.

    :param sha256: of the sealed file.
    """
    for event in case.of(EventKind.TRANSIT_TAKEN):
        if event.detail["sha256"] == sha256:
            raise _taken_before(file, event)


def sender_of(case: Case, file: str, signed: SignedManifest | SignedReceipt) -> Peer:
    """R24: the confirmed authority that signed it, for this case and from the case that was confirmed."""
    found = next((peer for peer in peers(case) if peer.is_confirmed and is_of(signed, peer.address)), None)
    if found is None:
        raise FileRefused(
            file,
            "R24: no authority that this case has confirmed has signed it as it is",
            f"ask who sent it for their address, and name and confirm it with `transit peer`; {NOTHING_CHANGED}",
        )
    document = signed.manifest if isinstance(signed, SignedManifest) else signed.receipt
    if document.to_case != case.number:
        raise FileRefused(file, "R24: it was made for another case", f"take it into that case; {NOTHING_CHANGED}")
    if document.from_case != found.address.case:
        raise FileRefused(
            file,
            f"R24: it is from another case of {found.name} than the one that was confirmed",
            f"ask {found.name} which case it belongs to; {NOTHING_CHANGED}",
        )
    return found


def may_be_taken(case: Case, file: str, manifest: TransitManifest, peer: Peer, today: date) -> HandOver | None:
    """R24: not taken before, of the same world, not expired, and an answer only to a list of this case that is open.

    Gives the hand-over that it answers; nothing for a list of persons.
    """
    for event in case.of(EventKind.TRANSIT_TAKEN):
        if (event.detail["hand_over"], event.detail["number"]) == (manifest.hand_over, manifest.number):
            raise _taken_before(file, event)
    if manifest.synthetic != case.order.synthetic:
        problem = "R24: made-up and real persons do not meet in one case"
        raise FileRefused(file, problem, f"hand over between two cases of the same kind; {NOTHING_CHANGED}")
    if today > manifest.last_day:
        problem = f"R24: it could be taken until {manifest.until}"
        raise FileRefused(file, problem, f"ask {peer.name} for a new hand-over; {NOTHING_CHANGED}")
    known = next((each for each in hand_overs(case) if each.name == manifest.hand_over), None)
    if TransitKind(manifest.kind) is TransitKind.PERSONS:
        _is_no_list_of_before(file, known)
        return None
    if known is None or not known.is_ours or known.peer != peer.name or not is_open(case, known, today):
        raise FileRefused(
            file,
            f"R24: it answers no list of this case to {peer.name} that is open",
            f"make a new list with `transit make {case.number} persons`; {NOTHING_CHANGED}",
        )
    return known


def has_its_columns(file: str, manifest: TransitManifest, *, named: bool) -> None:
    """R24: a list and a group have their columns, rows have theirs behind the identifier; only rows are for a source.

    :param named: whether whoever takes it has named a source.
    """
    kind = TransitKind(manifest.kind)
    whole = {TransitKind.PERSONS: LIST_COLUMNS, TransitKind.GROUP: GROUP_COLUMNS}.get(kind, manifest.columns)
    if manifest.columns != whole or manifest.columns[:1] != (COLUMN,):
        remedy = f"ask who sent it which program made it; {NOTHING_CHANGED}"
        raise FileRefused(file, f"R24: it has other columns than {kind.value} have", remedy)
    if named and kind is not TransitKind.ROWS:
        raise FileRefused(file, f"R24: it holds {kind.value}, no rows", f"leave --source out; {NOTHING_CHANGED}")


def population_is_the_listed_one(case: Case, file: str, answered: HandOver, sha256: str) -> None:
    """R24: a group takes the place of the population that was listed, or of an earlier group from the same list.

    :param sha256: of the group's own sealed file: taken in and not recorded, where a crash came between.
    """
    earlier = taken_files(case, answered.name)
    groups = [event.detail["sha256"] for event in earlier if event.detail["kind"] == TransitKind.GROUP]
    if case.received_sha256(POPULATION) not in (answered.event.detail["population_sha256"], sha256, *groups):
        raise FileRefused(
            file,
            "R24: another study population has come since the list was made",
            f"end it with `transit end {case.number} {answered.name}` and make a new list; {NOTHING_CHANGED}",
        )


def no_other_year_counts(case: Case, file: str, manifest: TransitManifest, source: str) -> None:
    """R24: rows of one year never take the place of another year's, taken for the same source: a source has one file.

    :param source: the source of this case that the rows are for.
    """
    counts = case.received_sha256(source)
    for event in case.of(EventKind.TRANSIT_TAKEN):
        is_of_it = event.detail["kind"] == TransitKind.ROWS and event.detail["source"] == source
        if is_of_it and event.detail["sha256"] == counts and event.detail["period"] != manifest.period:
            raise FileRefused(
                file,
                f"R24: {source} holds the rows of {_year(event.detail['period'])}, and these are of "
                f"{_year(manifest.period)}: they would take their place",
                f"name another source of this case for them with --source, one for each year; {NOTHING_CHANGED}",
            )


def _year(period: int | None) -> str:
    return "no year" if period is None else str(period)


def receipt_fits(case: Case, file: str, receipt: TransitReceipt, peer: Peer) -> Event:
    """R24: the file that a receipt is for, once both sides count the same.

    :raises FileRefused: for a receipt that was taken before, is for nothing that was made, or counts otherwise.
    """
    made = [e for e in made_files(case, receipt.hand_over) if e.detail["number"] == receipt.number]
    if not made or made[0].detail["peer"] != peer.name:
        problem = f"R24: this case has made no such file for {peer.name}"
        raise FileRefused(file, problem, f"ask {peer.name} which file it is for; {NOTHING_CHANGED}")
    if receipt_of(case, made[0]) is not None:
        raise FileRefused(file, "R24: this receipt was taken before", f"there is nothing left to do; {NOTHING_CHANGED}")
    said, known = _counted(receipt.model_dump()), _counted(made[0].detail)
    if said != known:
        differing = ", ".join(sorted(name for name in known if said[name] != known[name]))
        raise FileRefused(
            file,
            f"R24: it tells otherwise than {receipt.number} was made ({differing})",
            f"end the hand-over on both sides, and find out with {peer.name} what was taken; {NOTHING_CHANGED}",
        )
    return made[0]


def _counted(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: detail[name] for name in ("kind", "persons", "rows", "sha256")}


def _is_no_list_of_before(file: str, known: HandOver | None) -> None:
    if known is not None:
        problem = "R24: this case knows another list of that hand-over"
        raise FileRefused(file, problem, f"ask for a new hand-over; {NOTHING_CHANGED}")


def _taken_before(file: str, event: Event) -> FileRefused:
    taken, receipt = f"R24: it was taken on {event.at:%Y-%m-%d}", event.detail["receipt"]
    return FileRefused(file, taken, f"its receipt lies at {receipt}: send that again; {NOTHING_CHANGED}")
