"""What the orderer is asked and answers: review, questions, meeting, supplement, quote.

What belongs here: these acts. What must not: their rules (samkorning.case.enquiries and offers).
"""

from typing import Annotated

from pydantic import Field

from pipelines.acts.asked import Asked, Deadline, Happened, Note, Sentence, Typed
from pipelines.acts.job import AtCase, act_on_case
from samkorning import typed
from samkorning.case import enquiries, offers
from samkorning.case.act import Act
from samkorning.typed import MOST_HOURS, MOST_KRONOR


class AskedNote(Asked):
    """What was found or said."""

    note: Note


class AskedQuestions(Asked):
    """What is asked."""

    questions: list[Sentence] = Field(description="The questions to the orderer, one a line.")
    deadline: Deadline = None


class AskedDeadline(Asked):
    """Until when."""

    deadline: Deadline = None


class AskedReminder(Asked):
    """What is reminded of, and whom."""

    about: Annotated[str, Typed(typed.one_of(enquiries.ABOUT))] = Field(
        description=f"What is reminded of: {', '.join(enquiries.ABOUT)}."
    )
    deadline: Deadline = None
    holder: Annotated[str | None, Typed(typed.a_name("the holder"))] = Field(
        default=None, description="The register holder whose files are awaited; else the orderer is reminded."
    )


class AskedMeeting(Asked):
    """What came of the meeting."""

    agreed: Sentence = Field(description="What was agreed.")
    day: Happened = None


class AskedQuote(Asked):
    """What the work would cost."""

    hours: int = Field(ge=0, le=MOST_HOURS, description="Hours of work.")
    price: int | None = Field(
        default=None, ge=0, le=MOST_KRONOR, description="The price of an outside supplier; by the hour without it."
    )
    deadline: Deadline = None


class AskedAnswer(Asked):
    """What the orderer says to the quote."""

    accepted: bool = Field(description="true: it is accepted; false: it is declined, and costs the base fee alone.")


@act_on_case
def enquiry_review_first(at: AtCase, asked: AskedNote) -> Act:
    """The first review of an order, within a week (R26)."""
    return enquiries.review_first(at.case, asked.note)


@act_on_case
def enquiry_ask(at: AtCase, asked: AskedQuestions) -> Act:
    """Asks the orderer, with a last day for the answer (R02)."""
    return enquiries.ask(at.case, asked.questions, at.deadline(asked.deadline), at.today)


@act_on_case
def enquiry_answer(at: AtCase, asked: AskedNote) -> Act:
    """The orderer has answered what was asked (R02)."""
    return enquiries.answer(at.case, asked.note)


@act_on_case
def enquiry_remind(at: AtCase, asked: AskedReminder) -> Act:
    """Reminds the orderer, or a register holder, with a new last day (R02)."""
    return enquiries.remind(at.case, asked.about, at.deadline(asked.deadline), at.today, asked.holder)


@act_on_case
def enquiry_meet(at: AtCase, asked: AskedMeeting) -> Act:
    """The first meeting with the orderer has been held."""
    return enquiries.meet(at.case, at.day(asked.day), asked.agreed, at.today)


@act_on_case
def enquiry_ask_for_supplement(at: AtCase, asked: AskedDeadline) -> Act:
    """Asks for a supplement at the ethics authority, within two weeks (R11)."""
    return enquiries.ask_for_supplement(at.case, at.deadline(asked.deadline), at.today)


@act_on_case
def enquiry_give_supplement(at: AtCase, asked: AskedNote) -> Act:
    """The supplement has been made; the note is its reference (R11)."""
    return enquiries.give_supplement(at.case, asked.note)


@act_on_case
def enquiry_quote(at: AtCase, asked: AskedQuote) -> Act:
    """A quote (offert) for the work (R20)."""
    return offers.quote(at.case, asked.hours, at.deadline(asked.deadline), at.today, asked.price)


@act_on_case
def enquiry_answer_quote(at: AtCase, asked: AskedAnswer) -> Act:
    """The orderer accepts or declines the quote (R20)."""
    return offers.answer_quote(at.case, asked.accepted)


JOBS = [
    enquiry_review_first,
    enquiry_ask,
    enquiry_answer,
    enquiry_remind,
    enquiry_meet,
    enquiry_ask_for_supplement,
    enquiry_give_supplement,
    enquiry_quote,
    enquiry_answer_quote,
]
