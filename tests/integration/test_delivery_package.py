"""A delivery on disk: sealed, opened and verified, and what is refused on the way."""

import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from test_delivery_factory import (
    DORS,
    PAR,
    PUBLIC,
    RECIPIENT,
    SEED,
    SERIAL_NUMBERS,
    STRANGER,
    a_description,
    a_file,
    a_frame,
    sealed_in,
)

from samkorning.delivery.formats import Table
from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.sealing import SealedPackage, discard_package, seal_package
from samkorning.delivery.package.verification import verify_package
from samkorning.delivery.rendering import Rendering
from samkorning.durable import sweep_partials
from samkorning.encryption import age, signing
from samkorning.errors import CheckFailed, GuardedFailure, PackageRefused
from samkorning.linkage import OrderedRows
from samkorning.machine.progress import Advance, Work
from tests.rendered import csv_of, in_one_unit


class Watcher:
    """Remembers what it was shown."""

    def __init__(self) -> None:
        self.watched: list[tuple[Work, int | None]] = []
        self.done, self.is_over = 0, False

    @contextmanager
    def of(self, work: Work, size: int | None) -> Iterator[Advance]:
        self.watched.append((work, size))
        yield self._add
        self.is_over = True

    def waits(self, sentence: str) -> None:
        raise AssertionError(sentence)

    def _add(self, done: int) -> None:
        self.done += done


@pytest.fixture
def sealed(tmp_path: Path) -> SealedPackage:
    return sealed_in(tmp_path / "L001")


@pytest.fixture
def opened(sealed: SealedPackage, tmp_path: Path) -> Path:
    return open_package(sealed.path, RECIPIENT.secret, tmp_path / "opened", PUBLIC).folder


def test_a_delivery_is_two_files_and_nothing_plain(sealed: SealedPackage) -> None:
    folder = sealed.path.parent
    assert {path.name for path in folder.iterdir()} == {"36759-2021_L001.tar.age", "36759-2021_L001.receipt.json"}
    for path in folder.iterdir():
        content = path.read_bytes()
        assert [number for number in SERIAL_NUMBERS if str(number).encode() in content] == []


def test_an_opened_delivery_holds_the_frames_and_documents(opened: Path) -> None:
    assert {path.relative_to(opened).as_posix() for path in opened.rglob("*") if path.is_file()} == {
        f"data/{PAR}.csv",
        f"data/{DORS}.csv",
        "LÄSMIG.md",
        "README.md",
        "allowed_signers",
        "csv-metadata.json",
        "datapackage.json",
        "ddi-codebook.xml",
        "etiketter.R",
        "etiketter.do",
        "etiketter.sas",
        "etiketter.sps",
        "las_in.R",
        "healthdcat-ap.ttl",
        "manifest.json",
        "manifest.json.minisig",
        "manifest.json.sig",
        "manifest.json.sshsig",
        "radflode.csv",
        "signing_key.pub",
        "ro-crate-metadata.json",
        "signing_public_key.pem",
        "variabellista.xlsx",
        "verify.py",
    }
    assert (opened / f"data/{PAR}.csv").read_bytes() == csv_of(a_frame())
    assert {
        path.stat().st_mode & 0o077 for path in (opened, *opened.rglob("*")) if path.is_file() or path == opened
    } == {0}


def test_the_manifest_has_the_hash_of_every_file(sealed: SealedPackage) -> None:
    hashes = {entry.name: entry.sha256 for entry in sealed.manifest.files}
    assert hashes == {
        f"data/{PAR}.csv": hashlib.sha256(csv_of(a_frame())).hexdigest(),
        f"data/{DORS}.csv": hashlib.sha256(csv_of(a_frame(SERIAL_NUMBERS[:1]))).hexdigest(),
    }


