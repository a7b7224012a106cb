"""``samkorning transit``: hand-over between authorities without identity numbers (R24).

What belongs here: the commands and what they show. What must not: what is handed over (samkorning.transit), or how
(assets.steps.transit).
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from assets.steps.free_text import require_nobody_named
from assets.steps.recording import record
from assets.steps.transit import addresses, making, taking
from cli.parameters import Acting, CaseNumber, Reason, case_number, free_text, of_form, source_name
from cli.session import console, session
from samkorning.case import Case
from samkorning.case.act import Act
from samkorning.case.hand_overs import TransitKind
from samkorning.source_names import SOURCE_NAME
from samkorning.transit.identifiers import NAME
from samkorning.transit.peers import Address, confirm_peer, name_peer

app = typer.Typer(
    help="Hand-over between authorities without identity numbers (överlämning utan personnummer).", no_args_is_help=True
)

peer_name = of_form(SOURCE_NAME, "that is no name of an authority here; small letters, digits and _, such as scb")
hand_over_name = of_form(NAME, "that is no name of a hand-over; `samkorning transit show` lists them")

PeerName = Annotated[str, typer.Argument(metavar="PEER", help="What the case calls it: scb.", callback=peer_name)]
For = Annotated[
    str, typer.Option("--for", metavar="PEER", help="The authority that it is sealed for.", callback=peer_name)
]


@app.command()
def show(case: CaseNumber, acting: Acting = None) -> None:
    """The own address in this case, the other authorities' and how the hand-overs stand."""
    desk = session.desk
    answer = addresses.standing(desk, case, session.person(acting, desk.case(case).order.synthetic))
    session.answer(answer, lambda: _print_standing(answer))


@app.command(name="peer")
def name(
    case: CaseNumber,
    peer: PeerName,
    recipient: Annotated[
        str, typer.Option("--recipient", metavar="AGE", help="Its public age key.", callback=free_text("the age key"))
    ],
    signing_key: Annotated[
        str, typer.Option("--signing-key", help="Its public signing key.", callback=free_text("the signing key"))
    ],
    their_case: Annotated[str, typer.Option("--their-case", help="Its own case number.", callback=case_number)],
    acting: Acting = None,
) -> None:
    """Names another authority's address, or a new one; nothing is handed over before another person confirms it."""
    address = Address(their_case, recipient, signing_key)
    _record(case, acting, lambda found, person: name_peer(found, peer, address))


@app.command(name="confirm-peer")
def confirm(
    case: CaseNumber,
    peer: PeerName,
    fingerprint: Annotated[
        str, typer.Argument(metavar="FINGERPRINT", help="As that authority reads it out.", callback=free_text("it"))
    ],
    acting: Acting = None,
) -> None:
    """Confirms another authority's address, by another person than who named it."""
    _record(case, acting, lambda found, person: confirm_peer(found, peer, fingerprint, person))


@app.command()
def make(
    case: CaseNumber,
    kind: Annotated[
        TransitKind, typer.Argument(metavar="persons|group|rows", help="The list, or an answer to the other's list.")
    ],
    peer: For,
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SOURCE]", help="For rows: a source, or an own register.", callback=source_name),
    ] = None,
    period: Annotated[int | None, typer.Option("--period", help="For rows: the year of an own register.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="For persons: last day, YYYY-MM-DD; two weeks without it.")
    ] = None,
    acting: Acting = None,
) -> None:
    """Seals the list of persons for another authority, or the answer to its list."""
    _require_fitting(kind, source, period, until)
    desk = session.desk
    person = session.person(acting, desk.case(case).order.synthetic)
    if kind is TransitKind.PERSONS:
        last_day = date.fromisoformat(session.day(until)) if until else None
        detail = making.make_persons(desk, case, peer, last_day, person)
    elif kind is TransitKind.GROUP:
        detail = making.make_group(desk, case, peer, person)
    else:
        assert source is not None, "rows are of a source"  # noqa: S101
        detail = making.make_rows(desk, case, source, period, peer, person)
    path = desk.home.root / detail["path"]
    answer = {"case": case, **_counts(detail), "until": detail["until"], "path": str(path)}
    sentence = f"{detail['number']}: {_words(detail)} sealed for {peer}, to be taken until {detail['until']}\n  {path}"
    session.answer(answer, lambda: console.print(sentence, markup=False, soft_wrap=True))


