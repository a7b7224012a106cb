"""A production service as deploy/ has it, on this machine: nginx, PostgreSQL, code server, daemon and both pages.

What belongs here: starting what the units and the proxy's configuration say, at other places. What must not:
expectations. systemd itself is not run; `systemd-analyze` looks at the units.
"""

import http.client
import json
import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.factories import PROJECT
from tests.patience import PATIENCE
from tests.postgresql import a_server

DEPLOY = PROJECT / "deploy"
PAGE, READ = "samkorning.example.org", "samkorning-read.example.org"
PASSWORDS = {"olle": "a long password of olle", "mia": "a long password of mia"}
ANALYST = {"anna": "a long password of anna"}
UNVERIFIED = ssl._create_unverified_context()  # noqa: S323 - the certificate is made here, for this test
INSTALLED = "/opt/samkorning/.venv/bin/samkorning"
NEEDED = pytest.mark.skipif(
    not (shutil.which("nginx") and shutil.which("openssl")), reason="nginx is not installed; make services does"
)


@dataclass
class Production:
    """The service: its folder, the port of its proxy, and what runs."""

    folder: Path
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def place(self, text: str) -> str:
        """A text of deploy/ with this service's places in it."""
        places = {
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "/run/samkorning": str(self.folder / "run"),
            "/etc/nginx": str(self.folder / "nginx"),
            "/etc/ssl/certs/samkorning.pem": str(self.folder / "samkorning.pem"),
            "/etc/ssl/private/samkorning.key": str(self.folder / "samkorning.key"),
            "/var/log/nginx": str(self.folder / "log"),
            "/etc/samkorning/databases": str(self.folder / "databases"),
            "/srv/samkorning": str(self.folder),
        }
        for there, here in places.items():
            text = text.replace(there, here)
        return text

    def ask(
        self, method: str = "GET", path: str = "/", body: Any = None, *, name: str = PAGE, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """Status and text of an answer of the proxy."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=UNVERIFIED)
        sent = {"Host": f"{name}:{self.port}", "Content-Type": "application/json", **headers}
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, sent)
        answer = connection.getresponse()
        text = answer.read().decode() if answer.status != 101 else ""
        connection.close()
        return answer.status, text

    def query(self, text: str, who: Mapping[str, str], *, name: str = PAGE, **variables: Any) -> Any:
        """The data of a query from the page itself."""
        status, answer = self.ask(
            "POST",
            "/graphql",
            {"query": text, "variables": variables},
            name=name,
            headers={"Origin": f"https://{name}:{self.port}", **who},
        )
        assert status == 200, answer
        return json.loads(answer)["data"]

    def environment(self) -> dict[str, str]:
        """What every part gets of its unit."""
        given = {"SAMKORNING_HOME": str(self.home), "TMPDIR": str(self.folder / "tmp"), "PYTHONPATH": str(PROJECT)}
        return {**os.environ, **given}

    def start(self, unit: str) -> None:
        """What the unit's ExecStart says; a page gets the socket of its socket unit."""
        found = re.search(r"^ExecStart=(.+)$", (DEPLOY / "systemd" / f"{unit}.service").read_text(), re.MULTILINE)
        assert found and found[1].startswith(INSTALLED)
        command = shlex.join([sys.executable, "-m", "cli"]) + found[1].removeprefix(INSTALLED)
        environment = self.environment()
        if unit == "samkorning-code":
            environment["SAMKORNING_PASSPHRASE_FILE"] = str(self.folder / "passphrase")
        with (self.folder / "log" / unit).open("ab") as log, ExitStack() as stack:
            kept: list[int] = []
            if (DEPLOY / "systemd" / f"{unit}.socket").exists():
                listening = stack.enter_context(self._listening(unit))
                kept = [listening.fileno()]
                command = f"exec env LISTEN_PID=$$ LISTEN_FDS=1 {command} 3<&{kept[0]}"
            else:
                command = f"exec {command}"
            self.processes[unit] = subprocess.Popen(
                ["bash", "-c", command], env=environment, stdout=log, stderr=log, pass_fds=kept, cwd=self.folder
            )

    def _listening(self, unit: str) -> socket.socket:
        found = re.search(r"^ListenStream=(.+)$", (DEPLOY / "systemd" / f"{unit}.socket").read_text(), re.MULTILINE)
        assert found
        path = Path(self.place(found[1]))
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(path))
        listening.listen()
        return listening

    def wait_until(self, what: Callable[[], Any], said: str) -> Any:
        """What a call gives as soon as it gives something, while all parts run."""
        end = time.monotonic() + PATIENCE
        while not (found := what()):
            for unit, process in self.processes.items():
                assert process.poll() is None, f"{unit} ended: {(self.folder / 'log' / unit).read_text()}"
            assert time.monotonic() < end, said
            time.sleep(0.2)
        return found

    def stop(self, *units: str) -> None:
        ending = [self.processes.pop(unit) for unit in units]
        for process in ending:
            process.terminate()
        for process in ending:
            process.wait(timeout=PATIENCE)


