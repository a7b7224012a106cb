"""Years in which an event group finds nothing, because the register holds codes that its list does not have.

What belongs here: which years these are, and saying so. What must not: refusing a list that never fits
(samkorning.order.selection_rules).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from samkorning.order import Specification
from samkorning.order.selection import EventGroup
from samkorning.own_registers.catalogue import CatalogueRegister, CodeSystem, RegisterCatalogue
from samkorning.own_registers.catalogue.codes_by_year import code_periods


@dataclass(frozen=True)
class SilentYears:
    """Years of a register in which no code can be of a group's list, and the classifications that stand there."""

    group: str
    register: str
    years: tuple[int, ...]
    systems: tuple[CodeSystem, ...]

    def __str__(self) -> str:
        there = " and ".join(self.systems) or "no codes"
        return f"{self.group}: {self.register} {self._spans()} has {there} there, of which the code list has none"

    def _spans(self) -> str:
        """``1987-1996, 1999``."""
        runs = (
            [year for _, year in run] for _, run in groupby(enumerate(self.years), lambda placed: placed[1] - placed[0])
        )
        return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def silent_years(
    specification: Specification, catalogue: RegisterCatalogue, years: Mapping[str, Iterable[int]]
) -> tuple[SilentYears, ...]:
    """The silent years of all groups, among the years of each register that there are."""
    return tuple(
        found
        for group in specification.events
        for name in group.registers
        for found in _of_register(group, specification, catalogue.register(name), sorted(years.get(name, ())))
    )


def _of_register(
    group: EventGroup, specification: Specification, register: CatalogueRegister, years: list[int]
) -> Iterator[SilentYears]:
    if group.codes is None:
        return
    sought = specification.code_list(group.codes.list).codes
    silent: dict[tuple[CodeSystem, ...], list[int]] = {}
    periods = code_periods(register, group.codes.positions)
    for year in years:
        columns = next((period.columns for period in periods if period.holds_in(year)), ())
        systems = tuple(sorted({system for _, system in columns}))
        if not set(systems) & set(sought):
            silent.setdefault(systems, []).append(year)
    for systems, found in silent.items():
        yield SilentYears(group.name, register.name, tuple(found), systems)