@app.command()
def take(
    case: CaseNumber,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A transit file, or the receipt for one.")],
    source: Annotated[
        str | None,
        typer.Option("--source", help="The source that rows are for, if named otherwise here.", callback=source_name),
    ] = None,
    acting: Acting = None,
) -> None:
    """Takes what another authority handed over, and makes the receipt for it; or takes a receipt that has come."""
    desk = session.desk
    person = session.person(acting, desk.case(case).order.synthetic)
    detail = taking.take(desk, case, file, source, person)
    answer = {"case": case, **_counts(detail)}
    sentence = f"{detail['number']}: both sides count {_words(detail)}"
    if "receipt" in detail:
        answer["receipt"] = str(desk.home.root / detail["receipt"])
        sentence = f"{detail['number']}: {_words(detail)} taken; send the receipt back\n  {answer['receipt']}"
    session.answer(answer, lambda: console.print(sentence, markup=False, soft_wrap=True))


@app.command()
def end(
    case: CaseNumber,
    hand_over: Annotated[str, typer.Argument(help="The hand-over, as `show` names it.", callback=hand_over_name)],
    reason: Reason,
    acting: Acting = None,
) -> None:
    """Ends a hand-over before its last day; its transit identifiers are destroyed."""
    desk = session.desk
    found = desk.case(case)
    person = session.person(acting, found.order.synthetic)
    require_nobody_named(desk, found, person, {"reason": reason})
    addresses.end(desk, case, hand_over, reason, person)
    answer = {"case": case, "hand_over": hand_over}
    session.answer(answer, lambda: console.print(f"{hand_over}: ended; its transit identifiers are destroyed"))


def _require_fitting(kind: TransitKind, source: str | None, period: int | None, until: str | None) -> None:
    """Options that say nothing of this kind are a mistake of whoever typed them."""
    if (kind is TransitKind.ROWS) != (source is not None):
        raise typer.BadParameter("name the source of rows, and of rows alone")
    if period is not None and kind is not TransitKind.ROWS:
        raise typer.BadParameter("--period is for rows of an own register")
    if until is not None and kind is not TransitKind.PERSONS:
        raise typer.BadParameter("--until is for persons; an answer lasts as long as the list")


def _record(number: str, acting: str | None, act: Any) -> None:
    """Takes an act on an address, and says what persons have to compare."""
    desk = session.desk
    found: Case = desk.case(number)
    person = session.person(acting, found.order.synthetic)
    taken: Act = act(found, person)
    record(desk, found, person, taken)
    name, mark = taken.detail["peer"], taken.detail["fingerprint"]
    answer = {"case": number, "event": taken.kind, "peer": name, "fingerprint": mark}
    words = taken.kind.value.replace("_", " ")
    session.answer(answer, lambda: console.print(f"{number}: {words}; the address of {name} is {mark}", markup=False))


def _counts(detail: dict[str, Any]) -> dict[str, Any]:
    return {name: detail[name] for name in ("hand_over", "number", "kind", "peer", "persons", "rows")}


def _words(detail: dict[str, Any]) -> str:
    return f"{detail['kind']}, {detail['persons']} persons in {detail['rows']} rows"


def _print_standing(answer: dict[str, Any]) -> None:
    ours = answer["address"]
    console.print(f"our address in case {ours['case']}: {ours['fingerprint']}", markup=False)
    console.print(f"  --recipient {ours['recipient']}", markup=False, soft_wrap=True)
    console.print(f"  --signing-key {ours['signing_key']}", markup=False, soft_wrap=True)
    for each in answer["peers"]:
        confirmed = "confirmed" if each["confirmed"] else "not confirmed"
        console.print(f"{each['peer']}, case {each['case']}: {each['fingerprint']} ({confirmed})", markup=False)
    for each in answer["hand_overs"]:
        ended = "ended" if each["ended"] else f"until {each['until']}"
        console.print(f"{each['hand_over']}, list {each['list']}, {each['peer']}: {ended}", markup=False)
        for file in each["files"]:
            words = f"  {file['number']} {_words(file)}; receipt {file['receipt']}: {file['path']}"
            console.print(words, markup=False, soft_wrap=True)