def by(account: str, passwords: Mapping[str, str] = PASSWORDS) -> dict[str, str]:
    """The header with which a browser brings a password."""
    return {"Authorization": "Basic " + b64encode(f"{account}:{passwords[account]}".encode()).decode()}


@contextmanager
def a_production() -> Iterator[Production]:
    """The service around an empty home, with nothing started yet but PostgreSQL and the proxy."""
    folder = Path(tempfile.mkdtemp(prefix="prod-"))  # paths of sockets are short
    try:
        for name in ("home", "run", "nginx", "log", "databases", "tmp"):
            (folder / name).mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        service = Production(folder, port)
        with a_server() as string:
            for name in ("page", "case_register"):
                subprocess.run(["psql", "-qd", string, "-c", f"create database {name}"], check=True)
                connection = string.replace("dbname=postgres", f"dbname={name}")
                (folder / "databases" / name).write_text(connection + "\n")
            _configure(service)
            with _proxy(service):
                try:
                    yield service
                finally:
                    service.stop(*reversed(service.processes))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(service: Production) -> None:
    config = service.place((DEPLOY / "config.yaml").read_text())
    config = config.replace(PAGE, f"'{PAGE}:{service.port}'").replace(READ, f"'{READ}:{service.port}'")
    code_server = f"code_server: {service.folder / 'run' / 'code.sock'}\n"
    (service.home / "config.yaml").write_text(config + code_server)


@contextmanager
def _proxy(service: Production) -> Iterator[None]:
    """Debian's nginx with the files of deploy/nginx."""
    folder = service.folder / "nginx"
    for file in (DEPLOY / "nginx").iterdir():
        (folder / file.name).write_text(service.place(file.read_text()))
    (folder / "samkorning.htpasswd").write_text(_hashed(PASSWORDS))
    (folder / "samkorning-read.htpasswd").write_text(_hashed(ANALYST))
    made = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN={PAGE}".split()
    to = ["-keyout", str(service.folder / "samkorning.key"), "-out", str(service.folder / "samkorning.pem")]
    subprocess.run(["openssl", *made, *to], check=True, capture_output=True)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    owner = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{owner}daemon off;\npid {folder}/pid;\nevents {{}}\n"
        f"http {{\n{temporary}include /etc/nginx/mime.types;\ninclude {folder}/samkorning.conf;\n}}\n"
    )
    command = ["nginx", "-e", str(service.folder / "log" / "nginx"), "-c", str(folder / "nginx.conf")]
    with (service.folder / "log" / "nginx.out").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _hashed(passwords: Mapping[str, str]) -> str:
    """As `openssl passwd -6` gives them to a file of the proxy."""
    lines = []
    for account, password in passwords.items():
        made = subprocess.run(
            ["openssl", "passwd", "-6", "-stdin"], input=password, capture_output=True, text=True, check=True
        )
        lines.append(f"{account}:{made.stdout.strip()}\n")
    return "".join(lines)
