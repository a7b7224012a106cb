"""The letters that there are: each one line, with a template in Swedish and one in English beside this module.

What belongs here: what each is about, to whom it goes, and its rule. What must not: its text (templates), or which are
due in a case (occasions).
"""

from dataclasses import dataclass
from enum import StrEnum

from samkorning.case.events import EventKind
from samkorning.errors import NotFound

K = EventKind


class To(StrEnum):
    """Whom a letter is addressed to."""

    CONTACT = "contact"
    """The orderer's contact."""
    REPRESENTATIVE = "representative"
    """The authorised representative of the research principal."""
    RECIPIENT = "recipient"
    """Who receives deliveries; an order has no e-mail address of that person, so it goes to the contact's."""
    HOLDER = "holder"
    """The register holder that the event names, or the contact where it names none."""


@dataclass(frozen=True)
class Letter:
    """One kind of letter.

    ``about`` is the event that occasions it; where fields tell its occasions apart (``each``), the newest event of
    each of their values has a letter of its own, else the newest event alone.
    """

    name: str
    about: EventKind
    to: To
    rule: str
    when_sv: str
    when_en: str
    copy: To | None = None
    each: tuple[str, ...] = ()
    first_alone: bool = False
    by_itself: bool = False
    """Whether it goes when its event is recorded, without anybody asking for it."""


LETTERS = {
    letter.name: letter
    for letter in (
        Letter(
            "confirmation", K.OPENED, To.CONTACT, "R01",
            "beställningen har kommit", "the order has come", by_itself=True,
        ),
        Letter("questions", K.QUESTIONS_ASKED, To.CONTACT, "R02", "frågor ställs", "questions are asked"),
        Letter(
            "reminder", K.REMINDER_SENT, To.HOLDER, "R02, R28",
            "en påminnelse behövs", "a reminder is needed", each=("about", "holder"), by_itself=True,
        ),
        Letter("meeting", K.MET, To.CONTACT, "R02", "första mötet har hållits", "the first meeting was held"),
        Letter(
            "supplement", K.SUPPLEMENT_ASKED, To.CONTACT, "R11",
            "etikansökan ska kompletteras", "the ethics application has to be supplemented",
        ),
        Letter(
            "specification", K.SPECIFICATION_SENT, To.CONTACT, "R09",
            "specifikationen ska godkännas", "the specification is to be approved",
        ),
        Letter("quote", K.QUOTED, To.CONTACT, "R20", "en offert lämnas", "a quote is made"),
        Letter(
            "decision", K.DECISION_DISPATCHED, To.REPRESENTATIVE, "R10, R11",
            "beslutet expedieras", "the decision is dispatched", copy=To.CONTACT,
        ),
        Letter(
            "holder_request", K.HOLDER_ASKED, To.HOLDER, "R04, R13",
            "en registerhållare ombeds om uppgifter", "a register holder is asked for data", each=("holder",),
        ),
        Letter(
            "delivery", K.DELIVERED, To.RECIPIENT, "R15, R20",
            "en utlämning är gjord", "a delivery is made", copy=To.REPRESENTATIVE, each=("delivery",), by_itself=True,
        ),
        Letter(
            "code_key", K.CODE_KEY_KEPT, To.CONTACT, "R17",
            "kodnyckeln sparas, eller sparas längre", "the code key is kept, or kept longer", copy=To.REPRESENTATIVE,
        ),
        Letter(
            "complaint_received", K.COMPLAINT_OPENED, To.CONTACT, "R15, R27",
            "en reklamation har kommit", "a complaint has come", each=("delivery",),
        ),
        Letter(
            "complaint_answer", K.COMPLAINT_CLOSED, To.CONTACT, "R15, R27",
            "en reklamation är utredd", "a complaint is settled", each=("delivery",),
        ),
        Letter(
            "ended", K.ENDED, To.CONTACT, "R02, R24",
            "ärendet avvisas, avslås, avskrivs eller avslutas med sitt svar överlämnat",
            "the case is dismissed, rejected, closed or ended with its answer handed over",
            copy=To.REPRESENTATIVE,
        ),
        Letter(
            "disposal", K.DISPOSED, To.CONTACT, "R16",
            "gallring är gjord", "a disposal is done", copy=To.REPRESENTATIVE, each=("disposal",),
        ),
        Letter(
            "incident", K.INCIDENT_RECORDED, To.REPRESENTATIVE, "R27",
            "en personuppgiftsincident har registrerats", "a personal-data incident is recorded",
            copy=To.CONTACT, each=("what", "day"),
        ),
        Letter("invoice", K.INVOICED, To.CONTACT, "R20", "ärendet faktureras", "the case is invoiced"),
        Letter(
            "questionnaire", K.DELIVERED, To.CONTACT, "R26",
            "första utlämningen är gjord", "the first delivery is made", first_alone=True,
        ),
    )
}  # fmt: skip


def letter_of(name: str) -> Letter:
    """The letter of that name.

    :raises NotFound: when there is none.
    """
    if name not in LETTERS:
        raise NotFound(f"no letter is called so; there are: {', '.join(LETTERS)}")
    return LETTERS[name]
