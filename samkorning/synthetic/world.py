"""The synthetic world: persons, number history and the own registers of each year, all from one seed.

What belongs here: how the parts are put together. What must not: drawing, which each part does for itself, and files.
"""

from dataclasses import dataclass, field

import polars as pl

from samkorning.errors import NotFound
from samkorning.synthetic.cause_of_death import cause_of_death
from samkorning.synthetic.events import RegisterYear
from samkorning.synthetic.patient_register import inpatient, outpatient
from samkorning.synthetic.persons import PersonShares, draw_population
from samkorning.synthetic.prescribed_drugs import prescribed_drugs
from samkorning.synthetic.years import FIRST_YEAR, NEW_YEAR

REGISTERS = ("PAR_SV", "PAR_OV", "LMED", "DORS")


@dataclass(frozen=True)
class EventRates:
    """Events per living person and year. Together with deaths, six years give about ten events per person."""

    inpatient: float = 0.13
    outpatient: float = 0.41
    prescribed_drugs: float = 1.20


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
        wanted = RegisterYear(self.persons, self.seed, name, year)
        if name == "PAR_SV":
            return inpatient(wanted, self.rates.inpatient)
        if name == "PAR_OV":
            return outpatient(wanted, self.rates.outpatient)
        if name == "LMED":
            return prescribed_drugs(wanted, self.rates.prescribed_drugs)
        return cause_of_death(wanted)

    def study(self) -> pl.Series:
        """The present numbers of the study population, Int64."""
        return self.persons.filter("in_study")["number"]


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
