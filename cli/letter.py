"""``samkorning letter``: which letters a case has occasion for, how one reads, and sending it.

What belongs here: the three commands. What must not: a letter's text (samkorning.case.letters), or the order in which
it is sent and remembered (assets.steps.letters).
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from assets.steps.letters.composing import Composed, compose
from assets.steps.letters.listing import ListedLetter, letters_of
from assets.steps.letters.sending import Request, send_letter
from cli.parameters import Acting, CaseNumber, free_text, named
from cli.session import console, session
from samkorning.case.letters.occasions import occasions_of
from samkorning.case.letters.phrases import LanguageCode
from samkorning.case.letters.registry import LETTERS, letter_of
from samkorning.durable import make_folder, overwrite

app = typer.Typer(help="Letters (brev) of a case.", no_args_is_help=True)
LetterName = StrEnum("LetterName", {name: name for name in LETTERS})  # type: ignore[misc]


Which = Annotated[LetterName, typer.Argument(metavar="LETTER", help=f"One of: {', '.join(LETTERS)}.")]
Of = Annotated[
    str | None,
    typer.Option(
        "--of", help="Which of several: a holder, or a delivery such as L001.", callback=named("the occasion")
    ),
]
Language = Annotated[
    LanguageCode | None,
    typer.Option("--language", help="sv or en; without it Swedish, or what the settings say of a holder."),
]


@app.command(name="list")
def list_letters(case: CaseNumber) -> None:
    """The letters that a case has occasion for, and which of them were sent."""
    found = letters_of(session.desk, session.desk.case(case))
    session.answer({"case": case, "letters": found}, lambda: _print(found))


@app.command()
def preview(
    case: CaseNumber,
    letter: Which,
    of: Of = None,
    language: Language = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A folder to write its files to: page, print, text, enclosures.")
    ] = None,
    acting: Acting = None,
) -> None:
    """How a letter would read if it were sent today. Nothing is sent or recorded."""
    desk = session.desk
    found = desk.case(case)
    occasion = occasions_of(found, letter_of(letter.value), of)[-1]
    person = session.person(acting, found.order.synthetic)
    composed = compose(desk, found, occasion, person, language.value if language else None)
    written = _written(out, composed) if out else []
    page = composed.page
    answer = {
        "case": case, "letter": page.letter, "of": occasion.of, "language": page.language, "subject": page.subject,
        "to": page.to, "copy": page.copy, "text": page.text, "files": written,
    }  # fmt: skip
    session.answer(answer, lambda: _show(composed, written))


@app.command()
def send(
    case: CaseNumber,
    letter: Which,
    of: Of = None,
    language: Language = None,
    again: Annotated[
        str | None,
        typer.Option(
            "--again", help="Why it is sent once more, for the case register.", callback=free_text("the reason")
        ),
    ] = None,
    was_taken: Annotated[
        bool, typer.Option("--was-taken", help="A sending that broke off did reach the mail server: record it.")
    ] = False,
    acting: Acting = None,
) -> None:
    """Sends a letter by the mail server, or lays it down to go by post; once for each occasion."""
    desk = session.desk
    person = session.person(acting, desk.case(case).order.synthetic)
    request = Request(letter.value, of, language.value if language else None, again, was_taken)
    done = send_letter(desk, case, request, person)

    def show() -> None:
        for each in done:
            name = f"{each.letter} ({each.of})" if each.of else each.letter
            kept = f"; kept as {desk.home.root / each.file}" if each.file else ""
            console.print(f"{name}: {each.said}{kept}", markup=False, soft_wrap=True)

    session.answer({"case": case, "letters": done}, show)


def _print(found: list[ListedLetter]) -> None:
    table = Table("letter", "of", "rule", "because", "since", "sent", "to")
    for each in found:
        sent = (
            f"{each.sent} ({each.way})" if each.sent else ("not known: it broke off" if each.under_way else "not yet")
        )
        sent += f"; kept file {each.kept}" if each.kept not in (None, "whole") else ""
        whom = ", ".join(each.sent_to) or each.to.value
        table.add_row(each.letter, each.of or "", each.rule, each.occasion, str(each.since), sent, whom)
    console.print(table)


def _written(out: Path, composed: Composed) -> list[str]:
    make_folder(out)
    for name, content in composed.files.items():
        overwrite(out / name, content)
    return list(composed.files)


def _show(composed: Composed, written: list[str]) -> None:
    page = composed.page
    for name, whom in (("to", page.to), ("copy", page.copy)):
        if whom is not None:
            console.print(f"{name}: {whom.name}, {whom.email or 'no e-mail address: by post'}", markup=False)
    console.print(page.text, markup=False, soft_wrap=True)
    if written:
        console.print(f"written: {', '.join(written)}", markup=False, soft_wrap=True)
