"""One flipped bit anywhere in a delivery is found, and the file it lies in is named."""

import json
import shutil
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from test_delivery_factory import DORS, PAR, PUBLIC, RECIPIENT, SEED, a_description, sealed_in

from samkorning.delivery.package import contents
from samkorning.delivery.package.archive import Member, document, tar_chunks
from samkorning.delivery.package.contents import package_contents, signatures
from samkorning.delivery.package.inventory import inventory_of_archive
from samkorning.delivery.package.manifest import MANIFEST, SIGNATURE, SIGNATURES
from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.receipt import read_receipt, write_receipt
from samkorning.delivery.package.sealing import SealedPackage
from samkorning.delivery.package.signed_json import render
from samkorning.delivery.package.verification import inventory_problems, verify_package
from samkorning.delivery.steps import Step, signed_steps
from samkorning.encryption import age, signing
from samkorning.errors import PackageRefused

FOLDER = "36759-2021_L001"
EVERY_SMALL_FILE = (
    MANIFEST,
    *SIGNATURES,
    "signing_public_key.pem",
    "signing_key.pub",
    "allowed_signers",
    f"data/{PAR}.csv",
    f"data/{DORS}.csv",
    "radflode.csv",
)
LARGER_FILES = ("variabellista.xlsx", "LÄSMIG.md", "README.md", "verify.py", "las_in.R")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> SealedPackage:
    return sealed_in(tmp_path_factory.mktemp("sealed") / "L001")


@pytest.fixture(scope="module")
def opened(package: SealedPackage) -> Path:
    return open_package(package.path, RECIPIENT.secret, package.path.parent.parent / "opened", PUBLIC).folder


def unnoticed(path: Path, places: Iterable[int], problems: Callable[[], tuple[str, ...]], named: str) -> list[int]:
    """The places where a flipped bit gave no problem that names the file; the file is whole again afterwards."""
    whole, missed = path.read_bytes(), []
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        if not any(named in problem for problem in problems()):
            missed.append(place)
    path.write_bytes(whole)
    assert problems() == ()
    return missed


