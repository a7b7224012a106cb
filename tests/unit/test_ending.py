"""The end of a process: what must be done is done in Python's order, and the exit code is the program's."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from samkorning.case import EventKind
from tests.office import Office

BEFORE = "import atexit, os, sys, tempfile, threading, time\nimport cli.main as main\n"
ACTING = "def act(args, standalone_mode):\n{act}\nmain.app = act\nmain.main()\nprint('went on')"


def ended(act: str) -> subprocess.CompletedProcess[str]:
    """A process whose command does this."""
    program = BEFORE + ACTING.format(act="\n".join(f"    {line}" for line in act.splitlines()))
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)


def test_threads_are_waited_for_and_what_registered_itself_is_called_last_first(tmp_path: Path) -> None:
    act = f"""\
atexit.register(print, "first registered")
folder = tempfile.TemporaryDirectory(dir={str(tmp_path)!r})
atexit.register(print, "last registered")
threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
print("command")
return folder and None"""
    done = ended(act)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["command", "thread", "last registered", "first registered"],
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("act", "code"), [("return 0", 0), ("return 3", 3), ("return None", 0), ("sys.exit(4)", 4)])
def test_the_exit_code_is_the_commands(act: str, code: int) -> None:
    assert ended(act).returncode == code


def test_all_that_was_written_arrives_in_a_pipe() -> None:
    """More than a pipe and a buffer hold."""
    assert ended("print('x' * 1_000_000, end='')").stdout == "x" * 1_000_000


def test_nothing_is_taken_down() -> None:
    """Objects that live until the end are not looked at again."""
    act = "class Late:\n    def __del__(self): os.write(1, b'taken down')\nmain.late = Late()"
    assert ended(act).stdout == ""


def test_a_function_that_fails_at_the_end_stops_none_of_the_others() -> None:
    done = ended("atexit.register(print, 'called')\natexit.register(lambda: 1 / 0)\nreturn 1")
    assert (done.returncode, done.stdout, done.stderr) == (1, "called\n", "")


def test_an_interrupt_ends_a_command_with_1() -> None:
    done = ended("import typer\nraise typer.Abort")
    assert (done.returncode, done.stderr) == (1, "broken off\n")


def test_a_signal_that_kills_does_so() -> None:
    assert ended("os.kill(os.getpid(), 15)").returncode == -signal.SIGTERM


def test_what_a_command_has_open_is_closed_in_order(office: Office) -> None:
    """The last connection that closes a SQLite database empties the log beside it."""
    case, home = office.open_case(), office.desk.home.root
    office.desk.cases.close()
    command = [sys.executable, "-m", "cli", "--home", str(home), "case", "approve", case, "--as", "Olle"]
    subprocess.run(command, check=True, capture_output=True)
    assert [path.name for path in home.rglob("*-wal")] == []
    assert office.desk.case(case).of(EventKind.SPECIFICATION_APPROVED)
