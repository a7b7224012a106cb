"""The decision that a frozen study population changes: endorsed by three persons, as the disclosure decision is (R19).

What belongs here: the act of each of the three. What must not: what a file may change then (population).
"""

from dataclasses import dataclass

from samkorning.case.act import Act
from samkorning.case.complaints import open_complaints
from samkorning.case.events import Case, EventKind
from samkorning.case.population import NOBODY, POPULATION, PopulationChange, endorsements, is_frozen
from samkorning.case.rules import decision_is_approved, three_persons_take_part
from samkorning.errors import RuleRefused


@dataclass(frozen=True)
class Endorsement:
    """What one of the three says of a change: how many, why, and the complaint that it answers, if it does."""

    role: str
    change: PopulationChange
    reason: str
    complaint: str | None = None


def endorse_population_change(case: Case, said: Endorsement, person: str) -> Act:
    """One of the three who decide approves that so many persons come to the frozen population and so many go (R19)."""
    decision_is_approved(case)
    if not is_frozen(case):
        problem = "the study population is not frozen"
        raise RuleRefused("R19", problem, "take another one in with `receive CASE population FILE --reason`")
    if min(said.change.adds, said.change.removes) < 0 or said.change == NOBODY:
        raise RuleRefused("R19", "the change names nobody", "say how many persons come and go")
    if said.complaint is not None and said.complaint not in open_complaints(case):
        raise RuleRefused("R15", f"no complaint on {said.complaint} is open", "record it with `case complain`")
    three_persons_take_part(endorsements(case), said.role, person)
    numbers = {"adds": said.change.adds, "removes": said.change.removes}
    covered = {"reason": said.reason, "population_sha256": case.received_sha256(POPULATION)}
    complaint = {"complaint": said.complaint} if said.complaint else {}
    return Act(EventKind.POPULATION_CHANGE_ENDORSED, {"role": said.role, **numbers, **covered, **complaint})
