"""The leak scan of a case: what its numbers are looked for in.

What belongs here: bringing code key, history, delivery contents and documents to the scan. What must not: looking for
numbers (samkorning.delivery.number_scan), or stopping a delivery (the blocking check).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.delivery.delivering import describe
from assets.steps.persons.numbering import identities_of_text, lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.plan import DeliveryPlan
from samkorning.delivery import unmeasured_documents
from samkorning.delivery.number_scan import Finding, LeakScan, OwnNumbers, scan_file, texts_of
from samkorning.order import PERSON_SERIES

ROWS_AT_ONCE = 200_000


def own_numbers(desk: Desk, case: Case) -> OwnNumbers:
    """Every number of the case's code key and its history, in memory alone."""
    numbers = lookup(desk, case).select("number").collect().to_series()
    texts = identities_of_text(desk, case, PERSON_SERIES)
    return OwnNumbers(numbers, None if texts is None else texts.select("text").collect().to_series())


def leaks(desk: Desk, case: Case, plan: DeliveryPlan) -> list[Finding]:
    """What the planned delivery holds of numbers, in its files and in its documents."""
    if not plan.files:
        return []
    own, rules = own_numbers(desk, case), identity_rules(case)
    found: list[Finding] = []
    for file in plan.files:
        scan = LeakScan(file.name, own, rules)
        for batch in stores.contents(desk, case, file.name).scan().collect_batches(chunk_size=ROWS_AT_ONCE):
            scan.look_at(batch)
        found += scan.findings()
    for name, text in _documents(desk, case, plan):
        scan = LeakScan(name, own, rules)
        scan.look_at_text("text", text)
        found += scan.findings()
    return found


def scan_files(desk: Desk, case: Case, files: Sequence[Path], person: str) -> list[Finding]:
    """What files outside the service hold of the case's numbers; the trace is left before the code key opens.

    :raises FileRefused: when one of them can be read neither as a table nor as a text.
    """
    desk.audit.append("scan", person, case.number, desk.clock.now(), files=len(files))
    own, rules = own_numbers(desk, case), identity_rules(case)
    return [found for place, file in enumerate(files, start=1) for found in scan_file(file, place, own, rules)]


def _documents(desk: Desk, case: Case, plan: DeliveryPlan) -> Iterator[tuple[str, str]]:
    """The texts of the delivery's documents, each with the document's name."""
    for name, content in unmeasured_documents(describe(desk, case, plan)).items():
        for text in (texts_of(name, content) or {}).values():
            yield name, text
