"""The delivery job started by hand: gates first, then the job under the case's lock, then what came of it.

What belongs here: one headless run. What must not: what the assets do.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from assets.graph import CASE_PARTITIONS
from assets.steps.case_view import ledger_rows, require_may_be_delivered, require_may_extract
from assets.steps.delivery.delivering import present_plan
from assets.steps.safekeeping.fitting import require_fits_to_deliver
from pipelines.dead_runs import HEADLESS, end_dead_runs
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from pipelines.jobs import deliver_job
from resources.desk import Desk
from resources.scratch import sweep_scratch
from samkorning.case import Case, EventKind
from samkorning.case.ledger import UnitStatus
from samkorning.case.rules import holders_have_released
from samkorning.errors import CheckFailed


def run_delivery(desk: Desk, case_number: str, progress: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Runs the delivery job for a case and gives ``case, delivery, kind, path, files, awaited``.

    :param progress: is given one line a finished step.
    :raises RuleRefused: when something that must precede a delivery is not recorded.
    :raises CaseBusy: when another run holds the case.
    :raises CheckFailed: when a blocking check stopped it.
    :raises GuardedFailure: when it failed unexpectedly; running it again is safe.
    """
    with desk.vault.lock(case_number):
        case = desk.case(case_number)
        require_deliverable(desk, case)
        require_fits_to_deliver(desk, case)
        sweep_scratch(desk.home, desk.vault)
        before = len(case.of(EventKind.DELIVERED))
        with dagster_instance(desk) as instance:
            end_dead_runs(desk, instance)
            _run(desk, case_number, instance, progress)
        for row in ledger_rows(desk, desk.case(case_number)):
            if row.status is UnitStatus.CHANGED:
                progress(f"{row.unit} is not as it was in {row.deliveries[-1]}: `case show` says what to decide")
        return _answer(desk, desk.case(case_number), before)


def require_deliverable(desk: Desk, case: Case) -> None:
    """The gates, before anything is started: those of the extraction, and those of the delivery if one is due."""
    require_may_extract(desk, case)
    rows = ledger_rows(desk, case)
    holders_have_released(rows)
    if any(row.is_due for row in rows):
        require_may_be_delivered(desk, case)


def _run(desk: Desk, case_number: str, instance: dg.DagsterInstance, progress: Callable[[str], None]) -> None:
    if case_number not in instance.get_dynamic_partitions(CASE_PARTITIONS):
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case_number])
    job = build_definitions(desk).resolve_job_def(deliver_job.name)
    run_id, watch = str(uuid.uuid4()), _Watch(progress)
    instance.add_event_listener(run_id, watch.event)
    try:
        tags = {HEADLESS: case_number}
        job.execute_in_process(instance=instance, partition_key=case_number, run_id=run_id, tags=tags)
    except dg.DagsterError:
        if not watch.stopped:
            raise
    if watch.stopped:
        stopped = ", ".join(sorted(watch.stopped))
        raise CheckFailed(f"case {case_number}: stopped by {stopped}; `samkorning up` shows the counts")


@dataclass
class _Watch:
    """Follows one run: a line a finished asset, and the checks that stop it."""

    progress: Callable[[str], None]
    stopped: set[str] = field(default_factory=set)

    def event(self, event: dg.EventLogEntry) -> None:
        """Takes note of one event."""
        happened = event.dagster_event
        if happened is None:
            return
        if happened.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION:
            self.progress(_line(happened.step_materialization_data.materialization))
        if happened.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            check = happened.asset_check_evaluation_data
            if not check.passed:
                self.stopped.add(check.check_name)
                self.progress(f"{check.check_name} does not pass")


def _line(made: dg.AssetMaterialization) -> str:
    name = made.asset_key.to_user_string()
    counts = {
        key: value.value
        for key, value in made.metadata.items()
        if key in ("persons", "drawn", "rows_in", "rows_linked")
    }
    counted = ", ".join(f"{value} {key.replace('_', ' ')}" for key, value in counts.items())
    return f"{name}: {counted}" if counted else name


def _answer(desk: Desk, case: Case, before: int) -> dict[str, Any]:
    awaited = list(present_plan(desk, case).awaited)
    delivered = case.of(EventKind.DELIVERED)
    if len(delivered) == before:
        return {"case": case.number, "delivery": None, "kind": "nothing", "path": None, "files": [], "awaited": awaited}
    entry = delivered[-1].detail
    return {
        "case": case.number,
        "delivery": entry["delivery"],
        "kind": entry["kind"],
        "path": str(desk.home.root / entry["path"]),
        "files": entry["files"],
        "awaited": awaited,
    }
