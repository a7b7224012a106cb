"""``samkorning identity``: what a column of identity numbers is, without saying a number.

What belongs here: opening the file, options, totals on standard error. What must not: the diagnosis.
"""

import json
import sys
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from cli.session import errors, session
from resources.clock import Clock
from samkorning.errors import NotFound
from samkorning.identity import IdentityRules, Issuer, Totals, check_frame, check_lines, write_csv, write_json
from samkorning.register_files import FileContract, read_register_file

app = typer.Typer(help="Identity numbers.", no_args_is_help=True)

STANDARD_INPUT = "-"


@app.callback()
def identity() -> None:
    """Identity numbers."""


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(metavar="FILE|-", help="CSV, text, xlsx or Parquet; - reads one value a line.")
    ],
    column: Annotated[
        str | None, typer.Option("--column", help="The column; not needed where there is only one.")
    ] = None,
    issuer: Annotated[Issuer | None, typer.Option("--issuer", help="Who gave the numbers out.")] = None,
    reference_date: Annotated[
        str | None, typer.Option("--reference-date", help="The day that decides centuries; today without it.")
    ] = None,
    allow_synthetic: Annotated[bool, typer.Option("--allow-synthetic", help="Take persons born 2100-2299.")] = False,
) -> None:
    """Row, kind and problem of every value, never the value; totals on standard error. Exit 0 if it can be read."""
    day = date.fromisoformat(session.day(reference_date)) if reference_date else Clock().today()
    rules = IdentityRules(reference_date=day, issuer=issuer, allow_synthetic=allow_synthetic)
    write = write_json if session.json else write_csv
    if file == STANDARD_INPUT:
        lines = TextIOWrapper(
            sys.stdin.buffer, encoding="utf-8", errors="replace"
        )  # what is no text is a bad character
        totals = check_lines(lines, rules, sys.stdout, write)
    else:
        totals = _check_file(Path(file), column, rules)
    _tell(totals)


def _check_file(path: Path, column: str | None, rules: IdentityRules) -> Totals:
    if not path.is_file():
        raise NotFound(f"no file {path.name} there")
    table = read_register_file(path, path.name, FileContract())
    if column is None and len(table.columns) != 1:
        raise typer.BadParameter(f"the file has {len(table.columns)} columns; name one with --column")
    wanted = column or table.columns[0]
    if wanted not in table.columns:
        raise NotFound(f"{path.name}: no column {wanted}; it has {', '.join(table.columns)}")
    write = write_json if session.json else write_csv
    return check_frame(table.frame, wanted, rules, sys.stdout, write)


def _tell(totals: Totals) -> None:
    """The totals, for a person or a program, apart from the rows."""
    counts = totals.as_dict()
    if session.json:
        sys.stderr.write(json.dumps(counts) + "\n")
        return
    for name, count in counts.items():
        if isinstance(count, dict):
            for what, rows in count.items():
                errors.print(f"{name.replace('_', ' ')}: {what.replace('_', ' ')} {rows}")
        else:
            errors.print(f"{name.replace('_', ' ')}: {count}")
