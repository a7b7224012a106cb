"""deploy/ started for real: a case is delivered through nginx by a person with a password, and a backup is restored."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assets.steps.safekeeping.case_register_database import upgrade_database
from resources.desk import Desk
from samkorning.encryption.signing import public_key
from samkorning.keystore import Keystore, PassphraseProvider
from tests.office import CHEAP, PASSPHRASE, Office
from tests.pipeline.test_page import LAUNCH, SENSORS
from tests.pipeline.test_restore_drill import LENIENT
from tests.production import ANALYST, DEPLOY, NEEDED, PAGE, READ, Production, a_production, by

pytestmark = [pytest.mark.slow, pytest.mark.services, NEEDED]

CASE = "36759-2021"
RUNS = "{ runsOrError { ... on Runs { results { id jobName status tags { key value } } } } }"
FAILED = """{ runsOrError { ... on Runs { results { status eventConnection { events {
  ... on ExecutionStepFailureEvent { error { message } } ... on RunFailureEvent { error { message } } } } } } } }"""
TITLE, FRONT = "<title", "/assets/desk"


@dataclass
class Desks(Office):
    """An office in the home of a production service, whose keystore lies beside it."""

    @property
    def desk(self) -> Desk:  # type: ignore[override]
        return Desk.at(self.folder / "home")


@pytest.fixture(scope="module")
def service() -> Iterator[Production]:
    """The service with a case that can be delivered, all of its parts started."""
    before = dict(os.environ)
    with a_production() as service:
        (service.folder / "passphrase").write_bytes(PASSPHRASE)
        os.environ["SAMKORNING_PASSPHRASE_FILE"] = str(service.folder / "passphrase")
        keystore = service.folder / "keystore"
        made = Keystore.create(keystore, PassphraseProvider(keystore, PASSPHRASE, CHEAP))
        (service.home / "signing_key.pub").write_text(public_key(made.service_secret("signing")) + "\n")
        office = Desks(service.folder, persons=300)
        upgrade_database(office.desk)
        office.ready_case(*LENIENT)
        os.environ.clear()
        os.environ.update(before)
        for unit in ("samkorning-code", "samkorning-daemon", "samkorning-page", "samkorning-read"):
            service.start(unit)
            if unit == "samkorning-code":
                socket_file = service.folder / "run" / "code.sock"
                service.wait_until(socket_file.exists, "the code server does not come up")
        for name, who in ((PAGE, by("olle")), (READ, by("anna", ANALYST))):
            service.wait_until(lambda name=name, who=who: _loaded(service, name, who), f"{name} does not come up")
        yield service


def _loaded(service: Production, name: str, who: dict[str, str]) -> bool:
    status, _ = service.ask(path=FRONT, name=name, headers=who)
    return status == 200 and bool(service.query(SENSORS, who, name=name)["repositoriesOrError"].get("nodes"))


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        (PAGE, {}, 401),
        (PAGE, {"Authorization": "Basic b2xsZTp3cm9uZw=="}, 401),
        (PAGE, by("anna", ANALYST), 401),
        (PAGE, by("olle"), 200),
        (READ, {}, 401),
        (READ, by("olle"), 401),
        (READ, by("anna", ANALYST), 200),
    ],
)
def test_each_page_opens_with_a_password_of_its_own(
    service: Production, name: str, who: dict[str, str], status: int
) -> None:
    answered, text = service.ask(path=FRONT, name=name, headers=who)
    assert (answered, TITLE in text and "Dagster" in text) == (status, status == 200)


def test_the_front_page_is_where_one_comes_to(service: Production) -> None:
    assert service.ask(headers=by("olle"))[0] == 303


def test_another_name_or_another_page_is_refused_behind_the_proxy_too(service: Production) -> None:
    assert service.ask(path=FRONT, name="evil.example", headers=by("olle"))[0] == 403
    asked = {"query": "{ __typename }"}
    for origin in ("https://evil.example", f"https://{READ}:{service.port}", None):
        said = by("olle") | ({"Origin": origin} if origin else {})
        assert service.ask("POST", "/graphql", asked, headers=said)[0] == 403, origin


def test_the_page_answers_nobody_whom_the_proxy_does_not_name(service: Production) -> None:
    """At its own socket, which the rights of the file system close to everybody else."""
    for account in ("", "X-Samkorning-Account: \r\n", "X-Samkorning-Account: olle\r\nX-Samkorning-Account: mia\r\n"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(service.folder / "run-page" / "page.sock"))
            connection.sendall(
                f"GET / HTTP/1.1\r\nHost: {PAGE}:{service.port}\r\n{account}Connection: close\r\n\r\n".encode()
            )
            assert connection.makefile().readline().split()[1] == "403"


def test_the_page_to_be_read_shows_and_changes_nothing(service: Production) -> None:
    who = by("anna", ANALYST)
    assert service.query("{ assetNodes { assetKey { path } } }", who, name=READ)["assetNodes"]
    body = {"query": "mutation { reloadWorkspace { __typename } }"}
    headers = {"Origin": f"https://{READ}:{service.port}", **who}
    status, text = service.ask("POST", "/graphql", body, name=READ, headers=headers)
    assert status == 403 and "this change is not done from the page" in text


def test_a_web_socket_opens_through_the_proxy(service: Production) -> None:
    asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    asked |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "graphql-ws"}
    own = {"Origin": f"https://{PAGE}:{service.port}"}
    assert service.ask(path="/graphql", headers={**asked, **own, **by("olle")})[0] == 101
    assert service.ask(path="/graphql", headers={**asked, **by("olle")})[0] == 403


def test_a_delivery_is_started_by_a_person_watched_to_its_end_and_kept_under_their_account(service: Production) -> None:
    """Whatever the browser says of who it is; in a tag that it types, too."""
    [repository] = service.query(SENSORS, by("olle"))["repositoriesOrError"]["nodes"]
    selector = {"repositoryName": repository["name"], "repositoryLocationName": repository["location"]["name"]}
    tags = [{"key": "dagster/partition", "value": CASE}, {"key": "samkorning/account", "value": "mia"}]
    params = {"selector": {**selector, "jobName": "deliver"}, "executionMetadata": {"tags": tags}}
    spoofed = {"X-Samkorning-Account": "mia", "X_Samkorning_Account": "mia", "x-samkorning-account": "mia"}
    started = service.query(LAUNCH, {**by("olle"), **spoofed}, params=params)["launchRun"]
    assert started["__typename"] == "LaunchRunSuccess", started

    def ended() -> str:
        run = next(run for run in _runs(service) if run["id"] == started["run"]["runId"])
        return run["status"] if run["status"] in ("SUCCESS", "FAILURE", "CANCELED") else ""

    assert service.wait_until(ended, "the run does not end") == "SUCCESS", _failures(service)
    run = next(run for run in _runs(service) if run["id"] == started["run"]["runId"])
    assert {"key": "samkorning/account", "value": "olle"} in run["tags"]
    assert (service.home / "outbox" / CASE / "L001").is_dir()


def _failures(service: Production) -> list[str]:
    """What the page says of steps and runs that failed."""
    [run] = [run for run in service.query(FAILED, by("olle"))["runsOrError"]["results"] if run["status"] == "FAILURE"]
    return [event["error"]["message"] for event in run["eventConnection"]["events"] if event.get("error")]


def _runs(service: Production) -> list[dict]:  # type: ignore[type-arg]
    return list(service.query(RUNS, by("olle"))["runsOrError"]["results"])


@dataclass
class Scripts:
    """The scripts of deploy/ at this service's places; a stand-in for systemctl writes down its calls."""

    service: Production

    def run(self, script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        folder = self.service.folder
        programs = folder / "programs"
        programs.mkdir(exist_ok=True)
        self._program(programs / "samkorning", f'exec "{sys.executable}" -m cli "$@"')
        self._program(programs / "systemctl", f'[ "$1" != is-active ] || exit 3\necho "$@" >>"{folder}/systemctl"')
        conf = self.service.place((DEPLOY / "backup.conf").read_text())
        conf = conf.replace("/opt/samkorning/.venv/bin", str(programs)).replace("/var/backups", str(folder / "backups"))
        owner = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        (folder / "backup.conf").write_text(conf.replace("ACCOUNT=samkorning", f"ACCOUNT={owner}"))
        environment = {
            **self.service.environment(),
            "PATH": f"{programs}:{os.environ['PATH']}",
            "SAMKORNING_BACKUP_CONF": str(folder / "backup.conf"),
            "SAMKORNING_PASSPHRASE_FILE": str(folder / "passphrase"),
        }
        command = ["bash", str(DEPLOY / script), *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=folder)

    def given_to_systemd(self) -> list[str]:
        """The calls since the last look."""
        file = self.service.folder / "systemctl"
        calls = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return calls

    @staticmethod
    def _program(file: Path, body: str) -> None:
        file.write_text(f"#!/bin/bash\n{body}\n")
        file.chmod(0o700)


def test_a_backup_is_restored_with_what_the_page_shows(service: Production) -> None:
    """After everything else in this module, for what is restored from is lost first."""
    scripts = Scripts(service)
    (service.home / "inbox" / CASE / "diabetes").mkdir(parents=True)
    (service.home / "inbox" / CASE / "diabetes" / "clear.csv").write_text("not taken in")
    made = scripts.run("backup")
    assert made.returncode == 0, made.stderr
    backup, keystore_backup = map(Path, made.stdout.split())
    stopped = [f"stop {unit}" for unit in ("samkorning-daemon", "samkorning-code")]
    assert scripts.given_to_systemd() == [*stopped, *(call.replace("stop", "start") for call in stopped)]
    assert b"not taken in" not in (backup / "home.tar").read_bytes()
    assert not [path for path in backup.rglob("*") if "keystore" in path.name]

    refused = scripts.run("restore", backup, keystore_backup)
    assert refused.returncode == 1 and "is not empty; move what is there aside" in refused.stderr
    service.stop(*service.processes)
    lost = service.folder / "lost"
    lost.mkdir()
    shutil.move(service.home, lost / "home")
    shutil.move(service.folder / "keystore", lost / "keystore")
    still_full = scripts.run("restore", backup, keystore_backup)
    assert still_full.returncode == 1 and "the database of case_register is not empty" in still_full.stderr
    for file in (service.folder / "databases").iterdir():
        empty = ["-c", "drop schema public cascade; create schema public"]
        subprocess.run(["psql", "-q", "-d", file.read_text().strip(), *empty], check=True)
    string = (service.folder / "databases" / "page").read_text().strip()

    dump = backup / "databases" / "page.dump"
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1])
    damaged = scripts.run("restore", backup, keystore_backup)
    assert damaged.returncode == 1 and "is not as it was written" in damaged.stderr
    dump.write_bytes(whole)
    restored = scripts.run("restore", backup, keystore_backup)
    assert (restored.returncode, "all parts fit" in restored.stdout) == (0, True), restored.stdout + restored.stderr
    assert (service.folder / "keystore").stat().st_mode & 0o777 == 0o700
    delivered = "select count(*) from event_logs where asset_key = '[\"delivery\"]'"
    counted = subprocess.run(
        ["psql", "-qAt", "-d", string, "-c", delivered], capture_output=True, text=True, check=True
    )
    assert int(counted.stdout) > 0
    assert not list(Path("/dev/shm").glob("tmp.*/passphrase"))


def test_services_go_on_after_a_backup_that_failed(service: Production) -> None:
    scripts = Scripts(service)
    held = service.folder / "keystore"
    held.rename(service.folder / "elsewhere")
    try:
        failed = scripts.run("backup")
    finally:
        (service.folder / "elsewhere").rename(held)
    assert failed.returncode != 0
    assert scripts.given_to_systemd()[-2:] == ["start samkorning-daemon", "start samkorning-code"]
    assert not list((service.folder / "backups").rglob("*.new"))
