"""What documents report of the persons whom a source lost: no count of a few, nor one that it could be reckoned from.

What belongs here: which counts are reported, and their form in the case register. What must not: counting (linkage), or
how they are written (documents, report).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samkorning.delivery.codebook.suppression import has_changed_by_few, is_few
from samkorning.linkage.row_flow import LostPersons, RowFlow

IN_ALL, BY_REASON = "in_all", "by_reason"


@dataclass(frozen=True)
class ReportedLost:
    """The persons behind a source's dropped rows as they are reported, in all and by reason; None is left out.

    A reason whose rows have no readable number has none; there are ``rows_without_number`` of them.
    """

    in_all: int | None
    by_reason: Mapping[str, int | None] = field(default_factory=dict)
    rows_without_number: int = 0

    def persons(self, reason: str) -> int | None:
        """Those of a reason: nobody who could be counted where no number can be read."""
        return self.by_reason.get(reason, 0)

    def fact(self) -> dict[str, Any]:
        """What the case register remembers of it."""
        return {IN_ALL: self.in_all, BY_REASON: dict(self.by_reason), "rows_without_number": self.rows_without_number}


def reported_lost(
    flows: Sequence[RowFlow], limit: int, earlier: Sequence[Mapping[str, Mapping[str, Any]]] = ()
) -> dict[str, ReportedLost]:
    """What is reported by source, of those whose lost persons were counted.

    :param limit: a count of fewer persons is left out.
    :param earlier: what earlier deliveries reported by source, oldest first; from them a count could be reckoned that
        has changed by a few.
    """
    return {flow.source: _reported(flow, flow.lost, limit, earlier) for flow in flows if flow.lost is not None}


def _reported(
    flow: RowFlow, lost: LostPersons, limit: int, earlier: Sequence[Mapping[str, Mapping[str, Any]]]
) -> ReportedLost:
    before = [each[flow.source] for each in earlier if flow.source in each]
    by_reason = {
        reason: _shown(count, limit, (each[BY_REASON].get(reason) for each in before))
        for reason, count in lost.by_reason.items()
    }
    in_all = _shown(lost.in_all, limit, (each[IN_ALL] for each in before))
    if None in by_reason.values() or _gives_several_reasons_away(lost, limit):
        in_all = None
    return ReportedLost(in_all, by_reason, flow.dropped_without_number or 0)


def _shown(count: int, limit: int, before: Iterable[int | None]) -> int | None:
    """A count, unless it is of a few, or differs by a few from one that was reported."""
    few = is_few(count, limit) or any(has_changed_by_few(count, each, limit) for each in before)
    return None if few else count


def _gives_several_reasons_away(lost: LostPersons, limit: int) -> bool:
    """Whether the sum by reason, less all, gives away that a few were dropped for more reasons than one."""
    reasons = len(lost.by_reason)
    return is_few(sum(lost.by_reason.values()) - lost.in_all, limit * (reasons - 1))
