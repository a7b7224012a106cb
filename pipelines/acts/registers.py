"""Own registers: a year is loaded, accepted or refused; a register's metadata; who has opted out.

What belongs here: these acts. What must not: what stops a year (samkorning.own_registers.year_checks), or loading
(assets.steps.intake).
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from assets.steps.intake.metadata_workbooks import import_workbook
from assets.steps.intake.opt_out_list import take_in_opt_out_list
from assets.steps.intake.register_files import laid_file, remove_laid, set_laid_aside
from assets.steps.intake.register_years import accept_year, load_year, load_year_from_postgresql, refuse_year
from pipelines.acts.asked import Asked, Reason, RegisterName, Typed
from pipelines.acts.files import FileToTake, a_file_name, taken_file
from pipelines.acts.job import At, Done, act_on_desk, act_outside_cases
from pipelines.register_events import report_loaded
from resources.register_store import LoadedYear
from samkorning import typed
from samkorning.errors import CheckFailed, FileRefused, NotFound
from samkorning.years import FIRST_YEAR, LAST_YEAR


class AskedYear(Asked):
    """Which year of which register."""

    register_name: RegisterName
    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR, description="The year.")


class AskedLoad(AskedYear):
    """From where the year is loaded."""

    file: Annotated[str | None, Typed(a_file_name)] = Field(
        default=None,
        description="A file in `register_inbox/<REGISTER>`, CSV or Parquet; it is removed when it is safe.",
    )
    table: Annotated[str | None, Typed(typed.a_name("the table"))] = Field(
        default=None, description="In place of a file: a table of the database in `postgresql_file`."
    )


class AskedWord(AskedYear):
    """A person's word on a year that waits."""

    reason: Reason


class AskedWorkbook(Asked):
    """The register's metadata workbook."""

    file: FileToTake


class AskedList(Asked):
    """The whole opt-out list, in place of the one before."""

    file: FileToTake
    column: Annotated[str | None, Typed(typed.a_name("the column"))] = Field(
        default=None, description="The column of numbers, where it has several."
    )


@act_outside_cases(lambda desk, asked: True)
def register_load(at: At, asked: AskedLoad) -> Done:
    """Takes in a year of an own register, exactly or not at all; one that lacks much waits for a person."""
    if (asked.file is None) == (asked.table is None):
        raise NotFound("give either a file or a table")
    register, year = at.desk.catalogue.register(asked.register_name).name, asked.year
    if at.preview:
        stands = [unit.period for unit in at.desk.registers.generations() if unit.source == register.lower()]
        return Done(f"would load {register} {year}, which stands already: {year in stands}")
    loaded = _loaded(at, register, asked)
    report_loaded(at.desk, at.instance, loaded)
    if loaded.held:
        raise CheckFailed(
            f"{register} {year} waits for a person: its asset says why; `register_accept` or `register_refuse` decides"
        )
    counts = f"{loaded.rows} rows, {loaded.account.persons} persons, {len(loaded.findings)} findings"
    return Done(f"{register} {year}: {counts}")


def _loaded(at: At, register: str, asked: AskedLoad) -> LoadedYear:
    """Loads from where it is to be loaded; a file leaves its folder: safe in the store, or set aside."""
    if asked.file is None:
        return load_year_from_postgresql(at.desk, register, asked.year, str(asked.table), at.person)
    path: Path = laid_file(at.desk, register, asked.file)
    refusal: FileRefused | None = None
    try:
        loaded = load_year(at.desk, register, asked.year, path, at.person)
    except FileRefused as refused:
        refusal = refused
    if refusal is not None:
        set_laid_aside(path)
        raise refusal
    remove_laid(path)
    return loaded


@act_on_desk
def register_accept(at: At, asked: AskedWord) -> Done:
    """A year that waits is as it should be, and stands from now on."""
    if at.preview:
        return Done(f"would let {asked.register_name} {asked.year} stand, by {at.person}")
    loaded = accept_year(at.desk, asked.register_name, asked.year, asked.reason, at.person)
    report_loaded(at.desk, at.instance, loaded)
    return Done(f"{asked.register_name} {asked.year}: accepted by {at.person}, {loaded.rows} rows")


@act_on_desk
def register_refuse(at: At, asked: AskedWord) -> Done:
    """A year that waits is given up for good; what stood before goes on standing."""
    if at.preview:
        return Done(f"would give up {asked.register_name} {asked.year}, by {at.person}")
    refuse_year(at.desk, asked.register_name, asked.year, asked.reason, at.person)
    return Done(f"{asked.register_name} {asked.year}: refused by {at.person}; what stood before stands")


@act_on_desk
def register_import(at: At, asked: AskedWorkbook) -> Done:
    """Imports a register's metadata workbook, whole or not at all, and tells what differs from the entry before."""
    path = taken_file(at.desk, asked.file)
    made = import_workbook(at.desk, path, at.person, look_only=at.preview)
    if not at.preview:
        path.unlink()
    return Done(f"{made.register}: {len(made.differences)} differences", {"differences": list(made.differences)})


@act_on_desk
def register_opt_out(at: At, asked: AskedList) -> Done:
    """Persons who have opted out of secondary use: they are in no population, and no relatives or controls."""
    path = taken_file(at.desk, asked.file)
    if at.preview:
        return Done(f"would take {asked.file} in place of the list that stands, by {at.person}")
    replaced = take_in_opt_out_list(at.desk, path, asked.column, at.person)
    path.unlink()
    return Done(f"{replaced.persons} persons; {replaced.came} came and {replaced.went} went")


JOBS = [register_load, register_accept, register_refuse, register_import, register_opt_out]
