"""Recording an event, stopped between any two of its steps, done twice at once, and read meanwhile."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.steps.safekeeping.doctor import examine
from assets.steps.safekeeping.verifying import audit_misfits
from resources.desk import Desk
from samkorning.case import CaseRegister, EventKind, acts, witnesses
from samkorning.case.proof import StoredEvent
from samkorning.case.witnesses import Witnesses
from samkorning.errors import CaseBusy, RuleRefused, VaultDamaged
from tests.moments import small_office
from tests.office import Office
from tests.postgresql import a_server, fresh_database

STORM = Path(__file__).parent.parent / "integration" / "register_storm.py"


@pytest.fixture
def small(tmp_path: Path) -> Office:
    return small_office(tmp_path)


def dies(*arguments: Any) -> None:
    raise KeyboardInterrupt


def stopped_at(number: int) -> Callable[[Witnesses, StoredEvent], None]:
    """A confirmation that does not come to that event."""
    confirm = Witnesses.confirm
    return lambda self, event: dies() if event.number == number else confirm(self, event)


STEPS: dict[str, tuple[Any, str, int]] = {
    "before the intent": (CaseRegister, "_append", 1),
    "before the event": (CaseRegister, "_authenticated", 1),
    "before its confirmation": (Witnesses, "confirm", 2),
    "before its anchor": (witnesses, "move_anchor", 2),
}
"""What is not done any more, and how many events the case then has."""


@pytest.mark.parametrize("step", STEPS)
def test_stopped_between_any_two_steps_the_next_event_completes_it(
    small: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    case, (target, name, events) = small.open_case(), STEPS[step]
    with monkeypatch.context() as patched:
        patched.setattr(target, name, dies)
        with pytest.raises(KeyboardInterrupt):
            small.act(case, "Olle", acts.approve_specification)
    small.desk.cases.close()
    again = Desk.at(small.desk.home.root)
    assert len(again.case(case).events) == events
    assert examine(again).ok
    taken = acts.release_by_holder(again.case(case), "SCB")
    after = again.cases.record(again.case(case), taken.kind, again.clock.now(), "Olle", taken.detail)
    assert len(after.events) == events + 1
    assert again.audit.trails.of(case).confirmed == events + 1
    assert [str(misfit) for misfit in examine(again).misfits] == []


def test_writers_stopped_one_after_the_other_accuse_nobody(small: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each confirms what the one before could not, so that never more than one event is without its confirmation."""
    case = small.open_case()
    for number, holder in ((2, "SCB"), (3, "Exempelregistret")):
        with monkeypatch.context() as patched:
            patched.setattr(Witnesses, "confirm", stopped_at(number))
            with pytest.raises(KeyboardInterrupt):
                small.act(case, "Olle", lambda found, holder=holder: acts.release_by_holder(found, holder))
    assert len(small.desk.case(case).events) == 3
    assert small.desk.audit.trails.of(case).confirmed == 2


def test_opening_stopped_at_any_step_is_done_again_or_is_done(small: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, step in enumerate(STEPS, start=1):
        case, (target, name, events) = f"{number}-2026", STEPS[step]
        with monkeypatch.context() as patched:
            patched.setattr(target, name, dies)
            with pytest.raises(KeyboardInterrupt):
                small.open_case(number=case)
        if events == 1:
            small.open_case(number=case)
        assert len(small.desk.case(case).events) == 1
        with pytest.raises(RuleRefused, match="R01"):
            small.open_case(number=case)
    assert examine(small.desk).ok


def test_of_two_who_saw_the_same_case_one_is_told_to_look_again(small: Office) -> None:
    case = small.open_case()
    seen, detail = small.desk.case(case), {"holder": "SCB"}
    record = small.desk.cases.record
    record(seen, EventKind.HOLDER_RELEASED, small.desk.clock.now(), "Olle", detail)
    with pytest.raises(CaseBusy):
        record(seen, EventKind.HOLDER_RELEASED, small.desk.clock.now(), "Mia", detail)
    record(small.desk.case(case), EventKind.HOLDER_RELEASED, small.desk.clock.now(), "Mia", detail)
    assert [event.person for event in small.desk.case(case).events] == ["Erik", "Olle", "Mia"]
    assert audit_misfits(small.desk) == []


def test_threads_of_one_process_record_in_their_own_cases(small: Office) -> None:
    cases = [small.open_case(number=f"{number}-2026") for number in range(1, 5)]
    threads = [threading.Thread(target=small.act, args=(case, "Olle", acts.approve_specification)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(small.desk.case(case).events) for case in cases] == [2] * 4
    assert audit_misfits(small.desk) == []


def test_a_case_that_the_log_knows_and_the_register_does_not_is_missed_everywhere(small: Office) -> None:
    """Removed whole, it is in no list and its number is not given away."""
    small.open_case(number="10001-2026")
    older = small.desk.home.case_register.read_bytes()
    small.open_case(number="10002-2026")
    small.desk.cases.close()
    for name in ("case_register.sqlite-wal", "case_register.sqlite-shm"):
        (small.desk.home.root / name).unlink(missing_ok=True)
    small.desk.home.case_register.write_bytes(older)
    desk = Desk.at(small.desk.home.root)
    for look in (desk.cases.numbers, lambda: desk.cases.next_number(2026), lambda: desk.cases.case("10002-2026")):
        with pytest.raises(VaultDamaged, match="10002-2026"):
            look()
    with pytest.raises(VaultDamaged):
        small.open_case(number="10002-2026")


def test_a_new_home_is_looked_at_without_being_set_up(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path / "home")
    assert desk.cases.numbers() == []
    assert examine(desk).ok
    assert not desk.has_keystore and not desk.home.audit.exists()


@pytest.mark.slow
def test_killed_writers_lose_double_and_accuse_nothing(tmp_path: Path) -> None:
    storm(tmp_path, "--kills", "12")


@pytest.mark.slow
@pytest.mark.services
def test_killed_writers_lose_double_and_accuse_nothing_on_postgresql(tmp_path: Path) -> None:
    with a_server() as server:
        storm(tmp_path, "--kills", "6", "--database", str(fresh_database(server, tmp_path)))


def storm(folder: Path, *arguments: str) -> None:
    command = [sys.executable, str(STORM), str(folder / "storm"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost, doubled or accused" in done.stdout
