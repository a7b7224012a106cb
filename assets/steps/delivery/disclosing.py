"""The disclosure preview of a case: the figures of what is to be delivered, and whether a person has accepted them.

What belongs here: bringing rendered contents and the case's events together. What must not: reckoning
(samkorning.delivery.disclosure), the rule (samkorning.case.disclosure), or showing.
"""

from assets.steps.delivery.contents import rendered_facts
from assets.steps.delivery.disclosing_together import disclosure_together
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.disclosure import disclosure_is_accepted
from samkorning.case.plan import DeliveryPlan
from samkorning.delivery.disclosure import FileDisclosure, disclosure_of


def disclosures(desk: Desk, case: Case, plan: DeliveryPlan) -> list[FileDisclosure]:
    """The figures of each planned file whose quasi-identifiers the specification names, and of all together last.

    :raises CheckFailed: when a file is not as it would be put together now.
    """
    named = {each.source for each in case.specification.quasi_identifiers}
    files = [file for file in plan.files if file.source in named]
    found = [disclosure_of(file.name, file.source, rendered_facts(desk, case, file)) for file in files]
    found.append(disclosure_together(desk, case, plan))
    return [each for each in found if each is not None]


def require_disclosure_accepted(desk: Desk, case: Case, plan: DeliveryPlan) -> None:
    """Refuses a delivery whose disclosure risk no person has accepted (R20)."""
    disclosure_is_accepted(case, disclosures(desk, case, plan))
