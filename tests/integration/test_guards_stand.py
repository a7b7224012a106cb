"""The guards around readers as the kernel itself tells of them, and each of them alone.

Every way out is closed by several guards (test_guard_escapes.py), so that one that is missing does not show there.
"""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from samkorning.guards import Guard, kernel, landlock
from samkorning.guards.limits import ProcessLimits
from samkorning.guards.numbers import PROCESSORS
from samkorning.guards.privileges import MOST_DESCRIPTORS
from samkorning.register_files import FileContract, stream_register_file
from samkorning.register_files.guarded import Limits, guards_here
from samkorning.register_files.guarded.exchange import Exchange
from samkorning.register_files.guarded.order import Order
from samkorning.register_files.guarded.wardens import WARDEN

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="guards are the Linux kernel's")
LIMITS = Limits(ProcessLimits(memory=1024**3, processor_time=77))


@pytest.fixture(scope="module")
def reader() -> Iterator[Path]:
    """The kernel's account (/proc) of a reader that has put up its guards and waits for the file's first bytes."""
    guards_here()  # the warden is there from now on
    before = _readers()
    talk = Exchange(WARDEN, b"", Order("", FileContract(), limits=LIMITS))
    talk.guards()
    [started] = _readers() - before
    yield started
    talk.close()


def _readers() -> set[Path]:
    """The processes that the warden has started; those of other tests may be ending."""
    assert WARDEN._process is not None
    return {process for process in Path("/proc").glob("[0-9]*") if _parent(process) == WARDEN._process.pid}


def _status(process: Path) -> dict[str, str]:
    with contextlib.suppress(OSError):
        lines = (process / "status").read_text().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return {}


def _parent(process: Path) -> int:
    return int(_status(process).get("PPid", "0"))


