"""The units, scripts and settings of deploy/ as they lie there: systemd reads them, and they keep what they promise."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.session import Session
from resources.desk import Desk
from resources.settings import Settings
from samkorning.errors import RuleRefused
from tests.factories import PROJECT

DEPLOY = PROJECT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
LONG_RUNNING = [unit for unit in SERVICES if "backup" not in unit.name]
NEEDED = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
MOST_EXPOSED = {"samkorning-code.service": 2.5, "samkorning-backup.service": 8.0}
"""As `systemd-analyze security` reckons, from 0 to 10; the others at most 1.5."""


@NEEDED
def test_systemd_reads_every_unit() -> None:
    done = subprocess.run(["systemd-analyze", "verify", *UNITS], capture_output=True, text=True)
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line and "samkorning" in line]
    assert said == [], "but for programs, which are not installed here"


@NEEDED
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_no_unit_is_more_exposed_than_it_needs(unit: Path) -> None:
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", unit], capture_output=True, text=True)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found and float(found[1]) <= MOST_EXPOSED.get(unit.name, 1.5), done.stdout[-200:]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_nothing_of_a_unit_reaches_a_disk_in_clear(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()
    assert {"MemorySwapMax=0", "LimitCORE=0", "ProtectSystem=strict"} <= set(lines)


@pytest.mark.parametrize("unit", LONG_RUNNING, ids=lambda unit: unit.stem)
def test_the_code_server_alone_has_the_passphrase_and_the_home(unit: Path) -> None:
    text = unit.read_text("utf-8")
    assert ("LoadCredential" in text, "ReadWritePaths=/srv/samkorning\n" in text) == (("code" in unit.name,) * 2)
    assert "User=samkorning\n" in text and "NoNewPrivileges=yes\n" in text
    shut_out = "TemporaryFileSystem=/srv/samkorning:ro\nBindPaths=/srv/samkorning/home/dagster\n"
    assert (shut_out in text) == ("code" not in unit.name)


def test_only_the_proxy_reaches_the_pages() -> None:
    for name in ("page", "read"):
        lines = (DEPLOY / "systemd" / f"samkorning-{name}.socket").read_text("utf-8").splitlines()
        assert {f"ListenStream=/run/samkorning-{name}/page.sock", "SocketGroup=www-data", "SocketMode=0660"} <= set(
            lines
        )
        served = (DEPLOY / "nginx" / "samkorning.conf").read_text("utf-8")
        assert f"proxy_pass http://unix:/run/samkorning-{name}/page.sock:;" in served
    assert " --read-only\n" in (DEPLOY / "systemd" / "samkorning-read.service").read_text("utf-8")


def test_the_settings_are_settings(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "config.yaml", tmp_path / "config.yaml")
    settings = Settings.of(tmp_path)
    assert settings.page_names == ("samkorning.example.org", "samkorning-read.example.org")
    assert str(settings.page_database_file) == "/etc/samkorning/databases/page"


@pytest.mark.parametrize("script", ["backup", "restore", "upgrade", "by-hand"])
def test_scripts_can_be_read_and_run(script: str) -> None:
    assert os.access(DEPLOY / script, os.X_OK)
    subprocess.run(["bash", "-n", DEPLOY / script], check=True)


@pytest.mark.parametrize("script", ["restore", "upgrade"])
def test_scripts_say_what_they_ask_for(script: str, tmp_path: Path) -> None:
    names = ("SAMKORNING_HOME", "KEYSTORE", "DATABASES", "BACKUPS", "KEYSTORE_BACKUPS", "SAMKORNING", "ACCOUNT")
    given = {**os.environ, "SAMKORNING_BACKUP_CONF": "none", **{name: str(tmp_path) for name in names}}
    done = subprocess.run([DEPLOY / script], env=given, capture_output=True, text=True)
    assert (done.returncode, done.stderr.split()[0]) == (1, script)


def by_hand(folder: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """The script with something in systemd's place that says, a line each, what it was asked for."""
    (folder / "systemd-run").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 4\n")
    (folder / "systemd-run").chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", **given}
    return subprocess.run([DEPLOY / "by-hand", *arguments], env=environment, capture_output=True, text=True)


