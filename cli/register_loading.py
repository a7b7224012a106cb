"""``samkorning register load|accept|refuse``: a year of an own register comes in; a person's word on one that waits.

What belongs here: the three commands. What must not: what stops a year (samkorning.own_registers.year_checks).
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from assets.steps.intake.register_years import accept_year, load_year, load_year_from_postgresql, refuse_year
from cli.parameters import Acting, Reason, register_name
from cli.session import console, session
from resources.register_store import LoadedYear
from samkorning.years import FIRST_YEAR, LAST_YEAR

RegisterName = Annotated[
    str, typer.Argument(help="Name in the register catalogue, such as PAR_SV.", callback=register_name)
]
RegisterYear = Annotated[int, typer.Argument(help="The year.", min=FIRST_YEAR, max=LAST_YEAR)]


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``register``."""
    app.command()(load)
    app.command()(accept)
    app.command()(refuse)


def load(
    register: RegisterName,
    year: RegisterYear,
    file: Annotated[
        Path | None, typer.Argument(help="CSV (semicolon) or Parquet with the column `number` and the variables.")
    ] = None,
    from_postgresql: Annotated[
        str | None,
        typer.Option("--from-postgresql", metavar="TABLE", help="A table of the database in `postgresql_file`."),
    ] = None,
) -> None:
    """Takes in one year of an own register, exactly or not at all; a later load of the same year replaces it.

    With 30 % fewer rows or persons than before it waits for a person (`accept`, `refuse`): the exit code is 1.
    """
    if (file is None) == (from_postgresql is None):
        raise typer.BadParameter("give either a file or --from-postgresql")
    desk, person = session.desk, session.person(None, synthetic=True)
    if file is not None:
        loaded = load_year(desk, register, year, file, person)
    else:
        loaded = load_year_from_postgresql(desk, register, year, str(from_postgresql), person)
    _report_to_page(loaded)
    session.answer(_answer(loaded), lambda: _print(loaded))
    if loaded.held:
        raise typer.Exit(1)


def accept(register: RegisterName, year: RegisterYear, reason: Reason, acting: Acting = None) -> None:
    """A year that waits is as it should be, and stands from now on."""
    desk = session.desk
    person = session.person(acting, desk.holds_synthetic_cases_alone())
    loaded = accept_year(desk, register, year, reason, person)
    _report_to_page(loaded)
    session.answer(_answer(loaded), lambda: _print(loaded))


def refuse(register: RegisterName, year: RegisterYear, reason: Reason, acting: Acting = None) -> None:
    """A year that waits is given up for good; what stood before goes on standing."""
    desk = session.desk
    refuse_year(desk, register, year, reason, session.person(acting, desk.holds_synthetic_cases_alone()))
    answer = {"register": register, "year": year, "refused": True}
    session.answer(answer, lambda: console.print(f"{register} {year}: refused; what stood before stands"))


def _report_to_page(loaded: LoadedYear) -> None:
    """The page of a home that has one is told of the year; Dagster is loaded for that alone."""
    if session.desk.home.dagster.exists():
        from pipelines.register_events import report_to_page

        report_to_page(session.desk, loaded)


def _answer(loaded: LoadedYear) -> dict[str, Any]:
    return {
        "register": loaded.register,
        "year": loaded.year,
        "rows": loaded.rows,
        "persons": loaded.account.persons,
        "generation": loaded.generation,
        "held": loaded.held,
        "findings": [{"check": each.check, "said": each.said, "stops": each.stops} for each in loaded.findings],
    }


def _print(loaded: LoadedYear) -> None:
    name = f"{loaded.register} {loaded.year}"
    console.print(f"{name}: {loaded.rows} rows, {loaded.account.persons} persons")
    for finding in loaded.findings:
        console.print(f"  {finding.check.replace('_', ' ')}: {finding.said}", markup=False)
    if loaded.held:
        act = f"samkorning register accept|refuse {loaded.register} {loaded.year} --reason …"
        console.print(f"{name} waits for a person, and nothing uses it: {act}", markup=False)
