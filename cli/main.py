"""The program ``samkorning``: its commands put together, its errors turned into exit codes.

What belongs here: the top of the command tree. What must not: which commands there are (commands), or a command's own
work (the modules beside this one).
"""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli.commands import LoadedWhenCalled, stand_for_all
from cli.ending import end_process
from cli.loading import objects
from cli.parameters import refuse_typed_numbers
from cli.session import ended, failed, session
from cli.standard_error import OURS
from samkorning.machine.allocator import keep_freed_memory
from samkorning.vault.hygiene import protect_process

app = typer.Typer(
    name="samkorning",
    cls=LoadedWhenCalled,
    help="Register linkage (samkörning) with a stored, encrypted code key: from order to sealed deliveries.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
stand_for_all(app)

WITH_VALUE = ("--home", "--today")
ANYWHERE = (*WITH_VALUE, "--json")


@app.callback()
def samkorning(
    home: Annotated[
        Path | None, typer.Option("--home", help="The working home (default: SAMKORNING_HOME or data/local).")
    ] = None,
    today: Annotated[
        str | None, typer.Option("--today", help="Sets the clock, in a home of synthetic cases alone.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
) -> None:
    """Options that every command takes, before or behind it."""
    if home is not None:
        os.environ["SAMKORNING_HOME"] = str(home.resolve())
    if today is not None:
        os.environ["SAMKORNING_TODAY"] = session.day(today)
    session.json = json


def main() -> NoReturn:
    """The program as a process of its own: runs it and ends the process with the exit code."""
    objects.stay = True
    try:
        run()
    except SystemExit as left:
        exit_code = left.code
    end_process(exit_code if isinstance(exit_code, int) else int(exit_code is not None))


def run() -> NoReturn:
    """Runs the program on the process's arguments.

    :raises SystemExit: with the exit code, always.
    """
    try:
        OURS.alone()
        protect_process()
        keep_freed_memory()
        arguments = options_first(sys.argv[1:])
        session.json = "--json" in arguments
        refuse_typed_numbers(arguments)
        exit_code = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()  # what was answered may lie on a full disk
    except typer.TyperException as misused:
        failed(wrong_usage(misused), misused.exit_code)
    except typer.Abort:
        failed("broken off", 1)
    except Exception as error:
        ended(session.safe_error(error))
    sys.exit(exit_code)


def wrong_usage(misused: typer.TyperException) -> str:
    """What is wrong with how the program was called, and how it is called; nothing where its help was shown."""
    context, problem = getattr(misused, "ctx", None), misused.format_message()
    return "\n".join([*([context.get_usage()] if context else []), problem]) if problem else ""


def options_first(arguments: list[str]) -> list[str]:
    """The arguments with the options that may stand anywhere moved to the front."""
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument in WITH_VALUE:
            front += [argument, *([value] if (value := next(remaining, None)) is not None else [])]
        elif argument.split("=")[0] in ANYWHERE:
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest
