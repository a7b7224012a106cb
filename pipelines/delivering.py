"""The delivery job started by hand: gates first, then the job under the case's lock, then what came of it.

What belongs here: one headless run. What must not: what the assets do.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from assets.deliveries import delivery_contents, disclosure_accepted
from assets.graph import CASE_PARTITIONS
from assets.steps.case_view import ledger_rows, require_may_be_delivered, require_may_extract
from assets.steps.delivery.delivering import present_plan
from assets.steps.delivery.disclosing import require_disclosure_accepted
from assets.steps.safekeeping.fitting import require_fits_to_deliver
from pipelines.case_definitions import job_of_delivery
from pipelines.dead_runs import HEADLESS, end_dead_runs
from pipelines.instance import dagster_instance
from resources.desk import Desk
from resources.scratch import sweep_scratch
from samkorning.case import Case, EventKind
from samkorning.case.ledger import UnitStatus
from samkorning.case.ledger_account import not_handed_over
from samkorning.case.rules import holders_have_released
from samkorning.errors import CheckFailed


def run_delivery(desk: Desk, case_number: str, progress: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Runs the delivery job for a case and gives ``case, delivery, kind, path, files, awaited``, and what is
    ``not_handed_over``, where anything is.

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


def put_together(desk: Desk, case_number: str, progress: Callable[[str], None] = lambda line: None) -> None:
    """Runs the same job as far as what the next delivery holds, for a person to look at before it is released.

    :raises RuleRefused: when something that must precede the linkage is not recorded.
    :raises CaseBusy: when another run holds the case.
    :raises CheckFailed: when a blocking check on the way stopped it.
    """
    with desk.vault.lock(case_number), dagster_instance(desk) as instance:
        case = desk.case(case_number)
        require_may_extract(desk, case)
        holders_have_released(ledger_rows(desk, case))
        require_fits_to_deliver(desk, case)
        end_dead_runs(desk, instance)
        _run(desk, case_number, instance, progress, until=delivery_contents)


def require_deliverable(desk: Desk, case: Case) -> None:
    """The gates, before anything is started: those of the extraction, and those of the delivery if one is due."""
    require_may_extract(desk, case)
    rows = ledger_rows(desk, case)
    holders_have_released(rows)
    if any(row.is_due for row in rows):
        require_may_be_delivered(desk, case)


def _run(
    desk: Desk,
    case_number: str,
    instance: dg.DagsterInstance,
    progress: Callable[[str], None],
    until: dg.AssetsDefinition | None = None,
) -> None:
    if case_number not in instance.get_dynamic_partitions(CASE_PARTITIONS):
        instance.add_dynamic_partitions(CASE_PARTITIONS, [case_number])
    job = job_of_delivery(desk)
    run_id, watch = str(uuid.uuid4()), _Watch(progress)
    instance.add_event_listener(run_id, watch.event)
    try:
        tags = {HEADLESS: case_number}
        selected = _upstream(job, until) if until else None
        job.execute_in_process(
            instance=instance, partition_key=case_number, run_id=run_id, tags=tags, asset_selection=selected
        )
    except dg.DagsterError:
        if not watch.stopped:
            raise
    if disclosure_accepted.check_key.name in watch.stopped:
        if until is not None and len(watch.stopped) == 1:
            return  # what is put together to be looked at waits for this decision
        require_disclosure_accepted(desk, desk.case(case_number), present_plan(desk, desk.case(case_number)))
    if watch.stopped:
        stopped = ", ".join(sorted(watch.stopped))
        found = " ".join(watch.stopped[check] for check in sorted(watch.stopped))
        raise CheckFailed(f"case {case_number}: stopped by {stopped}; {found}")


def _upstream(job: dg.JobDefinition, asset: dg.AssetsDefinition) -> list[dg.AssetKey]:
    """An asset and all that it is made from."""
    graph = job.asset_layer.asset_graph
    return sorted(dg.AssetSelection.assets(asset).upstream().resolve(graph))


@dataclass
class _Watch:
    """Follows one run: a line a finished asset, and the checks that stop it."""

    progress: Callable[[str], None]
    stopped: dict[str, str] = field(default_factory=dict)
    """What each of these found, as the page shows it, and what to do."""

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
                self.stopped[check.check_name] = _found(check.metadata)
                self.progress(f"{check.check_name} does not pass")


def _found(metadata: Mapping[str, dg.MetadataValue]) -> str:
    """What a check that did not pass found, in counts and names, and the remedy."""
    said = [str(metadata[name].value) for name in ("found", "remedy") if name in metadata]
    return ". Remedy: ".join(said) + "." if said else "`samkorning up` shows the counts."


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
    awaited, delivered = list(present_plan(desk, case).awaited), case.of(EventKind.DELIVERED)
    answer: dict[str, Any] = {
        "case": case.number,
        "delivery": None,
        "kind": "nothing",
        "path": None,
        "files": [],
        "left_out": [],
        "awaited": awaited,
    }
    if len(delivered) > before:
        entry = delivered[-1].detail
        answer |= {name: entry[name] for name in ("delivery", "kind", "files")}
        answer["left_out"] = entry.get("left_out", [])
        answer["path"] = str(desk.home.root / entry["path"])
    waiting = not_handed_over(case)
    return {**answer, **({"not_handed_over": waiting} if waiting else {})}
