"""Packed files: every format in every packing, with passwords, streamed, told without a name from inside."""

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl
import pytest
import xlsxwriter

from assets.steps import stores
from assets.steps.intake.passwords import file_secrets, forget_password, keep_password, store_name
from assets.steps.intake.receiving import file_sha256, receive_file, receive_held_files
from assets.steps.retention.disposal_items import store_items
from samkorning.case import EventKind
from samkorning.errors import FileRefused, NotFound
from samkorning.keystore import RetentionClass
from samkorning.register_files import FileContract, check_file, inspect_register_file
from samkorning.register_files.content import content
from samkorning.register_files.content.content import Content
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.packaging import FileSecrets, Unpacked
from samkorning.register_files.packaging.entries import Entry
from samkorning.register_files.packaging.packed import Packed
from samkorning.register_files.packaging.password import spellings
from samkorning.register_files.reports.sender_page import sender_page
from samkorning.register_files.reports.sender_report import Arrival, sender_report
from samkorning.register_files.table import RegisterTable
from tests.archives import ROWS, TEXT, RawEntry, aes_entry, raw_zip, seven_zipped, tar_gz, zipped
from tests.commands import program
from tests.integration.test_file_check import checked, samkorning
from tests.office import ENGINEER, Office
from tests.patience import PATIENCE

SOURCE, PASSWORD = "diabetes", "Grönköping-1927"
PACKED: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "zip": lambda name, inner: ("sent.zip", zipped((name, inner))),
    "gz": lambda name, inner: (f"{name}.gz", gzip.compress(inner)),
    "tar.gz": lambda name, inner: ("sent.tgz", tar_gz((name, inner))),
    "7z": lambda name, inner: ("sent.7z", seven_zipped((name, inner))),
}


@dataclass(frozen=True)
class ForwardAlone:
    """Content that can be opened again and not be sought in, as what is unsealed or held."""

    data: bytes

    def reopen(self) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Forward(self.data), 4096))


class _Forward(io.RawIOBase):
    def __init__(self, data: bytes) -> None:
        self._inside = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return self._inside.readinto(buffer[:1000])


def read(sent: Content, name: str, password: str | None = None, **terms: object) -> RegisterTable:
    contract = FileContract.model_validate(terms)
    return inspect_register_file(sent, name, contract, FileSecrets(password), open_register_file)


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([("LopNr", "Namn"), *ROWS]):
            sheet.write_row(row, 0, cells)
    return stream.getvalue()


def written(write: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


FRAME = pl.DataFrame(ROWS, schema=["LopNr", "Namn"], orient="row")
FORMATS = {
    "par.csv": TEXT,
    "par.txt": TEXT.decode().replace(";", "\t").encode("utf-16"),
    "par.xlsx": workbook(),
    "par.parquet": written(FRAME.write_parquet),
    "par.arrow": written(FRAME.write_ipc),
    "par.jsonl": FRAME.write_ndjson().encode(),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("packing", PACKED)
def test_every_format_is_read_in_every_packing(packing: str, name: str) -> None:
    sent_as, sent = PACKED[packing](name, FORMATS[name])
    table, plain = read(sent, sent_as), read(FORMATS[name], name)
    assert table.frame.rows() == ROWS
    assert (table.format, table.encoding, table.separator) == (plain.format, plain.encoding, plain.separator)
    assert (table.packaging, plain.packaging) == ((packing,), ())


@pytest.mark.parametrize("packing", PACKED)
def test_a_name_that_tells_no_format_leaves_it_to_the_content(packing: str) -> None:
    sent_as, sent = PACKED[packing]("uttag", FORMATS["par.parquet"])
    assert read(sent, sent_as).frame.rows() == ROWS


@pytest.mark.parametrize("packing", PACKED)
def test_the_contract_is_held_against_what_is_inside(packing: str) -> None:
    columns = [{"name": "LopNr", "start": 1, "width": 3}, {"name": "Namn", "start": 4, "width": 3}]
    sent_as, sent = PACKED[packing]("par.dat", b"001Eva\n002Bo \n")
    table = read(sent, sent_as, format="fixed_width", header=False, columns=columns)
    assert table.frame.rows() == [("001", "Eva"), ("002", "Bo")]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("block", [64, 4096])
def test_content_that_cannot_be_sought_in_is_read_like_a_file(
    packing: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "BLOCK", block)
    text = TEXT + b"".join(b"%03d;x\n" % row for row in range(3, 1000))
    sent_as, sent = PACKED[packing]("par.csv", text)
    assert read(ForwardAlone(sent), sent_as).frame.equals(read(sent, sent_as).frame)


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "mac_roman", "cp850"])
def test_the_encoding_inside_is_found_as_outside(encoding: str) -> None:
    text = ("LopNr;Namn\n" + "1;Åsa Öberg från Älmhult\n" * 9).encode(encoding)
    assert read(gzip.compress(text), "par.csv.gz").frame.equals(read(text, "par.csv").frame)
    assert read(gzip.compress(text), "par.csv.gz").encoding == read(text, "par.csv").encoding


