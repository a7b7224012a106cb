"""Reporting to the page how cases stand after an act, without a run, so that it is never older than the last act.

What belongs here: which assets an act changes, what is reported of each, and that nothing is reported twice. What must
not: when (pipelines, and the assets at the end of a run), or the forms (assets.shown).

What was reported last is kept in Dagster's own storage: where that is lost or restored, it is reported again. Nothing
depends on it: the case register is the truth, and the page shows it. The data version of a case is its specification:
what follows from it is out of date when that changes, and not with every act.
"""

from collections.abc import Iterable, Iterator

import dagster as dg

from assets.graph import CASE_PARTITIONS
from assets.holders import holder_asset
from assets.river import SENDERS
from assets.shown.case import came_metadata, case_metadata
from assets.shown.columns import columns_metadata
from assets.shown.retention import disposal_metadata, receipt_metadata
from assets.steps.case_account import case_account
from assets.steps.columns import sent_columns
from assets.steps.overview import readable_rows
from assets.steps.retention.disposing import rehearse
from resources.cluster_queue import engine_told
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind
from samkorning.case.overview import OverviewRow
from samkorning.case_number import is_case_number
from samkorning.order import SourceClass

Reported = dg.AssetMaterialization | dg.AssetObservation
DATA_VERSION = "dagster/data_version"
REPORTED = "samkorning/reported/"
ENDS_OF_THE_RIVER = (
    EventKind.DELIVERED,
    EventKind.SOURCE_WITHDRAWN,
    EventKind.SOURCE_AWAITED,
    EventKind.CODE_KEY_KEPT,
    EventKind.COMPLAINT_OPENED,
    EventKind.COMPLAINT_CLOSED,
    EventKind.DISPOSAL_ORDERED,
    EventKind.DISPOSAL_CONFIRMED,
    EventKind.DISPOSED,
    EventKind.DISPOSAL_COMPLETED,
)
"""Events that change what may go and when, or what has gone (R14 to R17)."""


def report_changes(desk: Desk, instance: dg.DagsterInstance, most: int) -> tuple[int, int]:
    """Reports cases that do not stand as they were reported, ``most`` of them; how many were, and how many wait."""
    return _report(desk, instance, readable_rows(desk, most), most)


def report_case(desk: Desk, instance: dg.DagsterInstance, case_number: str) -> None:
    """The same for one case, at the end of what has changed it."""
    _report(desk, instance, readable_rows(desk, only=case_number), most=1)


def _report(desk: Desk, instance: dg.DagsterInstance, found: Iterable[OverviewRow], most: int) -> tuple[int, int]:
    marks = {each.case_number: each.standing.digest for each in found if is_case_number(each.case_number)}
    reported = _reported(instance, marks)
    changed = [number for number, mark in marks.items() if number not in reported or reported[number][1] != mark]
    for number in changed[:most]:
        _make_partition(instance, number)
        case, since = desk.case(number), reported.get(number, (0, ""))[0]
        for event in standing_of(desk, case, since):
            instance.report_runless_asset_event(event)
        value = f"{len(case.events)}:{marks[number]}"
        told_now = {f"{REPORTED}{number}": value, engine_told(number): case.specification.engine}
        instance.daemon_cursor_storage.set_cursor_values(told_now)
    return len(changed[:most]), len(changed[most:])


def _reported(instance: dg.DagsterInstance, numbers: Iterable[str]) -> dict[str, tuple[int, str]]:
    """How many events each case had when it was reported last, and how it stood; not at all without its engine."""
    names = [name for number in numbers for name in (f"{REPORTED}{number}", engine_told(number))]
    found = instance.daemon_cursor_storage.get_cursor_values(set(names))
    parts = {name.removeprefix(REPORTED): value.partition(":") for name, value in found.items() if REPORTED in name}
    return {
        number: (int(events), mark if engine_told(number) in found else "")
        for number, (events, _, mark) in parts.items()
    }


def _make_partition(instance: dg.DagsterInstance, number: str) -> None:
    if number not in instance.get_dynamic_partitions(CASE_PARTITIONS):
        instance.add_dynamic_partitions(CASE_PARTITIONS, [number])


def version_of(case: Case) -> dg.DataVersion:
    """What the data of a case depend on, in short."""
    return dg.DataVersion(case.specification.sha256[:32])


def standing_of(desk: Desk, case: Case, since: int = 0) -> Iterator[Reported]:
    """What the page shows of a case without a run: the case itself, and what stands around it and has changed.

    :param since: the number of the last event that was reported.
    """
    account = case_account(desk, case)
    yield dg.AssetMaterialization(
        asset_key="case",
        partition=case.number,
        metadata=case_metadata(desk, case, account),
        tags={DATA_VERSION: version_of(case).value},
    )
    yield from around_the_case(desk, case, since)


def around_the_case(desk: Desk, case: Case, since: int) -> Iterator[Reported]:
    """What holders sent, at the head of the river; disposals and receipts at its end."""
    for source_class in SENDERS:
        files = _newest_files(case, source_class)
        newest = max((event.number for event in files.values()), default=0)
        if newest > since:
            yield dg.AssetMaterialization(
                asset_key=holder_asset(source_class),
                partition=case.number,
                metadata={**came_metadata(case, files), **columns_metadata(sent_columns(case, source_class))},
                tags={DATA_VERSION: str(newest)},
            )
    if any(event.number > since for event in case.of(*ENDS_OF_THE_RIVER)):
        yield from _end_of_the_river(desk, case)


def _newest_files(case: Case, source_class: SourceClass) -> dict[str, Event]:
    """For each source of a class, the event by which its file counts now."""
    latest = {event.detail["source"]: event for event in case.of(EventKind.FILE_RECEIVED)}
    names = [source.name for source in case.specification.of_class(source_class)]
    names += ["population", "number_history"] if source_class is SourceClass.RESEARCHER else []
    return {name: latest[name] for name in names if name in latest}


def _end_of_the_river(desk: Desk, case: Case) -> Iterator[Reported]:
    """Disposals as they were made; before the first one, what may go when, which makes nothing."""
    shown = disposal_metadata(case, rehearse(desk, [case.number]))
    disposed = case.of(EventKind.DISPOSED)
    kind = dg.AssetMaterialization if disposed else dg.AssetObservation
    yield kind(asset_key="disposal", partition=case.number, metadata=shown)
    if disposed:
        yield dg.AssetMaterialization(asset_key="receipt", partition=case.number, metadata=receipt_metadata(case))
