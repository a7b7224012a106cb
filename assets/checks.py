"""The outcome of a check that stops a delivery, as the page shows it: what it looked at, what it found, and the remedy.

What belongs here: making that outcome, and the event that the case keeps of it. What must not: any check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import dagster as dg

from assets.steps.delivery.blocking import note_blocked
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.blocking import remedy_of

NOTHING = "nothing to act on"
Counts = Mapping[str, int | float]


@dataclass(frozen=True)
class Look:
    """What a check looked at, in counts, and what it found: a sentence each; none where all is well."""

    at: str
    found: Sequence[str] = ()


def outcome(
    desk: Desk, case: Case, check: str, look: Look, kept: Counts, more: Counts | None = None
) -> dg.AssetCheckResult:
    """What the page shows of a check; the case remembers one that did not pass.

    :param kept: the counts that the case keeps of it. ``more`` are shown beside them.
    """
    if look.found:
        note_blocked(desk, case, check, kept)
    return shown(check, look, remedy_of(check), {**kept, **(more or {})})


def shown(
    check: str,
    look: Look,
    remedy: str,
    counts: Counts,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
    asset: dg.AssetKey | None = None,
) -> dg.AssetCheckResult:
    """The same of a check that the case need not remember."""
    found = "; ".join(look.found) or NOTHING
    said = f"{found[0].upper()}{found[1:]}." + (f" Remedy: {remedy}." if look.found else "")
    said += f" Looked at {look.at}."
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=check,
        passed=not look.found,
        severity=severity,
        description=said,
        metadata={
            "looked_at": look.at,
            "found": found,
            **({"remedy": remedy} if look.found else {}),
            **counts,
        },
    )