@pytest.mark.parametrize("pattern", ["par_*.csv", "PAR_????.CSV", "lev1/*", "*/par_*"])
def test_a_contract_says_which_of_several_files_is_meant(pattern: str) -> None:
    members = (("lev1/Par_2219.csv", TEXT), ("readme.txt", b"x"), ("lev2/ov.csv", b"a;b\n"))
    for sent_as, sent in (("a.zip", zipped(*members)), ("a.7z", seven_zipped(*members)), ("a.tgz", tar_gz(*members))):
        assert read(sent, sent_as, member=pattern).frame.rows() == ROWS


def test_a_renamed_workbook_is_a_workbook_and_no_archive() -> None:
    table = read(workbook(), "par.zip")
    assert (table.frame.rows(), table.format, table.packaging) == (ROWS, "excel", ())


NUMBER = "22110101" + "2394"


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("inner", [b"a;b\n1\n", b"%PDF-1.7", b"", b"PK\x03\x04", b"a;;b\n"])
def test_no_name_from_inside_is_ever_told(packing: str, inner: bytes) -> None:
    sent_as, sent = PACKED[packing](f"{NUMBER}.csv", inner)
    verdict = check_file(sent, "sent" + sent_as[sent_as.index(".") :].replace(NUMBER, ""), FileContract())
    report = sender_report(verdict, Arrival("ab" * 32, datetime.now(UTC).date()))
    seen = str(verdict.refusal) + repr(verdict) + json.dumps(report) + json.dumps(verdict.as_dict())
    assert not verdict.is_accepted
    assert NUMBER not in seen + sender_page(report)


def test_the_report_to_the_sender_tells_a_packed_files_refusal_in_swedish() -> None:
    report = sender_report(
        check_file(zipped()[:-4], "a.zip", FileContract()), Arrival("ab" * 32, datetime.now(UTC).date())
    )
    [problem] = report["problems"]
    assert problem["what"]["sv"] == "arkivet är skadat eller avkortat"
    assert problem["remedy"]["sv"] == "packa filen igen och skicka den"


@pytest.mark.parametrize(
    ("password", "meant"),
    [
        ("abc", [b"abc"]),
        ("å", ["å".encode(), b"\x86", b"\xe5"]),
        ("€", ["€".encode(), b"\x80"]),
        ("字", ["字".encode()]),
    ],
)
def test_a_password_is_tried_as_the_packing_programs_wrote_it(password: str, meant: list[bytes]) -> None:
    assert spellings(password) == meant


