"""What leaves, and what comes after: releases, changes since a delivery, complaints, incidents, invoice.

What belongs here: these acts. What must not: making a delivery (the job `deliver`), or any rule (samkorning.case).
"""

from typing import Annotated

from pydantic import Field

from assets.steps.case_view import ledger_rows, program_of
from assets.steps.delivery.handing_over import hand_over
from assets.steps.delivery.passphrases import show_passphrase
from assets.steps.linkage.none_linked import let_pass
from assets.steps.sealed_files import sealed_to_new_file
from pipelines.acts.asked import Asked, DeliveryNumber, Happened, Reason, Recipient, Sentence, SourceName, Typed
from pipelines.acts.files import FileToMake, FileToTake, made_file, taken_file
from pipelines.acts.job import AtCase, Done, act_on_case
from samkorning import typed
from samkorning.case import acts, follow_up, offers
from samkorning.case.act import Act
from samkorning.case.changes import decline_change, release_replacement
from samkorning.case.complaint_file import MOST_BYTES, read_complaint
from samkorning.case.complaints import Erred, close_complaint, complain
from samkorning.case.inputs import Unit
from samkorning.case.ledger_account import not_handed_over
from samkorning.case_number import require_delivery_number
from samkorning.encryption.age import check_recipient
from samkorning.errors import RuleRefused


class AskedRelease(Asked):
    """Whether later deliveries leave too."""

    standing: bool = Field(default=False, description="Later deliveries leave without a further act.")
    none_linked: Annotated[str | None, Typed(typed.a_source)] = Field(
        default=None, description="The source whose file passes, once, of which no row links (R12); with its reason."
    )
    reason: Annotated[str | None, Typed(typed.a_sentence("the reason"))] = Field(
        default=None, description="Why it passes, for the case register."
    )


class AskedReason(Asked):
    """Why."""

    reason: Reason


class AskedChange(Asked):
    """Of which unit it is decided."""

    source: SourceName
    reason: Reason
    period: int | None = Field(default=None, description="The year, for an own register.")


class AskedComplaint(Asked):
    """What the recipient says is wrong."""

    delivery: DeliveryNumber
    reason: Reason


class AskedComplaintFile(Asked):
    """The complaint as the recipient's check of a delivery wrote it."""

    file: FileToTake


class AskedClosing(Asked):
    """What came of the complaint."""

    delivery: DeliveryNumber
    reason: Reason
    cause: Annotated[str | None, Typed(typed.a_sentence("the cause"))] = Field(
        default=None, description="What the error came from."
    )
    erred: Annotated[str | None, Typed(typed.one_of(Erred))] = Field(
        default=None, description="Who made the error: us, orderer, holder or nobody."
    )


class AskedIncident(Asked):
    """What happened."""

    what: Sentence = Field(description="What happened, in a sentence without data.")
    day: Happened = None


class AskedLearnt(Asked):
    """What was learnt of an incident."""

    number: int = Field(ge=1, description="The number of the incident.")
    note: Sentence = Field(description="What was learnt.")


class AskedOpinion(Asked):
    """What the orderer answered."""

    effective: int = Field(ge=1, le=5, description="How effective it was, from 1 (not at all) to 5 (very).")
    clear: int = Field(ge=1, le=5, description="How clear it was, from 1 (not at all) to 5 (very).")
    note: Sentence = Field(default="nothing added", description="What the orderer added.")


class AskedPassphrase(Asked):
    """Of which delivery, and for whom it is sealed."""

    delivery: DeliveryNumber
    recipient: Recipient
    to: FileToMake
    again: Annotated[str | None, Typed(typed.a_sentence("the reason"))] = Field(
        default=None, description="Why it is asked for a second time."
    )


class AskedDelivery(Asked):
    """Which delivery, or all."""

    delivery: DeliveryNumber | None = Field(default=None, description="The delivery, such as L001; all without it.")


@act_on_case
def delivery_release(at: AtCase, asked: AskedRelease) -> Act:
    """A person lets the next delivery leave, or with a standing release the later ones too (R20)."""
    if (asked.none_linked is None) != (asked.reason is None):
        raise RuleRefused("R12", "`none_linked` and `reason` go together", "give both, or neither")
    if asked.none_linked is not None and asked.reason is not None:
        return let_pass(at.desk, at.case, asked.none_linked, asked.reason, asked.standing)
    return acts.release_delivery(at.case, program_of(at.desk, at.case), asked.standing)


