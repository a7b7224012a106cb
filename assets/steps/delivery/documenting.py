"""What the documents of a delivery say beyond its files: code book, changes, persons; and what is remembered of it.

What belongs here: bringing earlier deliveries and what was counted together. What must not: the documents themselves
(samkorning.delivery.documents), or counting (counting).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assets.steps.delivery.contents import rendered_facts
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.ledger_account import DOCUMENTED, LOST
from samkorning.case.plan import LinkedUnit, PlannedFile
from samkorning.delivery import DeliveredFile, DeliveryDescription
from samkorning.delivery.changes import described_files, variable_changes
from samkorning.delivery.codebook import codebook, published, published_facts
from samkorning.delivery.lost_persons import reported_lost
from samkorning.delivery.rendering.persons import persons_counted
from samkorning.delivery.rendering.persons_by_group import persons_by_group
from samkorning.delivery.study_persons.making import study_persons
from samkorning.linkage.row_flow import RowFlow


def documented(case: Case, files: Sequence[DeliveredFile], flows: Sequence[RowFlow]) -> dict[str, Any]:
    """The fields of a description that its documents alone need."""
    earlier = [(event.detail["delivery"], event.detail.get(DOCUMENTED, {})) for event in case.of(EventKind.DELIVERED)]
    shown = published(fact for _, each in earlier for fact in each.get("counts", ()))
    persons = next((each["persons"] for _, each in reversed(earlier) if each.get("persons")), ())
    limit = case.specification.smallest_count
    return {
        "smallest_count": limit,
        "codebook": codebook(files, limit, shown),
        "changes": variable_changes(files, [(number, each.get("files", {})) for number, each in earlier]),
        "persons": study_persons(files, limit, persons),
        "lost": reported_lost(flows, limit, [each.get(LOST, {}) for _, each in earlier]),
    }


def remembered(description: DeliveryDescription) -> dict[str, Any]:
    """What the case register keeps of a delivery's documents: variables, and the counts that were shown; no values."""
    return {
        "files": described_files(description.files),
        "counts": published_facts(description.files, description.codebook),
        "persons": list(description.persons.by_group) if description.persons else [],
        LOST: {source: lost.fact() for source, lost in description.lost.items()},
    }


def with_persons(desk: Desk, case: Case, file: PlannedFile, unit: LinkedUnit, flow: RowFlow) -> RowFlow:
    """A row flow with the persons whom linked rows are about, and those of the study whom none is about."""
    facts, place = rendered_facts(desk, case, file), file.units.index(unit)
    counted, of_study = persons_counted(facts), persons_by_group(facts)
    without = sum(of_study.everybody) - sum(of_study.units[place]) if of_study else None
    return replace(flow, persons=counted.in_units[place] if counted else None, persons_without_rows=without)