@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 70_000, 3_000_000])
def test_aes_of_every_strength_and_length_opens_whole_or_not_at_all(strength: int, size: int) -> None:
    text = b"LopNr;Namn\n" + b"".join(b"%07d;x\n" % row for row in range(size // 10))
    entry = aes_entry(b"hemligt", strength=strength, content=text)
    assert read(raw_zip(entry), "par.zip", "hemligt").rows == size // 10
    last = entry.data[:-1] + bytes([entry.data[-1] ^ 1])
    with pytest.raises(FileRefused, match="the archive is damaged or cut off"):
        read(raw_zip(RawEntry(**{**entry.__dict__, "packed": last})), "par.zip", "hemligt")


def locked(text: bytes = TEXT) -> bytes:
    return raw_zip(aes_entry(PASSWORD.encode(), content=text))


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    path = tmp_path / "par.zip"
    path.write_bytes(locked())
    return path


def test_file_check_takes_the_password_from_a_file_and_never_tells_it(sent: Path, tmp_path: Path) -> None:
    word = tmp_path / "password"
    word.write_text(PASSWORD + "\r\nanother line\n", encoding="utf-8")
    code, answer = checked(sent, "--password-file", word)
    assert (code, answer["rows"], answer["format"], answer["packaging"]) == (0, 2, "delimited", ["zip"])
    code, answer = checked(sent)
    assert (code, answer["problems"][0]["problem"]) == (1, "the archive is locked and its password is not known")
    word.write_text("fel\n")
    done = samkorning("file", "check", sent, "--password-file", word)
    assert done.returncode == 1
    assert "the password does not open the archive" in done.stderr
    table = tmp_path / "out.parquet"
    word.write_text(PASSWORD, encoding="utf-8")
    assert checked(sent, "--password-file", word, "--table", table)[0] == 0
    assert pl.read_parquet(table).rows() == ROWS


@pytest.mark.parametrize(("text", "code"), [(b"", 2), (b"\n", 2), (b"\xff\xfe", 2), (None, 1)])
def test_a_password_file_that_holds_none_is_told(sent: Path, tmp_path: Path, text: bytes | None, code: int) -> None:
    word = tmp_path / "password"
    if text is not None:
        word.write_bytes(text)
    done = samkorning("file", "check", sent, "--password-file", word)
    assert done.returncode == code, done.stderr


def a_case(office: Office) -> str:
    case = office.open_case()
    office.decide(case)
    return case


def locked_file(office: Office, name: str = "lev.zip") -> Path:
    path = office.folder / name
    path.write_bytes(locked(office.sent(SOURCE).read_bytes()))
    return path


def test_a_locked_file_is_taken_in_with_the_password_that_is_kept_for_its_source(office: Office) -> None:
    case, path = a_case(office), locked_file(office)
    with pytest.raises(FileRefused, match="its password is not known"):
        receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    keep_password(office.desk, office.desk.case(case), SOURCE, "fel", ENGINEER)
    with pytest.raises(FileRefused, match="the password does not open"):
        receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    keep_password(office.desk, office.desk.case(case), SOURCE, PASSWORD, ENGINEER)
    taken = receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    assert (detail["format"], detail["packaging"], detail["file"]) == ("delimited", ["zip"], "lev.zip")
    stored = stores.received(office.desk, office.desk.case(case), SOURCE)
    assert stored.scan().collect().height == taken.rows > 0
    assert len(office.desk.case(case).of(EventKind.FILE_REFUSED)) == 2


def test_the_ledger_has_the_hash_of_the_file_as_it_came(office: Office) -> None:
    case, path = a_case(office), office.folder / "lev.csv.gz"
    path.write_bytes(gzip.compress(office.sent(SOURCE).read_bytes()))
    taken = receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    assert detail["sha256"] == file_sha256(path)
    again = receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    assert (again.known_already, again.rows) == (True, taken.rows)


def test_a_damaged_archive_commits_nothing(office: Office) -> None:
    case, path = a_case(office), office.folder / "lev.csv.gz"
    path.write_bytes(gzip.compress(office.sent(SOURCE).read_bytes() * 20)[:-1])
    with pytest.raises(FileRefused, match="the archive is damaged or cut off"):
        receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    assert stores.received(office.desk, office.desk.case(case), SOURCE).latest() is None


def test_a_packed_file_that_waited_in_quarantine_is_taken_in(office: Office) -> None:
    case, path = office.open_case(), locked_file(office)
    keep_password(office.desk, office.desk.case(case), SOURCE, PASSWORD, ENGINEER)
    with pytest.raises(Exception, match="held encrypted in quarantine"):
        receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    office.decide(case)
    [taken] = receive_held_files(office.desk, case, ENGINEER)
    assert taken.rows > 0


def test_a_kept_password_is_one_for_each_source_and_the_former_does_not_open_again(office: Office) -> None:
    case = office.desk.case(a_case(office))
    keep_password(office.desk, case, SOURCE, "first", ENGINEER)
    keep_password(office.desk, case, SOURCE, "second", ENGINEER)
    assert file_secrets(office.desk, case, SOURCE).password == "second"
    assert file_secrets(office.desk, case, "lisa").password is None
    store = office.desk.vault.open_store(case.number, RetentionClass.MATERIAL, store_name(SOURCE))
    with pytest.raises(NotFound):
        store.scan(1)
    assert forget_password(office.desk, case, SOURCE, ENGINEER)
    assert file_secrets(office.desk, case, SOURCE).password is None
    assert not forget_password(office.desk, case, SOURCE, ENGINEER)


def test_a_password_goes_with_the_material_of_its_source(office: Office) -> None:
    case = a_case(office)
    keep_password(office.desk, office.desk.case(case), SOURCE, PASSWORD, ENGINEER)
    office.receive(case, SOURCE)
    clocks = {item.name: item.clock for item in store_items(office.desk, office.desk.case(case))}
    assert clocks[store_name(SOURCE)] == clocks[f"received.{SOURCE}"]


def test_a_password_shows_in_no_file_of_the_home_nor_in_what_holds_it(office: Office) -> None:
    case = office.desk.case(a_case(office))
    keep_password(office.desk, case, SOURCE, PASSWORD, ENGINEER)
    receive_file(office.desk, case, SOURCE, locked_file(office), ENGINEER)
    found = [path for path in office.desk.home.root.rglob("*") if path.is_file() and holds(path, PASSWORD)]
    assert found == []
    assert PASSWORD not in repr(file_secrets(office.desk, case, SOURCE))


def holds(path: Path, word: str) -> bool:
    data = path.read_bytes()
    return any(word.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "cp850", "cp1252"))


def test_the_command_keeps_and_forgets_a_password(office: Office, tmp_path: Path) -> None:
    case, word = a_case(office), tmp_path / "password"
    word.write_text(PASSWORD + "\n", encoding="utf-8")
    home = office.desk.home.root

    def password(*arguments: object) -> tuple[int, str]:
        done = program(home, "file", "password", case, SOURCE, *arguments, "--as", ENGINEER)
        assert PASSWORD not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr

    assert password("--password-file", word)[0] == 0
    assert file_secrets(office.desk, office.desk.case(case), SOURCE).password == PASSWORD
    assert password("--forget")[0] == 0
    assert file_secrets(office.desk, office.desk.case(case), SOURCE).password is None
    code, said = password()
    assert (code, "nobody is there to ask" in " ".join(said.split())) == (2, True)
    assert password("--forget", "--password-file", word)[0] == 2
    done = program(home, "file", "password", case, "nothing", "--password-file", word, "--as", ENGINEER)
    assert (done.returncode, "awaits no source nothing" in done.stderr) == (1, True)


@pytest.mark.slow
@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("Grönköping-1928", 2)])
def test_a_password_that_is_typed_twice_is_kept_and_does_not_show(office: Office, second: str, code: int) -> None:
    """On a terminal of its own, as a person sits at it."""
    case = a_case(office)
    command = [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), "file", "password", case, SOURCE]
    terminal, seat = os.openpty()
    seated = subprocess.Popen(
        [*command, "--as", ENGINEER], stdin=seat, stdout=seat, stderr=seat, start_new_session=True
    )
    os.close(seat)
    shown = ""
    for prompt, word in (("password: ", PASSWORD), ("once more: ", second)):
        while prompt not in shown:
            shown += os.read(terminal, 4096).decode()
        os.write(terminal, f"{word}\n".encode())
    with suppress(OSError):  # the terminal's end
        while seen := os.read(terminal, 4096):
            shown += seen.decode()
    os.close(terminal)
    assert seated.wait(timeout=PATIENCE) == code
    assert PASSWORD not in shown
    assert second not in shown
    kept = file_secrets(office.desk, office.desk.case(case), SOURCE).password
    assert kept == (None if code else PASSWORD)


