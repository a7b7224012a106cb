"""What a delivery was made from: the case's approvals, the marks of its code key, and the program.

What belongs here: finding what the manifest says of it in events and vault. What must not: the form in which it leaves
(samkorning.delivery), or whether the code key is the one that was delivered from (assets.steps.persons.same_code_key).
"""

from typing import Any

from assets.steps import stores
from assets.steps.persons.same_code_key import CODE_KEYS, marks_detail
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.states import DECIDING_ROLES
from samkorning.delivery.provenance import Approvals, CodeKeyFacts, Provenance
from samkorning.program_hash import lock_hash, program_hash


def provenance(desk: Desk, case: Case) -> Provenance:
    """What the next delivery of a case is made from."""
    lock, lock_of = lock_hash()
    return Provenance(
        specification_sha256=case.specification.sha256,
        program_sha256=program_hash(),
        lock_sha256=lock,
        lock_of=lock_of,
        code_key=_code_key(desk, case),
        approvals=_approvals(case),
    )


def _code_key(desk: Desk, case: Case) -> CodeKeyFacts:
    """The marks that events remember are what leaves: keyed, so that nobody outside can try persons with them."""
    present, delivered = _of_persons(marks_detail(desk, case)), case.last(EventKind.DELIVERED)
    remembered = [mark for event in case.events if (mark := _of_persons(event.detail))]
    before = _of_persons(delivered.detail) if delivered else None
    return CodeKeyFacts(
        first=str((remembered or [present])[0]["digest"]),
        digest=str(present["digest"]),
        generation=int(present["generation"]),
        rows=int(present["rows"]),
        previous=str(before["digest"]) if before else None,
    )


def _of_persons(detail: Any) -> Any:
    return detail.get(CODE_KEYS, {}).get(stores.code_key_name())


def _approvals(case: Case) -> Approvals:
    approved = case.last(EventKind.SPECIFICATION_APPROVED)
    endorsed = case.of(EventKind.DECISION_ENDORSED)[-len(DECIDING_ROLES) :]
    ethics = case.order.ethics
    return Approvals(
        specification_approved=approved.at.date() if approved else None,
        decision_approved=endorsed[-1].at.date() if endorsed else None,
        ethics_application=ethics.application if ethics else None,
        ethics_decided=ethics.decided if ethics else None,
    )
