"""Recording an act in the case register, from the command line and the page alike.

What belongs here: the look at its words and the record. What must not: which act it is, or whose name acts.
"""

from assets.steps.free_text import require_nobody_named
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.act import Act


def record(desk: Desk, case: Case, person: str, act: Act) -> Case:
    """The case with the act recorded, by the case as it was when the act was thought of.

    :raises RuleRefused: where its words name somebody of the case, or the case's state has no place for it.
    :raises CaseBusy: when the case has changed meanwhile.
    """
    require_nobody_named(desk, case, person, act.detail)
    return desk.cases.record(case, act.kind, desk.clock.now(), person, act.detail)
