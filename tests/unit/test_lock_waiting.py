"""Waiting for a lock of another process: who is waited for is said, and a holder that never goes on is given up."""

import fcntl
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from cli.progress import Shown
from samkorning.audit.locked_file import LockedFile
from samkorning.durable import file_lock
from samkorning.errors import CaseBusy, MachineFailure
from samkorning.machine.faults import Fault
from samkorning.machine.lock_holders import Holder, command_in, holders
from samkorning.machine.lock_waiting import Waiting, given_up
from samkorning.vault.case_lock import case_lock
from tests.commands import program
from tests.office import Office

HOLD = "import fcntl,sys; f=open(sys.argv[1],'a'); fcntl.flock(f,2); print('held',flush=True); sys.stdin.read()"


@dataclass
class Clock:
    """A clock that goes on only while somebody rests; ``after`` is what happens at a rest."""

    after: Callable[[], None] = lambda: None
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)

    def rest(self, seconds: float) -> None:
        self.seconds += seconds
        self.after()

    def waiting(self, at_most: float = 60.0) -> Waiting:
        return Waiting(self.said.append, told_after=5.0, at_most=at_most, now=lambda: self.seconds, rest=self.rest)


@contextmanager
def held(path: Path, name: str = sys.executable) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds a file until the block ends."""
    arguments = [name, "-c", HOLD, str(path)]
    with subprocess.Popen(
        arguments, executable=sys.executable, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_who_waits_hears_once_for_whom_and_goes_on_when_they_are_done(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    with held(path) as process:
        clock = Clock()

        def ends_once_told() -> None:
            if clock.said and process.poll() is None and clock.seconds > 20:
                process.kill()
                process.wait()

        clock.after = ends_once_told
        with file_lock(path, clock.waiting()):
            assert clock.seconds > 20
    [said] = clock.said
    assert f"process {process.pid} (python" in said
    assert "started 20" in said
    assert "audit.log" in said


def test_what_nobody_holds_is_not_waited_for(tmp_path: Path) -> None:
    clock = Clock()
    with file_lock(tmp_path / "lock", clock.waiting()), LockedFile(tmp_path / "log", clock.waiting()):
        assert (clock.seconds, clock.said) == (0.0, [])


@pytest.mark.parametrize("hold", [file_lock, LockedFile])
def test_a_stopped_holder_is_given_up_with_what_to_do(hold: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held(path) as process:
        os.kill(process.pid, signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
        clock = Clock()
        file = hold(path, clock.waiting())
        with pytest.raises(MachineFailure, match=r"has held lock in .* for more than 60 seconds") as failed, file:
            pass
        assert (failed.value.fault, failed.value.place) == (Fault.LOCKED.value, str(tmp_path))
        assert f"kill -CONT {process.pid}" in str(failed.value)
        assert "stopped)" in str(failed.value)
        assert clock.seconds >= 60
    with hold(path, clock.waiting()) if hold is file_lock else file:  # it can be tried again
        pass


def test_a_holder_that_runs_is_let_finish() -> None:
    failure = given_up(Path("/srv/home/audit.log"), [Holder(4711, "samkorning", "samkorning deliver")], 600)
    assert str(failure).startswith(
        "process 4711 (samkorning deliver) has held audit.log in /srv/home for more than 600 se"
    )
    assert "let it finish" in str(failure)
    assert "another process has held" in str(given_up(Path("/srv/home/audit.log"), [], 600))


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (
            "/opt/samkorning/.venv/bin/python /opt/samkorning/.venv/bin/samkorning deliver 36759-2021",
            "samkorning deliver",
        ),
        ("python -m cli --home /srv/anna key rotate --level class", "samkorning key rotate"),
        ("samkorning --json --home=/srv/x --today 2026-01-01 receive 36759-2021 lisa anna.csv", "samkorning receive"),
        ("samkorning serve code", "samkorning serve code"),
        ("samkorning case open anna --as Mia", "samkorning case open"),
        ("samkorning", "samkorning"),
        ("samkorning letter 212001010007", "samkorning letter"),
        ("/usr/bin/python -c print(1)", ""),
        ("vi /srv/samkorning/notes", ""),
        ("", ""),
    ],
)
def test_a_command_is_said_and_nothing_that_was_typed_behind_it(line: str, command: str) -> None:
    assert command_in(line.split()) == command


def test_a_holder_of_ours_is_known_by_its_command(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with held(path, "samkorning") as process:
        [holder] = holders([path])
    assert (holder.process, holder.command, holder.is_stopped) == (process.pid, "samkorning", False)
    assert holder.since is not None


def test_it_is_said_above_the_lines_of_work() -> None:
    screen = io.StringIO()
    Shown(Console(file=screen, force_terminal=True, width=120, highlight=False, no_color=True)).waits(
        "waits for process 4711 [bold]"
    )
    assert "waits for process 4711 [bold]" in screen.getvalue()


def test_a_command_ends_after_the_time_of_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    monkeypatch.setenv("SAMKORNING_WAIT_SECONDS", "1")
    office.desk.audit.append("act", "Olle", None, office.desk.clock.now())
    with held(office.desk.home.audit) as process:
        done = program(office.desk.home.root, "audit", "accept-clock", "--as", "Olle")
    assert done.returncode == 3, done.stderr
    assert f"process {process.pid} " in done.stderr
    assert "for more than 1 seconds" in done.stderr


@pytest.mark.parametrize(
    ("place", "said"), [("36759-2021", r"holds the case; try again"), ("own-registers", r"holds it; try again")]
)
def test_who_waits_is_told_of_a_case_only_where_it_is_one(tmp_path: Path, place: str, said: str) -> None:
    path = tmp_path / "lock"
    with path.open("wb") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        with pytest.raises(CaseBusy, match=said), case_lock(path, place):
            pass
