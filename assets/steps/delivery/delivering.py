"""The steps of a delivery: plan, describe, seal, enter in the ledger, leave the audit record.

What belongs here: the order of commitment. What must not: Dagster; the plan's and package's own making.

The sealed file is complete under its final name before the ledger row is written, and the ledger row is the commit: a
sealed file without its row was never handed over, and the next delivery replaces it.
"""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assets.steps import stores
from assets.steps.case_view import ledger_rows, require_may_be_delivered
from assets.steps.delivery.contents import rendered_bytes, rendered_facts
from assets.steps.delivery.differences import differences
from assets.steps.delivery.disclosing import require_disclosure_accepted
from assets.steps.delivery.documenting import documented, remembered, with_persons
from assets.steps.delivery.passphrases import passphrase_of
from assets.steps.delivery.persons_file import with_persons_file
from assets.steps.delivery.provenance import provenance
from assets.steps.delivery.taken_steps import taken_steps
from assets.steps.delivery.variables import described_variable
from assets.steps.linkage.linked_units import linked_as_is, linked_from_inputs, require_linked_as_is, row_flow
from assets.steps.made_from import delivery_made_from
from assets.steps.persons.drawing import attrition, balance, notes
from assets.steps.persons.numbering import require_opted_out_noted
from assets.steps.persons.same_code_key import marks_detail
from assets.steps.safekeeping.fitting import require_fits_to_deliver
from resources.desk import Desk
from samkorning.audit.trails import BROKE_OFF, DELIVER
from samkorning.case import Case, EventKind
from samkorning.case.ledger_account import DOCUMENTED
from samkorning.case.made_from import MADE_FROM
from samkorning.case.plan import DeliveryPlan, LinkedUnit, PlannedFile, plan_delivery
from samkorning.case.population import change_since_last_delivery
from samkorning.case.recipient import key_to_seal_for, takes_a_passphrase
from samkorning.case.roles import SERVICE
from samkorning.case.rules import is_dispatched
from samkorning.delivery import (
    DeliveredFile,
    DeliveredUnit,
    DeliveryDescription,
    Recipient,
    SealedPackage,
    SerialNumberFacts,
    StudyChange,
    discard_package,
    seal_package,
    sweep_partials,
)
from samkorning.delivery.provenance import input_digest
from samkorning.delivery.rendering.unit_contents import unit_facts
from samkorning.delivery.report.forms import forms_left_out
from samkorning.delivery.reported_balance import reported_balance
from samkorning.delivery.study_persons.persons_file import PERSONS_FILE
from samkorning.errors import CaseBusy, RuleRefused
from samkorning.linkage.row_flow import RowFlow
from samkorning.order import Unknown
from samkorning.order.drawn_files import STUDY
from samkorning.order.fingerprint import fingerprint


def present_plan(desk: Desk, case: Case) -> DeliveryPlan:
    """What the next delivery holds, from the ledger and the vault as they are.

    A unit that was linked for others than those who stand in the study now has no part in it.
    """
    rows = ledger_rows(desk, case)
    return with_persons_file(case, plan_delivery(case, rows, linked_as_is(desk, case, rows)))


def plan_of_then(desk: Desk, case: Case) -> DeliveryPlan:
    """What a past delivery held, once its units are linked again: each for those who stood in the study then."""
    rows = ledger_rows(desk, case)
    return with_persons_file(case, plan_delivery(case, rows, linked_from_inputs(desk, case, rows)))


def deliver(desk: Desk, case: Case, plan: DeliveryPlan) -> dict[str, Any] | None:
    """Makes the planned delivery and gives its ledger entry; nothing where nothing is due.

    :raises RuleRefused: when something that must precede a delivery is not recorded.
    :raises CheckFailed: when somebody has objected or opted out since its units were linked.
    """
    require_linked_as_is(desk, case)
    if not plan.files:
        _remember_unchanged(desk, case, plan.unchanged)
        return None
    require_may_be_delivered(desk, case)
    require_fits_to_deliver(desk, case)
    require_disclosure_accepted(desk, case, plan)
    require_opted_out_noted(desk, case)
    folder = desk.home.outbox(case.number) / plan.number
    if folder.exists():
        sweep_partials(folder)
        discard_package(folder, case.number, plan.number)
    desk.audit.append(DELIVER, SERVICE, case.number, desk.clock.now(), delivery=plan.number, intent=1)
    description = describe(desk, case, plan)
    package = _sealed(desk, case, description, folder)
    entry = {
        **_entry(desk, case, plan, package.manifest.files),
        DOCUMENTED: remembered(description),
        "left_out": list(forms_left_out(description)),
        **({"differences": [asdict(each) for each in description.differences]} if description.differences else {}),
        "path": str(package.path.relative_to(desk.home.root)),
        "sealed_sha256": package.receipt.sha256,
        "recipient": fingerprint(package.receipt.recipient),
        "persons_in_code_key": description.serial_numbers.persons_in_code_key,
        **marks_detail(desk, case),
        MADE_FROM: delivery_made_from(desk, case, plan.files, description, package).fields(),
    }
    case = _entered(desk, case, entry, folder)
    _remember_unchanged(desk, case, plan.unchanged)
    return entry


def _sealed(desk: Desk, case: Case, description: DeliveryDescription, folder: Path) -> SealedPackage:
    """The package on disk. One that fails leaves nothing, and the log knows that nothing is under way any more."""
    try:
        passphrase = passphrase_of(desk, case, description.number) if takes_a_passphrase(case) else None
        key = key_to_seal_for(case)
        return seal_package(description, folder, key, desk.signing_seed, passphrase, desk.progress)
    except Exception:
        desk.audit.append(BROKE_OFF, SERVICE, case.number, desk.clock.now(), delivery=description.number)
        raise


