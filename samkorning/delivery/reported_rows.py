"""What documents report of the rows that a source lost: no count of a few rows, nor one that it could be reckoned from.

What belongs here: which counts of rows in the row flow are reported. What must not: counting (linkage), the persons
behind the rows (lost_persons), or how counts are written (documents, report). The page of the service shows all.

Fewer rows than the limit are fewer persons, so that a dash beside their exact number would hide nothing. Linked rows
and duplicates are reported as they are: whoever has the data file counts them there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samkorning.delivery.codebook.suppression import Part, hidden_parts, is_few
from samkorning.delivery.lost_persons import ReportedLost
from samkorning.linkage.row_flow import RowFlow

Counts = Mapping[str, int | None]
Flow = tuple[RowFlow, ReportedLost | None, "ReportedRows"]
"""A row flow, the persons it lost if they were counted, and its rows, as far as both are reported."""


@dataclass(frozen=True)
class ReportedRows:
    """The rows of a source as they are reported; None is left out.

    ``without_number`` are the dropped rows whose number cannot be read, where the persons behind rows were counted.
    """

    rows_in: int | None
    dropped: Counts
    dropped_in_all: int | None
    without_number: int | None
    blanks: Mapping[str, Counts]
    readings: Mapping[str, Counts]


def reported_flows(flows: Sequence[RowFlow], lost: Mapping[str, ReportedLost], limit: int) -> list[Flow]:
    """Each row flow with what is reported of it."""
    found = ((flow, lost.get(flow.source)) for flow in flows)
    return [(flow, persons, reported_rows(flow, persons, limit)) for flow, persons in found]


def reported_rows(flow: RowFlow, lost: ReportedLost | None, limit: int) -> ReportedRows:
    """Rows in less those linked are the dropped ones: so many came is left out where it would tell of a few."""
    dropped, tells = _shared_out(flow.dropped, limit)
    return ReportedRows(
        None if tells else flow.rows_in,
        dropped,
        None if tells else sum(flow.dropped.values()),
        _without_number(lost, dropped, limit),
        {column: _shared_out(reasons, limit)[0] for column, reasons in flow.blanks.items()},
        {column: {how: _shown(rows, limit) for how, rows in each.items()} for column, each in flow.readings.items()},
    )


def _shared_out(rows: Mapping[str, int], limit: int) -> tuple[Counts, bool]:
    """The parts of a sum that the reader knows, and whether nothing but leaving out the sum as well hides the few."""
    nobody = Part(0)  # is left out only where all are
    parts = [Part(count, is_few(count, limit)) for count in rows.values()]
    *hidden, all_of_it = hidden_parts([*parts, nobody], False, limit)
    shown = zip(rows.items(), hidden, strict=True)
    return {reason: None if left_out else count for (reason, count), left_out in shown}, all_of_it


def _without_number(lost: ReportedLost | None, dropped: Counts, limit: int) -> int | None:
    """It is the sum of some reasons, and would tell of one among them that is left out."""
    if lost is None or any(rows is None for reason, rows in dropped.items() if reason not in lost.by_reason):
        return None
    return _shown(lost.rows_without_number, limit)


def _shown(rows: int, limit: int) -> int | None:
    return None if is_few(rows, limit) else rows
