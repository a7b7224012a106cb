"""Acts on a case: each one function that asks the rules and gives the event to record.

What belongs here: approving, deciding, reviewing, releasing, keeping, withdrawing and taking that back.
What must not: storing the event (register) or the conditions themselves (rules). Whoever calls records the act as the
acting person.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from samkorning.case import holder_releases, rules
from samkorning.case.act import Act
from samkorning.case.amendments import may_be_amended
from samkorning.case.assignment import case_does_not_rest
from samkorning.case.disclosure import disclosure_is_decided
from samkorning.case.enquiries import nothing_is_awaited
from samkorning.case.events import Case, EventKind
from samkorning.case.holder_releases import NO_DECISION, HolderDecision
from samkorning.case.offers import quote_is_not_declined
from samkorning.case.states import state_after, state_of
from samkorning.errors import NotFound, RuleRefused
from samkorning.identity.redaction import redact_file_name
from samkorning.order.reading import order_sha256, read_incoming_order, read_order
from samkorning.own_registers.catalogue import RegisterCatalogue


def order_detail(
    text: str, file: str, catalogue: RegisterCatalogue, workbooks: Sequence[Mapping[str, str]] = ()
) -> dict[str, Any]:
    """What an order leaves in the case register: the text as it came, its name and hash (R16: archived).

    :param workbooks: name and hash of the workbooks that it came in, whose text it is then.
    :raises OrderRefused: when it does not hold together.
    """
    file = redact_file_name(file)
    read_incoming_order(text, file, catalogue)
    came = {"workbooks": [dict(each) for each in workbooks]} if workbooks else {}
    return {"order": text, "file": file, "sha256": order_sha256(text), **came}


def amend(
    case: Case,
    text: str,
    file: str,
    catalogue: RegisterCatalogue,
    workbooks: Sequence[Mapping[str, str]] = (),
) -> Act:
    """A changed order; it voids the approval (R09). Once something is delivered it changes little (R19)."""
    state_after(state_of(case.events), EventKind.AMENDED)
    detail = order_detail(text, file, catalogue, workbooks)
    order = read_order(text, file)
    if order.synthetic != case.order.synthetic:
        raise RuleRefused("R19", "a case cannot turn from synthetic to real or back", "open a new case")
    may_be_amended(case, order)
    return Act(EventKind.AMENDED, detail)


def approve_specification(case: Case) -> Act:
    """The orderer has approved the specification (R09)."""
    return Act(EventKind.SPECIFICATION_APPROVED, {"specification_sha256": case.specification.sha256})


def endorse_decision(case: Case, role: str, person: str) -> Act:
    """One of the three who take part in the disclosure decision approves it (R10, R11)."""
    rules.specification_is_approved(case)
    nothing_is_awaited(case)
    quote_is_not_declined(case)
    case_does_not_rest(case)
    rules.three_persons_take_part_in_the_decision(case, role, person)
    covered = {"specification_sha256": case.specification.sha256, "recipient": case.recipient_fingerprint}
    return Act(EventKind.DECISION_ENDORSED, {"role": role, **covered})


def dispatch_decision(case: Case) -> Act:
    """The approved decision is sent to the authorised representative (R10)."""
    rules.decision_is_approved(case)
    return Act(EventKind.DECISION_DISPATCHED, {"to": case.order.research_principal.representative.name})


def release_by_holder(case: Case, holder: str, decision: HolderDecision = NO_DECISION) -> Act:
    """A register holder has decided to release what is asked of it now to this case (R04).

    :raises NotFound: when the specification names no such holder.
    """
    holders = sorted({source.holder for source in case.specification.sources})
    if holder not in holders:
        raise NotFound(f"no source of case {case.number} comes from that holder; holders are: {', '.join(holders)}")
    holder_releases.decision_is_named(case, decision)
    asked = holder_releases.asked_of(case, holder)
    return Act(EventKind.HOLDER_RELEASED, {"holder": holder, **decision.as_detail(), **asked})


def recall_by_holder(case: Case, holder: str, reason: str) -> Act:
    """A register holder takes its release back, until a delivery has used it (R04)."""
    holder_releases.release_is_unused(case, holder)
    return Act(EventKind.HOLDER_RECALLED, {"holder": holder, "reason": reason})


def review_program(case: Case, person: str, program_sha256: str, dry_run: Mapping[str, Any] | None = None) -> Act:
    """Code review (kodgranskning) of the extraction program as it stands (R12), and the figures of its dry run."""
    rules.decision_is_approved(case)
    rules.nobody_reviews_their_own(case, person)
    detail = {"program_sha256": program_sha256, "specification_sha256": case.specification.sha256}
    return Act(EventKind.CODE_REVIEWED, {**detail, **({"dry_run": dry_run} if dry_run else {})})


def release_delivery(case: Case, program_sha256: str, standing: bool) -> Act:
    """A person lets the next delivery leave, or with a standing release the later ones too (R20)."""
    rules.decision_is_approved(case)
    rules.program_is_reviewed(case, program_sha256)
    disclosure_is_decided(case)
    return Act(EventKind.DELIVERY_RELEASED, {"standing": standing, "specification_sha256": case.specification.sha256})


def recall_delivery(case: Case, reason: str) -> Act:
    """A person takes back the release of the next delivery, or the standing one for all that has not left (R20)."""
    rules.delivery_is_released(case)
    return Act(EventKind.DELIVERY_RECALLED, {"reason": reason})


def keep_code_key(case: Case, until: date, today: date, reason: str) -> Act:
    """A decision keeps population and code key to a date (R17); one that shortens an earlier one says so."""
    if until <= today:
        raise RuleRefused("R17", "the date to keep the code key to has passed", "give a later date")
    kept = case.kept_until()
    shortens = {"shortens": kept.isoformat()} if kept is not None and until < kept else {}
    return Act(EventKind.CODE_KEY_KEPT, {"until": until.isoformat(), "reason": reason, **shortens})


def withdraw_source(case: Case, source: str, reason: str) -> Act:
    """An awaited file will not come; waiting for it ends (R30). Where one has come the act says so, and whoever takes
    it sees that.

    :raises NotFound: when the specification has no such source.
    """
    _must_be_a_source(case, source)
    if source in case.withdrawn_sources:
        raise RuleRefused("R30", f"{source} is withdrawn already", f"`case await {case.number} {source}` takes it back")
    if case.specification.population_source and case.specification.population_source.name == source:
        problem = f"the population is drawn from {source}"
        raise RuleRefused("R22", problem, "amend the specification, if the population is to be another")
    came = [
        {"rows": file.detail.get("rows"), "came": file.at.date().isoformat()} for file in case.received_files(source)
    ]
    return Act(EventKind.SOURCE_WITHDRAWN, {"source": source, "reason": reason, **(came[-1] if came else {})})


def await_source(case: Case, source: str, reason: str) -> Act:
    """A withdrawn source is awaited again (R30): another one was meant, or its file comes after all.

    :raises NotFound: when the specification has no such source.
    """
    _must_be_a_source(case, source)
    if source not in case.withdrawn_sources:
        raise RuleRefused("R30", f"{source} is not withdrawn", "`case show` says where each source stands")
    rules.link_is_whole(case)
    return Act(EventKind.SOURCE_AWAITED, {"source": source, "reason": reason})


def seen_when_withdrawn(act: Act) -> str:
    """What whoever withdraws a source has to see, as the end of a sentence: its file has come. Else nothing."""
    if act.kind is not EventKind.SOURCE_WITHDRAWN or "came" not in act.detail:
        return ""
    source, rows = act.detail["source"], act.detail["rows"]
    file = "a file" if rows is None else f"a file of {rows} rows"
    return (
        f"; {file} of {source} has come, on {act.detail['came']}: nothing of it leaves any more; if another source "
        "was meant, `case await` takes this back"
    )


def _must_be_a_source(case: Case, source: str) -> None:
    names = [declared.name for declared in case.specification.sources]
    if source not in names:
        raise NotFound(f"case {case.number} has no source {source}; it has: {', '.join(names)}")