def test_a_command_by_hand_runs_as_the_code_server_does(tmp_path: Path) -> None:
    done = by_hand(tmp_path, "case", "show", "10001-2026", SUDO_USER="olle")
    options, _, command = done.stdout.partition("\n--\n")
    asked = [line.removeprefix("--property=") for line in options.splitlines() if line.startswith("--property=")]
    unit = (DEPLOY / "systemd" / "samkorning-code.service").read_text("utf-8")
    service = unit.partition("[Service]\n")[2].partition("[Install]")[0]
    kept_back = [line for line in service.splitlines() if line and not line.startswith("#") and line not in asked]
    assert {line.split("=")[0] for line in kept_back} == {
        "Type",
        "ExecStart",
        "Restart",
        "RestartSec",
        "KillMode",
        "TimeoutStopSec",
        "RuntimeDirectory",
        "RuntimeDirectoryMode",
        "Environment",
    }
    assert {line for line in kept_back if "Environment" in line} == {
        "Environment=SAMKORNING_PASSPHRASE_FILE=%d/passphrase"
    }
    assert {"User=samkorning", "LoadCredential=passphrase:/etc/samkorning/passphrase", "ProtectHome=yes"} <= set(asked)
    assert "--setenv=LOGNAME=olle" in options.splitlines()
    assert command.splitlines() == ["/opt/samkorning/.venv/bin/samkorning", "case", "show", "10001-2026"]
    assert done.returncode == 4, "the command's own exit code"


@NEEDED
def test_systemd_takes_what_a_command_by_hand_asks_for(tmp_path: Path) -> None:
    done = by_hand(tmp_path, "doctor", SUDO_USER="olle")
    asked = [line.removeprefix("--property=") for line in done.stdout.splitlines() if line.startswith("--property=")]
    unit = tmp_path / "by-hand.service"
    unit.write_text("\n".join(["[Service]", "Type=exec", "ExecStart=/bin/true", *asked]) + "\n")
    said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True).stderr
    assert [line for line in said.splitlines() if "by-hand" in line] == []
    shown = subprocess.run(["systemd-analyze", "security", "--offline=yes", unit], capture_output=True, text=True)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", shown.stdout)
    assert found and float(found[1]) <= MOST_EXPOSED["samkorning-code.service"]


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        ((), {"SUDO_USER": "olle"}, "by-hand COMMAND"),
        (("doctor",), {}, "call it by sudo from an account of your own"),
        (("doctor",), {"SUDO_USER": "root"}, "call it by sudo from an account of your own"),
    ],
)
def test_nobody_acts_by_hand_without_a_name(
    arguments: tuple[str, ...], given: dict[str, str], said: str, tmp_path: Path
) -> None:
    done = by_hand(tmp_path, *arguments, **given)
    assert (done.returncode, done.stdout, said in done.stderr) == (1, "", True)


def test_sudo_lets_the_desk_call_exactly_that_script() -> None:
    [line] = [each for each in (DEPLOY / "sudoers").read_text().splitlines() if each and not each.startswith("#")]
    assert shlex.split(line) == ["%samkorning-desk", "ALL=(root)", "/opt/samkorning/deploy/by-hand"]
    assert "g samkorning-desk" in (DEPLOY / "sysusers.conf").read_text()


def test_what_systemd_lends_is_found_where_no_setting_names_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings.of(tmp_path).passphrase_file is None
    lent = tmp_path / "run-u12.service"
    lent.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(lent))
    assert (Settings.of(tmp_path).passphrase_file, Settings.of(tmp_path).token_pin_file) == (None, None)
    for name in ("passphrase", "pin"):
        (lent / name).write_text("a passphrase for tests")
    settings = Settings.of(tmp_path)
    assert (settings.passphrase_file, settings.token_pin_file) == (lent / "passphrase", lent / "pin")
    assert Desk.at(tmp_path / "home").keystore, "it opens with it"
    assert not (tmp_path / "home" / "passphrase").exists()
    (tmp_path / "config.yaml").write_text("passphrase_file: /etc/another")
    assert Settings.of(tmp_path).passphrase_file == Path("/etc/another")
    monkeypatch.setenv("SAMKORNING_PASSPHRASE_FILE", "/etc/a-third")
    assert Settings.of(tmp_path).passphrase_file == Path("/etc/a-third")


def test_who_acts_by_hand_is_whom_the_script_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").write_text("accounts: {olle: Olle Ordning}")
    monkeypatch.setenv("SAMKORNING_HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "olle")
    assert Session().person(None, synthetic=False) == "Olle Ordning"
    monkeypatch.setenv("LOGNAME", "samkorning")
    with pytest.raises(RuleRefused, match="this account has no owner"):
        Session().person(None, synthetic=False)
