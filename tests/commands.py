"""The program's commands and parameters as they are, and one run of the program in this process.

What belongs here: walking the command tree, and calling it. What must not: expectations.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import typer.main

from cli.commands import COMMANDS, loaded
from cli.main import app
from cli.main import run as run_program
from cli.session import session


@dataclass(frozen=True)
class Parameter:
    """One argument or option of one command that takes a value."""

    command: tuple[str, ...]
    name: str
    option: str | None
    required: bool
    takes_path: bool

    def __str__(self) -> str:
        return f"{' '.join(self.command)} {self.option or self.name}".strip()

    def given(self, value: str) -> list[str]:
        """As it stands on a command line."""
        return [value] if self.option is None else [self.option, value]


def parameters() -> list[Parameter]:
    """Every parameter of every command that takes a value, in the order of the command tree."""
    return list(_of(typer.main.get_command(app), (), {name: loaded(name) for name in COMMANDS}))


def _of(command: Any, path: tuple[str, ...], commands: dict[str, Any]) -> Iterator[Parameter]:
    for each in command.params:
        if not getattr(each, "is_flag", False) and each.name != "help":
            option = each.opts[-1] if each.param_type_name == "option" else None
            yield Parameter(path, each.name, option, each.required, each.type_descriptor.is_path)
    for name, inner in commands.items():
        yield from _of(inner, (*path, name), getattr(inner, "commands", {}))


@dataclass(frozen=True)
class Said:
    """What a run of the program answered."""

    exit_code: int
    printed: str


def run_here(home: Path, arguments: Sequence[str], typed: str = "") -> Said:
    """Runs the program in this process, at a home, with something on standard input."""
    done = program(home, *arguments, given=typed)
    return Said(done.returncode, done.stdout + done.stderr)


def program(home: Path, *arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    """The same, answered as a process of its own would be, which takes a second to start."""
    session.__dict__.pop("desk", None)
    out, err = io.StringIO(), io.StringIO()
    command = ["samkorning", "--home", str(home), *map(str, arguments)]
    with (
        patch.object(sys, "argv", command),
        patch.dict(os.environ),  # the program sets its home and day there
        patch.object(sys, "stdin", io.StringIO(given)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            run_program()
        except SystemExit as ended:
            code = ended.code
    session.__dict__.pop("desk", None)
    return subprocess.CompletedProcess(command, int(code or 0), out.getvalue(), err.getvalue())


def answer(done: subprocess.CompletedProcess[str]) -> Any:
    """What a program reads of a command that went well."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
