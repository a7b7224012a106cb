"""What a file could do that has taken its reader over. Run by test_guard_escapes in place of the reader of files.

What belongs here: one function for each attempt. An attempt to get out returns what it got, or fails with an OSError
where it was prevented; a lie says what no reader says; a death ends the process. The attempt is named by the order's
name, and what it is aimed at stands in the contract's ``sheet``.
"""

import ctypes
import json
import mmap
import os
import pickle
import resource
import signal
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from samkorning.register_files.guarded.messages import Channel, Kind
from samkorning.register_files.guarded.reader import Desk

CANARY = "kanarieord"
_LIBC = ctypes.CDLL(None, use_errno=True)
OPENED = {
    "format": "delimited", "columns": ["a", "b"], "encoding": "utf-8", "separator": ";", "sheet": None,
    "hidden_sheets": [], "packaging": [],
}  # fmt: skip
ENDED = {"records": 2, "header_records": 1, "rows": 1, "remarks": {}, "faults": []}
VIEW = struct.pack("<i12s", 1, b"x")


def attack(desk: Desk) -> None:
    """Makes one attempt. Who got out says so by a table; who was prevented, by the refusal of an empty file."""
    name, aim = desk.order.name, desk.order.contract.sheet or ""
    if name in LIES:
        LIES[name](desk.channel)
    elif name in DEATHS:
        DEATHS[name]()
    else:
        _send(desk.channel, Kind.OPENED if _gets_out(name, aim) else Kind.REFUSED)


def _gets_out(name: str, aim: str) -> bool:
    try:
        return bool(ESCAPES[name](aim))
    except OSError:
        return False


def _send(channel: Channel, kind: Kind, **terms: object) -> None:
    heads = {Kind.OPENED: OPENED, Kind.REFUSED: {"problem": "the file is empty", "remedy": "send the whole file"}}
    channel.send(kind, json.dumps({**heads.get(kind, {}), **terms}).encode())


def _call(result: int) -> bool:
    """A call of the C library that fails as Python's own calls do."""
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return True


def _connect(family: int, kind: int, address: object) -> bool:
    with socket.socket(family, kind) as end:
        end.connect(address)  # type: ignore[arg-type]
        return end.send(CANARY.encode()) > 0


def _descriptors(_: str) -> list[int]:
    """Open descriptors beside the standard three, the socket and the file."""
    found = []
    for descriptor in range(4096):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        if descriptor > 4 or (descriptor == 4 and not stat.S_ISREG(mode)):
            found.append(descriptor)
    return found


def _in_a_thread(aim: str) -> bool:
    got: list[str] = []

    def read() -> None:
        with suppress(OSError):
            got.append(Path(aim).read_text())

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    return bool(got)


def _more_memory(_: str) -> bool:
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as refused:
        raise OSError("refused") from refused
    return True


def _new_code(_: str) -> bool:
    return mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7).write(b"\xc3") > 0


def _shared_memory(_: str) -> bool:
    return mmap.mmap(-1, 4096).write(b"x") > 0


def _remote_memory(_: str) -> bool:
    """process_vm_readv of the process that started this one."""
    into = (ctypes.c_char * 8)()
    local = (ctypes.c_void_p * 2)(ctypes.addressof(into), 8)
    return _call(_LIBC.process_vm_readv(os.getppid(), local, 1, local, 1, 0))


def _started(_: str) -> bool:
    return subprocess.run(["/bin/true"], check=True).returncode == 0


def _forked(_: str) -> bool:
    process = os.fork()
    if not process:
        os._exit(0)
    os.waitpid(process, 0)
    return True


def _executed(_: str) -> bool:
    process = os.posix_spawn("/bin/true", ["/bin/true"], {})
    os.waitpid(process, 0)
    return True


