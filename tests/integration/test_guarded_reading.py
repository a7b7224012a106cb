"""A reader process gives what reading in this process gives, for every format, packing, damage and refusal."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from samkorning.errors import CheckFailed, FileRefused, GuardedFailure, SamkorningError
from samkorning.register_files import FileContract, inspect_register_file, stream_register_file
from samkorning.register_files.content.chunks import Chunks
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.guarded import guards_here, open_guarded, reader_process
from samkorning.register_files.guarded.rows import MOST_CELLS
from samkorning.register_files.guarded.wardens import ReadersWarden
from samkorning.register_files.reading import Opener
from tests.fuzz.seeds import seeds
from tests.patience import PATIENCE

DAMAGED: dict[str, bytes] = {
    "nothing": b"",
    "line ends alone": b"\r\n\r\n",
    "a header alone": b"a;b\n",
    "no line end at all": b"a;b\n1;2",
    "too few and too many fields": b"a;b\n1\n1;2\n1;2;3\n",
    "stray quotes": b'a;b\n1;"x"y\n"1;2\n3;4\n',
    "quotes that go on": b'a;b\n1;"two\r\nlines"\r\n"";""\r\n',
    "NUL and no characters": b"\xef\xbb\xbfa;b\n1;\x00\n\xff\xfe;2\n3;4\n",
    "cp1252": "Län;Värde\n1;\x80\n".encode("latin-1"),
    "cp850": "Län;Ås\n1;å\n2;ö\n".encode("cp850"),
    "encoded twice": "a;b\n1;Ã¥\n".encode(),
    "UTF-16 without a mark": "a;b\n1;2\n".encode("utf-16-le"),
    "mixed line ends": b"a;b\n1;2\r\n3;4\r5;6\n",
    "CR alone": b"a;b\r1;2\r3;4\r",
    "an end-of-file mark": b"a;b\n1;2\n\x1a",
    "blank lines": b"a;b\n1;2\n\n3;4\n\n\n",
    "the header again": b"a;b\n1;2\na;b\n3;4\n",
    "sep=": b"sep=|\r\na|b\r\n1|2\r\n",
    "one column": b"a\n1\n\n2\n",
    "a header that is data": b"222001012387;1\n222001022387;2\n",
    "names twice": b"a;A\n1;2\n",
    "names missing": b"a;;c\n1;2;3\n",
    "a web page": b"<!doctype html><html></html>",
    "a PDF": b"%PDF-1.7 ...",
    "a RAR archive": b"Rar!\x1a\x07",
    "UTF-32": "a;b\n".encode("utf-32"),
    "JSON": b'{"a": 1}\n{"a": 2}\n',
    "a broken zip": b"PK\x03\x04" + b"\x00" * 40,
    "a broken Parquet": b"PAR1" + b"\x00" * 40 + b"PAR1",
    "a broken Arrow": b"ARROW1\x00\x00" + b"\xff" * 40,
}
NAMES = ("file.csv", "file", "file.jsonl", "file.xlsx", "file.parquet", "file.zip")


def outcome_of(opener: Opener, content: Any, name: str, contract: FileContract, password: str | None = None) -> Any:
    """All that opening a file gives: the file, its rows with their numbers, the account; or the error."""
    try:
        opened = opener(content, name, contract, password)
        batches = list(opened.batches)
    except SamkorningError as error:
        return type(error), str(error)
    rows = [batch.frame.with_columns(batch.row_numbers().alias("")) for batch in batches]
    what = {**vars(opened), "tally": vars(opened.tally), "batches": [batch.refused for batch in batches]}
    return what, pl.concat(rows).rows() if rows else []


@pytest.mark.slow
def test_every_format_and_packing_reads_alike() -> None:
    formats = set()
    for seed in seeds():
        guarded = outcome_of(open_guarded, seed.content, seed.name, seed.contract, seed.password)
        assert guarded == outcome_of(open_register_file, seed.content, seed.name, seed.contract, seed.password), (
            seed.name
        )
        assert len(guarded[1]) >= 1, seed.name
        formats.add(seed.format)
    assert len(formats) >= 20


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", DAMAGED)
def test_every_damage_is_told_alike(damage: str, name: str) -> None:
    content, contract = DAMAGED[damage], FileContract(missing_values=("", "NA"))
    assert outcome_of(open_guarded, content, name, contract) == outcome_of(open_register_file, content, name, contract)


CONTRACTS: list[dict[str, Any]] = [
    {"columns": [{"name": "A"}, {"name": "b", "optional": True}]},
    {"columns": [{"name": "a"}, {"name": "saknas"}, {"name": "åter, igen"}]},
    {"columns": [{"name": "a"}], "undeclared_columns": False},
    {"header": False, "columns": [{"name": "x"}, {"name": "y"}]},
    {"header": False, "columns": [{"name": "222001012387"}]},
    {"encoding": "utf-16"},
    {"encoding": "cp850", "separator": "|", "skip_rows": 1},
    {"skip_rows": 9},
    {"format": "fixed_width", "columns": [{"name": "x", "start": 1, "width": 2}]},
    {"format": "excel"},
    {"sheet": "Blad 1", "format": "json_lines"},
]


@pytest.mark.parametrize("terms", CONTRACTS)
def test_every_contract_is_held_alike(terms: dict[str, Any]) -> None:
    contract = FileContract.model_validate(terms)
    for content in (b"a;b\n1;2\n3;4\n", "\ufeffa|b\n1|2\n".encode("utf-16-le"), b"1;2\n3;4\n"):
        assert outcome_of(open_guarded, content, "f.csv", contract) == outcome_of(
            open_register_file, content, "f.csv", contract
        )


def text(rows: int) -> bytes:
    """Many rows, every hundredth damaged."""
    lines = (f"{row:09};Åsa;{row % 7}\r\n" if row % 100 else f"{row:09};1\r\n" for row in range(1, rows + 1))
    return ("LopNr;Namn;Tal\r\n" + "".join(lines)).encode("cp1252")


def test_a_path_bytes_and_bytes_from_elsewhere_read_alike(tmp_path: Path) -> None:
    content = text(700_000)  # of several blocks
    path = tmp_path / "large.csv"
    path.write_bytes(content)
    here = outcome_of(open_register_file, content, "large.csv", FileContract())
    chunks = Chunks(lambda: (content[place : place + 100_000] for place in range(0, len(content), 100_000)))
    for form in (path, content, chunks):
        assert outcome_of(open_guarded, form, "large.csv", FileContract()) == here
    assert len(here[0]["batches"]) > 1 and sum(map(len, here[0]["batches"])) == 7_000


def test_a_table_that_comes_in_one_piece_travels_in_several(tmp_path: Path) -> None:
    number = pl.int_range(MOST_CELLS * 3, eager=True)
    table = pl.select(
        *(pl.lit(number * place).cast(pl.String).alias(f"k{place}") for place in range(3)),
        pl.when(pl.lit(number) % 3 > 0).then(pl.format("text {} som är lång", pl.lit(number) % 97)).alias("lång"),
    )
    path = tmp_path / "large.parquet"
    table.write_parquet(path)
    stream = stream_register_file(path, "large.parquet", FileContract())
    batches = list(stream)
    assert len(batches) > 10 and pl.concat(batches).equals(table)
    assert stream.account().rows == table.height


def test_an_error_of_where_the_bytes_come_from_is_the_services_own() -> None:
    def make() -> Any:
        yield b"a;b\n" + b"1;2\n" * 100_000
        raise CheckFailed("the store is damaged")

    with pytest.raises(CheckFailed, match="the store is damaged"):
        inspect_register_file(Chunks(make), "file.csv", FileContract())


def test_files_are_read_side_by_side() -> None:
    def read(place: int) -> int:
        return inspect_register_file(b"a;b\n" + b"1;2\n" * place, "file.csv", FileContract()).rows

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, range(40))) == list(range(40))


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def test_nothing_is_left_open_whether_a_file_is_read_or_not(tmp_path: Path) -> None:
    guards_here()
    before = open_descriptors()
    content = text(300_000)
    for form in (content, Chunks(lambda: iter([content]))):
        unread = open_guarded(form, "file.csv", FileContract())
        half_read = open_guarded(form, "file.csv", FileContract())
        next(half_read.batches)
        inspect_register_file(form, "file.csv", FileContract())
        with pytest.raises(FileRefused):
            open_guarded(b"%PDF-1.7", "file.csv", FileContract())
        del unread, half_read
    assert open_descriptors() == before


@pytest.fixture
def warden() -> Any:
    warden = ReadersWarden()
    guards_here(warden)
    yield warden
    warden.stop()


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def is_gone_soon(process: int) -> bool:
    until = time.monotonic() + PATIENCE
    while is_there(process) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_there(process)


def test_a_warden_that_was_killed_is_replaced(warden: ReadersWarden) -> None:
    first = warden._process
    assert first is not None
    opened = open_guarded(text(700_000), "file.csv", FileContract(), warden=warden)
    first.kill()
    first.wait()  # until it is all gone, a further file is asked of it, and "try again" is the answer
    with pytest.raises(GuardedFailure, match="try again"):
        list(opened.batches)
    assert open_guarded(b"a;b\n1;2\n", "file.csv", FileContract(), warden=warden).columns == ("a", "b")
    assert warden._process is not first


def test_a_process_that_was_forked_starts_a_warden_of_its_own(warden: ReadersWarden) -> None:
    before = warden._process
    ours, theirs = os.pipe()
    process = os.fork()
    if not process:
        os.write(theirs, b"own" if warden._process is None and warden._socket is None else b"shared")
        os._exit(0)
    os.waitpid(process, 0)
    assert os.read(ours, 100) == b"own"
    os.close(ours)
    os.close(theirs)
    assert warden._process is before


_SERVICE = """
import os, signal, sys, time
from samkorning.register_files import FileContract
from samkorning.register_files.guarded import open_guarded
from samkorning.register_files.guarded.wardens import WARDEN
opened = open_guarded(b"a;b\\n" + b"1;2\\n" * 9_000_000, "file.csv", FileContract())
next(opened.batches)
if not (forked := os.fork()):
    time.sleep(60)
    os._exit(0)
