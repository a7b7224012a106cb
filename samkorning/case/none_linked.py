"""Received files of which no row links (ingen rad samkörs): they wait for a person who lets them pass, with a reason.

What belongs here: the act, and whether it holds for a file as it is now. What must not: counting rows (the linkage), or
the share of rows that a specification says must link, which an amendment changes.
"""

from collections.abc import Collection

from samkorning.case import rules
from samkorning.case.act import Act
from samkorning.case.events import Case, EventKind
from samkorning.errors import NotFound, RuleRefused

NONE_LINKED = "none_linked"
"""Where a release names the source whose file it lets pass."""


def release_although_none_linked(
    case: Case, program_sha256: str, found: Collection[str], source: str, reason: str, standing: bool = False
) -> Act:
    """A person lets the next delivery leave with a file of which no row links (R12, R20): this file, and once.

    A standing release that holds goes on. The disclosure risk may be decided afterwards: its figures are reckoned only
    of what has come past the linkage, and no delivery leaves before it is.

    :param found: the sources that the linkage has found so, as they are now.
    :raises NotFound: when the case has no such source.
    """
    rules.decision_is_approved(case)
    rules.program_is_reviewed(case, program_sha256)
    names = sorted(known.name for known in case.specification.all_sources)
    if source not in names:
        raise NotFound(f"case {case.number} has no source {source}; it has: {', '.join(names)}")
    if source not in found:
        problem = f"nothing of {source} waits for this: that none of its rows link is found by the linkage"
        raise RuleRefused("R12", problem, "`deliver` links what has come, and says which files have no rows that link")
    bound = {"specification_sha256": case.specification.sha256, "file_sha256": case.received_sha256(source)}
    goes_on = standing or _standing_release_holds(case)
    return Act(EventKind.DELIVERY_RELEASED, {"standing": goes_on, NONE_LINKED: source, "reason": reason, **bound})


def is_let_pass(case: Case, source: str) -> bool:
    """R12: whether a person has let the file that counts for a source pass, and no delivery has held it since."""
    used = [e for e in case.of(EventKind.DELIVERED) if any(unit["source"] == source for unit in e.detail["units"])]
    since = max((event.number for event in (*used, *case.of(EventKind.DELIVERY_RECALLED))), default=0)
    bound = (source, case.received_sha256(source), case.specification.sha256)
    return any(
        (event.detail.get(NONE_LINKED), event.detail.get("file_sha256"), event.detail["specification_sha256"]) == bound
        for event in case.of(EventKind.DELIVERY_RELEASED)
        if event.number > since
    )


def _standing_release_holds(case: Case) -> bool:
    newest = case.last(EventKind.DELIVERY_RELEASED, EventKind.DELIVERY_RECALLED)
    if newest is None or newest.kind is EventKind.DELIVERY_RECALLED or not newest.detail["standing"]:
        return False
    return bool(newest.detail["specification_sha256"] == case.specification.sha256)
