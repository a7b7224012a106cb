"""The synthetic world: persons, number history and the own registers of each year, all from one seed.

What belongs here: how the parts are put together. What must not: drawing, which each part does for itself, and files.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from samkorning.errors import NotFound
from samkorning.synthetic import administrative, population_registers, social_services
from samkorning.synthetic.cancer import cancer
from samkorning.synthetic.cause_of_death import cause_of_death
from samkorning.synthetic.dental_health import dental_health
from samkorning.synthetic.events import RegisterYear
from samkorning.synthetic.medical_births import medical_births
from samkorning.synthetic.newborns import draw_newborns
from samkorning.synthetic.patient_register import compulsory, inpatient, outpatient
from samkorning.synthetic.persons import PersonShares, draw_population
from samkorning.synthetic.prescribed_drugs import prescribed_drugs
from samkorning.synthetic.years import FIRST_YEAR, NEW_YEAR


@dataclass(frozen=True)
class EventRates:
    """Events per living person and year. Together with deaths, six years give about ten events per person."""

    inpatient: float = 0.13
    outpatient: float = 0.41
    prescribed_drugs: float = 1.20
    compulsory: float = 0.003
    cancer: float = 0.007
    dental_health: float = 0.45


@dataclass(frozen=True, eq=False)
class World:
    """Everything known about the synthetic persons.

    ``persons``: number Int64 (the present one), birth_date Date, sex Int8 (1 man, 2 woman), mother and father Int64,
    municipality String, death_date Date, former_number Int64, changed_on Date, in_study Boolean. ``outsiders``: number,
    birth_date, sex of persons in no register. ``history``: old_number, new_number Int64, date Date, source String.
    """

    seed: int
    persons: pl.DataFrame
    outsiders: pl.DataFrame
    history: pl.DataFrame
    rates: EventRates = field(default_factory=EventRates)

    def register(self, name: str, year: int) -> pl.DataFrame:
        """One own register's year: identity column ``number`` Int64 and the delivered variable names.

        Years 2215-2221; the same call gives the same rows. NotFound for another register or year.
        """
        if name not in REGISTERS or not FIRST_YEAR <= year <= NEW_YEAR:
            raise NotFound(f"{name} {year}: no such register year; registers {', '.join(REGISTERS)}, years 2215-2221")
        return REGISTERS[name](self, year)

    @cached_property
    def everybody(self) -> pl.DataFrame:
        """The persons and the children of the last two years, who are in registers of births and of the population
        alone; the columns of ``persons``."""
        return pl.concat([self.persons, draw_newborns(self.persons, self.seed)])

    def study(self) -> pl.Series:
        """The present numbers of the study population, Int64."""
        return self.persons.filter("in_study")["number"]


Making = Callable[[World, int], pl.DataFrame]


def _events(
    name: str, make: Callable[[RegisterYear, float], pl.DataFrame], rate: Callable[[EventRates], float]
) -> Making:
    return lambda world, year: make(RegisterYear(world.persons, world.seed, name, year), rate(world.rates))


def _yearly(name: str, make: Callable[[RegisterYear], pl.DataFrame]) -> Making:
    return lambda world, year: make(RegisterYear(world.persons, world.seed, name, year))


def _known(make: Callable[[population_registers.Known], pl.DataFrame]) -> Making:
    return lambda world, year: make(population_registers.Known(world.everybody, world.seed, year))


REGISTERS: dict[str, Making] = {
    "PAR_SV": _events("PAR_SV", inpatient, lambda rates: rates.inpatient),
    "PAR_OV": _events("PAR_OV", outpatient, lambda rates: rates.outpatient),
    "PAR_TV": _events("PAR_TV", compulsory, lambda rates: rates.compulsory),
    "LMED": _events("LMED", prescribed_drugs, lambda rates: rates.prescribed_drugs),
    "DORS": _yearly("DORS", cause_of_death),
    "CAN": _events("CAN", cancer, lambda rates: rates.cancer),
    "MFR": lambda world, year: medical_births(RegisterYear(world.everybody, world.seed, "MFR", year)),
    "THR": _events("THR", dental_health, lambda rates: rates.dental_health),
    "HSL": _yearly("HSL", social_services.municipal_health_care),
    "SOL": _yearly("SOL", social_services.elderly_care),
    "LSS": _yearly("LSS", social_services.services_for_impairments),
    "BU": _yearly("BU", social_services.services_for_children),
    "EKB": _yearly("EKB", social_services.social_assistance),
    "LVM": _yearly("LVM", social_services.compulsory_care_of_abuse),
    "LOVA": _yearly("LOVA", administrative.licensed_at_work),
    "HOSP": _yearly("HOSP", administrative.licences),
    "DONATION": _yearly("DONATION", administrative.donations),
    "BEFOLKNING": _known(population_registers.persons),
    "BOENDE": _known(population_registers.residence),
    "FLERGEN": _known(population_registers.parents),
    "CIVIL": _known(population_registers.spouses),
}
"""How each register of the catalogue is made."""


def make_world(
    persons: int,
    seed: int,
    shares: PersonShares | None = None,
    rates: EventRates | None = None,
) -> World:
    """Draws a world of ``persons`` persons; the same arguments give the same world. ValueError below 1 person."""
    if persons < 1:
        raise ValueError("a world needs at least one person")
    drawn = draw_population(persons, seed, shares or PersonShares())
    return World(seed, drawn.persons, drawn.outsiders, drawn.history, rates or EventRates())
