"""What a register holder's release covers: its decision, and what was asked of that holder when it was given (R04).

What belongs here: what is asked of a holder, and whether a release still covers it. More than was asked then asks
again, less does not. What must not: a region's own rule (R29, rules), or what becomes of a file (ledger).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import RuleRefused
from samkorning.order import Source, SourceClass

Asked = Mapping[str, Any]


@dataclass(frozen=True)
class HolderDecision:
    """A holder's own decision: its number, its date, and the last day on which it holds."""

    number: str | None = None
    decided: date | None = None
    until: date | None = None

    def as_detail(self) -> dict[str, str]:
        """What is known of it, for the case register."""
        known = {"decision": self.number, "decided": self.decided, "until": self.until}
        return {name: str(value) for name, value in known.items() if value is not None}


NO_DECISION = HolderDecision()


def decision_is_named(case: Case, decision: HolderDecision) -> None:
    """R04: in a case of real persons a holder's release names its own decision, by number and date."""
    if not case.order.synthetic and not (decision.number and decision.decided):
        problem = "the holder's decision is not named"
        raise RuleRefused("R04", problem, "give its number with --decision and its date with --decided")
    if decision.decided and decision.until and decision.until < decision.decided:
        raise RuleRefused("R04", "the decision ends before it was made", "correct --decided or --until")


def asked_of(case: Case, holder: str) -> dict[str, Any]:
    """What is asked of a holder now: its sources as specified, and the population they are for; with their hash."""
    sources = {
        source.name: _asked_of_source(source) for source in case.specification.sources if source.holder == holder
    }
    asked = {"sources": sources, "population": _population(case)}
    return {"asked": asked, "asked_sha256": hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()}


def standing_release(case: Case, holder: str) -> Event | None:
    """The newest release of a holder, unless it was taken back."""
    acts = case.of(EventKind.HOLDER_RELEASED, EventKind.HOLDER_RECALLED)
    newest = next((event for event in reversed(acts) if event.detail["holder"] == holder), None)
    return newest if newest is not None and newest.kind is EventKind.HOLDER_RELEASED else None


def what_is_not_covered(case: Case, source: Source, today: date) -> str | None:
    """What of a source its holder's release does not cover; nothing where it covers all that is asked now (R04).

    What the service draws itself is released by nobody, but for a study of those whom a holder's file lists: that says
    who is in the file.
    """
    if source.source_class is SourceClass.OWN:
        within = case.specification.population_source
        return what_is_not_covered(case, within, today) if within else None
    release = standing_release(case, source.holder)
    if release is None:
        return "no release is recorded"
    until = release.detail.get("until")
    if until is not None and today > date.fromisoformat(until):
        return f"the release held until {until}"
    asked: Asked = release.detail.get("asked") or {"sources": {}}
    then = asked["sources"].get(source.name)
    if then is None:
        return f"the release was not asked for {source.name}"
    return _what_is_more(then, _asked_of_source(source)) or _other_persons(case, release, asked["population"])


def release_is_unused(case: Case, holder: str) -> None:
    """R04: a holder's release can be taken back until a delivery or a hand-over to another authority has used it."""
    release = standing_release(case, holder)
    if release is None:
        raise RuleRefused("R04", "no release of that holder stands", "there is nothing to take back")
    sources = {source.name for source in case.specification.sources if source.holder == holder}
    within = case.specification.population_source
    lists_the_population = within is not None and within.holder == holder
    for event in case.of(EventKind.DELIVERED, EventKind.TRANSIT_MADE):
        if event.number > release.number and (lists_the_population or sources & _sources_in(event)):
            what = event.detail["number"] if event.kind is EventKind.TRANSIT_MADE else event.detail["delivery"]
            problem = f"the release was used by {what}"
            raise RuleRefused("R04", problem, "withdraw the source, if nothing more is to come")


def _sources_in(event: Event) -> set[str]:
    """The sources that a delivery or a transit file holds rows of."""
    if event.kind is EventKind.TRANSIT_MADE:
        return {str(event.detail["source"])}  # empty but for rows
    return {str(unit["source"]) for unit in event.detail["units"]}


def _asked_of_source(source: Source) -> dict[str, Any]:
    return {
        "columns": [column.name for column in source.file.columns],
        "identifiers": [identifier.column for identifier in source.identifiers],
        "deliver": list(source.delivered_columns),
        "period": [source.period.from_year, source.period.to_year] if source.period else None,
    }


def _population(case: Case) -> dict[str, Any]:
    """How the population is declared, and its file where there is one."""
    declared = case.specification.population
    said = {"holder": declared.holder, "column": declared.column, "issuer": declared.issuer}
    return {**said, "sha256": case.received_sha256("population")}


def _what_is_more(then: Asked, now: Asked) -> str | None:
    for what, named in (("columns", "columns"), ("identifiers", "identifiers"), ("deliver", "delivered columns")):
        further = sorted(set(now[what]) - set(then[what]))
        if further:
            return f"the release was not asked for the {named} {', '.join(further)}"
    return None if _lies_within(now["period"], then["period"]) else "the release was asked for a shorter period"


def _lies_within(now: list[int] | None, then: list[int] | None) -> bool:
    if then is None or now is None:
        return then is None
    return then[0] <= now[0] and now[1] <= then[1]


def _other_persons(case: Case, release: Event, then: Asked) -> str | None:
    """Whether persons have come to the population since the one that the release covers: its own, or the next."""
    now = _population(case)
    if any(now[said] != then[said] for said in ("holder", "column", "issuer")):
        return "the release was asked for another population"
    files = case.received_files("population")
    before = [event for event in files if event.number < release.number]
    covered = before[-1] if before else next(iter(files), None)
    if covered is None or now["sha256"] == covered.detail["sha256"]:
        return None
    added = sum(event.detail.get("adds", 1) for event in files if event.number > covered.number)
    return f"the population has {added} persons more than the release covers" if added else None
