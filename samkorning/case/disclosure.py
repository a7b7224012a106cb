"""The decision on the disclosure risk (röjanderisk) of what is to be delivered: a person has seen the figures (R20).

What belongs here: the act, and the rules that hold release and delivery to it. What must not: the figures themselves
(samkorning.delivery.disclosure). There is no limit: the figures warn, a person decides, and the decision is kept with
what was seen and the contents it was seen of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.delivery.disclosure import FileDisclosure
from samkorning.errors import RuleRefused

DECIDE = "look at `case disclosure` and record the decision with `case accept-disclosure`"


def accept_disclosure(case: Case, seen: Sequence[FileDisclosure], reason: str, person: str) -> Act:
    """A person has seen the figures of what is to be delivered, and lets it leave as it is; not who wrote the
    specification, as nobody approves their own.
    """
    if not case.specification.quasi_identifiers:
        raise RuleRefused("R20", "the specification names no quasi-identifiers", "nothing is to be decided")
    if not seen:
        problem = "nothing with quasi-identifiers has been put together to be delivered"
        raise RuleRefused("R20", problem, "look at `case disclosure` first")
    if person == case.author:
        problem = "who wrote the specification cannot accept its disclosure risk"
        raise RuleRefused("R20", problem, "let another person look at it")
    files = [_remembered(each) for each in seen]
    covered = {"specification_sha256": case.specification.sha256}
    return Act(EventKind.DISCLOSURE_ACCEPTED, {"reason": reason, "files": files, **covered})


def _remembered(seen: FileDisclosure) -> dict[str, Any]:
    """What is kept of the figures of a file; of all together also what they are of."""
    known = {"file": seen.file, "source": seen.source, "contents": seen.sha256, **asdict(seen.figures)}
    return {**known, **({"earlier": list(seen.earlier), "unseen": list(seen.unseen)} if seen.is_of_all else {})}


def disclosure_is_decided(case: Case) -> None:
    """R20: nothing of a specification that names quasi-identifiers is released before a person has seen the figures."""
    if case.specification.quasi_identifiers and _newest(case) is None:
        raise RuleRefused("R20", "nobody has accepted the disclosure risk of what is to be delivered", DECIDE)


def disclosure_is_accepted(case: Case, seen: Sequence[FileDisclosure]) -> None:
    """R20: what leaves is what the accepted figures are of.

    A later delivery on a standing release may be of other contents while no smallest group is smaller than accepted.
    """
    disclosure_is_decided(case)
    waiting = [each.source for each in seen if not is_accepted(case, each)]
    if waiting:
        problem = f"the disclosure risk of {', '.join(waiting)} is not accepted as it is now"
        raise RuleRefused("R20", problem, DECIDE)


def is_accepted(case: Case, seen: FileDisclosure) -> bool:
    """Whether a person has accepted these very contents, or what may stand for them."""
    accepted = _accepted(case, seen.source)
    if accepted is None:
        return False
    if bool(accepted["contents"] == seen.sha256):
        return True
    return _is_later(case) and not has_fallen(case, seen) and _sees_as_much(seen, accepted)


def has_fallen(case: Case, seen: FileDisclosure) -> bool:
    """Whether the smallest group is smaller than a person accepted; what nobody accepted has nothing to fall from."""
    accepted = _accepted(case, seen.source)
    if accepted is None or seen.figures.k is None:
        return False
    return accepted["k"] is None or seen.figures.k < accepted["k"]


def _sees_as_much(seen: FileDisclosure, accepted: Mapping[str, Any]) -> bool:
    """Whether nothing is kept no longer that was looked at when it was accepted; without it groups only seem larger."""
    return set(seen.unseen) <= set(accepted.get("unseen", ()))


def _is_later(case: Case) -> bool:
    """Whether the next delivery is a later one on a standing release."""
    release = case.last(EventKind.DELIVERY_RELEASED)
    delivered = case.of(EventKind.DELIVERED)
    return bool(delivered and release is not None and release.detail["standing"])


def _newest(case: Case) -> Event | None:
    """The newest decision on the specification as it stands."""
    found = case.last(EventKind.DISCLOSURE_ACCEPTED)
    return found if found is not None and found.detail["specification_sha256"] == case.specification.sha256 else None


def _accepted(case: Case, source: str) -> Mapping[str, Any] | None:
    """What was last accepted of a source's file, under the specification as it stands."""
    for event in reversed(case.of(EventKind.DISCLOSURE_ACCEPTED)):
        if event.detail["specification_sha256"] == case.specification.sha256:
            for file in event.detail["files"]:
                if file["source"] == source:
                    return dict(file)
    return None
