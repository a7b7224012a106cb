"""What `audit verify` finds: log, case register, ledger, receipts, reports and signing key held against each other.

What belongs here: bringing the checks together. What must not: the vault's stores (doctor), or writing anything.
"""

from collections.abc import Iterator

from assets.steps.delivery.delivered_files import file_misfits, signing_misfits
from assets.steps.safekeeping.fitting import AUDIT_LOG, CASE_REGISTER, Misfit, case_misfits
from resources.desk import Desk
from samkorning.audit import Head
from samkorning.case import Case
from samkorning.case.anchor import ANCHOR
from samkorning.errors import SamkorningError


def audit_misfits(desk: Desk, kept_elsewhere: Head | None = None) -> list[Misfit]:
    """Everything that does not fit, each reported once. Nothing is made or changed.

    :param kept_elsewhere: a head of the log that was kept outside the machine.
    """
    cases, found = proven_cases(desk)
    return without_repeats([*found, *misfits_around(desk, cases, kept_elsewhere)])


def misfits_around(desk: Desk, cases: list[Case], kept_elsewhere: Head | None) -> list[Misfit]:
    """What of log, ledger, receipts, reports and signing key does not fit the cases, whose events are proven."""
    found = _log_misfits(desk, kept_elsewhere)
    for case in cases:
        found += list(file_misfits(desk, case))
    return [*found, *signing_misfits(desk)]


def proven_cases(desk: Desk) -> tuple[list[Case], list[Misfit]]:
    """The cases whose events prove themselves, and what is wrong with the others."""
    cases: list[Case] = []
    found: list[Misfit] = []
    try:
        known = [*desk.cases.counts()]
        known += sorted({*desk.cases.known_to_log(), *_known_to_vault(desk)} - {*known})
    except SamkorningError as refused:
        return [], [Misfit(CASE_REGISTER, None, str(refused))]
    for number in known:
        try:
            cases.append(desk.cases.case(number))
        except SamkorningError as refused:
            found.append(Misfit(CASE_REGISTER, number, str(refused)))
    return cases, found


def _known_to_vault(desk: Desk) -> list[str]:
    folder = desk.home.vault
    return [path.parent.name for path in folder.glob(f"*/{ANCHOR}")] if folder.is_dir() else []


def without_repeats(found: list[Misfit]) -> list[Misfit]:
    """The findings without those that say the same."""
    return list({str(misfit): misfit for misfit in found}.values())


def whole_case_misfits(desk: Desk, case: Case) -> Iterator[Misfit]:
    """What does not fit between the parts of a case; a check that itself fails says why."""
    try:
        yield from case_misfits(desk, case)
    except SamkorningError as refused:
        yield Misfit(CASE_REGISTER, case.number, str(refused))


def _log_misfits(desk: Desk, kept_elsewhere: Head | None) -> list[Misfit]:
    """Every line of the log, and whether it has the intent of every event and the head that was kept."""
    try:
        heads = [each.head for number in desk.cases.counts() for each in desk.cases.stored(number)]
    except SamkorningError:
        heads = []  # reported already
    if not heads and not desk.home.audit.exists():
        return []
    return [Misfit(AUDIT_LOG, None, str(problem)) for problem in desk.audit.verify(*heads, kept_elsewhere)]
