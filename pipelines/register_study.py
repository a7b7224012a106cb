"""The demonstration's second case: a study found in own registers, with controls and siblings, through two deliveries.

What belongs here: the acts that people would take, in their order. What must not: anything that a real case does
otherwise. Nobody sends a file to it.
"""

from dataclasses import dataclass
from typing import Any

from assets.steps.persons.drawing import attrition
from pipelines.demonstration import YEARS, Progress, deliver_case, keep_code_key, made_out_to, open_and_decide
from resources.desk import Desk
from resources.home import PROJECT
from samkorning.persons.attrition import AttritionStep
from samkorning.synthetic import NEW_YEAR, World

SAMPLE_ORDER = PROJECT / "data" / "sample" / "order_register_study.yaml"
REGISTERS = ("PAR_SV", "LMED", "DORS")
OF_THE_POPULATION = ("BEFOLKNING", "BOENDE", "FLERGEN")
REPEATED_REGISTER = "LMED"


@dataclass(frozen=True)
class RegisterStudy:
    """The case, its deliveries, and how it came to its persons."""

    case: str
    deliveries: tuple[dict[str, Any], ...]
    attrition: tuple[AttritionStep, ...]


def demonstrate_register_study(desk: Desk, world: World, recipient: str, progress: Progress) -> RegisterStudy:
    """One case from its order to a second delivery.

    :param world: whose registers it is found in; years that are loaded already stay as they are.
    :param recipient: the public age key that its deliveries are sealed for.
    """
    progress("a second case: its persons are found in the inpatient register")
    case = open_and_decide(desk, made_out_to(SAMPLE_ORDER, recipient), (), progress)
    for name in REGISTERS:
        _load(desk, world, name, YEARS)
    for name in OF_THE_POPULATION:
        _load(desk, world, name, YEARS[-1:])
    deliveries = [deliver_case(desk, case, progress)]
    for step in attrition(desk.case(case)):
        removed = "" if step.removed is None else f", {step.removed} removed"
        progress(f"{step.sentence}: {step.persons}{removed}")
    keep_code_key(desk, case)
    _load(desk, world, REPEATED_REGISTER, (NEW_YEAR,))
    deliveries.append(deliver_case(desk, case, progress))
    return RegisterStudy(case, tuple(deliveries), attrition(desk.case(case)))


def _load(desk: Desk, world: World, name: str, years: tuple[int, ...]) -> None:
    there = desk.registers.years(name)
    for year in years:
        if year not in there:
            desk.registers.load(name, year, world.register(name, year))
