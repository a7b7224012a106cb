"""Own registers as selections, controls and relatives read them: by person, over the number history of a case.

What belongs here: which editions and years are read, and their columns' names. What must not: what is done with them
(samkorning.own_registers).

Registers of the population hold what is known at the end of a year, so that the newest one says all.
"""

from collections.abc import Iterable

import polars as pl

from assets.steps import stores
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.errors import NotFound
from samkorning.own_registers.by_person import FIRST_NATIONAL, PERSON, by_person, with_person
from samkorning.own_registers.catalogue import CatalogueRegister, Holds
from samkorning.own_registers.population_names import POPULATION_NAMES

PERSONS_TOO = frozenset({"mother", "father", "partner"})
"""Columns that hold the number of another person."""


def years_of(desk: Desk, case: Case, register: str) -> dict[int, pl.LazyFrame]:
    """All loaded years of a register: column ``person`` (Int64) and its variables."""
    history = history_of(desk, case)
    return {year: by_person(desk.registers.rows(register, year), history) for year in desk.registers.years(register)}


def newest_of(desk: Desk, case: Case, holds: Holds) -> pl.LazyFrame | None:
    """The newest edition of the register that holds something of the population; nothing where none is loaded.

    Column ``person`` (Int64), and its variables under the names of ``POPULATION_NAMES``.
    """
    register = register_that(desk, holds)
    years = desk.registers.years(register.name) if register else []
    if register is None or not years:
        return None
    rows = by_person(desk.registers.rows(register.name, years[-1]), history_of(desk, case))
    named = rows.rename(POPULATION_NAMES[holds])
    for column in sorted(PERSONS_TOO & set(named.collect_schema().names())):
        national = pl.when(pl.col(column) >= FIRST_NATIONAL).then(column)
        named = persons_of(desk, case, named.with_columns(national), column, column)
    return named


def require_newest(desk: Desk, case: Case, holds: Holds) -> pl.LazyFrame:
    """The same.

    :raises NotFound: with what to load.
    """
    found = newest_of(desk, case, holds)
    if found is None:
        register = register_that(desk, holds)
        name = register.name if register else f"a register of {holds}"
        raise NotFound(f"no year of {name} is loaded; load one with `samkorning register load`")
    return found


def register_that(desk: Desk, holds: Holds) -> CatalogueRegister | None:
    """The register of the catalogue that holds something of the population."""
    return next((register for register in desk.catalogue.registers if register.holds is holds), None)


def hashes_of(desk: Desk, names: Iterable[str]) -> dict[str, str]:
    """The hash of every loaded year of some registers."""
    found = desk.registers.hashes({name.lower() for name in names})
    return {str(unit): sha256 for unit, sha256 in sorted(found.items(), key=_by_unit)}


def persons_of(desk: Desk, case: Case, rows: pl.LazyFrame, column: str, name: str) -> pl.LazyFrame:
    """``rows`` with a person under ``name`` in place of one of their numbers in ``column``."""
    return with_person(rows, column, name, history_of(desk, case))


def history_of(desk: Desk, case: Case) -> pl.LazyFrame | None:
    """Every number that has changed with its person's latest one; nothing where none has."""
    history = stores.persons_of_history(desk, case).select("number", "person_number")
    return None if history.head(1).collect().is_empty() else history


def _by_unit(found: tuple[Unit, str]) -> tuple[str, int]:
    unit, _ = found
    return unit.source, unit.period or 0


def numbers_by_person(desk: Desk, case: Case, entries: pl.DataFrame) -> pl.DataFrame:
    """``person`` and ``index_date`` of entries with a national number: no register knows the others."""
    national = entries.lazy().select("number", "index_date").filter(pl.col("number").is_not_null())
    return persons_of(desk, case, national, "number", PERSON).select(PERSON, "index_date").unique().collect()