def test_the_kernel_says_that_a_reader_gains_and_has_no_rights(reader: Path) -> None:
    status = _status(reader)
    assert status["NoNewPrivs"] == "1"
    assert {int(status[kind], 16) for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd")} == {0}


def test_the_kernel_says_that_a_readers_calls_are_filtered(reader: Path) -> None:
    if "Seccomp" not in _status(Path("/proc/self")) or kernel.PROCESSOR not in PROCESSORS:
        pytest.skip("this kernel or processor has no filter")
    assert _status(reader)["Seccomp"] == "2"


@pytest.mark.parametrize(
    ("limit", "most"),
    [
        ("Max core file size", 0),
        ("Max data size", LIMITS.process.memory),
        ("Max cpu time", LIMITS.process.processor_time),
        ("Max open files", MOST_DESCRIPTORS),
        ("Max file size", 0),
    ],
)
def test_the_kernel_says_what_a_reader_may_use(reader: Path, limit: str, most: int) -> None:
    line = next(line for line in (reader / "limits").read_text().splitlines() if line.startswith(limit))
    assert line.removeprefix(limit).split()[0] == str(most)


def test_a_reader_has_open_what_it_was_given_and_nothing_else(reader: Path) -> None:
    """Standard input, two ways for what it says, and its socket; there is no file where bytes are asked for."""
    try:
        found = {int(each.name) for each in (reader / "fd").iterdir()}
    except PermissionError:
        pytest.skip("only root sees the descriptors of a process that hides its memory")
    assert found == {0, 1, 2, 3}


def test_readers_live_in_a_network_of_their_own(reader: Path) -> None:
    can = subprocess.run([sys.executable, "-c", "from samkorning.guards.privileges import _NEW_NETWORK, kernel\n"
                          "print(kernel.unshare(_NEW_NETWORK) or kernel.unshare(_NEW_NETWORK | 0x10000000))"],
                         capture_output=True, text=True, check=True)  # fmt: skip
    if can.stdout.strip() != "True":
        pytest.skip("this host gives no process a network of its own")
    assert guards_here()[Guard.OWN_NETWORK]
    with contextlib.suppress(PermissionError):  # only root looks into it
        assert (reader / "ns" / "net").readlink() != Path("/proc/self/ns/net").readlink()


def test_what_the_kernel_offers_stands() -> None:
    """A guard that the host has and that is not put up would be taken for one that the host lacks."""
    standing, version = guards_here(), landlock.version()
    offered = {Guard.NO_NEW_RIGHTS, Guard.HIDDEN_MEMORY, Guard.ENDS_WITH_SERVICE, Guard.MEMORY_LIMIT}
    offered |= {Guard.TIME_LIMIT, Guard.FILE_LIMITS}
    offered |= {Guard.NO_FILES} if version >= 1 else set()
    offered |= {Guard.NO_CONNECTIONS} if version >= 4 else set()
    offered |= {Guard.NO_SIGNALS} if version >= 6 else set()
    offered |= {Guard.NO_CAPABILITIES, Guard.FEW_SYSTEM_CALLS} if kernel.PROCESSOR in PROCESSORS else set()
    assert {guard for guard in offered if not standing[guard]} == set()


def test_a_register_file_is_opened_by_such_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sent.csv"
    path.write_text("a;b\n1;2\n")
    asked: list[int | None] = []
    ask = WARDEN.reader
    monkeypatch.setattr(WARDEN, "reader", lambda file: (asked.append(file), ask(file))[1])
    assert sum(batch.height for batch in stream_register_file(path, path.name, FileContract())) == 1
    assert len(asked) == 1


ALONE = {
    "landlock and reading": ("landlock.close_all()", "open(path).read()"),
    "landlock and writing": ("landlock.close_all()", "open(path, 'w')"),
    "landlock and listing": ("landlock.close_all()", "os.listdir(os.path.dirname(path))"),
    "landlock and removing": ("landlock.close_all()", "os.remove(path)"),
    "landlock and making": ("landlock.close_all()", "os.mkdir(path + '.new')"),
    "the filter and reading": ("system_calls.allow_reading_alone()", "open(path).read()"),
    "the filter and programs": ("system_calls.allow_reading_alone()", "os.execv('/bin/true', ['/bin/true'])"),
    "the filter and processes": ("system_calls.allow_reading_alone()", "os.fork() or os._exit(0)"),
    "the filter and sockets": ("system_calls.allow_reading_alone()", "socket.socket()"),
    "the filter and limits": ("system_calls.allow_reading_alone()", "resource.setrlimit(0, (9, 9))"),
    "the filter and code": ("system_calls.allow_reading_alone()", "done(not libc.mprotect(address, 4096, 7))"),
    "hidden memory": ("privileges.hide_memory()", "done(libc.prctl(3, 0, 0, 0, 0))"),
    "limits and descriptors": ("privileges.limit_files()", "[os.dup(0) for _ in range(99)]"),
}


BEFORE = """
import ctypes, mmap, os, resource, socket, sys
from samkorning.guards import landlock, privileges, system_calls
path, libc = sys.argv[1], ctypes.CDLL(None)
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
address = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page)))
def done(by_the_kernel):
    if not by_the_kernel:
        raise OSError
"""


@pytest.mark.parametrize("guard", ALONE)
def test_a_guard_holds_alone(tmp_path: Path, guard: str) -> None:
    put_up, attempt = ALONE[guard]
    path = tmp_path / "file"
    path.write_text("x")
    denied = "except OSError:\n    os._exit(3 if stands else 4)\n"
    program = f"{BEFORE}stands = {put_up}\ntry:\n    {attempt}\n    os._exit(2)\n{denied}"
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True)
    if done.returncode == 2 and "landlock" in guard and not landlock.version():
        pytest.skip("this kernel has no Landlock")
    assert done.returncode == 3, done.stderr
    assert path.read_text() == "x"


def test_a_call_by_another_processors_numbers_ends_the_process() -> None:
    """The old way into a kernel of this processor has other numbers, under which the filter would allow other calls."""
    if kernel.PROCESSOR != "x86_64":
        pytest.skip("such a way is known on x86_64 alone")
    program = (
        "import ctypes, mmap, os\nfrom samkorning.guards import privileges, system_calls\n"
        "code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        "code.write(bytes.fromhex('b814000000cd80c3'))\n"  # the number of getpid, the old way in, return
        "ask = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(code)))\n"
        "ask()\nprivileges.gain_nothing()\nsystem_calls.allow_reading_alone()\nask()\n"
    )
    before = subprocess.run([sys.executable, "-c", program.split("privileges.gain")[0]], capture_output=True)
    if before.returncode:
        pytest.skip("this kernel has closed the old way in")
    after = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert after.returncode == -signal.SIGSYS
