"""A file that has taken its reader over gets nowhere: each way out is tried in the real process behind its real guards.

The attempts stand in hostile_reader.py, which is put in the place of the reader of files. Every one ends as a refused
file, says nothing of what it held, and leaves the service as it was.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hostile_reader
import pytest

from samkorning.errors import FileRefused
from samkorning.guards import Guard
from samkorning.guards.limits import ProcessLimits
from samkorning.register_files import FileContract
from samkorning.register_files.guarded import Limits, guards_here, open_guarded
from samkorning.register_files.guarded.wardens import ReadersWarden
from tests.patience import PATIENCE

PROGRAM = f"""
from samkorning.guards.privileges import live_apart
apart = live_apart()
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import hostile_reader
from samkorning.register_files.guarded.warden_program import serve
serve(apart, hostile_reader.attack)
"""
SECRET = "hemlig-lösenfras-i-omgivningen"
LIMITS = Limits(ProcessLimits(2 * 1024**3, processor_time=15), silence=300.0, waiting=300.0, rows=64 * 1024**2)
"""With more time than the busiest machine needs: what is not about time is never ended by it."""
SHORT = replace(LIMITS, process=replace(LIMITS.process, processor_time=1), silence=4.0, waiting=6.0)
HERE = guards_here()
FILES, CALLS, CONNECTIONS = (Guard.NO_FILES,), (Guard.FEW_SYSTEM_CALLS,), (Guard.OWN_NETWORK, Guard.FEW_SYSTEM_CALLS)
NEEDS: dict[str, tuple[Guard, ...]] = {
    "read a file": FILES,
    "read a file in another thread": FILES,
    "list a folder": (*FILES, *CALLS),
    "read the service's memory": (Guard.HIDDEN_MEMORY, *FILES),
    "read the warden's memory": (Guard.HIDDEN_MEMORY, *FILES),
    "write into the file itself": (),
    "find the service's secrets": (),
    "use a descriptor of the service": (),
    "take more memory than granted": (Guard.NO_CAPABILITIES, *CALLS),
}
"""The guards of which one is enough to prevent an attempt; the others are system calls that do not exist."""


@pytest.fixture(scope="module")
def warden() -> Iterator[ReadersWarden]:
    """A warden whose readers are hostile, started by a service with a secret in its environment."""
    os.environ["SAMKORNING_TEST_SECRET"] = SECRET
    warden = ReadersWarden(PROGRAM)
    yield warden
    warden.stop()
    del os.environ["SAMKORNING_TEST_SECRET"]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    path = tmp_path / "sent.csv"
    path.write_text(f"a;b\n1;{hostile_reader.CANARY}\n")
    return path


@pytest.fixture
def aims(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What attempts are aimed at, all of it there."""
    secret = tmp_path / "keystore.json"
    secret.write_text(SECRET)
    abstract = f"aim-{os.getpid()}"
    shutil.copy(next(Path(sysconfig.get_config_var("DESTSHARED")).glob("*.so")), tmp_path / "library.so")
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        _listening(str(tmp_path / "s")) as _,
        _listening(f"\0{abstract}") as _,
    ):
        port = str(tcp.getsockname()[1])
        unmade, service = str(tmp_path / "new"), str(os.getpid())
        yield {
            "list a folder": str(tmp_path),
            "write a file": unmade,
            "write where memory is shared": unmade,
            "make a folder": unmade,
            "make a link": unmade,
            "connect by TCP": port,
            "send by UDP": port,
            "connect to a socket file": str(tmp_path / "s"),
            "connect to an abstract socket": abstract,
            "read the service's memory": service,
            "kill the service": service,
            "find the service's secrets": SECRET,
            "load a library": str(tmp_path / "library.so"),
            "": str(secret),
        }


def _listening(address: str) -> socket.socket:
    end = socket.socket(socket.AF_UNIX)
    end.bind(address)
    end.listen()
    return end


def refused(warden: ReadersWarden, content: Any, attempt: str, aim: str = "", limits: Limits = LIMITS) -> FileRefused:
    """What came of an attempt, which is always a refusal that holds nothing of the file."""
    contract = FileContract(sheet=aim)
    with pytest.raises(FileRefused) as caught:
        opened = open_guarded(content, attempt, contract, limits=limits, warden=warden)
        for _ in opened.batches:
            pass
    message = str(caught.value)
    assert hostile_reader.CANARY not in message and SECRET not in message and "222001012387" not in message
    return caught.value


