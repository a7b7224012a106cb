"""The units, scripts and settings of deploy/ as they lie there: systemd reads them, and they keep what they promise."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from resources.settings import Settings
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


@pytest.mark.parametrize("script", ["backup", "restore", "upgrade"])
def test_scripts_can_be_read_and_run(script: str) -> None:
    assert os.access(DEPLOY / script, os.X_OK)
    subprocess.run(["bash", "-n", DEPLOY / script], check=True)


@pytest.mark.parametrize("script", ["restore", "upgrade"])
def test_scripts_say_what_they_ask_for(script: str, tmp_path: Path) -> None:
    names = ("SAMKORNING_HOME", "KEYSTORE", "DATABASES", "BACKUPS", "KEYSTORE_BACKUPS", "SAMKORNING", "ACCOUNT")
    given = {**os.environ, "SAMKORNING_BACKUP_CONF": "none", **{name: str(tmp_path) for name in names}}
    done = subprocess.run([DEPLOY / script], env=given, capture_output=True, text=True)
    assert (done.returncode, done.stderr.split()[0]) == (1, script)