ESCAPES: dict[str, Callable[[str], object]] = {
    "read a file": lambda aim: Path(aim).read_bytes(),
    "read a file in another thread": _in_a_thread,
    "list a folder": os.listdir,
    "write a file": lambda aim: Path(aim).write_text(CANARY),
    "append to a file": lambda aim: os.open(aim, os.O_WRONLY | os.O_APPEND),
    "remove a file": lambda aim: Path(aim).unlink() or True,
    "rename a file": lambda aim: Path(aim).rename(f"{aim}.moved"),
    "make a folder": lambda aim: Path(aim).mkdir() or True,
    "make a link": lambda aim: Path(aim).symlink_to("/etc") or True,
    "open a file to others": lambda aim: Path(aim).chmod(0o777) or True,
    "write where memory is shared": lambda aim: Path("/dev/shm", Path(aim).name).write_text(CANARY),
    "write into the file itself": lambda _: os.write(4, b"x"),
    "open the file itself for writing": lambda _: os.open("/proc/self/fd/4", os.O_RDWR),
    "connect by TCP": lambda aim: _connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", int(aim))),
    "send by UDP": lambda aim: _connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", int(aim))),
    "connect to a socket file": lambda aim: _connect(socket.AF_UNIX, socket.SOCK_STREAM, aim),
    "connect to an abstract socket": lambda aim: _connect(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{aim}"),
    "wait for callers": lambda _: socket.create_server(("127.0.0.1", 0)),
    "start a program": _started,
    "spawn a program": _executed,
    "become a program": lambda _: os.execv("/bin/true", ["/bin/true"]),  # noqa: S606
    "fork": _forked,
    "read the service's memory": lambda aim: os.open(f"/proc/{aim}/mem", os.O_RDONLY),
    "read the warden's memory": lambda _: os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY),
    "read the warden's memory by a call": _remote_memory,
    "trace the warden": lambda _: _call(_LIBC.ptrace(16, os.getppid(), None, None)),
    "kill the service": lambda aim: os.kill(int(aim), signal.SIGUSR1) or True,
    "kill the warden": lambda _: os.kill(os.getppid(), signal.SIGUSR1) or True,
    "kill everybody": lambda _: os.kill(-1, 0) or True,
    "find the service's secrets": lambda aim: [each for each in os.environ.values() if aim in each],
    "use a descriptor of the service": _descriptors,
    "take more memory than granted": _more_memory,
    "make its memory readable": lambda _: _call(_LIBC.prctl(4, 1, 0, 0, 0)),
    "become root in a space of its own": lambda _: _call(_LIBC.unshare(0x10000000)),
    "run code that it wrote": _new_code,
    "share memory": _shared_memory,
    "load a library": lambda aim: ctypes.CDLL(aim),
    "use the kernel's rings": lambda _: _call(_LIBC.syscall(425, 8, (ctypes.c_char * 256)())),
}


def _opened(channel: Channel, **terms: object) -> None:
    _send(channel, Kind.OPENED, **terms)


def _batch(
    channel: Channel, layout: object, *parts: bytes, rows: object = 1, refused: object = 0, views: object = True
) -> None:
    _opened(channel)
    head = {"first_row": 1, "rows": rows, "refused": refused, "views": views, "layout": layout}
    channel.send(Kind.BATCH, json.dumps(head).encode(), parts)


def _column(view: bytes, text: bytes = b"", filled: bytes = b"") -> tuple[list[int], bytes]:
    """One chunk of one row, and its bytes."""
    parts = [filled, view, *([text] if text else [])]
    return [1, *map(len, parts)], b"".join(part + bytes(-len(part) % 64) for part in parts)


def _one_odd(channel: Channel, view: bytes, text: bytes = b"", filled: bytes = b"") -> None:
    layout, part = _column(view, text, filled)
    good, good_part = _column(VIEW)
    _batch(channel, [[layout], [good]], part, good_part)


def _one_odd_text(channel: Channel, text: bytes, *offsets: int, filled: bytes = b"", rows: int = 1) -> None:
    """A column whose text has these offsets, beside a good one."""
    parts = [filled, struct.pack(f"<{len(offsets)}i", *offsets), text]
    good = [b"", struct.pack(f"<{rows + 1}i", *range(rows + 1)), b"x" * rows]
    layout = [[[rows, *map(len, each)]] for each in (parts, good)]
    padded = [part + bytes(-len(part) % 64) for part in (*parts, *good)]
    _batch(channel, layout, *padded, rows=rows, views=False)


def _twice(channel: Channel) -> None:
    _opened(channel)
    _opened(channel)


def _whole(channel: Channel, body: bytes = b"", **terms: object) -> None:
    layout, part = _column(VIEW)
    _batch(channel, [[layout], [layout]], part, part)
    channel.send(Kind.ENDED, json.dumps({**ENDED, **terms}).encode(), [body])


def _raw(channel: Channel, data: bytes) -> None:
    channel._end.sendall(data)


def _ref(size: int, start: bytes, buffer: int, place: int) -> bytes:
    return struct.pack("<i4sii", size, start, buffer, place)


def _ask(channel: Channel, kind: Kind, reading: bytes, times: int = 1) -> None:
    for place in range(times):
        channel.send(kind, reading % place if b"%d" in reading else reading)
    time.sleep(3600)


def _flood(channel: Channel) -> None:
    layout, part = _column(VIEW)
    _batch(channel, [[layout], [layout]], part, part)
    head = {"first_row": 1, "rows": 0, "refused": 0, "views": True, "layout": [[], []]}
    while True:
        channel.send(Kind.BATCH, json.dumps(head).encode())
        time.sleep(0.05)


