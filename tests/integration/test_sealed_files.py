"""Files that holders seal to the service's own recipient: unsealed on the way, refused when cut off or another's."""

import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyrage
import pytest

from assets.steps import stores
from assets.steps.intake.passwords import keep_password
from assets.steps.intake.receiving import receive_file
from assets.steps.intake.sealing import recipient, renew_recipient, unsealing
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.encryption.age import AgeIdentity, create_identity, seal
from samkorning.encryption.age_chunks import unsealed_chunks
from samkorning.errors import FileRefused, SealedForOthers
from samkorning.register_files import FileContract, inspect_register_file
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.packaging import FileSecrets
from samkorning.register_files.table import RegisterTable
from tests.archives import ROWS, TEXT, aes_entry, raw_zip, seven_zipped, tar_gz, zipped
from tests.integration.test_packed_files import lines, program
from tests.office import ENGINEER, Office

SOURCE = "diabetes"
IDENTITY, OTHER = create_identity(), create_identity()
FOR_OTHERS = "the file is sealed to somebody else"
BROKEN = "the sealed file is damaged or cut off"
NO_IDENTITY = "the file is sealed and there is no identity here that opens it"


def sealed(content: bytes, *recipients: str) -> bytes:
    stream = io.BytesIO()
    seal(io.BytesIO(content), stream, recipients or (IDENTITY.recipient,))
    return stream.getvalue()


def armored(content: bytes) -> bytes:
    return bytes(pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(IDENTITY.recipient)], armored=True))


def read(content: bytes, name: str = "par.csv.age", *identities: AgeIdentity, password: str = "") -> RegisterTable:
    words = tuple(identity.secret for identity in identities or (IDENTITY,))
    secrets = FileSecrets(password or None, partial(unsealed_chunks, secrets=words))
    return inspect_register_file(content, name, FileContract(), secrets, open_register_file)


def refusal(content: bytes, name: str = "par.csv.age", *identities: AgeIdentity) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content, name, *identities)
    assert refused.value.__cause__ is None
    return refused.value.problem


@pytest.mark.parametrize(
    ("name", "inner", "packaging"),
    [
        ("par.csv.age", lambda: TEXT, ("age",)),
        ("par.age", lambda: TEXT, ("age",)),
        ("par.csv", lambda: TEXT, ("age",)),
        ("par.csv.gz.age", lambda: gzip.compress(TEXT), ("age", "gz")),
        ("par.zip.age", zipped, ("age", "zip")),
        ("par.7z.age", seven_zipped, ("age", "7z")),
        ("par.tar.gz.age", tar_gz, ("age", "tar.gz")),
        ("par.tgz.age", tar_gz, ("age", "tar.gz")),
    ],
)
def test_a_seal_goes_around_a_file_or_around_an_archive(
    name: str, inner: Callable[[], bytes], packaging: tuple[str, ...]
) -> None:
    plain = inner()
    for content in (sealed(plain), armored(plain), sealed(plain, OTHER.recipient, IDENTITY.recipient)):
        table = read(content, name)
        assert (table.frame.rows(), table.format, table.packaging) == (ROWS, "delimited", packaging)


def test_a_locked_archive_inside_a_seal_opens_with_its_password() -> None:
    content = sealed(raw_zip(aes_entry(b"hemligt")))
    assert read(content, "par.zip.age", password="hemligt").frame.rows() == ROWS
    assert refusal(content, "par.zip.age") == "the archive is locked and its password is not known"


LONG = TEXT + b"".join(b"%06d;x\n" % row for row in range(40_000))


@pytest.mark.parametrize("length", [30, 150, 210, 300, 65_000, 65_752, 70_000, 131_000, 200_000, -17, -1])
def test_a_seal_that_is_cut_anywhere_is_refused(length: int) -> None:
    whole = sealed(LONG)
    assert len(whole) > 262_144
    assert refusal(whole[:length]) == BROKEN


@pytest.mark.parametrize("place", [-1, -100, -70_000, 250, 300])
def test_a_seal_that_is_changed_anywhere_is_refused(place: int) -> None:
    content = bytearray(sealed(LONG))
    content[place] ^= 1
    assert refusal(bytes(content)) == BROKEN


def test_bytes_behind_a_seal_are_refused() -> None:
    assert refusal(sealed(LONG) + b"x") == BROKEN
    assert refusal(armored(LONG) + b"x") == BROKEN
    assert refusal(armored(LONG)[:-30]) == BROKEN


