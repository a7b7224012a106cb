"""The outcome of a check that stops a delivery, as the page shows it: what it found, and what a person does about it.

What belongs here: making that outcome, and the event that the case keeps of it. What must not: any check.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.steps.delivery.blocking import note_blocked
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.blocking import remedy_of


def outcome(
    desk: Desk, case: Case, check: str, passed: bool, found: Mapping[str, Any], counts: Mapping[str, int | float]
) -> dg.AssetCheckResult:
    """What the page shows of a check; the case remembers one that did not pass.

    :param found: for the page. ``counts`` is what the case keeps of it.
    """
    if not passed:
        note_blocked(desk, case, check, counts)
    remedy = None if passed else remedy_of(check)
    return dg.AssetCheckResult(check_name=check, passed=passed, metadata=dict(found), description=remedy)
