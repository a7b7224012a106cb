"""Deliveries for a recipient without age: locked in 7z, opened by 7-Zip and by us, refused when anything is wrong."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_delivery_factory import PAR, PUBLIC, SEED, SERIAL_NUMBERS, a_description, a_frame

from samkorning.delivery.package.archive import Member, document
from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.sealing import SealedPackage, seal_package
from samkorning.delivery.package.seven_zip import write_seven_zip
from samkorning.delivery.package.seven_zip_reading import seven_zip_members
from samkorning.delivery.package.verification import verify_package
from samkorning.encryption.seven_zip_aes import new_passphrase
from samkorning.errors import GuardedFailure, PackageRefused
from tests.rendered import csv_of

PASSPHRASE, ANOTHER, WHOM = "abcde-fghjk", "abcde-fghjm", "7z: Anna Exempel, Exempeluniversitetet"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> SealedPackage:
    folder = tmp_path_factory.mktemp("sealed") / "L001"
    return seal_package(a_description(), folder, WHOM, SEED, passphrase=PASSPHRASE)


def seven_zip(*arguments: str | Path, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("7zz") or shutil.which("7z")
    if tool is None:
        pytest.skip("the Debian package 7zip is not installed: make services")
    command = [tool, *map(str, arguments)]
    return subprocess.run(command, input=f"{passphrase}\n", capture_output=True, text=True, check=False)


def test_a_locked_delivery_is_two_files_and_nothing_plain(sealed: SealedPackage) -> None:
    folder = sealed.path.parent
    assert {path.name for path in folder.iterdir()} == {"36759-2021_L001.7z", "36759-2021_L001.receipt.json"}
    content = sealed.path.read_bytes()
    plain = [PAR.encode(), PAR.encode("utf-16-le"), *(str(number).encode() for number in SERIAL_NUMBERS)]
    assert [text for text in plain if text in content] == []
    assert sealed.receipt.recipient == WHOM


def test_it_is_verified_and_opened_with_the_passphrase(sealed: SealedPackage, tmp_path: Path) -> None:
    assert verify_package(sealed.path, PUBLIC).problems == ()
    assert verify_package(sealed.path.parent, PUBLIC, PASSPHRASE).problems == ()
    opened = open_package(sealed.path, PASSPHRASE, tmp_path / "opened", PUBLIC)
    assert (opened.folder / f"data/{PAR}.csv").read_bytes() == csv_of(a_frame())
    assert verify_package(opened.folder, PUBLIC).problems == ()


def test_another_passphrase_opens_nothing(sealed: SealedPackage, tmp_path: Path) -> None:
    (problem,) = verify_package(sealed.path, PUBLIC, ANOTHER).problems
    assert problem.startswith("36759-2021_L001.7z: does not open with this passphrase")
    with pytest.raises(PackageRefused, match="does not open with this passphrase") as refusal:
        open_package(sealed.path, ANOTHER, tmp_path / "opened")
    assert not (tmp_path / "opened").exists()
    assert ANOTHER not in str(refusal.value)


@pytest.mark.slow
def test_a_flipped_byte_or_a_cut_end_opens_nothing(sealed: SealedPackage, tmp_path: Path) -> None:
    whole, copy = sealed.path.read_bytes(), tmp_path / sealed.path.name  # without its receipt
    for place in range(0, len(whole), len(whole) // 40):
        changed = bytearray(whole)
        changed[place] ^= 1
        copy.write_bytes(changed)
        with pytest.raises(PackageRefused, match=r"36759-2021_L001\.7z|manifest"):
            open_package(copy, PASSPHRASE, tmp_path / "opened", PUBLIC)
    for size in range(0, len(whole), len(whole) // 10):
        copy.write_bytes(whole[:size])
        with pytest.raises(PackageRefused, match=r"36759-2021_L001\.7z"):
            open_package(copy, PASSPHRASE, tmp_path / "opened", PUBLIC)
    assert [path.name for path in tmp_path.iterdir()] == [copy.name]


@pytest.mark.services
def test_seven_zip_opens_it_and_shows_no_name_without_the_passphrase(sealed: SealedPackage, tmp_path: Path) -> None:
    assert seven_zip("x", f"-o{tmp_path / 'out'}", sealed.path).returncode == 0
    folder = tmp_path / "out" / "36759-2021_L001"
    assert verify_package(folder, PUBLIC).problems == ()
    refused = seven_zip("l", sealed.path, passphrase=ANOTHER)
    assert refused.returncode != 0
    assert PAR not in refused.stdout


@pytest.mark.services
def test_an_archive_of_another_form_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "1-2221_L001"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"a")
    (folder / "b.txt").write_bytes(b"b" * 100)
    archive = tmp_path / "a.7z"
    command = ["a", "-mx0", "-mhe=on", f"-p{PASSPHRASE}", archive, "1-2221_L001/a.txt", "1-2221_L001/b.txt"]
    tool = shutil.which("7zz") or shutil.which("7z")
    if tool is None:
        pytest.skip("the Debian package 7zip is not installed: make services")
    subprocess.run([tool, *map(str, command)], cwd=tmp_path, check=True, capture_output=True)
    with pytest.raises(PackageRefused, match="does not open"), seven_zip_members(archive, PASSPHRASE):
        pass  # a chain of two methods: not as we write it


@pytest.mark.parametrize("sizes", [(1,), (0, 15, 16, 17, 0), (1 << 20, 3), tuple(range(300))], ids=len)
def test_members_of_every_size_come_back(sizes: tuple[int, ...], tmp_path: Path) -> None:
    members = [
        document(f"data/{place:03d} å.csv", bytes(place % 251 for place in range(size)))
        for place, size in enumerate(sizes)
    ]
    with (tmp_path / "a.7z").open("wb+") as file:
        write_seven_zip(file, "1-2221_L001", members, PASSPHRASE)
    with seven_zip_members(tmp_path / "a.7z", PASSPHRASE) as found:
        assert [(each.name, b"".join(each.chunks())) for each in found] == [
            (f"1-2221_L001/{each.name}", b"".join(each.chunks())) for each in members
        ]


def test_a_member_that_was_changed_is_told_when_it_is_read(tmp_path: Path) -> None:
    archive = tmp_path / "a.7z"
    with archive.open("wb+") as file:
        write_seven_zip(file, "1-2221_L001", [document("a.txt", b"a" * 1000)], PASSPHRASE)
    changed = bytearray(archive.read_bytes())
    changed[100] ^= 1  # behind the start, in the member's locked bytes
    archive.write_bytes(changed)
    with seven_zip_members(archive, PASSPHRASE) as found, pytest.raises(PackageRefused, match="own checksum"):
        list(found[0].chunks())


def test_a_member_that_is_not_as_long_as_it_said_stops_it(tmp_path: Path) -> None:
    def short() -> Iterator[bytes]:
        yield b"12"

    with (tmp_path / "a.7z").open("wb+") as file, pytest.raises(GuardedFailure, match=r"x\.csv: its size changed"):
        write_seven_zip(file, "1-2221_L001", [Member("x.csv", 3, short)], PASSPHRASE)


def test_passphrases_are_long_and_never_the_same() -> None:
    drawn = {new_passphrase() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(each) for each in drawn} == {35}
    assert set("".join(drawn)) <= set("-23456789abcdefghjkmnpqrstuvwxyz")
