"""Which variables of a register hold codes of which classification, period by period.

What belongs here: what follows from the catalogue alone. What must not: which codes are sought
(own_registers.selection).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from samkorning.own_registers.catalogue.models import (
    CatalogueRegister,
    CatalogueVariable,
    CodeSystem,
    Position,
    Validity,
)
from samkorning.years import FIRST_YEAR, LAST_YEAR

Column = tuple[str, CodeSystem]
"""A variable by name, and the classification that its codes are of."""


@dataclass(frozen=True)
class CodePeriod:
    """Register years, both included, in which the same variables hold codes of the same classifications."""

    from_year: int
    to_year: int
    columns: tuple[Column, ...]

    def holds_in(self, year: int) -> bool:
        """Whether a year lies in it."""
        return self.from_year <= year <= self.to_year


def code_periods(
    register: CatalogueRegister, positions: Iterable[Position], systems: Iterable[CodeSystem] = tuple(CodeSystem)
) -> tuple[CodePeriod, ...]:
    """The periods of a register in which variables at some positions hold codes of some classifications."""
    sought, variables = set(systems), [variable for position in positions for variable in register.at(position)]
    begins = sorted({FIRST_YEAR, *(year for variable in variables for year in _turns(variable))})
    ends = [*(year - 1 for year in begins[1:]), LAST_YEAR]
    periods = (
        CodePeriod(first, last, tuple(_columns(variables, first, sought)))
        for first, last in zip(begins, ends, strict=True)
    )
    return tuple(period for period in _joined(periods) if period.columns)


def _columns(variables: Iterable[CatalogueVariable], year: int, sought: set[CodeSystem]) -> Iterator[Column]:
    for variable in variables:
        system = variable.system_in(year) if variable.holds_in(year) else None
        if system in sought and system is not None:
            yield variable.name, system


def _turns(variable: CatalogueVariable) -> Iterator[int]:
    """The years from which on something else holds for a variable."""
    spans: tuple[Validity, ...] = (variable, *variable.systems)
    for span in spans:
        yield span.from_year or FIRST_YEAR
        if span.to_year is not None and span.to_year < LAST_YEAR:
            yield span.to_year + 1


def _joined(periods: Iterable[CodePeriod]) -> Iterator[CodePeriod]:
    """Neighbours of the same columns as one."""
    held: CodePeriod | None = None
    for period in periods:
        if held is not None and held.columns == period.columns:
            held = replace(held, to_year=period.to_year)
            continue
        if held is not None:
            yield held
        held = period
    if held is not None:
        yield held
