"""What a person gets on pressing the tabulator: the shells themselves, with the script that the program gives them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from cli.completing import case_numbers
from cli.main import app
from tests.office import Office

CASES = ("36759-2021", "36760-2021", "40001-2022")
BASH = """
source "$SCRIPT"
COMP_WORDS=({words}); COMP_CWORD={last}
_samkorning_completion samkorning
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
ZSH = """
compdef() {{ : }}
_arguments() {{ print -rl -- "$@" }}
_describe() {{ print -rl -- "$@" }}
source "$SCRIPT"
words=({words}); CURRENT={count}
_samkorning_completion
"""
FISH = """
source "$SCRIPT"
complete -C "{typed}"
"""
"""Fish completes a line by itself; the two others call the function that the key calls, with what they hold then."""
SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = Office(tmp_path_factory.mktemp("completion"), persons=20)
    for number in CASES:
        office.open_case(number=number)
    office.desk.cases.close()
    return office.desk.home.root


def completed(shell: str, typed: str, home: Path, folder: Path) -> str:
    """What a shell says of a line."""
    program = folder / "samkorning"
    command = "import sys; sys.argv[0] = 'samkorning'; from cli.main import main; main()"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{command}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    known = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(Path.cwd()), "HOME": str(folder)}
    known |= {"SAMKORNING_HOME": str(home), "SCRIPT": str(folder / "script")}
    asked = {**known, "_SAMKORNING_COMPLETE": f"source_{shell}"}
    script = subprocess.run([program], env=asked, capture_output=True, text=True, check=False).stdout
    (folder / "script").write_text(script, encoding="utf-8")
    words = typed.split(" ")
    lines = SHELLS[shell].format(words=" ".join(words), last=len(words) - 1, count=len(words), typed=typed)
    done = subprocess.run([shell, "-c", lines], env=known, capture_output=True, text=True, check=False)
    assert "rror" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_commands_and_case_numbers(shell: str, home: Path, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed (make services)")
    assert "pause" in completed(shell, "samkorning case pau", home, tmp_path)
    said = completed(shell, "samkorning case show 367", home, tmp_path)
    assert [number in said for number in CASES] == [True, True, False]


def test_where_nothing_opens_nothing_is_completed(tmp_path: Path) -> None:
    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="samkorning")
    context.params = {"home": str(tmp_path / "nowhere")}
    assert case_numbers(context, "") == []
    assert not (tmp_path / "nowhere").exists(), "looking makes no home"
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / "case_register.sqlite").write_bytes(b"no database")
    assert case_numbers(context, "") == []
