"""``samkorning case``: opening a case and the acts that people take on it.

What belongs here: one command an act. What must not: the rules that hold an act back (samkorning.case).
"""

from datetime import date
from typing import Annotated, Any

import typer

from assets.steps.case_view import program_of
from cli.order import OrderFiles, lacking_of, order_of
from cli.parameters import Acting, CaseNumber, Reason, case_number, named, source_name
from cli.session import console, session
from samkorning.case import Case, acts, state_of
from samkorning.case.act import Act
from samkorning.case.events import NO_LIMIT
from samkorning.case.renewal import renew_review
from samkorning.case.repeated import done_already
from samkorning.case.roles import SERVICE
from samkorning.order import read_order
from samkorning.own_registers.program import extraction_program

app = typer.Typer(help="Cases (ärenden).", no_args_is_help=True)


@app.command(name="open")
def open_case(
    order: OrderFiles,
    number: Annotated[
        str | None, typer.Option("--case", help="Case number; the next free one without it.", callback=case_number)
    ] = None,
    acting: Acting = None,
) -> None:
    """Opens a case with its order (R01)."""
    from assets.steps.letters.by_themselves import send_by_themselves

    desk = session.desk
    coming = order_of(order)
    detail = acts.order_detail(coming.text, coming.name, desk.catalogue, coming.workbooks)
    read = read_order(detail["order"], detail["file"])
    synthetic, lacking = read.synthetic, lacking_of(read)
    if not synthetic:
        desk.require_keystore_apart()
    person = session.person(acting, synthetic)
    number = number or desk.cases.next_number(desk.clock.today().year)
    opened = desk.cases.open(number, desk.clock.now(), person, detail)
    send_by_themselves(desk, number)
    answer = {"case": opened.number, "state": state_of(opened.events), "missing": lacking}
    said = [f"opened case {opened.number}", *(f"missing: {each}" for each in lacking)]
    session.answer(answer, lambda: console.print("\n".join(said), markup=False))


@app.command()
def approve(case: CaseNumber, acting: Acting = None) -> None:
    """The orderer has approved the specification (R09)."""
    record_act(case, acting, lambda found, person: acts.approve_specification(found))


@app.command()
def decide(
    case: CaseNumber,
    role: Annotated[
        str | None,
        typer.Option(
            "--role", help="case_officer, manager or lawyer: endorse the decision.", callback=named("the role")
        ),
    ] = None,
    dispatch: Annotated[bool, typer.Option("--dispatch", help="The approved decision is sent.")] = False,
    acting: Acting = None,
) -> None:
    """The disclosure decision: endorsed by three persons (R11), then dispatched (R10)."""
    from assets.steps.intake.receiving import receive_held_files

    if (role is None) == (not dispatch):
        raise typer.BadParameter("give either --role or --dispatch")

    def act(found: Case, person: str) -> Act:
        return acts.endorse_decision(found, role, person) if role else acts.dispatch_decision(found)

    record_act(case, acting, act)
    receive_held_files(session.desk, case, SERVICE)


@app.command()
def review(
    case: CaseNumber,
    show: Annotated[bool, typer.Option("--show", help="Print the extraction program and record nothing.")] = False,
    renews: Annotated[
        str | None,
        typer.Option(
            "--renews", help="An earlier case with the same specification but for its period.", callback=case_number
        ),
    ] = None,
    acting: Acting = None,
) -> None:
    """Code review (kodgranskning) of the extraction program (R12), or that of an earlier case taken over (R25)."""
    from assets.steps.persons.dry_running import dry_run_of

    found = session.desk.case(case)
    program, sha256 = extraction_program(found.specification, session.desk.catalogue), program_of(session.desk, found)
    if show:
        fingerprint, dry = found.recipient_fingerprint, dry_run_of(session.desk, found)
        answer = {"case": case, "program": program, "program_sha256": sha256, "recipient_fingerprint": fingerprint}
        shown = {**answer, "dry_run": dry.fact()}
        sealed = f"-- sealed for {found.order.recipient.name}, {fingerprint}"
        sentence = f"{program}\n{dry.text()}\n\n-- {sha256}\n{sealed}"
        session.answer(shown, lambda: console.print(sentence, markup=False))
        return
    if renews is not None:
        earlier = session.desk.case(renews)
        then = program_of(session.desk, earlier)
        record_act(case, acting, lambda found, person: renew_review(found, earlier, person, sha256, then))
        return
    figures = dry_run_of(session.desk, found).fact()
    record_act(case, acting, lambda found, person: acts.review_program(found, person, sha256, figures))


