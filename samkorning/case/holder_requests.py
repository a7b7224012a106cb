"""What is asked of each register holder, and what each has decided: an order of its own to each (R04).

What belongs here: asking and refusing, and where each holder stands. What must not: what a release covers
(holder_releases), or the files themselves (ledger).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samkorning.case.act import Act
from samkorning.case.enquiries import last_reminder, must_be_a_holder
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.holder_releases import standing_release
from samkorning.errors import RuleRefused

K = EventKind


class Reason(StrEnum):
    """Why a holder refuses."""

    QUALITY = "quality"
    MISSING_DATA = "missing_data"
    LAW = "law"
    OTHER = "other"


@dataclass(frozen=True)
class HolderStanding:
    """Where one holder stands: asked when, due when, and what it has decided and when."""

    holder: str
    asked: date | None
    due: date | None
    decision: str
    decided: date | None


def ask_holder(case: Case, holder: str, due: date, today: date) -> Act:
    """The orderer has asked a holder for its data; its decision is due on a day (R04)."""
    must_be_a_holder(case, holder)
    if due <= today:
        raise RuleRefused("R04", f"the due date {due} does not lie ahead", "give a later day")
    return Act(K.HOLDER_ASKED, {"holder": holder, "due": due.isoformat()})


def refuse_by_holder(case: Case, holder: str, reason: Reason, note: str) -> Act:
    """A register holder refuses to release what is asked of it (R04)."""
    must_be_a_holder(case, holder)
    if standing_release(case, holder) is not None:
        problem = "that holder has released, and its release stands"
        raise RuleRefused("R04", problem, "take it back first with `case recall --holder`")
    return Act(K.HOLDER_REFUSED, {"holder": holder, "reason": reason.value, "note": note})


def standings(case: Case) -> list[HolderStanding]:
    """Where every holder of the specification stands, each once, in the order of the specification."""
    holders = dict.fromkeys(source.holder for source in case.specification.sources)
    return [_standing(case, holder) for holder in holders]


def undecided(case: Case) -> Iterator[tuple[str, date]]:
    """The holders that were asked and have not decided, each with its day; none whose sources are all withdrawn."""
    asked = {source.holder for source in case.specification.sources if source.name not in case.withdrawn_sources}
    for standing in standings(case):
        if standing.decision == "asked" and standing.due is not None and standing.holder in asked:
            yield standing.holder, standing.due


def has_refused(case: Case, holder: str) -> bool:
    """Whether the newest that a holder has decided is a refusal."""
    newest = _newest(case, holder, K.HOLDER_RELEASED, K.HOLDER_RECALLED, K.HOLDER_REFUSED)
    return newest is not None and newest.kind is K.HOLDER_REFUSED


def _standing(case: Case, holder: str) -> HolderStanding:
    asked = _newest(case, holder, K.HOLDER_ASKED)
    newest = _newest(case, holder, K.HOLDER_ASKED, K.HOLDER_RELEASED, K.HOLDER_RECALLED, K.HOLDER_REFUSED)
    decided = newest if newest is not None and newest.kind is not K.HOLDER_ASKED else None
    words = {K.HOLDER_RELEASED: "released", K.HOLDER_RECALLED: "recalled", K.HOLDER_REFUSED: "refused"}
    return HolderStanding(
        holder,
        asked.at.date() if asked else None,
        _due(case, asked) if asked else None,
        words[decided.kind] if decided else ("asked" if asked else "not asked"),
        decided.at.date() if decided else None,
    )


def _due(case: Case, asked: Event) -> date:
    """The day on which a decision is due: the request's, or a later one that a reminder set."""
    reminded = last_reminder(case, "files", asked.detail["holder"])
    days = [asked.detail["due"], *([reminded.detail["deadline"]] if reminded is not None else [])]
    return date.fromisoformat(max(days))


def _newest(case: Case, holder: str, *kinds: EventKind) -> Event | None:
    return next((event for event in reversed(case.of(*kinds)) if event.detail["holder"] == holder), None)