def _entered(desk: Desk, case: Case, entry: dict[str, Any], folder: Path) -> Case:
    """The case with its ledger row, which is the commit. A package whose row is refused does not stay: nobody has been
    given it, and where the case is ended meanwhile no later delivery would replace it.
    """
    now = desk.clock.now()
    try:
        dispatched = _dispatch_with_delivery(desk, case)
        return desk.cases.record(dispatched, EventKind.DELIVERED, now, SERVICE, entry)
    except (CaseBusy, RuleRefused):  # both before anything of the event is written
        discard_package(folder, case.number, entry["delivery"])
        desk.audit.append(BROKE_OFF, SERVICE, case.number, desk.clock.now(), delivery=entry["delivery"])
        raise


def describe(desk: Desk, case: Case, plan: DeliveryPlan) -> DeliveryDescription:
    """What the package says of itself."""
    assert plan.kind is not None, "a delivery with files has a kind"  # noqa: S101
    already = case.last(EventKind.DELIVERED)
    study = change_since_last_delivery(case)
    persons, before = _persons_in_code_key(desk, case), already.detail["persons_in_code_key"] if already else 0
    files = tuple(_delivered_file(desk, case, file) for file in plan.files)
    flows = tuple(_flows(desk, case, plan))
    return DeliveryDescription(
        case=case.number,
        number=plan.number,
        kind=plan.kind,
        synthetic=case.order.synthetic,
        title=case.order.title,
        recipient=Recipient(case.order.recipient.name, case.order.recipient.organisation),
        date=desk.clock.today(),
        files=files,
        row_flows=tuple(replace(flow, lost=None) for flow in flows),
        awaited=plan.awaited,
        standing=plan.standing,
        serial_numbers=SerialNumberFacts(persons, persons - before),
        provenance=provenance(desk, case),
        previous=already.detail["delivery"] if already else None,
        study_change=StudyChange(study.adds, study.removes),
        attrition=attrition(case),
        differences=tuple(differences(desk, case, plan.files)),
        balance=_balance(desk, case),
        notes=notes(case),
        research_principal=case.order.research_principal.name,
        steps=taken_steps(case, plan.number, desk.clock.today()),
        metadata=case.order.metadata,
        reports=frozenset(desk.settings.reports),
        **documented(case, files, flows),
    )


def _balance(desk: Desk, case: Case) -> tuple[tuple[str, ...], ...]:
    found = balance(desk, case)
    return () if found is None else reported_balance(found, case.specification.smallest_count)


def _persons_in_code_key(desk: Desk, case: Case) -> int:
    latest = stores.code_key(desk, case).latest()
    return latest.rows if latest else 0


def _delivered_file(desk: Desk, case: Case, file: PlannedFile) -> DeliveredFile:
    rendered = rendered_facts(desk, case, file)
    return DeliveredFile(
        name=file.name,
        rendered=rendered,
        chunks=lambda format_name: rendered_bytes(desk, case, file, format_name),
        variables=tuple(described_variable(desk, case, file.source, name) for name in rendered.columns),
        units=tuple(_delivered_unit(desk, case, unit) for unit in file.units),
        is_study=file.source in (PERSONS_FILE, STUDY),
        is_about_the_study=_is_about_the_study(case, file.source),
    )


def _delivered_unit(desk: Desk, case: Case, unit: LinkedUnit) -> DeliveredUnit:
    digest = input_digest(desk.event_secrets[0], case.number, unit.input_sha256)
    return DeliveredUnit(str(unit.unit), unit.rows, digest, unit.replaces)


def _is_about_the_study(case: Case, source: str) -> bool:
    """Whether a file has rows about nobody but the persons of the study; some files bring persons of their own."""
    declared = case.specification.source(source)
    return source != PERSONS_FILE and (declared is None or declared.identifiers[0].when_unknown is Unknown.DROP)


def _flows(desk: Desk, case: Case, plan: DeliveryPlan) -> Iterator[RowFlow]:
    for file in plan.files:
        for unit, found in zip(file.units, unit_facts(rendered_facts(desk, case, file)), strict=True):
            flow = row_flow(desk, case, unit.unit)
            if flow is not None:
                yield replace(with_persons(desk, case, file, unit, flow), duplicates=found.repeated)


def _units(desk: Desk, case: Case, plan: DeliveryPlan) -> Iterator[LinkedUnit]:
    """The units that leave, each with the digest of what it holds."""
    for file in plan.files:
        for unit, found in zip(file.units, unit_facts(rendered_facts(desk, case, file)), strict=True):
            yield replace(unit, content_digest=found.digest)


def _entry(desk: Desk, case: Case, plan: DeliveryPlan, files: Any) -> dict[str, Any]:
    return {
        "delivery": plan.number,
        "kind": str(plan.kind),
        "units": [unit.entry() for unit in _units(desk, case, plan)],
        "files": [{"name": file.name, "rows": file.rows, "sha256": file.sha256} for file in files],
        "awaited": list(plan.awaited),
    }


def _dispatch_with_delivery(desk: Desk, case: Case) -> Case:
    """R10: the decision is dispatched at the latest with the first delivery on it."""
    if is_dispatched(case):
        return case
    to = {"to": case.order.research_principal.representative.name}
    return desk.cases.record(case, EventKind.DECISION_DISPATCHED, desk.clock.now(), SERVICE, to)


def _remember_unchanged(desk: Desk, case: Case, unchanged: tuple[LinkedUnit, ...]) -> None:
    """Lets the ledger know that new inputs gave the same content, so that nobody asks for it again."""
    if unchanged:
        detail = {"units": [unit.entry() for unit in unchanged]}
        desk.cases.record(desk.case(case.number), EventKind.FOUND_UNCHANGED, desk.clock.now(), SERVICE, detail)
