"""A folder on an SFTP server, whose host key is known beforehand and where the service has a key of its own.

What belongs here: its settings, the connection and its acts. What must not: the order of acts
(samkorning.delivery.handing_over). The library is an extra (`pip install samkorning[sftp]`). No password is ever sent,
no key is taken on trust, and no error of the library is passed on.
"""

import base64
import logging
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from samkorning.delivery.handing_over import CHUNK
from samkorning.errors import HandOverFailed, HandOverRefused

_SECONDS = 30
_BLOCK = 1 << 15  # what a server takes at once
_ASKED_AHEAD = 64
_Found = TypeVar("_Found")
HostKey = Annotated[str, StringConstraints(pattern=r"^(ssh-ed25519|ecdsa-sha2-nistp256) [A-Za-z0-9+/]+=*$")]


class Sftp(BaseModel):
    """An account on a server."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: Literal["sftp"] = Field(description="Says which kind of target it is.")
    host: str = Field(description="The server's name.")
    port: int = Field(default=22, ge=1, le=65535, description="The server's port.")
    user: str = Field(description="The account there.")
    folder: str = Field(default=".", description="The folder there; it must be there.")
    host_key: HostKey = Field(description="The server's public key, as in `known_hosts`: `ssh-ed25519 AAAA…`.")
    private_key_file: Path | None = Field(
        default=None, description="File with the service's private key; its owner alone may read it."
    )
    agent_key: HostKey | None = Field(
        default=None,
        description="In its place the public half of a key that an SSH agent holds, for itself or from a token.",
    )

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.private_key_file is None) == (self.agent_key is None):
            raise ValueError("one of private_key_file and agent_key is needed")
        return self

    @contextmanager
    def open(self) -> Iterator["SftpPlace"]:
        """The connection, as long as the context lasts."""
        library = _library()
        with ExitStack() as open_here, _in_our_words(library, self.where):
            connection = open_here.enter_context(socket.create_connection((self.host, self.port), _SECONDS))
            transport = library.Transport(connection)
            open_here.callback(transport.close)
            self._connect(library, transport)
            transport.auth_publickey(self.user, open_here.enter_context(self._key(library)))
            client = library.SFTPClient.from_transport(transport)
            client.get_channel().settimeout(_SECONDS)
            client.chdir(self.folder)
            yield SftpPlace(client, self.where)

    @property
    def where(self) -> str:
        """The account in words."""
        return f"sftp://{self.user}@{self.host}:{self.port}"

    @contextmanager
    def _key(self, library: Any) -> Iterator[Any]:
        """The service's key, from its file or as the agent has it, which signs with it and never gives it away."""
        if self.private_key_file is not None:
            yield _private_key(library, self.private_key_file)
            return
        with closing(_or_nothing(library.Agent) or _refuse_agent()) as agent:
            found = [key for key in agent.get_keys() if f"{key.get_name()} {key.get_base64()}" == self.agent_key]
            yield found[0] if found else _refuse_agent()

    def _connect(self, library: Any, transport: Any) -> None:
        """Speak to the server alone that has the key which the settings name."""
        kind, pinned = self.host_key.split(" ")
        transport.banner_timeout = transport.auth_timeout = _SECONDS
        transport.get_security_options().key_types = (kind,)
        refused = False
        try:
            transport.start_client(timeout=_SECONDS)
        except library.ssh_exception.IncompatiblePeer:
            refused = True
        if refused or transport.get_remote_server_key().asbytes() != base64.b64decode(pinned):
            raise HandOverRefused(
                f"{self.where}: the server has another host key than `targets` names; nothing was sent: ask whoever "
                "runs it before the setting is changed"
            )


@dataclass(frozen=True)
class SftpPlace:
    """The folder on the server, as long as the connection lasts."""

    client: Any
    where: str

    def size(self, name: str) -> int | None:
        with suppress(FileNotFoundError):
            return int(self.client.stat(name).st_size)
        return None

    def read(self, name: str, size: int) -> Iterator[bytes]:
        with self.client.open(name, "rb") as file:
            file.prefetch(size, max_concurrent_requests=_ASKED_AHEAD)
            while size and (chunk := file.read(min(CHUNK, size))):
                size -= len(chunk)
                yield bytes(chunk)

    def append(self, name: str, offset: int, chunks: Iterator[bytes]) -> None:
        with self.client.open(name, "r+b" if offset else "wb") as file:
            file.seek(offset)
            file.set_pipelined(True)
            for chunk in chunks:
                for start in range(0, len(chunk), _BLOCK):
                    file.write(chunk[start : start + _BLOCK])

    def rename(self, name: str, to: str) -> None:
        """The protocol's own renaming, which fails where the name is taken."""
        taken = False
        try:
            self.client.rename(name, to)
        except OSError:
            taken = self.size(to) is not None
            if not taken:
                raise
        if taken:
            raise HandOverRefused(f"{self.where}: another file is called {to}; let whoever runs the place move it")

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            self.client.remove(name)


def _library() -> Any:
    library = None
    with suppress(ImportError):
        library = import_module("paramiko")
    if library is None:
        raise HandOverRefused("handing over by SFTP needs a library: pip install 'samkorning[sftp]'")
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # it would print what it is told by servers
    return library


def _private_key(library: Any, path: Path) -> Any:
    if not path.is_file() or stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise HandOverRefused(f"`private_key_file` {path.name} is not there, or others than its owner may read it")
    return _or_nothing(lambda: library.PKey.from_path(path)) or _refuse_key(path)


def _or_nothing(find: Callable[[], _Found]) -> _Found | None:
    with suppress(Exception):  # the library's error could quote the file
        return find()
    return None


def _refuse_key(path: Path) -> Any:
    raise HandOverRefused(f"`private_key_file` {path.name} is no private key without a passphrase")


def _refuse_agent() -> Any:
    raise HandOverRefused("no SSH agent (`SSH_AUTH_SOCK`) holds the key that `agent_key` names; add it with ssh-add")


@contextmanager
def _in_our_words(library: Any, where: str) -> Iterator[None]:
    """Turn what the library raises into what a person can do, without its text."""
    failure = ""
    try:
        yield
    except library.AuthenticationException:
        failure = "the server does not take the service's key; let whoever runs it enter its public half"
    except (library.SSHException, OSError, EOFError) as error:
        failure = f"cannot be reached, or was cut off ({type(error).__name__}); hand over again, it goes on from there"
    if failure:
        raise HandOverFailed(f"{where}: {failure}")
