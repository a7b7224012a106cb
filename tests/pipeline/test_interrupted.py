"""A run that fails half way: nothing half-written is visible, and the next run completes."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assets.steps.delivery import delivering
from samkorning.case import EventKind
from samkorning.case.assignment import pause, resume
from samkorning.delivery import SealedPackage, verify_package
from samkorning.errors import CaseBusy, GuardedFailure, VaultDamaged
from tests.office import OFFICER, Office
from tests.small_office import CASE, SmallOffice, prepare


def test_an_unexpected_failure_is_told_by_reference_and_the_next_run_completes(office: Office) -> None:
    case = office.ready_case()
    in_the_way = office.desk.home.outbox(case) / "L001"
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("a file where the folder of the delivery should be")
    with pytest.raises(GuardedFailure, match=r"reference [0-9a-f]{8}") as failure:
        office.deliver(case)
    assert failure.value.exit_code == 3
    assert not office.desk.case(case).of(EventKind.DELIVERED)
    in_the_way.unlink()
    made = office.deliver(case)
    assert made["delivery"] == "L001"


@pytest.mark.slow
@pytest.mark.parametrize("after", ["case", "code_key", "linked_scb", "delivery_contents", "delivery"])
def test_killed_at_any_step_the_next_run_makes_the_delivery_once(office: Office, after: str) -> None:
    case = office.ready_case()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), "deliver", case]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if line.split(":")[0].strip() == after:
            process.send_signal(signal.SIGKILL)
            break
    process.wait()
    process.stderr.close()
    assert not list(office.desk.home.outbox(case).rglob("*.receipt.json")) or after == "delivery"
    office.deliver(case)
    delivered = office.desk.case(case).of(EventKind.DELIVERED)
    assert [event.detail["delivery"] for event in delivered] == ["L001"]
    sealed = office.desk.home.root / delivered[0].detail["path"]
    assert verify_package(sealed, office.desk.home.signing_key.read_text().strip(), office.identity.secret).ok
    assert {path.name for path in sealed.parent.iterdir()} == {sealed.name, f"{case}_L001.receipt.json"}


@pytest.mark.slow
def test_a_sealed_file_without_its_ledger_row_was_never_handed_over(office: Office) -> None:
    case = office.ready_case()
    folder = office.desk.home.outbox(case) / "L001"
    folder.mkdir(parents=True)
    office.desk.audit.append("deliver", "samkorning", case, office.desk.clock.now(), delivery="L001")
    (folder / f"{case}_L001.tar.age").write_bytes(b"left by a crash before the commit")
    (folder / f"{case}_L001.receipt.json").write_bytes(b"{}")
    (folder / f".{case}_L001.tar.age.partial").write_bytes(b"half")
    made = office.deliver(case)
    assert office.desk.audit.trails.of(case).delivering == ""
    assert verify_package(Path(made["path"]), office.desk.home.signing_key.read_text().strip()).ok
    sent = office.desk.case(case).last(EventKind.DECISION_DISPATCHED)
    assert sent is not None, "the decision goes at the latest with the first delivery (R10)"


def test_a_package_whose_ledger_row_is_refused_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody lets the case rest while it is sealed; were it ended then, no delivery would replace what lies there."""
    office = SmallOffice(tmp_path)
    prepare(office, "linked")
    office.release(CASE)
    seal = delivering.seal_package

    def sealed_meanwhile(*given: Any) -> SealedPackage:
        package = seal(*given)
        assert package.path.exists()
        office.act(CASE, OFFICER, lambda case: pause(case, "a question"))
        return package

    monkeypatch.setattr(delivering, "seal_package", sealed_meanwhile)
    with pytest.raises(CaseBusy, match="paused by"):
        office.deliver(CASE)
    assert list((office.desk.home.outbox(CASE) / "L001").iterdir()) == []
    assert office.desk.audit.trails.of(CASE).delivering == ""
    assert not office.desk.case(CASE).of(EventKind.DELIVERED)
    monkeypatch.undo()
    office.act(CASE, OFFICER, resume)
    assert office.deliver(CASE)["delivery"] == "L001"


def test_a_sealed_file_that_no_crash_can_have_left_is_not_thrown_away(office: Office) -> None:
    case = office.ready_case()
    folder = office.desk.home.outbox(case) / "L001"
    folder.mkdir(parents=True)
    sealed = folder / f"{case}_L001.tar.age"
    sealed.write_bytes(b"delivered by a register and a log that were then restored from before")
    with pytest.raises(VaultDamaged, match="the outbox holds L001, which neither"):
        office.deliver(case)
    assert sealed.exists() and not office.desk.case(case).of(EventKind.DELIVERED)


@pytest.mark.slow
def test_a_sealing_that_fails_leaves_nothing_under_way(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.ready_case()

    def no_space_left(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(delivering, "seal_package", no_space_left)
    with pytest.raises(GuardedFailure):
        office.deliver(case)
    assert office.desk.audit.trails.of(case).delivering == ""
    assert [record.act for record in office.desk.audit.records()][-2:] == ["deliver", "delivery broke off"]
