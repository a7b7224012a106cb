"""``samkorning order codes``: a code list (kodlista) from a file or sheet, as the block of an order.

What belongs here: the command and its options. What must not: what a code is (samkorning.order.code_files).
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.parameters import free_text, named, source_name
from cli.session import console, session
from samkorning.errors import FileRefused
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.order.code_files import block_of, code_list, file_taken_from, read_codes
from samkorning.own_registers.catalogue import CodeSystem
from samkorning.register_files import FileContract, RegisterTable, read_register_file

WORKBOOKS = frozenset({"excel", "old_excel"})


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``order``."""
    app.command()(codes)


def codes(
    file: Annotated[Path, typer.Argument(help="CSV, text, xlsx or Parquet with one code a row below a header.")],
    name: Annotated[
        str, typer.Option("--name", help="What the order calls the list, such as diabetes.", callback=source_name)
    ],
    system: Annotated[CodeSystem, typer.Option("--system", help="The classification that the codes are of.")],
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Sheet of a workbook.", callback=named("the sheet"))
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", help="The column; not needed where there is only one.", callback=named("the column")),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", help="Which version of the list it is.", callback=free_text("the version")),
    ] = None,
    with_below: Annotated[
        bool, typer.Option("--with-below", help="Take every code with all that begin with it: E10 becomes E10*.")
    ] = False,
) -> None:
    """Turns a file of codes into the block of an order, or says which rows hold no code."""
    if not file.is_file():
        raise no_file(file)
    content, shown = file.read_bytes(), redact_file_name(file.name)
    table = read_register_file(content, shown, FileContract(sheet=sheet))
    read = read_codes(_column(table, column), system, table.format in WORKBOOKS, with_below)
    listed = code_list(name, version, system, file_taken_from(shown, content), read)
    answer = {"code_list": listed.model_dump(mode="json", exclude_defaults=True), **read.counts()}
    session.answer(answer, lambda: console.print(block_of(listed), markup=False, end="", soft_wrap=True))


def _column(table: RegisterTable, column: str | None) -> list[str | None]:
    names = table.columns
    if column is None and len(names) > 1:
        raise FileRefused(table.name, f"has the columns {', '.join(names)}", "say which with --column")
    if column is not None and column not in names:
        raise FileRefused(table.name, "has no such column", f"name one of {', '.join(names)}")
    found: list[str | None] = table.frame[column or names[0]].to_list()
    return found
