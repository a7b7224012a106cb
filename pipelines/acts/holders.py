"""Register holders: what they are asked, decide and announce, and what is agreed with them.

What belongs here: these acts. What must not: what a release covers, or any other rule (samkorning.case).
"""

from typing import Annotated

from pydantic import Field

from assets.steps.intake.receiving import receive_held_files
from pipelines.acts.asked import Asked, Day, Happened, Holder, Note, Reason, SourceName, Typed
from pipelines.acts.job import AtCase, act_followed_by, act_on_case
from samkorning import typed
from samkorning.case import acts, agreements, holder_requests
from samkorning.case.act import Act
from samkorning.case.announcements import announce
from samkorning.case.holder_releases import HolderDecision
from samkorning.typed import MOST_KRONOR, MOST_ROWS


class AskedHolder(Asked):
    """Of which holder, and by when."""

    holder: Holder
    due: Day = Field(description="The day on which its decision is due, YYYY-MM-DD.")


class AskedRelease(Asked):
    """The holder's own decision."""

    holder: Holder
    decision: Annotated[str | None, Typed(typed.a_name("the number"))] = Field(
        default=None, description="The number of the holder's decision; needed in a case of real persons."
    )
    decided: Day | None = Field(default=None, description="Its date, YYYY-MM-DD.")
    until: Day | None = Field(default=None, description="The last day on which it holds, YYYY-MM-DD.")


class AskedRefusal(Asked):
    """Why the holder refuses."""

    holder: Holder
    why: Annotated[str, Typed(typed.one_of(holder_requests.Reason))] = Field(
        description="quality, missing_data, law or other."
    )
    note: Note


class AskedRecall(Asked):
    """Whose release is taken back."""

    holder: Holder
    reason: Reason


class AskedAnnouncement(Asked):
    """What the holder says of its next file."""

    source: SourceName
    rows: int | None = Field(default=None, ge=0, le=MOST_ROWS, description="Data rows that its holder says it has.")
    expected: Day | None = Field(default=None, description="The day on which it comes, YYYY-MM-DD.")


class AskedWithdrawal(Asked):
    """Which source will not come, or is awaited again."""

    source: SourceName
    reason: Reason


class AskedAgreement(Asked):
    """What the holder has agreed with the researcher."""

    holder: Holder
    until: Day = Field(description="The last day on which the researcher has the data, YYYY-MM-DD.")
    results_due: Day = Field(description="The day on which results are due, YYYY-MM-DD.")
    cost: int = Field(default=0, ge=0, le=MOST_KRONOR, description="What the holder charges, kronor without VAT.")


class AskedResults(Asked):
    """Which holder got results, and when."""

    holder: Holder
    day: Happened = None


class AskedHappened(Asked):
    """When it was."""

    day: Happened = None


@act_on_case
def holder_ask(at: AtCase, asked: AskedHolder) -> Act:
    """A holder has been asked for its data, by an order of its own (R04)."""
    return holder_requests.ask_holder(at.case, asked.holder, at.day(asked.due), at.today)


@act_on_case
def holder_release(at: AtCase, asked: AskedRelease) -> Act:
    """A register holder has decided to release what is asked of it now (R04); more than that asks again."""
    decided, until = (at.day(each) if each else None for each in (asked.decided, asked.until))
    return acts.release_by_holder(at.case, asked.holder, HolderDecision(asked.decision, decided, until))


@act_on_case
def holder_refuse(at: AtCase, asked: AskedRefusal) -> Act:
    """A holder refuses to release what is asked of it (R04)."""
    return holder_requests.refuse_by_holder(at.case, asked.holder, holder_requests.Reason(asked.why), asked.note)


@act_on_case
def holder_recall(at: AtCase, asked: AskedRecall) -> Act:
    """A holder takes its release back, as long as no delivery has used it (R04)."""
    return acts.recall_by_holder(at.case, asked.holder, asked.reason)


@act_on_case
def holder_announce(at: AtCase, asked: AskedAnnouncement) -> Act:
    """A holder announces its next file; one with another number of rows is refused (R13)."""
    expected = at.day(asked.expected) if asked.expected else None
    return announce(at.case, asked.source, asked.rows, expected, at.today)


@act_on_case
def holder_withdraw(at: AtCase, asked: AskedWithdrawal) -> Act:
    """An awaited file will not come; waiting for it ends (R30)."""
    return acts.withdraw_source(at.case, asked.source, asked.reason)


@act_followed_by(receive_held_files)
def holder_await(at: AtCase, asked: AskedWithdrawal) -> Act:
    """A withdrawn source is awaited again (R30); what waited of it in quarantine is taken in."""
    return acts.await_source(at.case, asked.source, asked.reason)


@act_on_case
def holder_agreement(at: AtCase, asked: AskedAgreement) -> Act:
    """A holder's agreement with the researcher: how long, results by when, at what cost (R21)."""
    until, due = at.day(asked.until), at.day(asked.results_due)
    return agreements.record_agreement(at.case, asked.holder, until, due, asked.cost)


@act_on_case
def holder_results(at: AtCase, asked: AskedResults) -> Act:
    """The researcher has reported results to a holder (R28)."""
    return agreements.report_results(at.case, asked.holder, at.day(asked.day), at.today)


@act_on_case
def holder_copies_deleted(at: AtCase, asked: AskedHappened) -> Act:
    """The researcher has archived the work and deleted the working copies (R28)."""
    return agreements.delete_working_copies(at.case, at.day(asked.day), at.today)


JOBS = [
    holder_ask,
    holder_release,
    holder_refuse,
    holder_recall,
    holder_announce,
    holder_withdraw,
    holder_await,
    holder_agreement,
    holder_results,
    holder_copies_deleted,
]
