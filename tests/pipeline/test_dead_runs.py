"""Runs whose process has gone are ended, so that they hold nothing back; a sensor that fails tells a sentence."""

import subprocess
import sys
import uuid
from contextvars import copy_context

import dagster as dg
import pytest

from pipelines.dead_runs import HEADLESS, end_dead_runs
from pipelines.instance import dagster_instance
from pipelines.triggers import due_deliveries_sensor, inbox_sensor, unmatched_files_sensor
from samkorning.errors import MachineFailure
from tests.office import Office
from tests.pipeline.test_gates import HOLD_THE_CASE

CASE = "36759-2021"


def claimed(instance: dg.DagsterInstance, **tags: str) -> str:
    """A run that claims to be running."""
    run = dg.DagsterRun("deliver", str(uuid.uuid4()), status=dg.DagsterRunStatus.STARTED, tags=tags)
    instance.add_run(run)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def test_a_run_whose_process_has_gone_is_ended_and_a_living_one_is_not(office: Office) -> None:
    office.open_case()
    with dagster_instance(office.desk) as instance:
        ours, others = claimed(instance, **{HEADLESS: CASE}), claimed(instance)
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD_THE_CASE, str(office.desk.home.root), CASE], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        holder.stdout.readline()
        try:
            assert end_dead_runs(office.desk, instance) == 0
            assert status(instance, ours) is dg.DagsterRunStatus.STARTED
        finally:
            holder.kill()
            holder.wait()
            holder.stdout.close()
        assert end_dead_runs(office.desk, instance) == 1
        assert status(instance, ours) is dg.DagsterRunStatus.FAILURE
        assert status(instance, others) is dg.DagsterRunStatus.STARTED, "its process holds the lock step by step"
        assert end_dead_runs(office.desk, instance) == 0


def failure_of(office: Office, sensor: dg.SensorDefinition) -> MachineFailure:
    """What a sensor's look ends with."""
    with (
        dagster_instance(office.desk) as instance,
        pytest.raises(MachineFailure, match="safe to run it again") as failure,
    ):
        sensor(dg.build_sensor_context(instance=instance), desk=office.desk)
    return failure.value


@pytest.mark.parametrize("sensor", [inbox_sensor, unmatched_files_sensor, due_deliveries_sensor])
def test_a_sensor_that_fails_tells_a_sentence(office: Office, sensor: dg.SensorDefinition) -> None:
    office.desk.home.case_register.mkdir()
    failure = copy_context().run(failure_of, office, sensor)  # Dagster leaves an instance behind in a context
    assert "SQL" not in str(failure) and "sqlalche" not in str(failure)
    office.desk.home.case_register.rmdir()
