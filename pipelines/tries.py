"""What has been tried already for one thing that is wanted, read from the runs that carry its tag.

What belongs here: whether another try is made now, and which it is. What must not: what is wanted, or asking for it.

Tried again is what is safe to repeat: a run whose process was killed, or that failed for the machine's sake. What a
person has to see is left alone: a refusal, a check that stopped it, a run that a person ended. Each counts for one day,
and only as long as what is wanted stays the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import dagster as dg
from dagster._core.events import RunFailureReason
from dagster._core.execution.retries import auto_reexecution_should_retry_run
from dagster._core.storage.dagster_run import FINISHED_STATUSES, RunRecord
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, RUN_FAILURE_REASON_TAG, WILL_RETRY_TAG
from dagster._utils.error import SerializableErrorInfo

from samkorning import errors

WAITS = (0, 60, 600)
"""Seconds between the end of a try and the next; after as many tries nothing more is tried that day."""
FOR_DAGSTER = 300
"""Seconds in which Dagster itself may start a killed run again; then the sensor that asked for it does."""
AT_ONCE = 200
"""Marks that one question to Dagster's storage names."""
SAFE_TO_REPEAT = (3, 4)
"""Exit codes of failures that may be repeated: the machine's, and a case that is busy."""
REPEATABLE = frozenset(
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and getattr(kind, "exit_code", None) in SAFE_TO_REPEAT
)


@dataclass(frozen=True)
class Standing:
    """How many runs have been tried, and why none is asked for now; empty where one is."""

    tries: int
    why_not: str = ""


def standings(instance: dg.DagsterInstance, tag: str, marks: Iterable[str], now: datetime) -> dict[str, Standing]:
    """How it stands with the runs that carry each mark as this tag."""
    found: dict[str, list[RunRecord]] = {mark: [] for mark in marks}
    for some in _in_parts(list(found)):
        for record in instance.get_run_records(filters=dg.RunsFilter(tags={tag: list(some)})):  # newest first
            found[record.dagster_run.tags[tag]].append(record)
    return {mark: _standing(instance, records, now) for mark, records in found.items()}


def _standing(instance: dg.DagsterInstance, records: Sequence[RunRecord], now: datetime) -> Standing:
    if not records:
        return Standing(0)
    newest, tries = records[0], len(records)
    run = newest.dagster_run
    if any(record.dagster_run.status not in FINISHED_STATUSES for record in records):
        return Standing(tries, "under way")
    if 0 <= now.timestamp() - (newest.end_time or 0) < FOR_DAGSTER and _is_retried(instance, run):
        return Standing(tries, "under way")
    if run.status is dg.DagsterRunStatus.SUCCESS:
        return Standing(tries, "done today, and nothing new since")
    if run.status is dg.DagsterRunStatus.CANCELED:
        return Standing(tries, "a person ended its run")
    if not _may_be_repeated(instance, run):
        return Standing(tries, "its run failed, which a person has to look at")
    if tries >= len(WAITS):
        return Standing(tries, f"tried {tries} times today")
    if 0 <= now.timestamp() - (newest.end_time or 0) < WAITS[tries]:  # a clock that went back holds nothing back
        return Standing(tries, "tried a moment ago")
    return Standing(tries)


def _is_retried(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether Dagster itself has still to start a run again whose process was killed."""
    if run.status is not dg.DagsterRunStatus.FAILURE or AUTO_RETRY_RUN_ID_TAG in run.tags:
        return False
    said = run.tags.get(WILL_RETRY_TAG)  # it says so some moments after the end
    reason = RunFailureReason(run.tags[RUN_FAILURE_REASON_TAG]) if RUN_FAILURE_REASON_TAG in run.tags else None
    return said == "true" if said else auto_reexecution_should_retry_run(instance, run, reason)


def _may_be_repeated(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether no step failed, as when the process was killed, or each for a reason that is safe to repeat."""
    failures = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    found = [entry.get_dagster_event().step_failure_data.error for entry in failures]
    return all(error is not None and _first(error).cls_name in REPEATABLE for error in found)


def _first(error: SerializableErrorInfo) -> SerializableErrorInfo:
    """What the body of the step raised; Dagster puts its own error around it."""
    return _first(error.cause) if error.cause is not None else error


def _in_parts(marks: Sequence[str]) -> Iterator[Sequence[str]]:
    return (marks[start : start + AT_ONCE] for start in range(0, len(marks), AT_ONCE))
