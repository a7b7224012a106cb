"""Files handed over: whole or not there, nothing twice, nothing in place of another, and gone on with after a cut."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from resources.targets import Target, open_target
from resources.targets.drop_folder import DropFolder, FolderPlace
from samkorning.delivery.handing_over import Place, hand_over_file
from samkorning.errors import HandOverFailed, HandOverRefused
from tests.ssh_server import SshServer, cut_after, ssh_agent, ssh_server

NAME, SIZE = "36759-2221_L001.tar.age", 5_000_000
Opened = Callable[[], AbstractContextManager[Place]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "outbox" / NAME
    path.parent.mkdir()
    path.write_bytes(hashlib.shake_256(b"sealed").digest(SIZE))
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class There:
    """A target, and the folder behind it."""

    target: Any
    folder: Path

    def open(self) -> AbstractContextManager[Place]:
        return open_target({"there": self.target}, "there")

    @property
    def unfinished(self) -> Path:
        return self.folder / f".{NAME}.partial"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    with ssh_server(tmp_path_factory.mktemp("ssh")) as running:
        yield running


@pytest.fixture(params=["drop_folder", pytest.param("sftp", marks=pytest.mark.services)])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> There:
    folder = tmp_path / "there"
    folder.mkdir()
    if request.param == "drop_folder":
        return There(DropFolder(kind="drop_folder", folder=folder), folder)
    running = request.getfixturevalue("server")
    return There(a_target(running.settings(folder=str(folder))), folder)


def a_target(said: dict[str, object]) -> Any:
    return TypeAdapter(Target).validate_python(said)


def handed(there: There, file: Path) -> int:
    """How many bytes were sent."""
    with there.open() as place:
        done = hand_over_file(place, file, sha256(file))
    assert (there.folder / NAME).read_bytes() == file.read_bytes()
    assert [path.name for path in there.folder.iterdir()] == [NAME]
    return done.sent


def test_a_file_arrives_and_is_not_sent_again(there: There, file: Path) -> None:
    assert handed(there, file) == SIZE
    before = (there.folder / NAME).stat().st_mtime_ns
    assert handed(there, file) == 0
    assert (there.folder / NAME).stat().st_mtime_ns == before


@pytest.mark.parametrize("other", [b"", b"another", bytes(SIZE)], ids=["empty", "short", "as long"])
def test_another_file_under_the_name_stays(other: bytes, there: There, file: Path) -> None:
    (there.folder / NAME).write_bytes(other)
    with there.open() as place, pytest.raises(HandOverRefused, match="another file is called"):
        hand_over_file(place, file, sha256(file))
    assert (there.folder / NAME).read_bytes() == other
    assert [path.name for path in there.folder.iterdir()] == [NAME]


def test_what_is_there_of_it_is_gone_on_with(there: There, file: Path) -> None:
    there.unfinished.write_bytes(file.read_bytes()[:2_000_000])
    assert handed(there, file) == SIZE - 2_000_000


@pytest.mark.parametrize("left", [b"x", b"x" * 2_000_000, bytes(SIZE + 1)], ids=["one byte", "many", "too many"])
def test_what_is_there_and_not_of_it_is_sent_anew(left: bytes, there: There, file: Path) -> None:
    there.unfinished.write_bytes(left)
    assert handed(there, file) == SIZE


def test_a_file_that_came_under_the_name_meanwhile_stays(there: There, file: Path) -> None:
    with there.open() as place:
        place.append(f".{NAME}.partial", 0, iter([b"ours"]))
        (there.folder / NAME).write_bytes(b"another's")
        with pytest.raises(HandOverRefused, match="another file is called"):
            place.rename(f".{NAME}.partial", NAME)
    assert (there.folder / NAME).read_bytes() == b"another's"


def test_a_file_that_is_not_as_sealed_is_not_sent(there: There, file: Path) -> None:
    sealed = sha256(file)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with there.open() as place, pytest.raises(HandOverRefused, match="not as it was sealed"):
        hand_over_file(place, file, sealed)
    assert list(there.folder.iterdir()) == []


class Losing(FolderPlace):
    """A folder that tells that it took everything and keeps other bytes."""

    def append(self, name: str, offset: int, chunks: Iterator[bytes]) -> None:
        super().append(name, offset, (b"x" + chunk[1:] for chunk in chunks))


def test_what_did_not_arrive_as_sent_gets_no_name(tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    with pytest.raises(HandOverFailed, match="did not arrive"):
        hand_over_file(Losing(folder), file, sha256(file))
    assert list(folder.iterdir()) == []


def test_a_drop_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    missing = There(DropFolder(kind="drop_folder", folder=tmp_path / "missing"), tmp_path)
    with pytest.raises(HandOverFailed, match="mount it"), missing.open():
        pass
    with pytest.raises(HandOverRefused, match="no target is called elsewhere"):
        open_target({}, "elsewhere")


@pytest.mark.services
def test_a_connection_that_is_cut_is_gone_on_with(server: SshServer, tmp_path: Path, file: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    partly = There(a_target(server.settings(folder=str(folder))), folder)
    with cut_after(server.port, 2_500_000, lambda: partly.unfinished.stat().st_size > 0) as port:
        cut = There(a_target(server.settings(folder=str(folder), port=port)), folder)
        with pytest.raises(HandOverFailed, match="it goes on from there"), cut.open() as place:
            hand_over_file(place, file, sha256(file))
    assert not (folder / NAME).exists()
    assert 0 < handed(partly, file) < SIZE


@pytest.mark.services
def test_nothing_is_sent_to_a_server_with_another_host_key(server: SshServer, tmp_path: Path) -> None:
    other = There(a_target(server.settings(host_key=server.host_key("other_host_key"))), tmp_path)
    with pytest.raises(HandOverRefused, match="another host key"), other.open():
        pass


@pytest.mark.services
def test_a_server_that_does_not_take_the_key_is_told(server: SshServer, tmp_path: Path) -> None:
    key = str(server.folder / "other_client_key")
    with (
        pytest.raises(HandOverFailed, match="does not take the service's key"),
        There(a_target(server.settings(private_key_file=key)), tmp_path).open(),
    ):
        pass


@pytest.mark.services
@pytest.mark.parametrize(("content", "mode"), [(None, 0o600), (b"no key", 0o600), (b"the key", 0o640)])
def test_a_private_key_that_is_none_or_open_to_others_is_refused(
    content: bytes | None, mode: int, server: SshServer, tmp_path: Path
) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(server.private_key.read_bytes() if content == b"the key" else content)
        path.chmod(mode)
    with (
        pytest.raises(HandOverRefused, match="private_key_file"),
        There(a_target(server.settings(private_key_file=str(path))), tmp_path).open(),
    ):
        pass


@pytest.mark.services
def test_a_key_of_an_agent_hands_over_and_another_does_not(
    server: SshServer, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The private key lies in no file of the service: with the agent alone, or in a token behind it."""
    folder = tmp_path / "there"
    folder.mkdir()
    by_agent = {"private_key_file": None, "agent_key": server.host_key("client_key"), "folder": str(folder)}
    there = There(a_target(server.settings(**by_agent)), folder)
    refused = pytest.raises(HandOverRefused, match=r"no SSH agent .* holds the key")
    with ssh_agent(tmp_path, server.private_key) as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        assert handed(there, file) == SIZE
        other = server.settings(**{**by_agent, "agent_key": server.host_key("other_client_key")})
        with refused, There(a_target(other), folder).open():
            pass
    monkeypatch.delenv("SSH_AUTH_SOCK")
    with refused, there.open():
        pass


@pytest.mark.parametrize("keys", [{}, {"private_key_file": "key", "agent_key": "ssh-ed25519 AAAA"}])
def test_a_target_has_one_key(keys: dict[str, str]) -> None:
    said = {"kind": "sftp", "host": "sftp.example.org", "user": "x", "host_key": "ssh-ed25519 AAAA"}
    with pytest.raises(ValidationError, match="one of private_key_file and agent_key"):
        a_target({**said, **keys})


@pytest.mark.services
def test_a_server_that_does_not_answer_is_told(server: SshServer, tmp_path: Path) -> None:
    with (
        pytest.raises(HandOverFailed, match="cannot be reached"),
        There(a_target(server.settings(port=1)), tmp_path).open(),
    ):
        pass