def test_a_name_that_tells_a_seal_is_believed() -> None:
    assert refusal(TEXT) == refusal(sealed(TEXT)[:9]) == "the content is text, not a sealed file"


def test_a_seal_to_somebody_else_is_refused_with_where_to_find_the_recipient() -> None:
    with pytest.raises(FileRefused) as refused:
        read(sealed(TEXT, OTHER.recipient))
    assert refused.value.problem == FOR_OTHERS
    assert "samkorning key seal-to" in refused.value.remedy
    assert refusal(pyrage.passphrase.encrypt(TEXT, "hemligt", armored=False)) == FOR_OTHERS


def test_a_seal_where_nothing_unseals_is_refused() -> None:
    with pytest.raises(FileRefused, match=NO_IDENTITY):
        inspect_register_file(sealed(TEXT), "par.csv.age", FileContract())
    with pytest.raises(FileRefused, match=NO_IDENTITY):
        open_register_file(sealed(TEXT), "par.csv.age", FileContract())


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (sealed(sealed(TEXT)), "par.csv.age.age"),
        (sealed(zipped(("par.zip", zipped()))), "par.zip.age"),
        (zipped(("par.csv.age", sealed(TEXT))), "par.zip"),
        (gzip.compress(sealed(TEXT)), "par.csv.age.gz"),
    ],
    ids=["seal in seal", "archive in archive in seal", "seal in zip", "seal in gzip"],
)
def test_anything_deeper_is_refused(content: bytes, name: str) -> None:
    assert refusal(content, name) == "the archive holds another archive or a sealed file"


def test_a_reader_that_lets_go_early_ends_the_unsealing() -> None:
    before = threading.active_count()
    chunks = unsealed_chunks(io.BytesIO(sealed(os.urandom(12 * 1024 * 1024))), (IDENTITY.secret,))
    assert len(next(chunks)) >= 1024 * 1024
    chunks.close()
    assert threading.active_count() == before


def test_an_error_of_the_sealed_bytes_themselves_comes_back_as_it_was() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        list(unsealed_chunks(Broken(), (IDENTITY.secret,)))
    with pytest.raises(SealedForOthers):
        list(unsealed_chunks(io.BytesIO(sealed(TEXT)), (OTHER.secret,)))


def test_the_first_question_makes_the_recipient_and_it_stays(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path / "home")
    assert unsealing(desk) is None
    assert not desk.has_keystore, "looking makes no keystore"
    first = recipient(desk, ENGINEER)
    assert recipient(Desk.at(desk.home.root), ENGINEER) == first


def test_files_that_were_sealed_to_an_earlier_recipient_still_open(office: Office) -> None:
    former = recipient(office.desk, ENGINEER)
    latest = renew_recipient(office.desk, ENGINEER)
    assert former != latest == recipient(office.desk, ENGINEER)
    office.desk.keystore.rotate_service()
    secrets = FileSecrets(unseal=unsealing(Desk.at(office.desk.home.root)))
    for public in (former, latest):
        table = inspect_register_file(sealed(TEXT, public), "par.csv.age", FileContract(), secrets)
        assert table.frame.rows() == ROWS


def test_the_identity_lies_nowhere_in_clear(office: Office) -> None:
    recipient(office.desk, ENGINEER)
    secret = office.desk.keystore.service_secret("unsealing")
    assert secret.startswith(b"AGE-SECRET-KEY-1")
    for path in office.desk.home.root.rglob("*"):
        assert not path.is_file() or (b"AGE-SECRET-KEY" not in (data := path.read_bytes()) and secret not in data)


def a_case(office: Office) -> str:
    case = office.open_case()
    office.decide(case)
    return case


def test_a_sealed_file_is_taken_in_as_one_that_is_not(office: Office) -> None:
    case, path = a_case(office), office.folder / "lev.zip.age"
    plain = office.sent(SOURCE).read_bytes()
    path.write_bytes(sealed(raw_zip(aes_entry(b"hemligt", content=plain)), recipient(office.desk, ENGINEER)))
    keep_password(office.desk, office.desk.case(case), SOURCE, "hemligt", ENGINEER)
    taken = receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    detail = office.desk.case(case).last(EventKind.FILE_RECEIVED).detail
    assert (taken.rows, detail["packaging"], detail["format"]) == (detail["rows"], ["age", "zip"], "delimited")


