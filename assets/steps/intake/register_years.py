"""Loading a year of an own register, and a person's word on one that a check has stopped, each with its audit record.

What belongs here: the record before the act, and what the page is told of the act. What must not: loading (the register
store), or what is found in a year (samkorning.own_registers.year_checks).
"""

from collections.abc import Mapping
from pathlib import Path

from resources.desk import Desk
from resources.register_store import LoadedYear
from samkorning.case.inputs import Unit
from samkorning.own_registers.account import YearAccount
from samkorning.own_registers.year_checks import Before, findings
from samkorning.vault import Generation


def load_year_from_postgresql(desk: Desk, register: str, year: int, table: str, person: str) -> LoadedYear:
    """Takes in a register year from a table of the database that the settings lead to.

    :raises HomeRefused: when they lead to none.
    """
    from resources.register_database import OwnRegisterTable  # and reading of files with it, which a case does not need

    entry = desk.catalogue.register(register)
    source = OwnRegisterTable(desk.settings.postgresql_file, table, entry, year)
    desk.audit.append("load register year", person, None, desk.clock.now(), register=register, year=year, table=table)
    return desk.registers.load_table(entry, year, source)


def load_year(desk: Desk, register: str, year: int, path: Path, person: str) -> LoadedYear:
    """Takes in a register year from a file.

    :raises NotFound: for a register that the catalogue does not have.
    """
    entry = desk.catalogue.register(register)
    desk.audit.append("load register year", person, None, desk.clock.now(), register=register, year=year)
    return desk.registers.load_file(entry, year, path)


def accept_year(desk: Desk, register: str, year: int, reason: str, person: str) -> LoadedYear:
    """A person has looked at a year that a check has stopped, and it is as it should be."""
    _record(desk, "accept register year", register, year, reason, person)
    return desk.registers.accept(register, year)


def refuse_year(desk: Desk, register: str, year: int, reason: str, person: str) -> None:
    """A person has looked at a year that a check has stopped, and it is given up."""
    _record(desk, "refuse register year", register, year, reason, person)
    desk.registers.refuse(register, year)


def findings_of(desk: Desk, register: str) -> list[tuple[int, str, str]]:
    """Year, check and sentence of all that is found in the years of a register that stand or wait.

    A year that stands is held against the year before; one that waits against what stands.
    """
    standing = _of_register(desk.registers.generations(), register)
    found = [
        (year, each)
        for year, account in standing.items()
        for each in findings(account, Before(str(year - 1), standing[year - 1]) if year - 1 in standing else None)
    ]
    for year, account in _of_register(desk.registers.held(), register).items():
        found += [(year, each) for each in findings(account, desk.registers.before(register, year))]
    return [(year, each.check, each.said) for year, each in found]


def waiting_years(desk: Desk) -> dict[tuple[str, int], str]:
    """The years that wait for a person, by register and year, and what stops them against what stands now."""
    found = {}
    for unit, held in desk.registers.held().items():
        account, register, year = YearAccount.of(held.facts), unit.source.upper(), unit.period or 0
        stopped = findings(account, desk.registers.before(register, year)) if account else ()
        found[register, year] = "; ".join(each.said for each in stopped if each.stops) or "nothing any more"
    return found


def _of_register(generations: Mapping[Unit, Generation], register: str) -> dict[int, YearAccount]:
    accounts = {
        unit.period: YearAccount.of(each.facts) for unit, each in generations.items() if unit.source == register.lower()
    }
    return {year: account for year, account in accounts.items() if year is not None and account is not None}


def _record(desk: Desk, act: str, register: str, year: int, reason: str, person: str) -> None:
    """The audit record of an act on a year that waits; none is written of one that does not."""
    desk.registers.require_held(register, year)
    desk.audit.append(act, person, None, desk.clock.now(), register=register, year=year, reason=reason)