def _many_rows(channel: Channel) -> None:
    rows = 100_000
    layout, part = [rows, 0, 16 * rows], VIEW * rows
    head = {"first_row": 1, "rows": rows, "refused": 0, "views": True, "layout": [[layout], [layout]]}
    _opened(channel)
    while True:
        channel.send(Kind.BATCH, json.dumps(head).encode(), [part, part])


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return print, (CANARY,)


LONG = b"a" * 20
LIES: dict[str, Callable[[Channel], None]] = {
    "noise": lambda channel: _raw(channel, b"\x00\xff" * 5000),
    "text": lambda channel: _raw(channel, CANARY.encode() * 100),
    "a pickle": lambda channel: _raw(channel, pickle.dumps(_Evil())),
    "a head without end": lambda channel: _raw(channel, struct.pack("<BIQ", 7, 2**32 - 1, 0)),
    "a body without end": lambda channel: _raw(channel, struct.pack("<BIQ", 8, 2, 2**63)),
    "half a word": lambda channel: _raw(channel, struct.pack("<BIQ", 7, 100, 0) + b"{"),
    "no JSON": lambda channel: channel.send(Kind.OPENED, b"{'format':"),
    "JSON that is no text": lambda channel: channel.send(Kind.OPENED, b'{"format": "\xff\xfe"}'),
    "deep JSON": lambda channel: channel.send(Kind.OPENED, b"[" * 5_000_000),
    "a number without end": lambda channel: channel.send(Kind.OPENED, b"9" * 5_000_000),
    "no fields": lambda channel: channel.send(Kind.OPENED, b"{}"),
    "more fields": lambda channel: _opened(channel, secret=CANARY),
    "an unknown format": lambda channel: _opened(channel, format=f"x {CANARY}"),
    "an unknown separator": lambda channel: _opened(channel, separator=CANARY),
    "numbers for names": lambda channel: _opened(channel, columns=[1, 2]),
    "a name like a value": lambda channel: _opened(channel, columns=["a", "222001012387"]),
    "a name twice": lambda channel: _opened(channel, columns=["a", "A"]),
    "very many names": lambda channel: _opened(channel, columns=[str(place) for place in range(20_000)]),
    "a packing like a value": lambda channel: _opened(channel, packaging=[f"{CANARY} 222001012387"]),
    "guards again": lambda channel: channel.send(Kind.GUARDS, b'{"guards": {}}'),
    "an order": lambda channel: channel.send(Kind.ORDER, b"{}"),
    "rows before the file": lambda channel: channel.send(Kind.BATCH, b"{}"),
    "an end before the file": lambda channel: channel.send(Kind.ENDED, json.dumps(ENDED).encode()),
    "a file twice": _twice,
    "too few columns": lambda channel: _batch(channel, [[[1, 0, 16]]], VIEW + bytes(48)),
    "too many columns": lambda channel: _batch(channel, [[[1, 0, 16]]] * 3, (VIEW + bytes(48)) * 3),
    "columns of other lengths": lambda channel: _batch(channel, [[[1, 0, 16]], []], VIEW + bytes(48)),
    "more rows than told": lambda channel: _batch(channel, [[[1, 0, 16]]] * 2, (VIEW + bytes(48)) * 2, rows=2),
    "rows without end": lambda channel: _batch(channel, [[[2**39, 0, 16]]] * 2, (VIEW + bytes(48)) * 2, rows=2**39),
    "rows below nothing": lambda channel: _batch(channel, [[[-1, 0, 0]]] * 2, rows=-1),
    "buffers that are not there": lambda channel: _batch(channel, [[[1, 0, 16, 4096]]] * 2, VIEW + bytes(48)),
    "bytes left over": lambda channel: _batch(channel, [[[1, 0, 16]]] * 2, (VIEW + bytes(48)) * 3),
    "no Arrow at all": lambda channel: _batch(channel, [[[1, 0, 16]]] * 2, b"\xff" * 128),
    "a text below nothing": lambda channel: _one_odd(channel, struct.pack("<i12s", -5, b"")),
    "text beyond its buffer": lambda channel: _one_odd(channel, _ref(200, LONG[:4], 0, 0), LONG),
    "text before its buffer": lambda channel: _one_odd(channel, _ref(20, LONG[:4], 0, -20), LONG),
    "text in no buffer": lambda channel: _one_odd(channel, _ref(20, LONG[:4], 7, 0), LONG),
    "text that begins otherwise": lambda channel: _one_odd(channel, _ref(20, b"bbbb", 0, 0), LONG),
    "text with more behind it": lambda channel: _one_odd(channel, struct.pack("<i12s", 1, b"xyz")),
    "no characters": lambda channel: _one_odd(channel, struct.pack("<i12s", 2, b"\xff\xfe")),
    "no characters far away": lambda channel: _one_odd(channel, _ref(20, b"aaaa", 0, 0), b"aaaa" + b"\xff" * 16),
    "an empty cell that is none": lambda channel: _one_odd(channel, _ref(20, b"aaaa", 9, 9), LONG, b"\x00"),
    "offsets beyond the text": lambda channel: _one_odd_text(channel, b"abc", 0, 9),
    "offsets below nothing": lambda channel: _one_odd_text(channel, b"abc", -1, 2),
    "offsets that fall": lambda channel: _one_odd_text(channel, b"abc", 0, 3, 1, rows=2),
    "too few offsets": lambda channel: _one_odd_text(channel, b"abc", 0, rows=1),
    "no offsets": lambda channel: _one_odd_text(channel, b"abc"),
    "offsets of an empty cell beyond the text": lambda channel: _one_odd_text(channel, b"abc", 0, 99, filled=b"\x00"),
    "offsets within a character": lambda channel: _one_odd_text(channel, "åä".encode(), 0, 1, 4, rows=2),
    "text that is none": lambda channel: _one_odd_text(channel, b"a\xff", 0, 2),
    "too few buffers": lambda channel: _batch(channel, [[[1, 0, 64]]] * 2, bytes(128), views=False),
    "views said to be offsets": lambda channel: _batch(channel, [[[1, 0, 16]]] * 2, bytes(128), views=False),
    "neither views nor offsets": lambda channel: _batch(channel, [[[1, 0, 16]]] * 2, bytes(128), views="x"),
    "refused rows that are not there": lambda channel: _batch(channel, [[], []], rows=0, refused=5),
    "refused rows that fall": lambda channel: _batch(channel, [[], []], struct.pack("<2q", 2, 1), rows=0, refused=2),
    "a refused row far away": lambda channel: _batch(channel, [[], []], struct.pack("<q", 9), rows=0, refused=1),
    "another number of rows": lambda channel: _whole(channel, rows=2),
    "faults of no rows": lambda channel: _whole(channel, faults=["too_few_fields"]),
    "a fault like a value": lambda channel: _whole(channel, struct.pack("<q", 1), records=3, faults=[CANARY]),
    "a remark like a value": lambda channel: _whole(channel, remarks={CANARY: 1}),
    "an account below nothing": lambda channel: _whole(channel, records=-1),
    "a refusal like a value": lambda channel: _send(channel, Kind.REFUSED, problem=f"the value {CANARY} is bad"),
    "a value in a sentence": lambda channel: _send(
        channel, Kind.REFUSED, problem=f"the content is {CANARY}, not 222001012387"
    ),
    "a number in a sentence": lambda channel: _send(
        channel, Kind.REFUSED, problem="more than 222001012387 rows are damaged"
    ),
    "a remedy like a value": lambda channel: _send(channel, Kind.REFUSED, remedy=f"send it to {CANARY}"),
    "a failure like a value": lambda channel: channel.send(
        Kind.MISCOUNTED, json.dumps({"rule": f"row accounting: {CANARY}"}).encode()
    ),
    "very many readings": lambda channel: _ask(channel, Kind.OPEN, b"%d", times=100),
    "a reading with a long name": lambda channel: _ask(channel, Kind.OPEN, b"9" * 10_000),
    "a reading that is not open": lambda channel: _ask(channel, Kind.NEXT, b"77"),
}


def _spin() -> None:
    while True:
        pass


def _much_noise() -> None:
    for _ in range(1_000):
        os.write(2, CANARY.encode() * 100)


def _fork_bomb() -> None:
    while True:
        os.fork()


def _threads() -> None:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()


DEATHS: dict[str, Callable[[], object]] = {
    "a fault in memory": lambda: ctypes.string_at(0),
    "an abort": os.abort,
    "an exit": lambda: os._exit(0),
    "an error": lambda: 1 / 0,
    "a system exit": lambda: sys.exit(3),
    "an illegal instruction": lambda: signal.raise_signal(signal.SIGILL),
    "much noise": _much_noise,
    "a fork bomb": _fork_bomb,
    "all threads there are": _threads,
    "ten gigabytes": lambda: bytearray(10 * 1024**3),
    "gigabytes one by one": lambda: [bytearray(b"x" * 64 * 1024**2) for _ in range(1000)],
    "an endless loop": _spin,
    "an endless sleep": lambda: time.sleep(3600),
}
LIES["an endless trickle of nothing"] = _flood
LIES["rows beyond measure"] = _many_rows

if __name__ == "__main__":  # without a guard, to show that the attempt would get out
    print("out" if _gets_out(*sys.argv[1:]) else "in")
