"""Taking out of Dagster's storage what nobody reads any longer, whatever the database.

What belongs here: which rows and files go for runs that are old enough, and how. What must not: which runs are
(pipelines.forgetting).

The page reads how each asset partition and each check came out last, and the last few times before that. The log of a
run is read while somebody may ask what went wrong in it. The events themselves decide nothing: what was done stands in
the case register and the audit log, which this never touches.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from dagster._core.events import DagsterEventType
from dagster._core.instance.utils import RUNLESS_RUN_ID
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    SqlEventLogStorageTable,
)
from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, delete, func, or_, select, update

KEPT_TIMES = 10
"""How often each partition of an asset stays remembered, as the page draws it."""
AT_ONCE = 200
COLUMNS = {"dagster/column_schema", "dagster/column_lineage"}
COLUMN_TABLE = "columns_and_where_they_come_from"
"""What the page draws of columns: by far the most of what is told, and told anew by the next run of the case."""
LASTING = '["delivery"]'
"""The asset that keeps the table of columns, which says where each came from at the end of the river."""
FIGURES = ("IntMetadataEntryData", "FloatMetadataEntryData")
REPORTS = (DagsterEventType.ASSET_MATERIALIZATION.value, DagsterEventType.ASSET_OBSERVATION.value)
EVENTS, CHECKS, TAGS = SqlEventLogStorageTable, AssetCheckExecutionsTable, AssetEventTagsTable
IS_REPORT = EVENTS.c.dagster_event_type.in_(REPORTS)


def forget_logs(storage: SqlEventLogStorage, runs: Sequence[str]) -> None:
    """Takes out the logs of runs: all of them but how assets and checks came out."""
    for some in _in_parts(runs):
        with storage.index_connection() as connection:
            of_runs = EVENTS.c.run_id.in_(some)
            others = or_(EVENTS.c.dagster_event_type.is_(None), EVENTS.c.dagster_event_type.not_in(REPORTS))
            connection.execute(delete(EVENTS).where(of_runs, others))
            _forget_superseded(connection, of_runs)
            connection.execute(delete(CHECKS).where(CHECKS.c.run_id.in_(some), _has_newer_check()))
            _thin_out_checks(connection, some)
        _thin_out(storage, of_runs)
    for run in runs:
        _remove_file_of(storage, run)


def forget_reported(storage: SqlEventLogStorage, before: datetime) -> None:
    """The same for what was told without a run, before a moment."""
    reported = and_(EVENTS.c.run_id == RUNLESS_RUN_ID, EVENTS.c.timestamp < before.replace(tzinfo=None))
    with storage.index_connection() as connection:
        _forget_superseded(connection, reported)
    _thin_out(storage, reported)
    if hasattr(storage, "path_for_shard"):  # on SQLite each is written twice, and nobody reads this one
        with storage.run_connection(RUNLESS_RUN_ID) as connection:
            connection.execute(delete(EVENTS).where(reported))


def still_reported(storage: SqlEventLogStorage, runs: Sequence[str]) -> set[str]:
    """Which of these runs say how an asset or a check came out that the page still shows."""
    found: set[str] = set()
    for some in _in_parts(runs):
        with storage.index_connection() as connection:
            for table in (EVENTS, CHECKS):
                rows = connection.execute(select(table.c.run_id).distinct().where(table.c.run_id.in_(some)))
                found |= {str(run) for (run,) in rows}
    return found


def _forget_superseded(connection: Connection, which: ColumnElement[bool]) -> None:
    """Takes out what was told of an asset partition and has been told anew so many times since."""
    gone = [
        number
        for (number,) in connection.execute(select(EVENTS.c.id).where(which, IS_REPORT, _times_since() >= KEPT_TIMES))
    ]
    for some in _in_parts(gone):
        connection.execute(delete(TAGS).where(TAGS.c.event_id.in_(some)))
        connection.execute(delete(EVENTS).where(EVENTS.c.id.in_(some)))


def _thin_out(storage: SqlEventLogStorage, which: ColumnElement[bool]) -> None:
    """Of what was told last its tables of columns go, but for the delivery's; of what was told before that all but its
    figures, from which the page draws how they went."""
    found = select(EVENTS.c.id, EVENTS.c.asset_key, EVENTS.c.event, _times_since()).where(which, IS_REPORT)
    with storage.index_connection() as connection:
        for number, asset, text, times in connection.execute(found).all():
            thin = _thinned(text, figures_alone=times > 0, is_lasting=asset == LASTING)
            if thin != text:
                connection.execute(update(EVENTS).where(EVENTS.c.id == number).values(event=thin))


def _thin_out_checks(connection: Connection, runs: Sequence[str]) -> None:
    """Of how checks came out, what Dagster says of the step goes; what each looked at and found stays."""
    found = select(CHECKS.c.id, CHECKS.c.evaluation_event).where(
        CHECKS.c.run_id.in_(runs), CHECKS.c.evaluation_event.is_not(None)
    )
    for number, text in connection.execute(found).all():
        thin = json.dumps(_without_step(json.loads(text)))
        if thin != text:
            connection.execute(update(CHECKS).where(CHECKS.c.id == number).values(evaluation_event=thin))


def _without_step(stored: dict[str, Any]) -> dict[str, Any]:
    """An event as it is stored, without what only the log of its run needed: half of a small one."""
    stored["dagster_event"].update({"logging_tags": {}, "message": None, "solid_handle": None, "step_handle": None})
    stored["user_message"] = ""
    return stored


def _thinned(text: str, *, figures_alone: bool, is_lasting: bool) -> str:
    """An event as it is stored, with less of what it told."""
    stored = _without_step(json.loads(text))
    data = stored["dagster_event"]["event_specific_data"]
    reported = data.get("materialization") or data.get("asset_observation") or {}
    entries = reported.get("metadata_entries", [])
    kept = [
        each
        for each in entries
        if (each["entry_data"]["__class__"] in FIGURES if figures_alone else _stays(each["label"], is_lasting))
    ]
    if reported:
        reported["metadata_entries"] = kept
    return json.dumps(stored)


def _stays(label: str, is_lasting: bool) -> bool:
    return label not in COLUMNS and (is_lasting or label != COLUMN_TABLE)


def _times_since() -> ScalarSelect[int]:
    """How often the same was told of the same partition after an event."""
    newer = EVENTS.alias("newer")
    return (
        select(func.count())
        .select_from(newer)
        .where(
            newer.c.asset_key == EVENTS.c.asset_key,
            newer.c.partition.is_not_distinct_from(EVENTS.c.partition),
            newer.c.dagster_event_type == EVENTS.c.dagster_event_type,
            newer.c.id > EVENTS.c.id,
        )
        .scalar_subquery()
    )


def _has_newer_check() -> ColumnElement[bool]:
    newer = CHECKS.alias("newer")
    return (
        select(newer.c.id)
        .where(
            newer.c.asset_key == CHECKS.c.asset_key,
            newer.c.check_name == CHECKS.c.check_name,
            newer.c.partition.is_not_distinct_from(CHECKS.c.partition),
            newer.c.id > CHECKS.c.id,
        )
        .exists()
    )


def _remove_file_of(storage: Any, run: str) -> None:
    """On SQLite the log of a run is a file of its own. Whoever opens the run later finds an empty one."""
    if hasattr(storage, "forget_shard"):
        storage.forget_shard(run)


def _in_parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def remove_database(path: Path) -> None:
    """Removes a SQLite database and what belongs to it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
