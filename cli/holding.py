"""``samkorning file held|match|refuse``: what waits of the inbox, and what a person decides on it.

What belongs here: the commands and their words. What must not: holding files (assets.steps.intake).
"""

from dataclasses import asdict
from typing import Annotated

import typer

from assets.steps.intake import choosing, unmatched
from assets.steps.intake.choosing import Choice, held_beside
from assets.steps.intake.inbox_files import NotYetWhole, not_yet_whole
from assets.steps.intake.unmatched import UnmatchedFile, unmatched_files
from cli.parameters import Acting, CaseNumber, free_text, held_name, source_name
from cli.session import console, session


def held() -> None:
    """The inbox files that belong to no case or source, with reason and clock, second ones, and those not yet whole."""
    files, waiting, second = unmatched_files(session.desk), not_yet_whole(session.desk), held_beside(session.desk)
    answer = {
        "files": [{**asdict(each), "due": each.due} for each in files],
        "waiting": waiting,
        "second": second,
    }

    def show() -> None:
        for each in files:
            console.print(
                f"{each.held}  {_place(each)}: {each.reason}, since {each.since}, decide by {each.due}",
                markup=False,
            )
        for two in second:
            console.print(
                f"{two.held}  {two.case}/{two.source}/{two.file}: {two.rows} rows, held since {two.since} beside "
                f"a file of {two.counts} rows that counts; `file match` or `file refuse` with --reason by {two.due}",
                markup=False,
            )
        for lying in waiting:
            since = lying.unchanged_since.astimezone().isoformat(" ", "minutes")
            how = lying.standing.replace("_", " ")
            console.print(f"{_place(lying)}: {how}, unchanged since {since}; {lying.remedy}", markup=False)
        if not files and not waiting and not second:
            console.print("no file of the inbox is held, and every one is whole")

    session.answer(answer, show)


def _place(file: UnmatchedFile | NotYetWhole) -> str:
    return "/".join(part for part in (file.case, file.source, file.file) if part)


def match(
    held: Annotated[str, typer.Argument(help="The name it is held under, as `file held` tells.", callback=held_name)],
    case: CaseNumber,
    source: Annotated[str, typer.Argument(help="The source of the case that it belongs to.", callback=source_name)],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            help="Why it takes the place of another file of the source.",
            callback=free_text("the reason"),
        ),
    ] = "",
    acting: Acting = None,
) -> None:
    """Takes a held file into the case that it belongs to; one beside another that counts takes its place."""
    desk = session.desk
    person = session.person(acting, desk.case(case).order.synthetic)
    is_second = choosing.waits_beside(desk.case(case), source, held)
    take = choosing.let_in(desk, Choice(case, source, held, person, reason)) if is_second else None
    taken = take or unmatched.match(desk, held, case, source, person, reason)
    answer = {"case": case, "source": source, "file": taken.file, "rows": taken.rows}
    session.answer(answer, lambda: console.print(f"{taken.file}: {taken.rows} rows taken in", markup=False))


def refuse(
    held: Annotated[str, typer.Argument(help="The name it is held under, as `file held` tells.", callback=held_name)],
    case: CaseNumber,
    source: Annotated[str, typer.Argument(help="The source whose file counts already.", callback=source_name)],
    reason: Annotated[
        str, typer.Option("--reason", help="Why the file that counts stands.", callback=free_text("the reason"))
    ] = "",
    acting: Acting = None,
) -> None:
    """Refuses a second file that is held beside the one that counts; nobody is asked for another one."""
    desk = session.desk
    person = session.person(acting, desk.case(case).order.synthetic)
    choosing.refuse(desk, Choice(case, source, held, person, reason))
    answer = {"case": case, "source": source, "held": held}
    session.answer(answer, lambda: console.print(f"{held} is refused; the file of {source} stands", markup=False))
