"""``samkorning register``: the authority's own registers.

What belongs here: loading a year and listing what is there. What must not: extraction.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.session import console, session
from samkorning.own_register_file import read_own_register_file

app = typer.Typer(help="Own registers.", no_args_is_help=True)


@app.command()
def load(
    register: Annotated[str, typer.Argument(help="Name in the register catalogue, such as PAR_SV.")],
    year: Annotated[int, typer.Argument(help="The year.")],
    file: Annotated[Path, typer.Argument(help="CSV (semicolon) or Parquet with the column `number` and the variables.")],
) -> None:
    """Takes in one year of an own register; a later load of the same year replaces it."""
    desk = session.desk
    frame = read_own_register_file(file, desk.catalogue.register(register))
    generation = desk.registers.load(register, year, frame)
    answer = {"register": register, "year": year, "rows": generation.rows, "generation": generation.number}
    session.answer(answer, lambda: console.print(f"{register} {year}: {generation.rows} rows"))


@app.command(name="list")
def list_registers() -> None:
    """What is loaded."""
    present = session.desk.registers.generations()
    answer = [
        {"register": unit.source, "year": unit.period, "rows": generation.rows} for unit, generation in sorted(present.items())
    ]

    def show() -> None:
        table = Table("register", "year", "rows")
        for row in answer:
            table.add_row(row["register"], str(row["year"]), str(row["rows"]))
        console.print(table)

    session.answer({"registers": answer}, show)