def spread(path: Path, count: int) -> list[int]:
    """Places over a whole file: its first and last 50 bytes, and ``count`` between."""
    size = path.stat().st_size
    return sorted({*range(min(50, size)), *range(0, size, max(1, size // count)), *range(max(0, size - 50), size)})


@pytest.mark.parametrize("name", EVERY_SMALL_FILE)
def test_a_flipped_bit_in_an_opened_file_is_named(opened: Path, name: str) -> None:
    path = opened / name
    assert unnoticed(path, spread(path, 100), lambda: verify_package(opened, PUBLIC).problems, name) == []


@pytest.mark.parametrize("name", LARGER_FILES)
def test_a_flipped_bit_in_an_opened_document_is_named(opened: Path, name: str) -> None:
    path = opened / name
    assert unnoticed(path, spread(path, 50), lambda: verify_package(opened, PUBLIC).problems, name) == []


def test_a_flipped_bit_in_the_sealed_file_is_named(package: SealedPackage) -> None:
    path = package.path
    assert unnoticed(path, spread(path, 200), lambda: verify_package(path, PUBLIC).problems, path.name) == []


def test_every_flipped_byte_of_the_receipt_is_named(package: SealedPackage) -> None:
    path = package.receipt_path
    places = range(path.stat().st_size)
    assert unnoticed(path, places, lambda: verify_package(package.path, PUBLIC).problems, path.name) == []


def test_a_receipt_that_says_the_same_in_another_form_is_named(package: SealedPackage) -> None:
    whole = package.receipt_path.read_bytes()
    for otherwise in (whole + b"\n", whole.replace(b"\n ", b"\n  "), json.dumps(json.loads(whole)).encode()):
        package.receipt_path.write_bytes(otherwise)
        (problem,) = verify_package(package.path, PUBLIC).problems
        assert "one form" in problem
    package.receipt_path.write_bytes(whole)


def test_no_flipped_bit_of_the_sealed_file_opens_even_without_receipt(package: SealedPackage, tmp_path: Path) -> None:
    whole, path, opened = package.path.read_bytes(), tmp_path / package.path.name, []
    for place in spread(package.path, 100):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        try:
            open_package(path, RECIPIENT.secret, tmp_path / "opened")
            opened.append(place)
        except PackageRefused:
            continue
    assert opened == []
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("length", [0, 1, 100, 5_000, -17, -1])
def test_a_cut_sealed_file_does_not_open(package: SealedPackage, tmp_path: Path, length: int) -> None:
    path = tmp_path / package.path.name
    path.write_bytes(package.path.read_bytes()[:length])
    with pytest.raises(PackageRefused):
        open_package(path, RECIPIENT.secret, tmp_path / "opened")
    assert verify_package(path, PUBLIC).problems == (f"missing file: {package.receipt_path.name}",)


@pytest.fixture
def copy(opened: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(opened, tmp_path / "copy"))


@pytest.mark.parametrize("name", [*EVERY_SMALL_FILE, *LARGER_FILES])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    (problem,) = verify_package(copy, PUBLIC).problems
    assert name in problem or name == MANIFEST  # without its manifest it is no opened delivery at all


def test_an_extra_file_is_named(copy: Path) -> None:
    (copy / "data/more.csv").touch()
    assert verify_package(copy, PUBLIC).problems == ("extra file: data/more.csv",)


def test_a_link_is_no_file(copy: Path) -> None:
    (copy / f"data/{PAR}.csv").rename(copy.parent / "elsewhere.csv")
    (copy / f"data/{PAR}.csv").symlink_to(copy.parent / "elsewhere.csv")
    assert set(verify_package(copy, PUBLIC).problems) == {
        f"data/{PAR}.csv: is no plain file",
        f"missing file: data/{PAR}.csv",
    }


def test_two_files_that_changed_places_are_both_named(copy: Path) -> None:
    par, dors = copy / f"data/{PAR}.csv", copy / f"data/{DORS}.csv"
    kept = par.read_bytes()
    par.write_bytes(dors.read_bytes())
    dors.write_bytes(kept)
    problems = verify_package(copy, PUBLIC).problems
    assert {problem.partition(":")[0] for problem in problems} == {f"data/{PAR}.csv", f"data/{DORS}.csv"}


def test_a_manifest_signed_by_somebody_else_is_refused(copy: Path) -> None:
    stranger = bytes(32)
    (copy / SIGNATURE).write_bytes(signing.sign(stranger, (copy / MANIFEST).read_bytes()))
    (copy / "signing_public_key.pem").write_bytes(signing.public_key_pem(signing.public_key(stranger)))
    (problem,) = verify_package(copy, PUBLIC).problems
    assert SIGNATURE in problem


def test_the_receipt_of_another_delivery_does_not_fit(tmp_path: Path) -> None:
    first, second = sealed_in(tmp_path / "1"), sealed_in(tmp_path / "2", number="L002")
    first.receipt_path.write_bytes(second.receipt_path.read_bytes())
    problems = verify_package(first.path, PUBLIC).problems
    assert f"{first.path.name}: the receipt is for {second.path.name}" in problems


def test_a_receipt_for_another_inside_is_found_with_the_identity(package: SealedPackage, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(package.path.parent, tmp_path / "copy"))
    other = package.receipt.model_copy(update={"manifest_sha256": "0" * 64})
    (folder / package.receipt_path.name).write_bytes(write_receipt(other, SEED))
    assert verify_package(folder, PUBLIC).ok
    assert verify_package(folder, PUBLIC, RECIPIENT.secret).problems == (
        f"{MANIFEST}: is not the one the receipt names",
    )


def test_a_receipt_that_tells_another_size_does_not_fit(package: SealedPackage, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(package.path.parent, tmp_path / "copy"))
    other = package.receipt.model_copy(update={"bytes": package.receipt.bytes + 1})
    (folder / package.receipt_path.name).write_bytes(write_receipt(other, SEED))
    assert verify_package(folder, PUBLIC).problems == (f"{package.path.name}: size is not what the receipt says",)


def test_a_manifest_that_tells_other_rows_than_its_file_has_does_not_fit(package: SealedPackage, copy: Path) -> None:
    first, *others = package.manifest.files
    wrong = first.model_copy(update={"rows": first.rows + 1})
    other = package.manifest.model_copy(update={"files": (wrong, *others)})
    (copy / MANIFEST).write_bytes(render(other))
    for name, signature in signatures(other, render(other), SEED).items():
        (copy / name).write_bytes(signature)
    assert verify_package(copy, PUBLIC).problems == (f"{first.name}: rows is not what the manifest says",)


@pytest.mark.parametrize("text", ["", "x", "A" * 86 + "=="])
def test_a_receipt_without_a_signature_is_refused(package: SealedPackage, text: str) -> None:
    content = package.receipt_path.read_text()
    signature = content.rpartition('"signature": "')[2].partition('"')[0]
    with pytest.raises(PackageRefused, match=r"receipt\.json"):
        read_receipt(content.replace(signature, text).encode(), package.receipt_path.name, PUBLIC)


def test_a_signature_written_in_another_way_is_refused(package: SealedPackage) -> None:
    """The last sign before ``==`` carries four bits that mean nothing: they must be 0."""
    content = package.receipt_path.read_text()
    last = content[content.index('=="') - 1]
    other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    same_bits = other[other.index(last) + 1]
    with pytest.raises(PackageRefused, match="one form"):
        read_receipt(content.replace(f'{last}=="', f'{same_bits}=="').encode(), "r.receipt.json", PUBLIC)


def seal_members(members: list[Member], path: Path, folder: str = FOLDER) -> None:
    """What somebody who knows the recipient's public key could hand over."""
    content = b"".join(tar_chunks(folder, members))
    with path.open("wb") as writer:
        age.seal(BytesIO(content), writer, [RECIPIENT.recipient])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda members: [*members, document("data/more.csv", b"x")], "extra file: data/more.csv"),
        (lambda members: members[1:], f"missing file: data/{PAR}.csv"),
        (lambda members: [*members, document(f"data/{PAR}.csv", b"x")], "is not what the manifest says"),
        (lambda members: [*members, document("../outside", b"x")], "refused"),
        (lambda members: [], "missing file"),
    ],
)
def test_members_that_the_manifest_does_not_list_are_not_opened(
    tmp_path: Path, spoil: Callable[[list[Member]], list[Member]], said: str
) -> None:
    members = list(package_contents(a_description(), SEED).members)
    path = tmp_path / f"{FOLDER}.tar.age"
    seal_members(spoil(members), path)
    with pytest.raises(PackageRefused) as refusal:
        open_package(path, RECIPIENT.secret, tmp_path / "opened", PUBLIC)
    assert said in str(refusal.value) or said == "refused"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


STEPS = tuple(Step(place, act, datetime(2221, 12, place, tzinfo=UTC), "officer") for place, act in ((1, "x"), (2, "y")))
OTHERS = bytes(range(1, 33))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda case, number, steps, seed: signed_steps(case, number, steps, OTHERS), "step 1 is not signed"),
        (lambda case, number, steps, seed: signed_steps(case, number, steps[1:], seed), "step 1 is missing"),
        (lambda case, number, steps, seed: signed_steps(case, "L002", steps, seed), "step 1 is shown as another"),
        (None, "cannot be read"),
    ],
)
def test_steps_that_the_service_has_not_signed_are_named_though_the_manifest_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[..., Any] | None, said: str
) -> None:
    description = replace(a_description(), steps=STEPS)
    good, path = tmp_path / "good" / f"{FOLDER}.tar.age", tmp_path / f"{FOLDER}.tar.age"
    good.parent.mkdir()
    seal_members(list(package_contents(description, SEED).members), good)
    assert open_package(good, RECIPIENT.secret, tmp_path / "opened", PUBLIC).manifest.delivery == "L001"
    assert verify_package(tmp_path / "opened", PUBLIC).problems == ()
    if spoil is None:
        monkeypatch.setattr(contents, "ro_crate", lambda *_: b"{}")
    else:
        monkeypatch.setattr(contents, "signed_steps", spoil)
    seal_members(list(package_contents(description, SEED).members), path)
    with pytest.raises(PackageRefused, match=f"^ro-crate-metadata.json: .*{said}"):
        open_package(path, RECIPIENT.secret, tmp_path / "refused", PUBLIC)


