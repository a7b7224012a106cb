"""The numbers of a case that are looked for in whatever leaves.

What belongs here: bringing code key, history and identities of text together. What must not: looking for them
(samkorning.delivery.number_scan).
"""

from assets.steps.persons.numbering import every_number, identities_of_text
from resources.desk import Desk
from samkorning.case import Case
from samkorning.delivery.number_scan import OwnNumbers
from samkorning.order import PERSON_SERIES


def own_numbers(desk: Desk, case: Case) -> OwnNumbers:
    """Every number of the case's code key and its history, in memory alone."""
    numbers = every_number(desk, case).select("number").collect().to_series()
    texts = identities_of_text(desk, case, PERSON_SERIES)
    return OwnNumbers(numbers, None if texts is None else texts.select("text").collect().to_series())
