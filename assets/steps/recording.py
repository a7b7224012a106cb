"""Recording an act in the case register, from the command line and the page alike.

What belongs here: the look at its words, the record, and the letter that goes by itself. What must not: which act it
is, or whose name acts.
"""

from assets.steps.free_text import require_nobody_named
from resources.desk import Desk
from samkorning.case import Case, state_of
from samkorning.case.act import Act
from samkorning.case.letters.registry import LETTERS
from samkorning.case.states import state_after


def record(desk: Desk, case: Case, person: str, act: Act) -> Case:
    """The case with the act recorded, by the case as it was when the act was thought of.

    :raises RuleRefused: where its words name somebody of the case, or the case's state has no place for it.
    :raises CaseBusy: when the case has changed meanwhile.
    """
    require_nobody_named(desk, case, person, act.detail)
    after = desk.cases.record(case, act.kind, desk.clock.now(), person, act.detail)
    if not any(letter.by_itself and letter.about is act.kind for letter in LETTERS.values()):
        return after
    from assets.steps.letters.by_themselves import send_by_themselves  # which records that it has sent

    send_by_themselves(desk, case.number)
    return desk.cases.case(case.number)


def require_recordable(desk: Desk, case: Case, person: str, act: Act) -> None:
    """Refuses as ``record`` would, and records nothing.

    :raises RuleRefused: for its words, the case's state, or the want of a role.
    """
    require_nobody_named(desk, case, person, act.detail)
    state_after(state_of(case.events), act.kind)
    desk.cases.require_role(case, act.kind, person, desk.clock.now(), act.detail)
