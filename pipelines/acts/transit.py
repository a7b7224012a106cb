"""Hand-over between authorities without identity numbers (R24): addresses, files made and taken, receipts.

What belongs here: these acts. What must not: what is handed over (samkorning.transit), or how (assets.steps.transit).
Files that come are read in `acts/in`; what is made for another authority lies in the outbox, sealed for it.
"""

from typing import Annotated, Any

import dagster as dg
from pydantic import Field

from assets.shown.tables import table
from assets.steps.case_view import program_of
from assets.steps.free_text import require_nobody_named
from assets.steps.transit import addresses, making, taking
from pipelines.acts.asked import Asked, Day, Reason, SourceName, Typed
from pipelines.acts.files import FileToTake, taken_file
from pipelines.acts.job import AtCase, Done, act_on_case
from samkorning import typed
from samkorning.case.act import Act
from samkorning.case.hand_overs import TransitKind
from samkorning.case_number import require_case_number
from samkorning.errors import RuleRefused
from samkorning.source_names import SOURCE_NAME
from samkorning.transit.identifiers import NAME
from samkorning.transit.making import may_hand_over, may_leave
from samkorning.transit.peers import Address, confirm_peer, confirmed_peer, name_peer

a_peer = typed.of_form(SOURCE_NAME, "that is no name of an authority here; small letters, digits and _, such as scb")
a_hand_over = typed.of_form(NAME, "that is no name of a hand-over; `transit_show` lists them")
Peer = Annotated[str, Typed(a_peer), Field(description="What the case calls the other authority, such as scb.")]


class AskedPeer(Asked):
    """The other authority's address, as it reads it out."""

    peer: Peer
    recipient: Annotated[str, Typed(typed.a_sentence("the age key"))] = Field(description="Its public age key: age1….")
    signing_key: Annotated[str, Typed(typed.a_sentence("the signing key"))] = Field(
        description="Its public signing key."
    )
    their_case: Annotated[str, Typed(require_case_number)] = Field(description="Its own case number.")


class AskedFingerprint(Asked):
    """What the other authority says its address is."""

    peer: Peer
    fingerprint: Annotated[str, Typed(typed.a_name("the fingerprint"))] = Field(
        description="As that authority reads it out."
    )


class AskedMake(Asked):
    """What is handed over, and to whom."""

    kind: Annotated[str, Typed(typed.one_of(TransitKind))] = Field(
        description="persons: the list; group or rows: an answer to the other's list."
    )
    peer: Peer
    source: SourceName | None = Field(default=None, description="For rows: a source, or an own register.")
    period: int | None = Field(default=None, description="For rows: the year of an own register.")
    until: Day | None = Field(default=None, description="For persons: last day, YYYY-MM-DD; two weeks without it.")


class AskedTake(Asked):
    """What has come."""

    file: FileToTake = Field(description="A transit file, or the receipt for one, in `acts/in`; it is removed.")
    source: SourceName | None = Field(
        default=None, description="The source that rows are for, if it is named otherwise here."
    )


class AskedEnd(Asked):
    """Which hand-over ends, and why."""

    hand_over: Annotated[str, Typed(a_hand_over)] = Field(description="As `transit_show` names it.")
    reason: Reason


@act_on_case
def transit_show(at: AtCase, asked: Asked) -> Done:
    """Shows the own address in the case, the other authorities' and how the hand-overs stand (R24)."""
    if at.preview:
        return Done(f"{at.number}: would show the own address, {at.person} asking")
    standing = addresses.standing(at.desk, at.number, at.person)
    return Done(f"{at.number}: our address is {standing['address']['fingerprint']}", _standing(standing))


@act_on_case
def transit_name_peer(at: AtCase, asked: AskedPeer) -> Act:
    """Names another authority's address; nothing is handed over before another person confirms it (R24)."""
    return name_peer(at.case, asked.peer, Address(asked.their_case, asked.recipient, asked.signing_key))


@act_on_case
def transit_confirm_peer(at: AtCase, asked: AskedFingerprint) -> Act:
    """Confirms another authority's address, by another person than who named it (R24)."""
    return confirm_peer(at.case, asked.peer, asked.fingerprint, at.person)