def test_a_folder_of_another_name_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / f"{FOLDER}.tar.age"
    seal_members(list(package_contents(a_description(), SEED).members), path, "36759-2021_L002")
    with pytest.raises(PackageRefused, match="not named as its manifest says"):
        open_package(path, RECIPIENT.secret, tmp_path / "opened", PUBLIC)


def test_what_is_sealed_but_no_archive_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / f"{FOLDER}.tar.age"
    for content in (b"", b"no archive", bytes(10_240)):
        with path.open("wb") as writer:
            age.seal(BytesIO(content), writer, [RECIPIENT.recipient])
        with pytest.raises(PackageRefused):
            open_package(path, RECIPIENT.secret, tmp_path / "opened")


def test_a_member_that_occurs_twice_is_a_problem() -> None:
    members = [*package_contents(a_description(), SEED).members, document("radflode.csv", b"")]
    content = BytesIO(b"".join(tar_chunks(FOLDER, members)))
    with tarfile.open(fileobj=content, mode="r|") as archive:
        inventory = inventory_of_archive(archive, FOLDER)
    assert "radflode.csv: occurs twice" in inventory_problems(inventory, PUBLIC)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_an_archive_member_that_is_no_file_is_a_problem(kind: bytes) -> None:
    content = BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        member = tarfile.TarInfo(f"{FOLDER}/link")
        member.type, member.linkname = kind, "manifest.json"
        archive.addfile(member)
    content.seek(0)
    with tarfile.open(fileobj=content, mode="r|") as archive:
        inventory = inventory_of_archive(archive, FOLDER)
    assert any("something else" in problem for problem in inventory_problems(inventory, PUBLIC))


def test_something_after_the_archive_is_not_opened(tmp_path: Path) -> None:
    content = b"".join(tar_chunks(FOLDER, package_contents(a_description(), SEED).members))
    path = tmp_path / f"{FOLDER}.tar.age"
    with path.open("wb") as writer:
        age.seal(BytesIO(content + bytes(20_480) + b"hidden"), writer, [RECIPIENT.recipient])
    with pytest.raises(PackageRefused, match="follows after"):
        open_package(path, RECIPIENT.secret, tmp_path / "opened")
