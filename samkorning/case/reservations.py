"""The confidentiality reservation (sekretessförbehåll): the persons who may use what is delivered (R10, R19).

What belongs here: the act and who is named. What must not: its wording.
"""

from collections.abc import Sequence

from samkorning.case.act import Act
from samkorning.case.events import Case, EventKind
from samkorning.errors import RuleRefused


def reserve(case: Case, persons: Sequence[str]) -> Act:
    """A reservation with the persons who may use the data, or a further person in it (R19).

    Once something is delivered nobody who was named is left out: they may have the data.
    """
    if case.order.research_principal.authority:
        problem = "the research principal is an authority, whose own confidentiality holds"
        raise RuleRefused("R10", problem, "a reservation is for a principal that is none: amend the order if it is not")
    if not persons or len(set(persons)) != len(persons):
        raise RuleRefused("R10", "a reservation names persons, each once", "give their names")
    missing = [name for name in reserved_persons(case) if name not in persons]
    if missing and case.of(EventKind.DELIVERED):
        problem = f"the case has delivered, and {', '.join(missing)} would no longer be named"
        raise RuleRefused("R19", problem, "name those who were named before, and the further person")
    return Act(EventKind.RESERVED, {"persons": list(persons)})


def reserved_persons(case: Case) -> list[str]:
    """Who may use the data by the newest reservation; nobody where there is none."""
    newest = case.last(EventKind.RESERVED)
    return list(newest.detail["persons"]) if newest else []
