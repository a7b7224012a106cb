"""A real OpenSSH server on this machine, with an account's key and a way that can be cut.

What belongs here: starting and ending it. What must not: expectations.
"""

import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from resources.targets import sftp
from tests.patience import PATIENCE

PAUSE = 0.05
CONFIGURATION = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/client_key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
LoginGraceTime 0
MaxStartups 100
Subsystem sftp internal-sftp
"""


@dataclass
class SshServer:
    """A server that listens, the service's key for it, and a folder that it serves."""

    port: int
    folder: Path

    @property
    def served(self) -> Path:
        return self.folder / "served"

    @property
    def private_key(self) -> Path:
        return self.folder / "client_key"

    def host_key(self, name: str = "host_key") -> str:
        return " ".join((self.folder / f"{name}.pub").read_text().split()[:2])

    def settings(self, **changes: object) -> dict[str, object]:
        """What `targets` in config.yaml would hold."""
        said = {"kind": "sftp", "host": "127.0.0.1", "port": self.port, "user": getpass.getuser()}
        keys = {"host_key": self.host_key(), "private_key_file": str(self.private_key)}
        return {**said, **keys, "folder": str(self.served), **changes}


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """A server as long as the context lasts; the test is skipped where there is none."""
    program = shutil.which("sshd") or "/usr/sbin/sshd"
    if not Path(program).exists() or shutil.which("ssh-keygen") is None:
        pytest.skip("the Debian package openssh-server is not installed: make services")
    server = SshServer(_free_port(), folder)
    server.served.mkdir(parents=True)
    for name in ("host_key", "other_host_key", "client_key", "other_client_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    (folder / "sshd_config").write_text(CONFIGURATION.format(port=server.port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    process = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=subprocess.DEVNULL)
    try:
        assert _wait(lambda: _listens(server.port)), "the server does not listen"
        with patch.object(sftp, "_SECONDS", PATIENCE):
            yield server
    finally:
        process.terminate()
        process.wait()


@contextmanager
def ssh_agent(folder: Path, key: Path) -> Iterator[str]:
    """The socket of an agent that holds a private key."""
    path = folder / "agent"
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(path)], stdout=subprocess.DEVNULL)
    try:
        assert _wait(path.exists), "the agent does not listen"
        adding = ["ssh-add", "-q", str(key)]
        subprocess.run(adding, env={**os.environ, "SSH_AUTH_SOCK": str(path)}, check=True, stderr=subprocess.DEVNULL)
        yield str(path)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def cut_after(port: int, sent: int, until: Callable[[], bool]) -> Iterator[int]:
    """A port that leads to another one and is cut when so many bytes have been sent, and something holds behind it."""
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_lead, args=(listening, port, sent, until), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        thread.join(10)


def _lead(listening: socket.socket, port: int, sent: int, until: Callable[[], bool]) -> None:
    with (
        suppress(OSError),
        closing(listening.accept()[0]) as client,
        closing(socket.create_connection(("127.0.0.1", port))) as server,
    ):
        back = threading.Thread(target=_copy, args=(server, client, None), daemon=True)
        back.start()
        _copy(client, server, sent)
        _wait(until)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        back.join(10)


def _copy(source: socket.socket, sink: socket.socket, most: int | None) -> None:
    with suppress(OSError):
        while most is None or most > 0:
            chunk = source.recv(1 << 14)
            if not chunk:
                return
            sink.sendall(chunk)
            most = None if most is None else most - len(chunk)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _wait(until: Callable[[], bool]) -> bool:
    for _ in range(int(PATIENCE / PAUSE)):
        if until():
            return True
        time.sleep(PAUSE)
    return False
