"""Launching jobs as the page does: a form that is filled in, the case as the partition, and the account that signed in.

What belongs here: one launch. What must not: expectations.
"""

from typing import Any

import dagster as dg

from assets.graph import CASE_PARTITIONS
from pipelines.definitions import build_definitions
from pipelines.saying import WHAT
from resources.acting import ACCOUNT_TAG
from resources.desk import Desk


class Launchpad:
    """The page of one home."""

    def __init__(self, desk: Desk, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.at(desk)

    def at(self, desk: Desk) -> None:
        """The same page at another desk, as on another day."""
        self.desk, self.definitions = desk, build_definitions(desk)

    def launch(self, job: str, case: str | None = None, account: str | None = None, /, **asked: Any) -> str:
        """Runs a job to its end; what its act did, or the text of what it was refused for."""
        config = {"ops": {job: {"config": asked}}} if asked else {}
        tags = {ACCOUNT_TAG: account} if account else {}
        if case is not None and case not in self.instance.get_dynamic_partitions(CASE_PARTITIONS):
            self.instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
        run = self.definitions.resolve_job_def(job).execute_in_process(
            config, instance=self.instance, partition_key=case, tags=tags, raise_on_error=False
        )
        if run.success:
            return said_by(run)
        [failure] = [event for event in run.all_events if event.event_type is dg.DagsterEventType.STEP_FAILURE]
        error = failure.step_failure_data.error
        assert error is not None
        return (error.cause or error).message


def said_by(run: dg.ExecuteInProcessResult) -> str:
    """What the page shows that a run did."""
    outputs = [
        event.step_output_data for event in run.all_events if event.event_type is dg.DagsterEventType.STEP_OUTPUT
    ]
    return " ".join(str(each.metadata[WHAT].value) for each in outputs if WHAT in each.metadata)
