"""Who handles a case, and whether it rests.

What belongs here: these acts. What must not: their rules (samkorning.case.assignment and endings).
"""

from typing import Annotated

from pydantic import Field

from assets.steps.queueing import earlier_in_the_queue
from pipelines.acts.asked import Asked, Note, Reason, Typed
from pipelines.acts.job import AtCase, act_on_case
from samkorning import typed
from samkorning.case import assignment
from samkorning.case.act import Act
from samkorning.case.endings import Outcome, end
from samkorning.case.hand_overs import FILE_NUMBER
from samkorning.case.inventory import report_back

a_transit_file = typed.of_form(FILE_NUMBER, "that is no number of a transit file; `transit_show` lists them")


class AskedAssign(Asked):
    """Who takes the case."""

    officer: Annotated[str, Typed(typed.a_name("the officer"))] = Field(description="The case officer's full name.")
    note: Note
    out_of_turn: Annotated[str | None, Typed(typed.a_sentence("the reason"))] = Field(
        default=None, description="Why it is taken before cases that came earlier, if it is."
    )


class AskedPause(Asked):
    """Why and for whom the case rests."""

    reason: Reason
    waits_for: Annotated[str, Typed(typed.one_of(assignment.PAUSED_FOR))] = Field(
        default="orderer", description=f"For whom it rests: {', '.join(assignment.PAUSED_FOR)}."
    )


class AskedEnd(Asked):
    """How and why the case ends without a delivery."""

    outcome: Annotated[str, Typed(typed.one_of(Outcome))] = Field(
        description="dismissed (avvisning), rejected (avslag), closed (avskrivning) or handed_over (överlämnat svar)."
    )
    reason: Reason
    without_receipt: Annotated[list[str], Typed(a_transit_file)] = Field(
        default=[], description="With handed_over: transit files, such as T002, whose receipts will never come."
    )


class AskedReport(Asked):
    """What has been done."""

    note: Note


@act_on_case
def case_assign(at: AtCase, asked: AskedAssign) -> Act:
    """Gives a case to an officer, or hands it over to another with a note (R02)."""
    turn = assignment.Turn(earlier_in_the_queue(at.desk, at.case), asked.out_of_turn)
    return assignment.assign(at.case, asked.officer, asked.note, at.desk.office, at.today, turn)


@act_on_case
def case_pause(at: AtCase, asked: AskedPause) -> Act:
    """Lets a case rest until it is resumed: nothing is decided, nothing leaves, and no run is asked for."""
    return assignment.pause(at.case, asked.reason, asked.waits_for)


@act_on_case
def case_resume(at: AtCase, asked: Asked) -> Act:
    """Takes a case up again."""
    return assignment.resume(at.case)


@act_on_case
def case_end(at: AtCase, asked: AskedEnd) -> Act:
    """A person decides that the case ends without a delivery (R02, R24); what comes late is a new order."""
    return end(at.case, Outcome(asked.outcome), asked.reason, at.today, asked.without_receipt)


@act_on_case
def case_report_back(at: AtCase, asked: AskedReport) -> Act:
    """An officer reports what has been done about an old case."""
    return report_back(at.case, asked.note)


JOBS = [case_assign, case_pause, case_resume, case_end, case_report_back]
