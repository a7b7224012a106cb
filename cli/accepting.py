"""``samkorning key accept-restored``: going on from a vault that was restored from an older backup.

What belongs here: the command and what it shows. What must not: what is lost, and whether it may be accepted
(assets.steps.safekeeping.accepting).
"""

from typing import Annotated, Any

import typer

from assets.steps.intake.unmatched import NOBODYS
from assets.steps.safekeeping import accepting
from assets.steps.safekeeping.accepting import Acceptance
from cli.parameters import Acting, Preview, Reason, checked, named
from cli.session import console, failed, session
from resources.opt_out import OPT_OUT
from resources.register_years import OWN_REGISTERS
from samkorning.case.restoring import StoreBack
from samkorning.case_number import require_case_number
from samkorning.errors import RuleRefused, SamkorningError

EVERYTHING = "all"
UNMATCHED = f"restore the newer vault and keystore, or give them up with `key accept-restored {NOBODYS}`"
WORDS = (EVERYTHING, OWN_REGISTERS, OPT_OUT, NOBODYS)


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``key``."""
    app.command(name="accept-restored")(accept_restored)


def _place(text: str) -> str:
    return text if text in WORDS else require_case_number(text)


def accept_restored(
    place: Annotated[
        str,
        typer.Argument(
            metavar="CASE|all",
            help=f"The case, `{OWN_REGISTERS}`, `{NOBODYS}`, or `{EVERYTHING}` that lies behind.",
            callback=checked(_place),
        ),
    ],
    reason: Reason,
    preview: Preview = False,
    second_person: Annotated[
        str | None,
        typer.Option(
            "--second-person",
            help="Who accepts in the same call; in synthetic cases alone.",
            callback=named("who accepts"),
        ),
    ] = None,
    acting: Acting = None,
) -> None:
    """Goes on from a vault restored from an older backup: one person proposes it, another accepts."""
    found = accepting.places(session.desk) if place == EVERYTHING else [place]
    done, problems = list[Acceptance](), dict[str, SamkorningError]()
    for each in found:
        if each == NOBODYS and place == EVERYTHING and not preview:
            problems[each] = RuleRefused("files of no known case", "all that wait there would go", UNMATCHED)
            continue
        try:
            done.append(accepting.look(session.desk, each) if preview else _accept(each, reason, acting, second_person))
        except SamkorningError as refused:
            if place != EVERYTHING:
                raise
            problems[each] = refused
    places = [_as_json(each) for each in done]
    if problems and not session.json:
        _show(done)
    if problems:
        code = max(refused.exit_code for refused in problems.values())
        failed("\n".join(map(str, problems.values())), code, {"places": places, "refused": list(problems)})
    session.answer({"places": places}, lambda: _show(done))


def _accept(place: str, reason: str, acting: str | None, second: str | None) -> Acceptance:
    desk = session.desk
    is_case = place not in WORDS
    synthetic = desk.case(place).order.synthetic if is_case else desk.holds_synthetic_cases_alone()
    if second is not None and not synthetic:
        remedy = "let the second person call `key accept-restored` themselves"
        raise RuleRefused("R12", "free names are for synthetic cases", remedy)
    return accepting.accept(desk, place, reason, session.person(acting, synthetic), second)


def _as_json(done: Acceptance) -> dict[str, Any]:
    waits = "a second person" if done.phase == "proposed" else None
    return {"place": done.case, "phase": done.phase, **done.loss.detail(), "waits_for": waits}


def _show(done: list[Acceptance]) -> None:
    for each in done:
        if each.phase == "nothing":
            console.print(f"{each.case}: nothing lies behind what the keystore knows")
            continue
        if each.case == NOBODYS:
            told = "would go" if each.phase == "preview" else "are gone"
            sentence = f"{each.case}: all files that wait there {told}; their senders send them again"
            console.print(sentence, soft_wrap=True)
            continue
        words = {"preview": "would be lost", "proposed": "proposed to be given up", "accepted": "given up"}[each.phase]
        console.print(f"{each.case}, {words}: {_counts(each)}", soft_wrap=True)
        for store in each.loss.stores:
            console.print(f"  {_line(store)}", markup=False, soft_wrap=True)
        if each.loss.files:
            console.print(f"  to be received again: {', '.join(each.loss.files)}", soft_wrap=True)
        if each.loss.made_anew:
            console.print(f"  linked anew by the next delivery: {', '.join(each.loss.made_anew)}", soft_wrap=True)
        if each.phase == "proposed":
            console.print("another person accepts it by the same command")
    if not done:
        console.print("nothing lies behind what the keystore knows")


def _counts(done: Acceptance) -> str:
    serial_numbers = done.loss.serial_numbers
    known = "an unknown number of serial numbers" if serial_numbers is None else f"{serial_numbers} serial numbers"
    return f"{known}, {len(done.loss.files)} files, {done.loss.writings} writings of {len(done.loss.stores)} stores"


def _line(store: StoreBack) -> str:
    to = f"to generation {store.to_generation}" if store.to_generation else "to nothing, it is not there"
    rows = "" if store.rows_lost is None else f", {store.rows_lost} rows fewer"
    return f"{store.store}: from generation {store.from_generation} {to}{rows}"
