"""What a page that knows nobody's account may launch: nothing that concerns real persons.

What belongs here: that refusal, at the launch itself. What must not: who acts in a run (pipelines.acts.acting), which
asks again when the run begins, or a page behind a proxy, which answers nobody whose account it does not know.

The case register is read as it lies there, unproven and without any secret: this refuses early and lets nothing
through that a run would not look at itself.
"""

import json

from resources.acting import Launch
from resources.desk import Desk
from samkorning.errors import RuleRefused
from samkorning.order import read_order

PROBLEM = "nobody is known to launch this, and it concerns real persons"
REMEDY = "open the page through the proxy that signs you in, or use the command line"


def of_synthetic_persons_alone(desk: Desk) -> Launch:
    """What refuses a launch on a case of real persons; and where a launch is of no one case, in a home with one."""

    def require(case: str | None) -> None:
        numbers = [case] if case is not None else desk.cases.counts()
        if any(_is_real(desk, number) for number in numbers):
            raise RuleRefused("R11", PROBLEM, REMEDY)

    return require


def _is_real(desk: Desk, number: str) -> bool:
    """Whether a case was opened with an order on real persons, which no later order changes (R19)."""
    stored = desk.cases.stored(number)
    if not stored:
        return False
    detail = json.loads(stored[0].detail)
    return not read_order(detail["order"], detail["file"]).synthetic