@pytest.mark.parametrize("packing", [bytes, gzip.compress])
def test_a_cut_seal_commits_nothing(office: Office, packing: Any) -> None:
    case, path = a_case(office), office.folder / "lev.csv.age"
    content = sealed(packing(office.sent(SOURCE).read_bytes() * 40), recipient(office.desk, ENGINEER))
    path.write_bytes(content[:-1])
    with pytest.raises(FileRefused, match=BROKEN):
        receive_file(office.desk, office.desk.case(case), SOURCE, path, ENGINEER)
    assert stores.received(office.desk, office.desk.case(case), SOURCE).latest() is None
    assert office.desk.case(case).last(EventKind.FILE_REFUSED).detail["problem"] == BROKEN
    assert not list((office.desk.home.vault / case).rglob(f"received.{SOURCE}/*/*.parquet"))


def test_the_command_prints_the_recipient_and_file_check_unseals(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "par.csv.age"
    first = json.loads(program(home, "key", "seal-to", "--json").stdout)["recipient"]
    assert program(home, "key", "seal-to").stdout == f"{first}\n"
    path.write_bytes(sealed(TEXT, first))
    assert json.loads(program(home, "key", "seal-to", "--new", "--json").stdout)["recipient"] != first
    done = program(home, "file", "check", str(path), "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["rows"], answer["packaging"]) == (0, 2, ["age"])
    done = program(tmp_path / "elsewhere", "file", "check", str(path), "--json")
    assert (done.returncode, json.loads(done.stdout)["problems"][0]["problem"]) == (1, NO_IDENTITY)
    assert not list((tmp_path / "elsewhere").rglob("*")), "no keystore is made by looking"


@pytest.mark.services
@pytest.mark.parametrize("options", [(), ("--armor",)])
@pytest.mark.skipif(shutil.which("age") is None, reason="the Debian package age is not installed")
def test_what_the_age_program_seals_is_read(tmp_path: Path, options: tuple[str, ...]) -> None:
    for name, content in (("par.csv", LONG), ("par.zip", zipped(("par.csv", LONG)))):
        command = ["age", *options, "-r", IDENTITY.recipient, "-r", OTHER.recipient, "-o", "-"]
        done = subprocess.run(command, input=content, capture_output=True, check=True)
        assert read(done.stdout, f"{name}.age").rows == 40_002
        assert refusal(done.stdout[:-40], f"{name}.age") == BROKEN
    passphrase = ["age-keygen"]
    stranger = subprocess.run(passphrase, capture_output=True, text=True, check=True).stdout.split("public key: ")[1][
        :62
    ]
    done = subprocess.run(["age", *options, "-r", stranger], input=TEXT, capture_output=True, check=True)
    assert refusal(done.stdout) == FOR_OTHERS


_MEASURE = """
import json, sys
from functools import partial
from pathlib import Path
from samkorning.encryption.age_chunks import unsealed_chunks
from samkorning.register_files import FileContract, stream_register_file
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.packaging import FileSecrets
secrets = FileSecrets(unseal=partial(unsealed_chunks, secrets=(sys.stdin.read(),)))
stream = stream_register_file(Path(sys.argv[1]), sys.argv[1], FileContract(), secrets, open_register_file)
rows = sum(batch.height for batch in stream)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({"rows": rows, "most_kB": int(status["VmHWM"].split()[0])}))
"""


@pytest.mark.slow
def test_sealed_text_streams_in_bounded_memory_and_writes_nothing(tmp_path: Path) -> None:
    plain, path, home = tmp_path / "a.csv", tmp_path / "a.csv.age", tmp_path / "home"
    with plain.open("wb") as file:
        file.writelines(lines())
    with plain.open("rb") as content, path.open("wb") as file:
        seal(content, file, [IDENTITY.recipient])
    plain.unlink()
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(home)}
    command = [sys.executable, "-c", _MEASURE, str(path)]
    run = subprocess.run(
        command, input=IDENTITY.secret.encode(), capture_output=True, check=True, cwd=home, env=environment
    )
    said = json.loads(run.stdout)
    assert said["rows"] == 8_000_000
    assert said["most_kB"] < 700 * 1024
    assert list(home.rglob("*")) == []
