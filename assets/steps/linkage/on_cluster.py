"""A unit linked by a cluster: what is lent to it, and what comes back.

What belongs here: writing the tables that slices are linked with, and the files of all slices as one generation's. What
must not: reaching a cluster (resources.cluster), or what a slice is (samkorning.linkage.slices).
"""

from collections.abc import Mapping, Sequence

import polars as pl

from resources.cluster.connection import open_cluster
from resources.cluster.settings import ClusterSettings
from samkorning.linkage import Bounds, ColumnLookup
from samkorning.linkage.kernel import Linked, with_lost
from samkorning.linkage.sliced_registers import LentEventRows, SlicedExtraction
from samkorning.linkage.slices import (
    LentLookup,
    Sliced,
    SlicedLinkage,
    slices_of,
    taken_together,
)
from samkorning.machine.progress import Advance
from samkorning.order import OwnRegister, Source
from samkorning.own_registers.identifier_columns import Replaced
from samkorning.own_registers.selection import EventRows
from samkorning.vault import Part
from samkorning.vault.draft import Draft


def link_on_cluster(
    cluster: ClusterSettings,
    parts: Sequence[Part],
    source: Source,
    lookups: Mapping[str, ColumnLookup],
    draft: Draft,
    bounds: Bounds,
    advance: Advance,
) -> Linked:
    """Links a received file, slice by slice.

    :raises HomeRefused: when the cluster cannot be reached or is not protected.
    :raises GuardedFailure: when it could not link the file.
    """
    lent = {column: _lent(draft, lookup) for column, lookup in lookups.items()}
    work = SlicedLinkage(source, lent, bounds, draft.place, cluster.task_memory)
    linked, dropped = _done(cluster, work, parts, draft, bounds, advance)
    return with_lost(linked, source, draft, dropped)


def extract_on_cluster(
    cluster: ClusterSettings,
    parts: Sequence[Part],
    own: OwnRegister,
    persons: pl.DataFrame,
    replaced: Mapping[str, Replaced],
    draft: Draft,
    bounds: Bounds,
    advance: Advance,
    events: EventRows | None = None,
) -> Linked:
    """Extracts a register year for some persons, slice by slice: all rows of theirs, or those of an event group.

    The row flow is that of the parts that were read.

    :raises HomeRefused: and GuardedFailure as ``link_on_cluster``.
    """
    known = {column: (each.name, draft.lend(each.serial_numbers)) for column, each in replaced.items()}
    about, taken = draft.lend(persons.lazy()), None if events is None else _lent_events(draft, events)
    work = SlicedExtraction(own, about, known, bounds, draft.place, cluster.task_memory, taken)
    return _done(cluster, work, parts, draft, bounds, advance)[0]


def _lent_events(draft: Draft, events: EventRows) -> LentEventRows:
    history = None if events.history is None else draft.lend(events.history)
    return LentEventRows.of(events, draft.lend(events.days), history)


def _lent(draft: Draft, lookup: ColumnLookup) -> LentLookup:
    others = None if lookup.others is None else draft.lend(lookup.others)
    return LentLookup(lookup.rules, draft.lend(lookup.serial_numbers.sort(pl.first())), others)


def _done(
    cluster: ClusterSettings, work: Sliced, parts: Sequence[Part], draft: Draft, bounds: Bounds, advance: Advance
) -> tuple[Linked, Sequence[str]]:
    """What was done, and the files of dropped rows."""
    with open_cluster(cluster) as reached:
        done = taken_together(reached.done(work, slices_of(parts, cluster.rows_a_task), advance))
    files = {name: ends or bounds.whole for name, ends in draft.adopt(done.files).items()}
    return Linked(files, done.row_flow), done.dropped
