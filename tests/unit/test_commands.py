"""The commands are loaded when they are called, and help says of each what it says itself."""

import os
import subprocess
import sys

import pytest

from cli.commands import COMMANDS, loaded, noun, tree
from tests.commands import parameters

HEAVY = ("dagster", "sqlalchemy", "duckdb", "pyarrow", "polars", "samkorning.register_files")
AFTERWARDS = """
import sys
from cli.main import app
try:
    app(args={arguments!r}, standalone_mode=False)
except BaseException:
    pass
print(*sorted(set({modules!r}) & set(sys.modules)))
"""


def loads(*arguments: str, modules: tuple[str, ...] = HEAVY) -> list[str]:
    """Which of some modules a command line has loaded when it ends."""
    program = AFTERWARDS.format(arguments=list(arguments), modules=modules)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_is_the_commands_own(name: str) -> None:
    assert COMMANDS[name].help == loaded(name).help.split("\n\n")[0].replace("\n", " ")


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["deliverr"], ["deliver"], ["deliver", "--help"], ["case", "--help"], ["case", "list", "--help"]],
)
def test_help_and_wrong_usage_load_nothing_that_they_do_not_need(arguments: list[str]) -> None:
    assert loads(*arguments) == []


def test_a_command_loads_no_other() -> None:
    modules = tuple(module for command in COMMANDS.values() for module in (command.module, *command.more))
    assert loads("deliver", "--help", modules=modules) == ["cli.delivering"]
    assert loads("case", "list", "--help", modules=modules) == ["cli.case_list"]


def test_a_command_that_is_not_written_down_yet_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known = tree()["audit"]
    monkeypatch.setitem(tree(), "audit", {name: known[name] for name in known if name != "head"})
    [name, command, rest] = noun("audit").resolve_command(None, ["head", "--json"])
    assert (name, command.name, rest) == ("head", "head", ["--json"])


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("samkorning rep", {"report"}),
        ("samkorning case li", {"list"}),
        ("samkorning case list --due", {"--due-before"}),
    ],
)
def test_the_shell_completes_names_of_commands_and_options(typed: str, completed: set[str]) -> None:
    asked = {"_SAMKORNING_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    command = [sys.executable, "-c", "import sys; sys.argv = ['samkorning']; from cli.main import main; main()"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **asked})
    assert set(done.stdout.split()) == completed


def test_a_noun_has_the_commands_that_other_modules_add_once() -> None:
    names = {parameter.command[:2] for parameter in parameters()}
    assert {
        ("case", "complain"),
        ("case", "release"),
        ("case", "replace"),
        ("key", "export"),
        ("key", "rotate"),
    } <= names
    assert loaded("case") is loaded("case")