warden = WARDEN._process.pid
while not (readers := open(f"/proc/{warden}/task/{warden}/children").read()):
    pass
print(forked, warden, readers, flush=True)
{ending}
"""


@pytest.mark.parametrize("ending", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit()", "os._exit(3)", "1 / 0"])
def test_warden_and_readers_end_with_the_service_however_it_ends(ending: str) -> None:
    """A copy of the service's socket lives on in a process that it forked."""
    if not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists():
        pytest.skip("this kernel does not tell the children of a process")
    program = _SERVICE.replace("{ending}", ending)
    service = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert service.stdout is not None
    with service.stdout as said:
        forked, warden, *readers = (int(each) for each in said.readline().split())
    service.wait()
    assert readers
    assert all(is_gone_soon(process) for process in (warden, *readers))
    os.kill(forked, signal.SIGKILL)


def test_the_guards_of_this_host_are_told() -> None:
    standing = guards_here()
    assert set(standing) == set(reader_process.Guard)
    if sys.platform == "linux":
        assert standing[reader_process.Guard.MEMORY_LIMIT] and standing[reader_process.Guard.NO_NEW_RIGHTS]


def processor_time(process: int) -> tuple[int, int]:
    """Of a process itself, and of its children that have ended, in ticks."""
    own, own_system, children, children_system = map(int, Path(f"/proc/{process}/stat").read_text().split()[13:17])
    return own + own_system, children + children_system


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is told by /proc")
def test_a_small_file_costs_little() -> None:
    """A reader that loaded its libraries anew would cost as much as the warden, which loads them once."""
    warden = ReadersWarden()
    for _ in range(30):
        assert [batch.frame.height for batch in open_guarded(b"a;b\n1;2\n", "f", FileContract(), warden=warden).batches]
    assert warden._process is not None
    loading, readers = processor_time(warden._process.pid)
    warden.stop()
    assert readers < 30 * loading / 2
