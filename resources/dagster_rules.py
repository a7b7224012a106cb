"""What Dagster's storage may hold, whatever the database: no text shaped like an identity number, no free text unseen.

What belongs here: the last net under everything that reaches Dagster's storage, and the entrance of partitions, launch
configurations and tags. What must not: databases (the modules beside), or reliance on the net; the guard on every
asset keeps values from it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from dagster import DagsterRun, EventLogEntry
from dagster._core.execution.backfill import PartitionBackfill
from dagster._core.scheduler.instigation import InstigatorState, InstigatorTick, TickData
from dagster._core.storage.event_log import EventLogStorage
from dagster._core.storage.runs import RunStorage
from dagster._core.storage.schedules import ScheduleStorage
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster._daemon.types import DaemonHeartbeat
from dagster._serdes import deserialize_value, serialize_value

from resources.acting import require_may_launch, tags_with_account, tags_without_account
from resources.cluster_queue import engine_told, may_use_a_cluster, tags_of_queue
from resources.partitions import require_partition
from samkorning.case_number import is_case_number
from samkorning.identity.free_text import require_no_numbers_within
from samkorning.identity.redaction import redact_numbers

DAGSTERS_OWN = ".dagster/"
"""Tags that Dagster writes for itself; no person types them."""

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_Kept = TypeVar("_Kept")


class RedactsEvents(EventLogStorage):
    """An event log that stores no text shaped like an identity number, and no partition but case numbers and years."""

    def store_event(self, event: EventLogEntry) -> None:
        """Stores the event, redacted."""
        super().store_event(redacted(event))  # type: ignore[safe-super]  # a database stands behind this in every use

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Stores several at once, each redacted."""
        super().store_event_batch([redacted(event) for event in events])

    def add_dynamic_partitions(self, partitions_def_name: str, partition_keys: Sequence[str]) -> None:
        """Adds partitions that are case numbers, or years of own registers.

        :raises NotFound: when one is neither.
        """
        for partition_key in partition_keys:
            require_partition(partitions_def_name, partition_key)
        super().add_dynamic_partitions(partitions_def_name, partition_keys)  # type: ignore[safe-super]


class LooksAtRuns(RunStorage):
    """Runs whose launch configuration, tags and titles are free text and looked at as such, and that say who asked.

    :raises RuleRefused: where one of them reads as an identity number, or the page may not launch it.
    """

    def add_run(self, dagster_run: DagsterRun) -> DagsterRun:
        """Stores a run, with what the run queue must know of it."""
        require_may_launch(_case_of(dagster_run.tags))
        asked = dagster_run.with_tags({**tags_with_account(dagster_run.tags), **self._tags_of_queue(dagster_run)})
        require_no_numbers_within({"the launch configuration": [str(asked.run_config)], **_typed(asked.tags)})
        return super().add_run(asked)  # type: ignore[safe-super]

    def _tags_of_queue(self, run: DagsterRun) -> Mapping[str, str]:
        case = _case_of(run.tags)
        if case is None or not may_use_a_cluster(run.job_name):
            return {}
        told = engine_told(case)
        return tags_of_queue(self.get_cursor_values({told}).get(told))

    def add_run_tags(self, run_id: str, new_tags: Mapping[str, str]) -> None:
        """Stores tags of a run."""
        require_no_numbers_within(_typed(new_tags))
        super().add_run_tags(run_id, tags_without_account(new_tags))  # type: ignore[safe-super]

    def add_backfill(self, partition_backfill: PartitionBackfill) -> None:
        """Stores a backfill."""
        require_may_launch(None)
        asked = partition_backfill._replace(tags=tags_with_account(partition_backfill.tags or {}))
        titles = {"the title": asked.title, "the description": asked.description}
        require_no_numbers_within({**titles, **_typed(asked.tags)})
        super().add_backfill(asked)  # type: ignore[safe-super]

    def update_backfill(self, partition_backfill: PartitionBackfill) -> None:
        """Stores how a backfill stands; its error is redacted."""
        super().update_backfill(redacted(partition_backfill))  # type: ignore[safe-super]

    def add_daemon_heartbeat(self, daemon_heartbeat: DaemonHeartbeat) -> None:
        """Stores that the daemon is there, and its last errors redacted."""
        super().add_daemon_heartbeat(redacted(daemon_heartbeat))  # type: ignore[safe-super]


class RedactsTicks(ScheduleStorage):
    """Ticks and states of sensors and schedules, without text shaped like an identity number."""

    def create_tick(self, tick_data: TickData) -> InstigatorTick:
        """Stores that a sensor or schedule looks."""
        return super().create_tick(redacted(tick_data))  # type: ignore[safe-super]

    def update_tick(self, tick: InstigatorTick) -> InstigatorTick:
        """Stores what it found, or why it failed."""
        return super().update_tick(redacted(tick))  # type: ignore[safe-super]

    def add_instigator_state(self, state: InstigatorState) -> InstigatorState:
        """Stores that one is there, with its cursor."""
        return super().add_instigator_state(redacted(state))  # type: ignore[safe-super]

    def update_instigator_state(self, state: InstigatorState) -> InstigatorState:
        """Stores how one stands."""
        return super().update_instigator_state(redacted(state))  # type: ignore[safe-super]


def _case_of(tags: Mapping[str, str]) -> str | None:
    partition = tags.get(PARTITION_NAME_TAG, "")
    return partition if is_case_number(partition) else None


def _typed(tags: Mapping[str, str]) -> dict[str, Any]:
    """Names and values of tags, but for those that no person types; a name is as free as a value."""
    typed = [(name, value) for name, value in tags.items() if not name.startswith(DAGSTERS_OWN)]
    return {"a tag": [*(name for name, _ in typed), *(value for _, value in typed)]}


def redacted(kept: _Kept) -> _Kept:
    """The same of what Dagster keeps, without text shaped like an identity number."""
    stored = serialize_value(kept)  # type: ignore[arg-type]
    if redact_numbers(stored) == stored:
        return kept
    return deserialize_value(json.dumps(_without_numbers(json.loads(stored))), type(kept))  # type: ignore[type-var]


def _without_numbers(value: Any) -> Any:
    """Every text and whole number at any depth. A run's own identifier is drawn by chance and can have the shape."""
    if isinstance(value, str):
        return value if _UUID.fullmatch(value) else redact_numbers(value)
    if isinstance(value, dict):
        return {_without_numbers(name): _without_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_numbers(inner) for inner in value]
    if isinstance(value, int) and redact_numbers(str(value)) != str(value):
        return None
    return value
