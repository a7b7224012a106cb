"""A delivery that a check has stopped: what stopped it, what to do, and that a person takes it up.

What belongs here: remedies, and whether what is due now is what was stopped. What must not: the checks.
"""

import hashlib
from collections.abc import Iterable, Mapping

from samkorning.case.disclosure import DECIDE
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.ledger import LedgerRow
from samkorning.case.none_linked import NONE_LINKED

REMEDIES: Mapping[str, str] = {
    "numbers_valid": "too many rows of the population are damaged; ask its sender for a corrected file",
    "serial_numbers_stable": "somebody's serial number is not as it was; nothing may leave before a custodian has "
    "found out why, see `samkorning doctor`",
    "no_identity_number": "something that would leave holds an identity number; the check names file and column: leave "
    "it out, ask its holder for a corrected file, or declare the column as an identifier",
    "specification_kept": "a file does not have the columns or rows that were specified and linked; report it to who "
    "maintains the program",
    "serial_numbers_in_code_key": "a file has serial numbers that are not in the code key, or of persons who were "
    "taken out, object or have opted out; run it again, and report it to who maintains the program if it stays",
    "disclosure_accepted": DECIDE,
    "row_flow_adds_up": "rows were neither linked nor dropped for a reason; report it to who maintains the program",
    "linkage_rate": "fewer rows linked than the specification says at least, or none at all; ask the holder whether "
    "the file is of this case and its population. Where a study truly has nobody in it, `case release --none-linked` "
    "with a reason lets that file pass, once; a share that the specification says is changed by amending it",
}
"""What a person does when a check stops a delivery."""


def digest_of(rows: Iterable[LedgerRow]) -> str:
    """A digest of what is to leave, as it is now; empty where that is nothing."""
    wanted = [f"{row.unit.source}:{row.unit.period}:{row.input_sha256}" for row in rows]
    return hashlib.sha256("\n".join(wanted).encode()).hexdigest() if wanted else ""


def blocked(case: Case, rows: Iterable[LedgerRow]) -> Event | None:
    """What stopped the delivery of just this, where something did and nothing has been delivered or accepted since."""
    newest = next((event for event in reversed(case.events) if _tells(event)), None)
    if newest is None or newest.kind is not EventKind.DELIVERY_BLOCKED:
        return None
    return newest if newest.detail["wanted"] == digest_of(row for row in rows if row.is_due) else None


def _tells(event: Event) -> bool:
    """Whether an event stops a delivery or lets it go on; a plain release says nothing of what a check found."""
    kinds = (EventKind.DELIVERY_BLOCKED, EventKind.DELIVERED, EventKind.DISCLOSURE_ACCEPTED)
    return event.kind in kinds or NONE_LINKED in event.detail


def remedy_of(check: str) -> str:
    """What a person does about a check that has stopped a delivery."""
    return REMEDIES.get(check, "the check's figures say what it found")