@app.command()
def withdraw(
    case: CaseNumber,
    source: Annotated[str, typer.Argument(help="The awaited source that will not come.", callback=source_name)],
    reason: Reason,
    acting: Acting = None,
) -> None:
    """An awaited file will not come (R30); `case await` takes that back."""
    record_act(case, acting, lambda found, person: acts.withdraw_source(found, source, reason))


@app.command(name="await")
def await_again(
    case: CaseNumber,
    source: Annotated[str, typer.Argument(help="The source that was withdrawn.", callback=source_name)],
    reason: Reason,
    acting: Acting = None,
) -> None:
    """A withdrawn source is awaited again (R30); what waited of it in quarantine is taken in."""
    from assets.steps.intake.receiving import receive_held_files

    record_act(case, acting, lambda found, person: acts.await_source(found, source, reason))
    receive_held_files(session.desk, case, SERVICE)


@app.command()
def amend(case: CaseNumber, order: OrderFiles, acting: Acting = None) -> None:
    """Changes the order; the approval is void until it is given again (R09)."""
    catalogue, coming = session.desk.catalogue, order_of(order)
    record_act(
        case, acting, lambda found, person: acts.amend(found, coming.text, coming.name, catalogue, coming.workbooks)
    )


@app.command(name="keep-key")
def keep_key(
    case: CaseNumber,
    reason: Reason,
    until: Annotated[str | None, typer.Option("--until", help="Date to keep to, YYYY-MM-DD.")] = None,
    without_limit: Annotated[bool, typer.Option("--without-limit", help="Keep it without a limit.")] = False,
    acting: Acting = None,
) -> None:
    """A decision keeps population and code key to a date, or without a limit (R17)."""
    if (until is None) == (not without_limit):
        raise typer.BadParameter("give either --until or --without-limit")
    last_day = date.fromisoformat(session.day(until)) if until else NO_LIMIT
    today = session.desk.clock.today()
    record_act(case, acting, lambda found, person: acts.keep_code_key(found, last_day, today, reason))


def record_act(number: str, acting: str | None, act: Any, preview: bool = False) -> None:
    """Takes an act as the acting person, and says where the case then stands; or what it would record."""
    from assets.steps.recording import record  # and the code key with it

    desk = session.desk
    found = desk.case(number)
    person = session.person(acting, found.order.synthetic)
    taken: Act = act(found, person)
    if preview:
        _preview(found, person, taken)
        return
    if (known := done_already(found, taken, person)) is not None:
        kind, day = taken.kind.value.replace("_", " "), known.at.date()
        words = f"{number}: {kind} by {known.person} already, {day}; nothing is added"
        answer = {"case": number, "event": taken.kind, "state": state_of(found.events), "already": known.at.isoformat()}
        session.answer(answer, lambda: console.print(words, markup=False))
        return
    after = record(desk, found, person, taken)
    answer = {"case": number, "event": taken.kind, "state": state_of(after.events)}
    sentence = f"{number}: {taken.kind.value.replace('_', ' ')}; the case is {answer['state']}"
    if "recipient" in taken.detail:  # what persons have to compare
        answer["recipient_fingerprint"] = taken.detail["recipient"]
        sentence += f"; the recipient's age key is {taken.detail['recipient']}"
    if "shortens" in taken.detail:
        answer["shortens"], before = taken.detail["shortens"], _kept_to(taken.detail["shortens"])
        sentence += f"; the code key is kept {_kept_to(taken.detail['until'])}, and was to be kept {before}: shortened"
    if seen := acts.seen_when_withdrawn(taken):
        answer["came"], sentence = taken.detail["came"], sentence + seen
    session.answer(answer, lambda: console.print(sentence, markup=False))


def _kept_to(day: str) -> str:
    return "without a limit" if day == NO_LIMIT.isoformat() else f"until {day}"


def _preview(case: Case, person: str, act: Act) -> None:
    """What an act would record, once nothing stands in its way; a hash or an order's text is left out."""
    from assets.steps.recording import require_recordable

    require_recordable(session.desk, case, person, act)
    said = {name: value for name, value in act.detail.items() if not name.endswith("sha256") and name != "order"}
    answer = {"case": case.number, "would_record": act.kind, "state": state_of(case.events), "detail": said}
    words = act.kind.value.replace("_", " ")
    lines = [f"{case.number}: would record {words}, by {person}; nothing was recorded{acts.seen_when_withdrawn(act)}"]
    lines += [f"  {name.replace('_', ' ')}: {value}" for name, value in said.items()]
    session.answer(answer, lambda: console.print("\n".join(lines), markup=False))
