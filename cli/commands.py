"""The commands by their names: each is loaded when it is called, so that none waits for what the others need.

What belongs here: names, where each command lies, the line that help shows of it, and loading. What must not: what a
command does. A new command of its own is one line here; one of a noun is in the noun's module, or adds itself there.
Which commands a noun has, and in which module each lies, stands in commands.json, which `make docs` writes: help and
completion load no module for it. A command that does not stand there yet is found by loading the whole noun.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup

from cli.loading import loading


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
        "The code key (kodnyckel) of a case.",
        "cli.key",
        more=("cli.code_key_acts", "cli.rotating", "cli.sealing", "cli.accepting"),
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


TREE = Path(__file__).with_name("commands.json")


class LoadedWhenCalled(TyperGroup):
    """The top of the command tree: it knows names and lines of help, and loads the command that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself in place of what stood for it."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, noun(args[0]) if args[0] in tree() else loaded(args[0]), rest


class NounLoadedWhenCalled(TyperGroup):
    """A noun: it knows its commands by name and line of help, and loads the module of the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself in place of what stood for it."""
        if args[0] not in self.commands and args[0] in loaded(str(self.name)).commands:
            return loaded(str(self.name)).resolve_command(ctx, args)
        name, _, rest = super().resolve_command(ctx, args)
        return name, _command(str(self.name), args[0]), rest


def noun(name: str) -> Any:
    """A noun whose commands are not loaded."""
    app = typer.Typer(cls=NounLoadedWhenCalled, help=COMMANDS[name].help, no_args_is_help=True)
    for command, known in tree()[name].items():
        app.command(name=command, help=known["help"])(_nothing)
    alone = typer.Typer(add_completion=False)
    alone.add_typer(app, name=name)
    return typer.main.get_group(alone).commands[name]


@cache
def tree() -> dict[str, dict[str, dict[str, str]]]:
    """Of every noun its commands, each with its module and its line of help, as they were written down."""
    found: dict[str, dict[str, dict[str, str]]] = json.loads(TREE.read_text(encoding="utf-8"))
    return found


def tree_as_it_is() -> dict[str, dict[str, dict[str, str]]]:
    """The same from the modules themselves."""
    found = {}
    for name, command in COMMANDS.items():
        inner = getattr(loaded(name), "commands", None)
        if inner is None:
            continue
        modules = dict.fromkeys(inner, command.module)
        for module in command.more:
            modules |= dict.fromkeys(_added_by(module).commands, module)
        found[name] = {each: {"module": modules[each], "help": line_of(made)} for each, made in inner.items()}
    return found


def line_of(command: Any) -> str:
    """What help shows of a command in a list: the first paragraph of what stands in it, on one line."""
    return " ".join(str(command.help or "").split("\n\n")[0].split())


def _command(name: str, command: str) -> Any:
    """One command of a noun, from its module alone."""
    module = tree()[name][command]["module"]
    with loading():
        import_module(module)
    if module == COMMANDS[name].module:
        app = typer.Typer(add_completion=False)
        app.add_typer(getattr(import_module(module), COMMANDS[name].name), name=name)
        return typer.main.get_group(app).commands[name].commands[command]  # type: ignore[attr-defined]
    return _added_by(module).commands[command]


def _added_by(module: str) -> Any:
    """The commands that a module puts among those of its noun."""
    app = typer.Typer(add_completion=False)
    import_module(module).add_to(app)
    app.callback()(_nothing)  # with one command alone Typer would make no group
    return typer.main.get_group(app)


@cache
def loaded(name: str) -> Any:
    """A command, or a noun with its commands, as Typer runs it."""
    command, alone = COMMANDS[name], typer.Typer(add_completion=False)
    with loading():
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
