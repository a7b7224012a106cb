"""Which provider holds the encryption keys is one setting; and where the audit log's head is kept, cut records show."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from assets.steps.safekeeping.verifying import audit_misfits
from resources.desk import Desk
from resources.home import Home
from resources.settings import Settings
from samkorning.audit import Head
from samkorning.case import acts
from samkorning.errors import KeystoreRefused, VaultDamaged
from tests.commands import program
from tests.factories import SAMPLE, an_order
from tests.integration.test_keystore_token import PIN, TOKEN, UTILITY, library
from tests.office import Office
from tests.patience import PATIENCE


def in_a_process(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A token's module keeps what it was first started with as long as its process lives."""
    command = [sys.executable, "-m", "cli", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env={**os.environ, **environment})


@pytest.mark.services
def test_a_home_works_on_a_token_by_one_setting(tmp_path: Path) -> None:
    path, home = library(), tmp_path / "home"
    (tmp_path / "tokens").mkdir()
    configuration = {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")}
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    token = ["--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "654321", "--module", str(path)]
    subprocess.run([str(UTILITY), *token], check=True, capture_output=True, env={**os.environ, **configuration})
    (tmp_path / "pin").write_text(PIN + "\n")
    home.mkdir()
    settings = {"keystore_provider": "token", "token_library": str(path), "token_label": TOKEN}
    with (home / "config.yaml").open("w") as file:
        YAML().dump({**settings, "token_pin_file": str(tmp_path / "pin")}, file)
    done = in_a_process(home, "case", "open", str(SAMPLE / "order.yaml"), "--as", "Erik", **configuration)
    assert done.returncode == 0, done.stderr
    assert not (home / "passphrase").exists()
    assert not (home / "keystore" / "provider").exists()
    assert in_a_process(home, "audit", "verify", **configuration).returncode == 0
    refused = in_a_process(home, "key", "rotate", "--level", "master", **configuration)
    assert refused.returncode == 1
    assert "module's own tools" in refused.stderr
    (tmp_path / "pin").write_text("000000\n")
    refused = in_a_process(home, "audit", "verify", **configuration)
    assert refused.returncode == 1
    assert "000000" not in refused.stderr


@pytest.mark.parametrize(
    "missing", [{}, {"token_library": Path("/nowhere.so"), "token_label": "t", "token_pin_file": Path("/nowhere.pin")}]
)
def test_a_token_without_its_settings_is_refused(tmp_path: Path, missing: dict[str, object]) -> None:
    desk = Desk(Home(tmp_path), Settings(keystore_provider="token", **missing))  # type: ignore[arg-type]
    with pytest.raises(KeystoreRefused, match="token_"):
        assert desk.keystore


def test_a_case_of_real_persons_needs_the_pin_outside_the_home_too(tmp_path: Path) -> None:
    settings = Settings(keystore_provider="token", keystore=tmp_path / "keys", token_pin_file=tmp_path / "home" / "pin")
    with pytest.raises(KeystoreRefused, match="token_pin_file"):
        Desk(Home(tmp_path / "home"), settings).require_keystore_apart()
    apart = Settings(keystore_provider="token", keystore=tmp_path / "keys", token_pin_file=tmp_path / "pin")
    Desk(Home(tmp_path / "home"), apart).require_keystore_apart()


def test_every_event_has_its_intent_and_its_confirmation_in_the_log(office: Office) -> None:
    office.desk.audit.append("look around", "Erik", None, office.desk.clock.now())
    case = office.open_case()
    office.act(case, "Olle", acts.approve_specification)
    said = [(record.act, record.facts.get("event")) for record in office.desk.audit.records()]
    assert said == [
        ("look around", None),
        ("opened", 1),
        ("recorded", 1),
        ("specification_approved", 2),
        ("recorded", 2),
    ]
    assert [each.head.number for each in office.desk.cases.stored(case)] == [2, 4]


def test_a_log_that_was_cut_and_has_grown_again_is_found(office: Office) -> None:
    for act in ("one", "two"):
        office.desk.audit.append(act, "Erik", None, office.desk.clock.now())
    case = office.open_case()
    home = office.desk.home
    home.audit.write_bytes(home.audit.read_bytes().splitlines(keepends=True)[0])
    for act in ("other", "and more"):
        office.desk.audit.append(act, "Erik", case, office.desk.clock.now())
    with pytest.raises(VaultDamaged, match="the audit log does not have event 1"):
        office.act(case, "Olle", acts.approve_specification)
    assert "line 3: is not the record that was anchored" in [str(misfit) for misfit in audit_misfits(office.desk)]


def test_records_cut_off_the_end_are_missed(office: Office) -> None:
    home = office.desk.home
    order = office.folder / "order.yaml"
    order.write_text(an_order())
    opened = json.loads(program(home.root, "case", "open", str(order), "--as", "Erik", "--json").stdout)
    assert program(home.root, "case", "approve", opened["case"], "--as", "Olle").returncode == 0
    kept = office.folder / "head.json"
    kept.write_text(program(home.root, "audit", "head").stdout)
    assert program(home.root, "audit", "verify", "--anchor", str(kept)).returncode == 0
    whole = home.audit.read_bytes()
    home.audit.write_bytes(whole.splitlines(keepends=True)[0])
    done = program(home.root, "audit", "verify")
    assert done.returncode == 1
    assert "missing at the end" in done.stderr


def test_a_head_kept_elsewhere_shows_what_the_case_register_cannot(office: Office) -> None:
    home = office.desk.home
    office.desk.audit.append("one", "Erik", None, office.desk.clock.now())
    head = office.desk.audit.append("two", "Erik", None, office.desk.clock.now())
    kept = office.folder / "head.json"
    kept.write_text(json.dumps({"number": head.number, "authenticator": head.authenticator}))
    home.audit.write_bytes(home.audit.read_bytes().splitlines(keepends=True)[0])
    assert program(home.root, "audit", "verify").returncode == 0
    assert program(home.root, "audit", "verify", "--anchor", str(kept)).returncode == 1
    assert office.desk.audit.verify(Head(1, "0" * 64))
    kept.write_text("{}")
    assert "audit head" in program(home.root, "audit", "verify", "--anchor", str(kept)).stderr


def test_the_passphrase_is_changed_by_a_command_with_its_record(tmp_path: Path) -> None:
    home, new = tmp_path / "home", tmp_path / "new_passphrase"
    assert program(home, "case", "open", str(SAMPLE / "order.yaml"), "--case", "7-2026").returncode == 0
    assert program(home, "key", "passphrase", "--new-passphrase-file", str(new)).returncode == 1
    new.write_text("too short\n")
    refused = program(home, "key", "passphrase", "--new-passphrase-file", str(new))
    assert refused.returncode == 1 and "too short" not in refused.stderr
    new.write_text("another passphrase of ours\n")
    done = program(home, "key", "passphrase", "--new-passphrase-file", str(new), "--as", "Erik", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"passphrase_file": str(home / "passphrase")})
    assert "another passphrase" not in done.stdout + done.stderr
    closed = program(home, "key", "show", "7-2026")
    assert closed.returncode == 1 and "check the passphrase" in closed.stderr
    new.replace(home / "passphrase")
    assert program(home, "key", "show", "7-2026").returncode == 0
    assert program(home, "audit", "verify").returncode == 0
    records = list(Desk.at(home).audit.records())
    assert [(record.act, record.person) for record in records[-1:]] == [("change passphrase", "Erik")]
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file() and path.name != "passphrase"]
    assert not any(b"another passphrase" in content for content in kept)
