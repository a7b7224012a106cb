"""Files that are whole or absent: what each way of writing leaves, also when it is broken off."""

import fcntl
import os
from pathlib import Path

import pytest

from samkorning import durable
from samkorning.durable import (
    file_lock,
    make_folder,
    overwrite,
    partial,
    partials_removed,
    private_file,
    remove,
    sweep_partials,
    sweep_temporary,
    write_new,
    write_through,
)


class Broken(Exception):
    """What interrupts a writer."""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def loose_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_new_file_is_whole_and_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_new(path, b"one")
    with pytest.raises(FileExistsError):
        write_new(path, b"two")
    assert (path.read_bytes(), mode(path), [each.name for each in tmp_path.iterdir()]) == (b"one", 0o600, ["secret"])


def test_a_private_file_takes_nothings_place_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    (tmp_path / "dangling").symlink_to(tmp_path / "elsewhere")
    for name in ("theirs", "link", "dangling"):
        with pytest.raises(FileExistsError), private_file(tmp_path / name) as stream:
            stream.write(b"ours")
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert not (tmp_path / "elsewhere").exists()


def test_what_takes_the_place_of_a_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    for content in (b"one", b"two"):
        overwrite(path, content)
        assert (path.read_bytes(), mode(path)) == (content, 0o600)
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("write", [write_new, overwrite])
def test_a_writer_that_fails_before_the_end_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: object
) -> None:
    path = tmp_path / "secret"
    if write is overwrite:
        overwrite(path, b"before")

    def broken(descriptor: int) -> None:
        raise Broken

    monkeypatch.setattr(durable.os, "fsync", broken)
    with pytest.raises(Broken):
        write(path, b"after")  # type: ignore[operator]
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([b"before"] if write is overwrite else [])


def test_everything_is_on_the_disk_before_its_name_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        seen.append(sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")))
        fsync(descriptor)

    monkeypatch.setattr(durable.os, "fsync", watched)
    overwrite(tmp_path / "a", b"x")
    write_new(tmp_path / "b", b"x")
    assert seen == [[], ["a"], ["a"], ["a", "b"]], "content first, then the folder"


def test_folders_and_removals_are_on_the_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[tuple[Path, list[str]]] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        folder = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((folder, sorted(path.name for path in folder.iterdir())))
        fsync(descriptor)

    (tmp_path / "file").touch()
    monkeypatch.setattr(durable.os, "fsync", watched)
    make_folder(tmp_path / "a" / "b")
    remove(tmp_path / "file")
    assert synced == [(tmp_path, ["a", "file"]), (tmp_path / "a", ["b"]), (tmp_path, ["a"])]


def test_what_crashed_writers_left_of_a_file_is_swept_with_it_alone(tmp_path: Path) -> None:
    path, other = tmp_path / "secret", tmp_path / ".other.abc.new"
    for left in (tmp_path / ".secret.abc.new", tmp_path / ".secret.def.new", other, path):
        left.write_bytes(b"half")
    sweep_temporary(path)
    assert {each.name for each in tmp_path.iterdir()} == {path.name, other.name}
    remove(path)
    remove(path)
    assert [each.name for each in tmp_path.iterdir()] == [other.name]


def test_folders_are_their_owners_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o700, 0o700)
    with private_file(tmp_path / "a" / "file") as stream:
        stream.write(b"x")
    with file_lock(tmp_path / "a" / "lock"):
        pass
    assert (mode(tmp_path / "a" / "file"), mode(tmp_path / "a" / "lock")) == (0o600, 0o600)


def test_a_held_file_is_held_against_everybody_else(tmp_path: Path) -> None:
    """A second holder, of whatever kind, waits; the kernel tells it to one who does not want to wait."""
    path = tmp_path / "lock"
    with file_lock(path), path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
    with path.open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_partial_files_go_whatever_happens(tmp_path: Path) -> None:
    path = tmp_path / "L001.tar.age"
    with pytest.raises(Broken), partials_removed(path):
        write_through(partial(path), b"half")
        raise Broken
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "L001").mkdir()
    write_through(partial(tmp_path / "L001" / "b"), b"half")
    write_through(path, b"whole")
    assert sweep_partials(tmp_path) == ["b.partial"]
    assert path.read_bytes() == b"whole"
