"""The leak scan of a case: what its numbers are looked for in.

What belongs here: bringing what was found in delivery contents, documents and other files together. What must not:
looking for numbers (samkorning.delivery.number_scan), or stopping a delivery (the blocking check).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assets.steps.case_view import identity_rules
from assets.steps.delivery.contents import rendered_facts
from assets.steps.delivery.delivering import describe
from assets.steps.delivery.own_numbers import own_numbers
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.plan import DeliveryPlan
from samkorning.delivery import documents_to_scan, manifest_without_hashes, texts_within_files
from samkorning.delivery.number_scan import Finding, LeakScan, texts_of
from samkorning.delivery.package.manifest import MANIFEST
from samkorning.delivery.rendering.numbers_found import numbers_found
from samkorning.errors import CheckFailed


def leaks(desk: Desk, case: Case, plan: DeliveryPlan) -> list[Finding]:
    """What the planned delivery holds of numbers, in its files and in its documents.

    :raises CheckFailed: when a file is not as it would be put together now.
    """
    if not plan.files:
        return []
    found = [each for file in plan.files for each in numbers_found(rendered_facts(desk, case, file))]
    own, rules = own_numbers(desk, case), identity_rules(case)
    scan = LeakScan("documents", own, rules)
    scan.look_at_texts(list(_documents(desk, case, plan)))
    return found + [replace(each, file=each.column, column="text") for each in scan.findings()]


def scan_files(desk: Desk, case: Case, files: Sequence[Path], person: str) -> list[Finding]:
    """What files outside the service hold of the case's numbers; the trace is left before the code key opens.

    :raises FileRefused: when one of them can be read neither as a table nor as a text.
    """
    from samkorning.delivery.number_scan.files import scan_file  # and reading of files with it

    desk.audit.append("scan", person, case.number, desk.clock.now(), files=len(files))
    own, rules = own_numbers(desk, case), identity_rules(case)
    return [found for place, file in enumerate(files, start=1) for found in scan_file(file, place, own, rules)]


def _documents(desk: Desk, case: Case, plan: DeliveryPlan) -> Iterator[tuple[str, str]]:
    """The texts of the delivery's documents and of the heads of its data files, each with the name of what has it."""
    description = describe(desk, case, plan)
    yield from texts_within_files(description).items()
    documents = {**documents_to_scan(description), MANIFEST: manifest_without_hashes(description)}
    for name, content in documents.items():
        texts = texts_of(name, content)
        if texts is None:
            raise CheckFailed(f"{name} cannot be looked through for identity numbers; nothing is delivered")
        for text in texts.values():
            yield name, text
