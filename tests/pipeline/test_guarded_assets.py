"""What Dagster gets of a run: on our instance alone, under the case's lock, never a value, a text or a cause."""

import fcntl
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager

from assets.guard import guarded, require_our_instance
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.storing import NothingIsStored
from resources.dagster_storage import RedactingStorage
from resources.desk import Desk
from samkorning.errors import FileRefused, GuardedFailure, HomeRefused
from tests.office import Office

VALUE = "222001012387 Unmistakable"


class _Context:
    """What a body is given: the instance and the case."""

    def __init__(self, instance: dg.DagsterInstance, case: str) -> None:
        self.instance, self.partition_key = instance, case


@pytest.mark.parametrize("lacks", [None, "_event_storage", "_run_storage", "_schedule_storage", "_compute_log_manager"])
def test_each_setting_of_ours_is_asked_for(tmp_path: Path, lacks: str | None) -> None:
    ours = RedactingStorage(str(tmp_path))
    with dg.DagsterInstance.ephemeral() as instance, pytest.MonkeyPatch.context() as patch:
        settings = {
            "_event_storage": ours.event_log_storage,
            "_run_storage": ours.run_storage,
            "_schedule_storage": ours.schedule_storage,
            "_compute_log_manager": NoOpComputeLogManager(),
        }
        patch.setattr(instance, "_compute_log_manager", LocalComputeLogManager(str(tmp_path)))
        for name, setting in settings.items():
            if name != lacks:
                patch.setattr(instance, name, setting)
        if lacks is None:
            require_our_instance(instance)
        else:
            with pytest.raises(HomeRefused, match="storage and log settings"):
                require_our_instance(instance)
    ours.dispose()


def test_files_of_nobody_are_held_on_our_instance_alone(office: Office) -> None:
    job = build_definitions(office.desk).resolve_job_def("quarantine")
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(HomeRefused, match="storage and log settings"):
        job.execute_in_process(instance=instance)


def test_the_definitions_store_no_value(office: Office) -> None:
    assert isinstance(build_definitions(office.desk).resources["io_manager"], NothingIsStored)


def body_that(raises: Exception, cause: Exception | None = None) -> Any:
    """An asset body that fails."""

    @guarded
    def body(context: Any, desk: Any) -> None:
        try:
            if cause is not None:
                raise cause
        except ValueError as first:
            raise raises from first
        raise raises

    return body


def everything_of(error: BaseException | None) -> str:
    """What a log keeps of an error: its text, and those of all that led to it."""
    return "" if error is None else f"{error!r} {everything_of(error.__cause__)} {everything_of(error.__context__)}"


def test_of_an_unforeseen_error_nothing_is_told_but_where_to_look(office: Office) -> None:
    with dagster_instance(office.desk) as instance:
        context = _Context(instance, "36759-2021")
        with pytest.raises(GuardedFailure, match="reference") as caught:
            body_that(RuntimeError(VALUE), ValueError(VALUE))(context, office.desk)
    assert "Unmistakable" not in everything_of(caught.value)
    kept = office.desk.home.failures.read_text()
    assert "RuntimeError" in kept and "Unmistakable" not in kept and "222001012387" not in kept


def test_a_refusal_is_told_without_what_led_to_it(office: Office) -> None:
    with dagster_instance(office.desk) as instance:
        refusal = FileRefused("file.csv", "is empty", "send it again")
        with pytest.raises(FileRefused, match="is empty") as caught:
            body_that(refusal, ValueError(VALUE))(_Context(instance, "36759-2021"), office.desk)
    assert "Unmistakable" not in everything_of(caught.value)


def test_a_body_runs_while_the_case_is_held_against_everybody_else(office: Office) -> None:
    held: list[str] = []

    @guarded
    def body(context: Any, desk: Desk) -> None:
        lock = desk.vault.folder / ".locks" / context.partition_key
        with lock.open("rb") as another, pytest.raises(BlockingIOError):
            fcntl.flock(another, fcntl.LOCK_SH | fcntl.LOCK_NB)
        held.append(context.partition_key)

    with office.desk.vault.lock("36759-2021"):
        pass  # the lock's file is there from now on
    with dagster_instance(office.desk) as instance:
        body(_Context(instance, "36759-2021"), office.desk)
    assert held == ["36759-2021"]


def test_nothing_that_a_run_prints_is_kept(office: Office) -> None:
    with dagster_instance(office.desk) as instance:
        assert isinstance(instance.compute_log_manager, NoOpComputeLogManager)