@pytest.mark.parametrize("attempt", hostile_reader.ESCAPES)
def test_there_is_no_way_out(attempt: str, warden: ReadersWarden, sent: Path, aims: dict[str, str]) -> None:
    needed = NEEDS.get(attempt, CALLS)
    if needed and not any(HERE[guard] for guard in needed):
        pytest.skip(f"this host lacks {', '.join(needed)}")
    before = {path: path.stat().st_mode for path in sent.parent.iterdir()}
    assert refused(warden, sent, attempt, aims.get(attempt, aims[""])).problem == "the file is empty"
    assert {path: path.stat().st_mode for path in sent.parent.iterdir()} == before
    assert (sent.parent / "keystore.json").read_text() == SECRET


UNTRIED = {
    "write into the file itself": "there is no such descriptor outside a reader",
    "open the file itself for writing": "there is no such descriptor outside a reader",
    "use a descriptor of the service": "there is none outside a service",
    "read the service's memory": "the tests' own process hides its memory",
    "kill everybody": "it would",
    "become root in a space of its own": "a process with threads cannot",
    "use the kernel's rings": "many kernels have none",
    "read the warden's memory": "depends on the account",
    "read the warden's memory by a call": "the addresses are another process's",
    "trace the warden": "depends on the account",
}


@pytest.mark.slow
@pytest.mark.parametrize("attempt", sorted(hostile_reader.ESCAPES.keys() - UNTRIED))
def test_the_same_attempt_gets_out_where_there_is_no_guard(attempt: str, aims: dict[str, str], tmp_path: Path) -> None:
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    command = [sys.executable, hostile_reader.__file__, attempt, aims.get(attempt, aims[""])]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "SECRET": SECRET}, timeout=PATIENCE
    )
    signal.signal(signal.SIGUSR1, before)
    Path("/dev/shm/new").unlink(missing_ok=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != "in"


@pytest.mark.parametrize("lie", hostile_reader.LIES)
def test_a_reader_that_lies_is_not_believed(lie: str, warden: ReadersWarden, sent: Path) -> None:
    refusal = refused(warden, sent, lie, limits=SHORT if lie == "an endless trickle of nothing" else LIMITS)
    if lie == "an endless trickle of nothing":
        assert "limits (time)" in refusal.problem
    elif lie == "rows beyond measure":
        assert "limits (amount of rows)" in refusal.problem
    else:
        assert refusal.problem == "reading the file broke off"


@pytest.mark.parametrize("content", [b"a;b\n1;2\n"])
@pytest.mark.parametrize("lie", ["very many readings", "a reading with a long name", "a reading that is not open"])
def test_nor_where_it_asks_for_bytes(lie: str, content: bytes, warden: ReadersWarden) -> None:
    assert refused(warden, content, lie).problem == "reading the file broke off"


CAUSES = {
    "ten gigabytes": "memory",
    "gigabytes one by one": "memory",
    "an endless loop": "time",
    "an endless sleep": "time",
}


@pytest.mark.parametrize("death", hostile_reader.DEATHS)
def test_a_reader_that_dies_is_a_refused_file(
    death: str, warden: ReadersWarden, sent: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    refusal = refused(warden, sent, death, limits=LIMITS if CAUSES.get(death) == "memory" else SHORT)
    if death in CAUSES:
        assert refusal.problem == f"the file could not be read within its limits ({CAUSES[death]})"
        assert refusal.remedy == "send it as delimited text, or in several files"
    else:
        assert "broke off" in refusal.problem or "within its limits" in refusal.problem
    assert capfd.readouterr() == ("", "")
    assert sum(batch.frame.height for batch in open_guarded(sent, "sent.csv", FileContract()).batches) == 1


def test_no_reader_is_left_when_all_is_done(warden: ReadersWarden, sent: Path) -> None:
    refused(warden, sent, "an endless sleep", limits=Limits(silence=0.5))
    process = warden._process
    assert process is not None
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this kernel does not tell the children of a process")
    refused(warden, sent, "an exit")
    for _ in range(100):
        if not children.read_text().split():
            return
        subprocess.run(["sleep", "0.05"], check=True)
    assert children.read_text().split() == []
