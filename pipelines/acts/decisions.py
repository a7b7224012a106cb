"""Decisions: disclosure, code review, who may use the data, how few are alike, who is in the study.

What belongs here: these acts. What must not: their rules (samkorning.case).
"""

from collections.abc import Sequence
from typing import Annotated

import dagster as dg
from pydantic import Field

from assets.shown.study import attrition_table
from assets.steps.case_view import program_of
from assets.steps.delivery.delivering import present_plan
from assets.steps.delivery.disclosing import disclosures
from assets.steps.intake.receiving import receive_held_files
from assets.steps.persons.drawing import attrition, draw_again, rehearse_draw
from assets.steps.persons.dry_running import dry_run_of
from pipelines.acts.asked import Asked, CaseNumber, DeliveryNumber, Name, Reason, Role, Typed
from pipelines.acts.job import AtCase, Done, act_followed_by, act_on_case
from samkorning import typed
from samkorning.case import acts
from samkorning.case.act import Act
from samkorning.case.disclosure import accept_disclosure
from samkorning.case.population import PopulationChange
from samkorning.case.population_decision import Endorsement, endorse_population_change
from samkorning.case.recipient import confirm_recipient, exchange_recipient
from samkorning.case.renewal import renew_review
from samkorning.case.reservations import reserve
from samkorning.own_registers.program import extraction_program
from samkorning.persons.attrition import AttritionStep


class AskedRole(Asked):
    """As what the person decides."""

    role: Role


class AskedRenewal(Asked):
    """Which earlier case was reviewed."""

    case: CaseNumber = Field(description="An earlier case with the same specification but for its period.")


class AskedPersons(Asked):
    """Who may use the data."""

    persons: list[Name] = Field(description="The full name of each person who may use the data.")


class AskedReason(Asked):
    """Why."""

    reason: Reason


class AskedPopulation(Asked):
    """How the population changes, and why."""

    role: Role
    reason: Reason
    adds: int = Field(default=0, ge=0, description="How many persons come.")
    removes: int = Field(default=0, ge=0, description="How many persons go.")
    complaint: DeliveryNumber | None = Field(default=None, description="The delivery whose complaint it settles.")


class AskedKey(Asked):
    """The recipient's new age key, and why it is exchanged."""

    age_recipient: Annotated[str, Typed(typed.a_sentence("the key"))] = Field(description="Its public age key: age1….")
    reason: Reason


class AskedFingerprint(Asked):
    """What the recipient reads out."""

    fingerprint: Annotated[str, Typed(typed.a_sentence("it"))] = Field(
        description="The fingerprint, as the recipient reads it out."
    )


@act_followed_by(receive_held_files)
def decision_endorse(at: AtCase, asked: AskedRole) -> Act:
    """One of the three endorses the disclosure decision (R11); after the third, files that were held are taken in."""
    return acts.endorse_decision(at.case, asked.role, at.person)


@act_on_case
def decision_dispatch(at: AtCase, asked: Asked) -> Act:
    """The approved decision is sent to the authorised representative (R10)."""
    return acts.dispatch_decision(at.case)


@act_on_case
def decision_reserve(at: AtCase, asked: AskedPersons) -> Act:
    """A confidentiality reservation (sekretessförbehåll) with all its persons (R10, R19)."""
    return reserve(at.case, asked.persons)


@act_on_case
def decision_show_program(at: AtCase, asked: Asked) -> Done:
    """Shows the extraction program and its dry run, for the review; records nothing."""
    program = extraction_program(at.case.specification, at.desk.catalogue)
    text, dry = f"```sql\n{program}\n```", f"```\n{dry_run_of(at.desk, at.case).text()}\n```"
    shown = {"program": dg.MetadataValue.md(text), "dry_run": dg.MetadataValue.md(dry)}
    fingerprint = at.case.recipient_fingerprint
    return Done(f"{at.number}: program {program_of(at.desk, at.case)}, sealed for {fingerprint}", shown)


@act_on_case
def decision_review_program(at: AtCase, asked: Asked) -> Act:
    """Code review (kodgranskning) of the extraction program by another person than its author (R12)."""
    figures = dry_run_of(at.desk, at.case).fact()
    return acts.review_program(at.case, at.person, program_of(at.desk, at.case), figures)


@act_on_case
def decision_renew_review(at: AtCase, asked: AskedRenewal) -> Act:
    """The review of an earlier case holds, where the specification is the same but for its period (R25)."""
    earlier = at.desk.case(asked.case)
    return renew_review(at.case, earlier, at.person, program_of(at.desk, at.case), program_of(at.desk, earlier))


@act_on_case
def decision_accept_disclosure(at: AtCase, asked: AskedReason) -> Act:
    """A person has seen how few are alike in what is to be delivered, and lets it leave as it is."""
    seen = disclosures(at.desk, at.case, present_plan(at.desk, at.case))
    return accept_disclosure(at.case, seen, asked.reason, at.person)


@act_on_case
def decision_population(at: AtCase, asked: AskedPopulation) -> Act:
    """One of the three decides that the frozen population changes by so many persons (R19)."""
    change = PopulationChange(asked.adds, asked.removes)
    return endorse_population_change(at.case, Endorsement(asked.role, change, asked.reason, asked.complaint), at.person)


@act_on_case
def decision_draw_study(at: AtCase, asked: AskedReason) -> Done:
    """Draws the study again from its sources as they are now; a frozen one only as three have decided (R19)."""
    if at.preview:
        steps, change = rehearse_draw(at.desk, at.case)
        return Done(f"{at.number}: would be drawn; {change or 'no population stands yet'}", _steps(steps))
    drawn = draw_again(at.desk, at.case, at.person, asked.reason)
    return Done(f"{at.number}: drawn again by {at.person}", _steps(attrition(drawn)))


@act_on_case
def decision_exchange_recipient(at: AtCase, asked: AskedKey) -> Act:
    """Another age key for the recipient; no delivery leaves until another person has confirmed it."""
    return exchange_recipient(at.case, asked.age_recipient, asked.reason)


@act_on_case
def decision_confirm_recipient(at: AtCase, asked: AskedFingerprint) -> Act:
    """Confirms the recipient's age key, by another person than who named it."""
    return confirm_recipient(at.case, asked.fingerprint, at.person)


def _steps(steps: Sequence[AttritionStep]) -> dict[str, dg.MarkdownMetadataValue]:
    return {"attrition": dg.MetadataValue.md(attrition_table(steps))} if steps else {}


JOBS = [
    decision_endorse,
    decision_dispatch,
    decision_reserve,
    decision_show_program,
    decision_review_program,
    decision_renew_review,
    decision_accept_disclosure,
    decision_population,
    decision_draw_study,
    decision_exchange_recipient,
    decision_confirm_recipient,
]
