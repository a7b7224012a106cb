"""``samkorning case review-first|ask|answer|remind|met|supplement|end``: what the orderer is asked.

What belongs here: these commands. What must not: their rules (samkorning.case.enquiries and endings).
"""

from typing import Annotated

import typer

from cli.case import record_act
from cli.parameters import Acting, CaseNumber, Preview, Reason, each, free_text, named, of_form, one_of
from cli.session import session
from samkorning.case import enquiries
from samkorning.case.endings import Outcome, end
from samkorning.case.hand_overs import FILE_NUMBER

Deadline = Annotated[
    str | None, typer.Option("--deadline", help="The last day for it, YYYY-MM-DD; two weeks without it.")
]
Note = Annotated[
    str, typer.Option("--note", help="What was found or said, in a sentence.", callback=free_text("the note"))
]

transit_file = of_form(FILE_NUMBER, "that is no number of a transit file; `samkorning transit show` lists them")


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command(name="review-first")(review_first)
    app.command()(ask)
    app.command()(answer)
    app.command()(remind)
    app.command()(met)
    app.command()(supplement)
    app.command(name="end")(end_case)


def review_first(case: CaseNumber, note: Note, acting: Acting = None) -> None:
    """The first review of an order, within a week (R26)."""
    record_act(case, acting, lambda found, person: enquiries.review_first(found, note))


def ask(
    case: CaseNumber,
    question: Annotated[
        list[str],
        typer.Option(
            "--question", help="A question to the orderer; may be given again.", callback=each(free_text("a question"))
        ),
    ],
    deadline: Deadline = None,
    acting: Acting = None,
) -> None:
    """Asks the orderer, with a last day for the answer (R02)."""
    day, today = session.deadline(deadline), session.desk.clock.today()
    record_act(case, acting, lambda found, person: enquiries.ask(found, question, day, today))


def answer(case: CaseNumber, note: Note, acting: Acting = None) -> None:
    """The orderer has answered what was asked (R02)."""
    record_act(case, acting, lambda found, person: enquiries.answer(found, note))


def remind(
    case: CaseNumber,
    about: Annotated[
        str,
        typer.Argument(help=f"What is reminded of: {', '.join(enquiries.ABOUT)}.", callback=one_of(enquiries.ABOUT)),
    ],
    deadline: Deadline = None,
    holder: Annotated[
        str | None, typer.Option("--holder", help="The holder whose files are awaited.", callback=named("the holder"))
    ] = None,
    acting: Acting = None,
) -> None:
    """Reminds the orderer, or with --holder a register holder, with a new last day (R02)."""
    day, today = session.deadline(deadline), session.desk.clock.today()
    record_act(case, acting, lambda found, person: enquiries.remind(found, about, day, today, holder))


def met(
    case: CaseNumber,
    agreed: Annotated[str, typer.Option("--agreed", help="What was agreed.", callback=free_text("what was agreed"))],
    day: Annotated[str | None, typer.Option("--day", help="The day of the meeting; today without it.")] = None,
    acting: Acting = None,
) -> None:
    """The first meeting with the orderer has been held."""
    held, today = session.day_until_today(day), session.desk.clock.today()
    record_act(case, acting, lambda found, person: enquiries.meet(found, held, agreed, today))


def supplement(
    case: CaseNumber,
    deadline: Deadline = None,
    given: Annotated[bool, typer.Option("--given", help="The supplement has been made; --note says how.")] = False,
    note: Annotated[
        str | None, typer.Option("--note", help="With --given: its reference.", callback=free_text("the note"))
    ] = None,
    acting: Acting = None,
) -> None:
    """Asks for a supplement at the ethics authority within two weeks (R11), or with --given records it."""
    if given != (note is not None) or (given and deadline):
        raise typer.BadParameter("--note goes with --given, and --deadline without it")
    day, today = session.deadline(deadline), session.desk.clock.today()
    if note is not None:
        record_act(case, acting, lambda found, person: enquiries.give_supplement(found, note))
    else:
        record_act(case, acting, lambda found, person: enquiries.ask_for_supplement(found, day, today))


def end_case(
    case: CaseNumber,
    outcome: Annotated[
        str,
        typer.Argument(
            help="dismissed (avvisning), rejected (avslag), closed (avskrivning) or handed_over (överlämnat svar).",
            callback=one_of(Outcome),
        ),
    ],
    reason: Reason,
    without_receipt: Annotated[
        list[str] | None,
        typer.Option(
            "--without-receipt",
            help="With handed_over: a transit file, such as T002, whose receipt will never come; may be given again.",
            callback=each(transit_file),
        ),
    ] = None,
    preview: Preview = False,
    acting: Acting = None,
) -> None:
    """A person decides that the case ends without a delivery (R02, R24); what comes late is a new order."""
    said, today = Outcome(outcome), session.desk.clock.today()
    record_act(case, acting, lambda found, person: end(found, said, reason, today, without_receipt or ()), preview)