def test_the_receipt_is_for_the_sealed_file(sealed: SealedPackage) -> None:
    content = sealed.path.read_bytes()
    assert (sealed.receipt.sha256, sealed.receipt.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (sealed.receipt.case, sealed.receipt.delivery) == ("36759-2021", "L001")
    assert sealed.receipt.recipient == RECIPIENT.recipient


@pytest.mark.parametrize("passphrase", [None, "abcde-fghjk"])
def test_whoever_watches_sees_every_byte_of_the_data_files_once(passphrase: str | None, tmp_path: Path) -> None:
    watcher = Watcher()
    sealed = seal_package(a_description(), tmp_path / "L001", RECIPIENT.recipient, SEED, passphrase, watcher)
    data = [entry.bytes for entry in sealed.manifest.files]
    assert (watcher.watched, watcher.done, watcher.is_over) == ([(Work.SEALING, sum(data))], sum(data), True)


def test_the_same_delivery_has_the_same_inside_every_time(tmp_path: Path) -> None:
    manifests = [sealed_in(tmp_path / name).receipt.manifest_sha256 for name in ("first", "second")]
    assert manifests[0] == manifests[1]


def test_verification_passes_on_file_folder_inside_and_opened(sealed: SealedPackage, opened: Path) -> None:
    for place in (sealed.path, sealed.path.parent):
        assert verify_package(place, PUBLIC).problems == ()
        assert verify_package(place, PUBLIC, RECIPIENT.secret).problems == ()
    assert verify_package(opened, PUBLIC).ok


def test_verification_needs_the_right_signing_key(sealed: SealedPackage, opened: Path) -> None:
    other = signing.public_key(bytes(32))
    for place in (sealed.path, opened):
        (problem,) = verify_package(place, other).problems
        assert "signature" in problem
    with pytest.raises(PackageRefused):
        verify_package(opened, "no signing key")


def test_a_stranger_neither_opens_nor_verifies_the_inside(sealed: SealedPackage, tmp_path: Path) -> None:
    (problem,) = verify_package(sealed.path, PUBLIC, STRANGER.secret).problems
    assert "another recipient" in problem
    with pytest.raises(PackageRefused, match="does not open with this identity"):
        open_package(sealed.path, STRANGER.secret, tmp_path / "stranger")
    assert not (tmp_path / "stranger").exists()
    assert not (tmp_path / "stranger.partial").exists()


def test_what_is_neither_sealed_nor_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.txt").touch()
    for name in ("empty", "other.txt", "absent"):
        (problem,) = verify_package(tmp_path / name, PUBLIC).problems
        assert name in problem


def test_a_sealed_file_without_receipt_is_unfinished(sealed: SealedPackage, tmp_path: Path) -> None:
    sealed.receipt_path.unlink()
    assert verify_package(sealed.path, PUBLIC).problems == (f"missing file: {sealed.receipt_path.name}",)
    assert sealed_in(sealed.path.parent).path == sealed.path  # sealing again completes it


def test_a_delivery_is_never_overwritten(sealed: SealedPackage) -> None:
    before = sealed.path.read_bytes()
    with pytest.raises(PackageRefused, match="sealed already"):
        sealed_in(sealed.path.parent)
    assert sealed.path.read_bytes() == before


def test_a_delivery_the_ledger_does_not_have_can_be_discarded(sealed: SealedPackage) -> None:
    folder = sealed.path.parent
    assert set(discard_package(folder, "36759-2021", "L001")) == {sealed.path.name, sealed.receipt_path.name}
    assert list(folder.iterdir()) == []
    assert discard_package(folder, "36759-2021", "L001") == []


def test_opening_refuses_a_folder_with_anything_in_it(sealed: SealedPackage, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    with pytest.raises(PackageRefused, match="not empty"):
        open_package(sealed.path, RECIPIENT.secret, tmp_path / "full")
    assert (tmp_path / "full/mine.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert open_package(sealed.path, RECIPIENT.secret, tmp_path / "empty").folder == tmp_path / "empty"


def test_opening_without_a_known_signing_key_tells_which_one_signed(sealed: SealedPackage, tmp_path: Path) -> None:
    sealed.receipt_path.unlink()  # a recipient may have been handed the sealed file alone, and renamed it
    renamed = sealed.path.rename(tmp_path / "from_the_agency.age")
    package = open_package(renamed, RECIPIENT.secret, tmp_path / "alone")
    assert package.signed_with == PUBLIC
    assert package.manifest == sealed.manifest
    with pytest.raises(PackageRefused, match="signature"):
        open_package(renamed, RECIPIENT.secret, tmp_path / "other", signing.public_key(bytes(32)))


def test_a_description_that_does_not_hold_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed):
        sealed_in(tmp_path / "L001", number="1")
    assert list(tmp_path.iterdir()) == []


def test_a_recipient_without_age_key_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(PackageRefused, match="age key"):
        seal_package(a_description(), tmp_path / "L001", "age1nothing", SEED)
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_cannot_be_read_leave_nothing(tmp_path: Path) -> None:
    def unreadable(_: str) -> Iterator[bytes]:
        yield csv_of(a_frame())[:10]
        raise GuardedFailure("its bytes could not be read")

    broken = replace(a_file(PAR, a_frame()), chunks=unreadable)
    with pytest.raises(GuardedFailure, match="could not be read"):
        seal_package(replace(a_description(), files=(broken,)), tmp_path / "L001", RECIPIENT.recipient, SEED)
    assert list((tmp_path / "L001").iterdir()) == []


def test_what_a_library_says_of_rows_that_cannot_be_read_is_not_told() -> None:
    def unreadable() -> Iterator[OrderedRows]:
        yield in_one_unit(a_frame().with_columns(pl.lit("222107019876").cast(pl.Int16).alias("TEXT")))

    with pytest.raises(GuardedFailure, match="could not be read") as failure:
        list(Rendering(Table("test", a_frame().schema), []).chunks(unreadable()))
    assert "222107019876" not in repr(failure.value)
    assert failure.value.__cause__ is None and failure.value.__suppress_context__


@pytest.mark.parametrize("other", [SERIAL_NUMBERS[::-1], SERIAL_NUMBERS[:2], (*SERIAL_NUMBERS, 999_999_998)])
def test_bytes_that_are_not_those_that_were_rendered_are_not_sealed(tmp_path: Path, other: tuple[int, ...]) -> None:
    changed = replace(a_file(PAR, a_frame()), chunks=lambda _: iter([csv_of(a_frame(other))]))
    with pytest.raises(GuardedFailure, match="run again"):
        seal_package(replace(a_description(), files=(changed,)), tmp_path / "L001", RECIPIENT.recipient, SEED)
    assert list((tmp_path / "L001").iterdir()) == []


def test_sweeping_removes_partials_alone(sealed: SealedPackage) -> None:
    left = sealed.path.with_name("36759-2021_L002.tar.age.partial")
    left.write_bytes(b"half")
    assert sweep_partials(sealed.path.parent.parent) == [left.name]
    assert verify_package(sealed.path, PUBLIC).ok


def test_an_archive_that_reaches_outside_is_not_opened(tmp_path: Path) -> None:
    plain = tmp_path / "evil.tar"
    (tmp_path / "payload").write_text("x")
    with tarfile.open(plain, "w") as archive:
        archive.add(tmp_path / "payload", "../outside.txt")
    (tmp_path / "in").mkdir()
    with plain.open("rb") as reader, (tmp_path / "in/36759-2021_L001.tar.age").open("wb") as writer:
        age.seal(reader, writer, [RECIPIENT.recipient])
    with pytest.raises(PackageRefused):
        open_package(tmp_path / "in/36759-2021_L001.tar.age", RECIPIENT.secret, tmp_path / "in/opened")
    assert not (tmp_path / "outside.txt").exists()
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["36759-2021_L001.tar.age"]
