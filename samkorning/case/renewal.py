"""A renewed extraction (R25): a program that was reviewed in an earlier case, used again for another period.

What belongs here: whether two specifications are the same but for their period, and the act. What must not: the review
itself (acts), or what the program is (samkorning.own_registers.extraction).
"""

from typing import Any

from samkorning.case import rules
from samkorning.case.act import Act
from samkorning.case.events import Case, EventKind
from samkorning.errors import RuleRefused
from samkorning.order import Specification

YEARS = frozenset({"from_year", "to_year", "repeats_until"})
DAYS = frozenset({"first_day", "last_day", "reference_date"})
"""Fields that state a period, as days of the calendar; some of the same names count days from an index date."""
NOT_OF_THE_PROGRAM = frozenset({"approximate_price_sek", "dispatch"})


def same_but_for_period(one: Specification, other: Specification) -> bool:
    """Whether two specifications ask for the same in every way but the period they ask it for."""
    then, now = (_without_period(each.model_dump(mode="json")) for each in (one, other))
    return bool(then == now)


def renew_review(case: Case, earlier: Case, person: str, program: str, earlier_program: str) -> Act:
    """The review of an earlier case's program holds for this one too (R25); a person other than the author says so.

    :param program: hash of this case's extraction program as it is.
    :param earlier_program: hash of the earlier case's program, as the service would make it today.
    :raises RuleRefused: when it is a new request, or what was reviewed is not what would run.
    """
    rules.decision_is_approved(case)
    rules.nobody_reviews_their_own(case, person)
    if earlier.number == case.number or not same_but_for_period(case.specification, earlier.specification):
        problem = f"the specification is another than that of case {earlier.number}, not by its period alone"
        raise RuleRefused("R25", problem, "it is a new request: review the program with `case review`")
    review = earlier.last(EventKind.CODE_REVIEWED)
    bound = (review.detail["specification_sha256"], review.detail["program_sha256"]) if review else None
    if review is None or bound != (earlier.specification.sha256, earlier_program):
        problem = f"the program of case {earlier.number} is not reviewed as the service would run it today"
        raise RuleRefused("R25", problem, "review this case's program with `case review`")
    detail = {"program_sha256": program, "specification_sha256": case.specification.sha256}
    return Act(EventKind.CODE_REVIEWED, {**detail, "renews": earlier.number, "reviewer": review.person})


def _without_period(said: Any) -> Any:
    """What a block says, each bound of a period as that there is one: an open period is another than a closed one."""
    if isinstance(said, dict):
        kept = {name: value for name, value in said.items() if name not in NOT_OF_THE_PROGRAM}
        return {name: "bound" if _is_bound(name, value) else _without_period(value) for name, value in kept.items()}
    return [_without_period(each) for each in said] if isinstance(said, list) else said


def _is_bound(name: str, value: Any) -> bool:
    return (name in YEARS and value is not None) or (name in DAYS and isinstance(value, str))