_MEASURE = """
import json, sys
from pathlib import Path
from samkorning.register_files import FileContract, stream_register_file
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.packaging import NO_SECRETS
stream = stream_register_file(Path(sys.argv[1]), sys.argv[1], FileContract(), NO_SECRETS, open_register_file)
rows = sum(batch.height for batch in stream)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({"rows": rows, "most_kB": int(status["VmHWM"].split()[0])}))
"""


def lines() -> Iterator[bytes]:
    """Some 200 MB of text that is made on the fly and packs as registers do."""
    yield b"LopNr;Kod;Datum\n"
    for block in range(200):
        yield b"".join(b"%09d;%d;2219-%02d-01\n" % (row, row * 7919 % 65_537, row % 12 + 1)
                       for row in range(block * 40_000, (block + 1) * 40_000))  # fmt: skip


def large_gzip(path: Path) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        for block in lines():
            file.write(block)


def large_zip(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.csv", "w") as file,
    ):
        for block in lines():
            file.write(block)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "write"), [("a.csv.gz", large_gzip), ("a.zip", large_zip)])
def test_packed_text_streams_in_bounded_memory_and_writes_nothing(
    name: str, write: Callable[[Path], None], tmp_path: Path
) -> None:
    write(tmp_path / name)
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
    command = [sys.executable, "-c", _MEASURE, str(tmp_path / name)]
    run = subprocess.run(command, capture_output=True, check=True, cwd=home, env=environment)
    seen = json.loads(run.stdout)
    assert seen["rows"] == 8_000_000
    assert seen["most_kB"] < 700 * 1024
    assert list(home.rglob("*")) == []


def test_no_representation_shows_a_name_from_inside_or_what_opens_it() -> None:
    """Representations end up in logs and tracebacks that nobody thought of."""
    shown = [
        Entry("222001012387.csv", 1, False, True, "222001012387"),
        Unpacked(b"", "222001012387.csv", ("zip",)),
        Packed(b"", "sent.zip", "sent.zip", None, "222001012387"),
        FileSecrets("222001012387"),
    ]
    assert [thing for thing in shown if "222001012387" in repr(thing)] == []
