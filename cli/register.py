"""``samkorning register``: the authority's own registers.

What belongs here: loading a year and listing what is there. What must not: extraction.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.parameters import register_name
from cli.session import console, session
from samkorning.years import FIRST_YEAR, LAST_YEAR

app = typer.Typer(help="Own registers.", no_args_is_help=True)


@app.command()
def load(
    register: Annotated[
        str, typer.Argument(help="Name in the register catalogue, such as PAR_SV.", callback=register_name)
    ],
    year: Annotated[int, typer.Argument(help="The year.", min=FIRST_YEAR, max=LAST_YEAR)],
    file: Annotated[
        Path, typer.Argument(help="CSV (semicolon) or Parquet with the column `number` and the variables.")
    ],
) -> None:
    """Takes in one year of an own register, exactly or not at all; a later load of the same year replaces it."""
    desk = session.desk
    generation = desk.registers.load_file(desk.catalogue.register(register), year, file)
    answer = {"register": register, "year": year, "rows": generation.rows, "generation": generation.number}
    session.answer(answer, lambda: console.print(f"{register} {year}: {generation.rows} rows"))


@app.command(name="list")
def list_registers() -> None:
    """What is loaded."""
    present = sorted(session.desk.registers.generations().items())
    answer = [{"register": unit.source.upper(), "year": unit.period, "rows": loaded.rows} for unit, loaded in present]

    def show() -> None:
        table = Table("register", "year", "rows")
        for unit, loaded in present:
            table.add_row(unit.source.upper(), str(unit.period), str(loaded.rows))
        console.print(table)

    session.answer({"registers": answer}, show)