@act_on_case
def delivery_recall(at: AtCase, asked: AskedReason) -> Act:
    """Takes back the release of what has not left (R20)."""
    return acts.recall_delivery(at.case, asked.reason)


@act_on_case
def delivery_replace(at: AtCase, asked: AskedChange) -> Act:
    """Lets what has changed since its delivery be delivered again, as a replacement (R15)."""
    unit = Unit(asked.source, asked.period)
    return release_replacement(at.case, ledger_rows(at.desk, at.case), unit, asked.reason)


@act_on_case
def delivery_decline(at: AtCase, asked: AskedChange) -> Act:
    """Lets what was delivered stand, until it changes once more (R15)."""
    return decline_change(at.case, ledger_rows(at.desk, at.case), Unit(asked.source, asked.period), asked.reason)


@act_on_case
def delivery_passphrase(at: AtCase, asked: AskedPassphrase) -> Done:
    """Seals the passphrase of a 7z delivery for a person who sends it on, apart from the delivery; once (R20)."""
    check_recipient(asked.recipient)
    to = made_file(at.desk, asked.to)
    if at.preview:
        return Done(
            f"{at.number}: would seal the passphrase of {asked.delivery} in acts/out/{asked.to}, by {at.person}"
        )
    shown = show_passphrase(at.desk, at.case, asked.delivery, at.person, asked.again)
    sealed_to_new_file(f"{shown}\n".encode(), asked.recipient, to)
    return Done(f"{at.number}: the passphrase of {asked.delivery} is sealed in acts/out/{asked.to}")


@act_on_case
def delivery_hand_over(at: AtCase, asked: AskedDelivery) -> Done:
    """Hands sealed deliveries over to where the order says they go; what is there already is not sent again."""
    if at.preview:
        return Done(f"{at.number}: not handed over yet: {', '.join(not_handed_over(at.case)) or 'nothing'}")
    done = hand_over(at.desk, at.case, at.person, asked.delivery)
    return Done(f"{at.number}: handed over: {', '.join(each['delivery'] for each in done) or 'nothing was to be'}")


@act_on_case
def complaint_open(at: AtCase, asked: AskedComplaint) -> Act:
    """The recipient complains about a delivery, within three months from its letter (R15)."""
    return complain(at.case, asked.delivery, asked.reason, at.today)


@act_on_case
def complaint_open_from_file(at: AtCase, asked: AskedComplaintFile) -> Act:
    """Records a complaint that the recipient's check of a delivery wrote (R15)."""
    path = taken_file(at.desk, asked.file)
    with path.open("rb") as stream:
        said = read_complaint(stream.read(MOST_BYTES + 1), asked.file, at.number)
    return complain(at.case, require_delivery_number(said.delivery), said.reason, at.today, said.sentences)


@act_on_case
def complaint_close(at: AtCase, asked: AskedClosing) -> Act:
    """A complaint is followed up and closed; what came of it is recorded (R27)."""
    erred = Erred(asked.erred) if asked.erred else None
    return close_complaint(at.case, asked.delivery, asked.reason, asked.cause, erred)


@act_on_case
def incident_record(at: AtCase, asked: AskedIncident) -> Act:
    """A personal-data incident is recorded (R27)."""
    return follow_up.record_incident(at.case, asked.what, at.day(asked.day), at.today)


@act_on_case
def incident_close(at: AtCase, asked: AskedLearnt) -> Act:
    """A personal-data incident is followed up (R27)."""
    return follow_up.close_incident(at.case, asked.number, asked.note)


@act_on_case
def questionnaire_answer(at: AtCase, asked: AskedOpinion) -> Act:
    """The orderer's answer to the questionnaire after delivery."""
    return follow_up.answer_questionnaire(at.case, asked.effective, asked.clear, asked.note)


@act_on_case
def invoice_basis(at: AtCase, asked: Asked) -> Act:
    """What is charged by the region's prices is invoiced: base fee, and work as quoted once it is delivered (R20)."""
    return offers.invoice(at.case, offers.charged(at.case))


JOBS = [
    delivery_release,
    delivery_recall,
    delivery_replace,
    delivery_decline,
    delivery_passphrase,
    delivery_hand_over,
    complaint_open,
    complaint_open_from_file,
    complaint_close,
    incident_record,
    incident_close,
    questionnaire_answer,
    invoice_basis,
]
