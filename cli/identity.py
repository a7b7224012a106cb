"""``samkorning identity``: what a column of identity numbers is, without saying a number.

What belongs here: opening the file, options, totals on standard error. What must not: the diagnosis.
"""

import codecs
import json
import sys
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from cli.parameters import named
from cli.session import errors, session
from cli.standard_error import OURS
from samkorning.errors import NotFound
from samkorning.identity import IdentityRules, Issuer, Totals, check_frame, check_lines, write_csv, write_json
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.register_files import (
    FileContract,
    RegisterTable,
    RowFault,
    inspect_register_file,
    refuse_broken_contract,
)

app = typer.Typer(help="Identity numbers.", no_args_is_help=True)

STANDARD_INPUT = "-"
VALUE, ROW = "value", "row"
ELSE_CP1252 = "samkorning-else-cp1252"


@app.callback()
def identity() -> None:
    """Identity numbers."""


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="CSV, text, xlsx or Parquet; - reads one value a line.")
    ],
    column: Annotated[
        str | None,
        typer.Option("--column", help="The column; not needed where there is only one.", callback=named("the column")),
    ] = None,
    issuer: Annotated[Issuer | None, typer.Option("--issuer", help="Who gave the numbers out.")] = None,
    reference_date: Annotated[
        str | None, typer.Option("--reference-date", help="The day that decides centuries; today without it.")
    ] = None,
    allow_synthetic: Annotated[bool, typer.Option("--allow-synthetic", help="Take persons born 2100-2299.")] = False,
) -> None:
    """Row, kind and problem of every value, never the value; totals on standard error. Exit 0 if it can be read."""
    day = date.fromisoformat(session.day(reference_date)) if reference_date else session.today()
    rules = IdentityRules(reference_date=day, issuer=issuer, allow_synthetic=allow_synthetic)
    write = write_json if session.json else write_csv
    if file == STANDARD_INPUT:
        lines = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors=ELSE_CP1252)
        totals = check_lines(lines, rules, sys.stdout, write)
    else:
        totals = _check_file(Path(file), column, rules)
    _print_totals(totals)


def _check_file(path: Path, column: str | None, rules: IdentityRules) -> Totals:
    name = redact_file_name(path.name)  # a person may have typed a number in its place
    if not path.is_file():
        raise no_file(path)
    table = inspect_register_file(path, name, FileContract())
    if column is None and len(table.columns) != 1:
        raise typer.BadParameter(f"the file has {len(table.columns)} columns; name one with --column")
    wanted = table.columns[0] if column is None else _named(table, column)
    write = write_json if session.json else write_csv
    return check_frame(_every_row(table, wanted), VALUE, rules, sys.stdout, write)


def _named(table: RegisterTable, column: str) -> str:
    """The column of that name, without regard to case; what was asked for is not repeated."""
    folded = column.strip().casefold()
    found = next((name for name in table.columns if name.strip().casefold() == folded), None)
    if found is None:
        raise NotFound(f"{table.name}: no column of that name; it has {', '.join(table.columns)}")
    return found


def _every_row(table: RegisterTable, column: str) -> pl.DataFrame:
    """The column, as :data:`VALUE`, with a missing value for every blank row; a file with other damage is refused."""
    blank = [each.row for each in table.problems if each.problem is RowFault.BLANK_LINE]
    if len(blank) < table.refused_rows:
        refuse_broken_contract(table, FileContract())
    rows = table.frame.select(pl.col(column).alias(VALUE), table.row_numbers().alias(ROW))
    missing = pl.DataFrame({VALUE: [None] * len(blank), ROW: blank}, schema={VALUE: pl.String, ROW: pl.Int64})
    return pl.concat([rows, missing]).sort(ROW)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 as the letters of Windows; what is none there either becomes a bad character."""
    assert isinstance(error, UnicodeDecodeError), "reading decodes"  # noqa: S101
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(ELSE_CP1252, _as_cp1252)


def _print_totals(totals: Totals) -> None:
    """The totals, for a person or a program, apart from the rows."""
    counts = totals.as_dict()
    if session.json:
        OURS.write(json.dumps(counts) + "\n")
        return
    for name, count in counts.items():
        if isinstance(count, dict):
            for what, rows in count.items():
                errors.print(f"{name.replace('_', ' ')}: {what.replace('_', ' ')} {rows}")
        else:
            errors.print(f"{name.replace('_', ' ')}: {count}")
