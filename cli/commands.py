"""The commands by their names: each is loaded when it is called, so that none waits for what the others need.

What belongs here: names, where each command lies, the line that help shows of it, and loading. What must not: what a
command does. A new command of its own is one line here; one of a noun is in the noun's module, or adds itself there.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup


@dataclass(frozen=True)
class Command:
    """Where a command or a noun's commands lie, and what help says of it: the first line of what stands there."""

    help: str
    module: str
    name: str = "app"
    more: tuple[str, ...] = ()
    """Modules that put further commands among those of a noun."""


COMMANDS = {
    "demo": Command(
        "Runs a synthetic case from its order to three sealed deliveries, and one whose study is found in registers.",
        "cli.demo",
        "demo",
    ),
    "receive": Command(
        "Takes files of one source in. A refused file is named and the others go on.", "cli.receiving", "receive"
    ),
    "deliver": Command(
        "Links what is in place and makes the next delivery; nothing when nothing is due.", "cli.delivering", "deliver"
    ),
    "dispose": Command(
        "Disposal (gallring) of what is due: one person orders it, another confirms it by the same command.",
        "cli.disposing",
        "dispose_case",
    ),
    "doctor": Command(
        "Holds vault, keystore, case register, audit log, outbox, receipts and registers against each other.",
        "cli.doctor",
        "doctor",
    ),
    "up": Command(
        "Serves the Dagster page, and runs sensors and schedules, until it is interrupted.", "cli.serving", "up"
    ),
    "serve": Command("The parts of a production service, each started by systemd (deploy/).", "cli.services"),
    "order": Command("Orders (beställningar).", "cli.order", more=("cli.code_lists",)),
    "file": Command("Register holders' files.", "cli.file"),
    "identity": Command("Identity numbers.", "cli.identity"),
    "case": Command(
        "Cases (ärenden).",
        "cli.case",
        more=(
            "cli.attaching",
            "cli.case_list",
            "cli.case_shown",
            "cli.case_officers",
            "cli.case_inventory",
            "cli.case_enquiries",
            "cli.case_offers",
            "cli.case_holders",
            "cli.case_aftercare",
            "cli.complaints",
            "cli.releases",
            "cli.changes",
            "cli.drawing",
            "cli.disclosure",
        ),
    ),
    "letter": Command("Letters (brev) of a case.", "cli.letter"),
    "key": Command(
        "The code key (kodnyckel) of a case.", "cli.key", more=("cli.code_key_acts", "cli.rotating", "cli.sealing")
    ),
    "register": Command(
        "Own registers.", "cli.register", more=("cli.register_loading", "cli.register_importing", "cli.opting_out")
    ),
    "transit": Command(
        "Hand-over between authorities without identity numbers (överlämning utan personnummer).", "cli.transit"
    ),
    "delivery": Command("Sealed and opened deliveries (utlämningar).", "cli.delivery", more=("cli.rebuilding",)),
    "report": Command(
        "Reports on all cases (rapporter): lead times, waiting times, holders, errors, forecast.", "cli.report"
    ),
    "case-register": Command("The database of the case register (diarium).", "cli.case_register"),
    "audit": Command("The audit log.", "cli.audit"),
}


class LoadedWhenCalled(TyperGroup):
    """The top of the command tree: it knows names and lines of help, and loads the command that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself in place of what stood for it."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(args[0]), rest


@cache
def loaded(name: str) -> Any:
    """A command, or a noun with its commands, as Typer runs it."""
    command, alone = COMMANDS[name], typer.Typer(add_completion=False)
    found = getattr(import_module(command.module), command.name)
    for module in command.more:
        import_module(module).add_to(found)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name=name)(found)
        alone.callback()(_nothing)  # with one command alone Typer would make no group
    return typer.main.get_group(alone).commands[name]


def stand_for_all(app: typer.Typer) -> None:
    """Puts in place of every command what help needs of it."""
    for name, command in COMMANDS.items():
        app.command(name=name, help=command.help)(_nothing)


def _nothing() -> None:
    """Stands for a command that is not loaded."""
