"""What commands take as text, each kind looked at where it enters, and the look at all that was typed.

What belongs here: shared arguments and options with their forms. What must not: what a command does with them. A
refusal never repeats what was typed: it could be somebody's number, and it would stand in logs.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.completing import case_numbers
from samkorning import typed
from samkorning.case_number import require_case_number, require_delivery_number
from samkorning.identity.free_text import require_no_number

Check = Callable[[str | None], str | None]


def checked(check: Callable[[str], str]) -> Check:
    """A check as a command line's callback: what was not given needs none."""

    def callback(value: str | None) -> str | None:
        return None if value is None else check(value)

    return callback


def free_text(what: str) -> Check:
    """A sentence for the case register or the audit log."""
    return checked(typed.a_sentence(what))


def named(what: str) -> Check:
    """The name of a person, a holder or a column."""
    return checked(typed.a_name(what))


def one_of(names: Iterable[str]) -> Check:
    """One of a few words; what was typed in their place is not said back."""
    known = tuple(names)

    def check(text: str) -> str:
        if text not in known:
            raise typer.BadParameter(f"use one of {', '.join(known)}")
        return text

    return checked(check)


def each(check: Check) -> Callable[[list[str] | None], list[str]]:
    """A check for an argument that may be given several times, or not at all."""

    def callback(values: list[str] | None) -> list[str]:
        return [kept for value in values or () if (kept := check(value)) is not None]

    return callback


def of_form(pattern: str, problem: str) -> Check:
    """A text of one form, which is no identity number in disguise."""
    return checked(typed.of_form(pattern, problem))


case_number = checked(require_case_number)
delivery_number = checked(require_delivery_number)
source_name = checked(typed.a_source)
register_name = checked(typed.a_register)
held_name = checked(typed.a_held_file)

CaseNumber = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="Case number, such as 36759-2021.", callback=case_number, autocompletion=case_numbers
    ),
]
DeliveryNumber = Annotated[str, typer.Argument(help="The delivery, such as L001.", callback=delivery_number)]
Acting = Annotated[
    str | None,
    typer.Option("--as", help="Who acts; in synthetic cases alone.", callback=named("who acts")),
]
Reason = Annotated[str, typer.Option("--reason", help="Why, for the case register.", callback=free_text("the reason"))]
Preview = Annotated[
    bool,
    typer.Option("--preview", help="Say what would be recorded; record nothing."),
]
SourceName = Annotated[
    str,
    typer.Argument(help="`population`, `number_history` or a source of the specification.", callback=source_name),
]


def refuse_typed_numbers(arguments: Sequence[str]) -> None:
    """Refuses a command line with an identity number on it, before anything of it is kept or said back.

    Other accounts can read what is typed. A file that is there and was named after a person may be named.

    :raises RuleRefused: with what to write in its place.
    """
    for argument in arguments:
        if not any(_is_file(text) for text in (argument, argument.partition("=")[2])):
            require_no_number("what is no file that is there", argument)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False
