"""``samkorning key import|export|look-up|remove-person|cut-link``: the acts that open pairs of the code key.

What belongs here: options, standard input, and where an answer may go. What must not: the acts
(assets.steps.persons.code_keys). No identity number or serial number ever stands on the command line, where other
accounts could read it.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from assets.steps.persons import code_keys
from assets.steps.persons.code_keys import ImportedFile
from assets.steps.persons.identities import sealed_to_file
from assets.steps.persons.typed_serial_numbers import serial_numbers_of
from cli.parameters import Acting, CaseNumber, Preview, Reason, free_text, named
from cli.session import console, session
from samkorning.code_key import LookUp
from samkorning.encryption.age import check_recipient
from samkorning.errors import RuleRefused
from samkorning.identity import Issuer
from samkorning.order import Identifies

STANDARD_INPUT = "standard input"

Kind = Annotated[Identifies, typer.Option("--identifies", help="Whose code key: each kind has a series of its own.")]
Recipient = Annotated[str, typer.Option("--recipient", metavar="AGE", help="The recipient's public age key.")]
To = Annotated[Path, typer.Option("--to", metavar="FILE", help="Where the sealed file is written; must be absent.")]


def add_to(app: typer.Typer) -> None:
    """Puts the acts among the commands of ``key``."""
    app.command(name="import")(import_code_key)
    app.command()(export)
    app.command(name="look-up")(look_up)
    app.command(name="remove-person")(remove_person)
    app.command(name="cut-link")(cut_link)


def import_code_key(
    case: CaseNumber,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, xlsx or Parquet.")],
    number_column: Annotated[
        str,
        typer.Option("--number-column", help="Column of identity numbers.", callback=named("the column")),
    ] = "number",
    serial_number_column: Annotated[
        str,
        typer.Option("--serial-number-column", help="Column of serial numbers.", callback=named("the column")),
    ] = "serial_number",
    identifies: Kind = Identifies.PERSON,
    issuer: Annotated[Issuer | None, typer.Option("--issuer", help="Who gave the identity numbers out.")] = None,
    acting: Acting = None,
) -> None:
    """Takes in a code key that another authority made, all of its pairs or none."""
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    asked = ImportedFile(file, number_column, serial_number_column, identifies, issuer)
    taken = code_keys.import_from_file(session.desk, found, asked, person)
    answer = {"case": case, "added": taken.added, "known": taken.known, "generation": taken.generation}
    session.answer(answer, lambda: console.print(f"{taken.added} pairs taken in, {taken.known} were known"))


def export(
    case: CaseNumber, recipient: Recipient, to: To, identifies: Kind = Identifies.PERSON, acting: Acting = None
) -> None:
    """Seals the code key for a named recipient; recorded in the case and in the audit log."""
    check_recipient(recipient)
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    pairs = code_keys.export(session.desk, found, identifies.series, recipient, to, person)
    answer = {"case": case, "pairs": pairs, "path": str(to)}
    session.answer(answer, lambda: console.print(f"{pairs} pairs sealed in {to}"))


def look_up(
    case: CaseNumber,
    purpose: Annotated[
        str,
        typer.Option("--purpose", help="What the answer is for, for the audit log.", callback=free_text("the purpose")),
    ],
    identifies: Kind = Identifies.PERSON,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="AGE", help="Seal the answer for this public age key.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Where the sealed answer is written.")] = None,
    acting: Acting = None,
) -> None:
    """Who serial numbers stand for: one a line on standard input, the answer to this terminal or sealed."""
    if (recipient is None) != (to is None):
        raise typer.BadParameter("give --recipient and --to together")
    if recipient is None and not sys.stdout.isatty():
        problem = "the answer would leave in clear"
        raise RuleRefused("look-up", problem, "look at it on a terminal, or seal it with --recipient and --to")
    if recipient is not None:
        check_recipient(recipient)
    desk = session.desk
    found = desk.case(case)
    asked = LookUp(session.person(acting, found.order.synthetic), desk.clock.now(), purpose)
    answers = code_keys.look_up(
        desk, found, identifies.series, serial_numbers_of(sys.stdin.read(), STANDARD_INPUT), asked
    )
    if recipient is not None and to is not None:
        sealed_to_file(answers, recipient, to)
        answer = {"case": case, "asked": answers.height, "path": str(to)}
        session.answer(answer, lambda: console.print(f"{answers.height} answers sealed in {to}"))
        return
    rows = answers.rows(named=True)
    session.answer({"case": case, "answers": rows}, lambda: print(answers.write_csv(separator=";"), end=""))


def remove_person(case: CaseNumber, preview: Preview = False, acting: Acting = None) -> None:
    """Takes out a person who objects: the identity number on standard input. The serial number stays, for nobody."""
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    identity = sys.stdin.readline().strip()
    if preview:
        _would_go(case, code_keys.preview_removal(session.desk, found, identity, person))
        return
    removed = code_keys.remove_person(session.desk, found, identity, person)
    answer = {"case": case, "serial_numbers": removed}
    words = "had no serial number; the objection is kept" if not removed else "is removed"
    session.answer(answer, lambda: console.print(f"the person {words}"))


def cut_link(case: CaseNumber, reason: Reason, preview: Preview = False, acting: Acting = None) -> None:
    """Forgets whom every serial number stands for, and keeps the serial numbers. It cannot be undone."""
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    if preview:
        _would_go(case, code_keys.preview_cut(session.desk, found, reason, person))
        return
    cut = code_keys.cut_links(session.desk, found, reason, person)
    answer = {"case": case, "serial_numbers": cut}
    session.answer(answer, lambda: console.print(f"{cut} serial numbers stand for nobody from now on"))


def _would_go(case: str, count: int) -> None:
    """What an act that cannot be undone would do."""
    sentence = f"{count} serial numbers would stand for nobody, for good; nothing was changed"
    answer = {"case": case, "would_stand_for_nobody": count}
    session.answer(answer, lambda: console.print(sentence))