@act_on_case
def transit_make(at: AtCase, asked: AskedMake) -> Done:
    """Seals the list of persons for another authority, or the answer to its list (R24)."""
    kind = _fitting(asked)
    if at.preview:
        may_hand_over(at.case, program_of(at.desk, at.case))
        may_leave(at.case, at.today)
        confirmed_peer(at.case, asked.peer)
        return Done(f"{at.number}: would seal {kind.value} for {asked.peer}, by {at.person}")
    made = _made(at, asked, kind)
    return Done(f"{_words(made)} sealed for {asked.peer}, to be taken until {made['until']}", {"file": made["path"]})


@act_on_case
def transit_take(at: AtCase, asked: AskedTake) -> Done:
    """Takes what another authority handed over and makes the receipt for it; or takes a receipt that came (R24)."""
    path = taken_file(at.desk, asked.file)
    if at.preview:
        return Done(f"{at.number}: would take {asked.file}, {path.stat().st_size} bytes, by {at.person}")
    taken = taking.take(at.desk, at.number, path, asked.source, at.person)
    path.unlink()
    if "receipt" in taken:
        return Done(f"{_words(taken)} taken; send the receipt back", {"receipt": taken["receipt"]})
    return Done(f"both sides count {_words(taken)}")


@act_on_case
def transit_end(at: AtCase, asked: AskedEnd) -> Done:
    """Ends a hand-over before its last day; its transit identifiers are destroyed (R24)."""
    require_nobody_named(at.desk, at.case, at.person, {"reason": asked.reason})
    if at.preview:
        return Done(f"{at.number}: would end {asked.hand_over}, by {at.person}")
    addresses.end(at.desk, at.number, asked.hand_over, asked.reason, at.person)
    return Done(f"{at.number}: {asked.hand_over} ended; its transit identifiers are destroyed")


def _fitting(asked: AskedMake) -> TransitKind:
    """What says nothing of this kind is a mistake of whoever typed it."""
    kind = TransitKind(asked.kind)
    if (kind is TransitKind.ROWS) != (asked.source is not None):
        raise RuleRefused(
            "R24", "rows are of a source, and nothing else is", "name the source of rows, and of rows alone"
        )
    if asked.period is not None and kind is not TransitKind.ROWS:
        raise RuleRefused("R24", "a year is named of what has none", "leave `period` out; it is for rows")
    if asked.until is not None and kind is not TransitKind.PERSONS:
        raise RuleRefused("R24", "an answer lasts as long as the list", "leave `until` out; it is for persons")
    return kind


def _made(at: AtCase, asked: AskedMake, kind: TransitKind) -> dict[str, Any]:
    if kind is TransitKind.PERSONS:
        last_day = at.day(asked.until) if asked.until else None
        return making.make_persons(at.desk, at.number, asked.peer, last_day, at.person)
    if kind is TransitKind.GROUP:
        return making.make_group(at.desk, at.number, asked.peer, at.person)
    return making.make_rows(at.desk, at.number, str(asked.source), asked.period, asked.peer, at.person)


def _words(detail: dict[str, Any]) -> str:
    return f"{detail['number']}: {detail['kind']}, {detail['persons']} persons in {detail['rows']} rows"


def _standing(standing: dict[str, Any]) -> dict[str, Any]:
    peers = [
        (each["peer"], each["case"], each["fingerprint"], "yes" if each["confirmed"] else "no")
        for each in standing["peers"]
    ]
    files = [
        (each["hand_over"], each["list"], each["peer"], "ended" if each["ended"] else each["until"], *_file(file))
        for each in standing["hand_overs"]
        for file in each["files"]
    ]
    return {
        "recipient": standing["address"]["recipient"],
        "signing_key": standing["address"]["signing_key"],
        "authorities": dg.MetadataValue.md(table(["name", "its case", "fingerprint", "confirmed"], peers)),
        "hand_overs": dg.MetadataValue.md(
            table(["hand-over", "list", "with", "until", "file", "what", "#persons", "#rows", "receipt"], files)
        ),
    }


def _file(file: dict[str, Any]) -> tuple[object, ...]:
    return file["number"], file["kind"], file["persons"], file["rows"], file["receipt"]


JOBS = [transit_show, transit_name_peer, transit_confirm_peer, transit_make, transit_take, transit_end]
