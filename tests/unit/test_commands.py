"""The commands are loaded when they are called, and help says of each what it says itself."""

import subprocess
import sys

import pytest

from cli.commands import COMMANDS, loaded
from tests.commands import parameters

HEAVY = ("dagster", "sqlalchemy", "duckdb", "pyarrow", "pydantic_settings", "samkorning.register_files")
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


@pytest.mark.parametrize("arguments", [["--help"], ["deliverr"], ["deliver"], ["deliver", "--help"]])
def test_help_and_wrong_usage_load_nothing_that_they_do_not_need(arguments: list[str]) -> None:
    assert loads(*arguments) == []


def test_a_command_loads_no_other() -> None:
    modules = tuple(command.module for command in COMMANDS.values())
    assert loads("deliver", "--help", modules=modules) == ["cli.delivering"]


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
