"""``samkorning file``: what intake would say of a file, before anybody sends it.

What belongs here: the command, its options, and writing the table as read. What must not: reading and judging
(samkorning.register_files).
"""

import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.table import Table

from assets.steps.intake.receiving import file_sha256
from assets.steps.intake.sealing import unsealing
from cli.guards import guards
from cli.holding import held, match, refuse
from cli.parameters import source_name
from cli.passwords import PasswordFile, password, password_from
from cli.session import console, errors, session
from cli.specification import declared
from resources.clock import Clock
from resources.reports import write_report
from samkorning.errors import FileRefused
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.register_files import (
    DuplicateRows,
    FileContract,
    FileVerdict,
    RealNumbers,
    check_file,
    stream_register_file,
)
from samkorning.register_files.columns.undeclared_numbers import columns_in_words
from samkorning.register_files.content.content import read_head
from samkorning.register_files.declared.declared_file import DeclaredCheck, DeclaredFile
from samkorning.register_files.opened import Batch
from samkorning.register_files.packaging import FileSecrets
from samkorning.register_files.packaging.sealed import is_sealed
from samkorning.register_files.reading import Look
from samkorning.register_files.reports.sender_report import Arrival, sender_report

app = typer.Typer(help="Register holders' files.", no_args_is_help=True)
app.command()(password)
app.command()(guards)
for command in (held, match, refuse):
    app.command()(command)

TABLE_SUFFIXES = (".parquet", ".csv")


@app.callback()
def file() -> None:
    """Register holders' files."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The file, in any format that is taken in.")],
    specification: Annotated[
        Path | None, typer.Option("--specification", help="An order, or the contract of one file, as YAML.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", help="Which file of the order: `population` or a source's name.", callback=source_name
        ),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--table", help="Writes the table as read, to .parquet or .csv; synthetic data only.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="A folder for the report to the sender, as JSON and as a page.")
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Says what intake would say of a file. Exit 0 if it would be taken in, 1 if it is refused; never a value."""
    if source is not None and specification is None:
        raise typer.BadParameter("--source names a file of --specification")
    _look_at_place(table)
    if not file.is_file():
        raise no_file(file)
    said = declared(specification, source) if specification else FileContract()
    contract = said if isinstance(said, FileContract) else said.contract
    real_numbers = RealNumbers(Clock().today())
    secrets = _secrets(file, password_file)
    repeated = DuplicateRows()
    looks: list[Look] = [lambda batch: repeated.look_at(batch.frame)] if report else []
    verdict = _verdict(file, said, [*looks, *([real_numbers.look_at] if table else [])], secrets)
    if table is not None and verdict.account is not None:
        verdict = _with_table(verdict, _Sent(file, contract, secrets), table, real_numbers)
    if report is not None:
        arrival = Arrival(file_sha256(file), session.today(), source=source)
        write_report(sender_report(verdict, arrival, repeated.count()), report)
    session.answer(verdict.as_dict(), lambda: _show(verdict))
    raise typer.Exit(0 if verdict.is_accepted else 1)


def _look_at_place(table: Path | None) -> None:
    """Whether a table can be written there."""
    if table is not None and table.suffix.lower() not in TABLE_SUFFIXES:
        raise typer.BadParameter("--table writes .parquet or .csv")
    if table is not None and not table.parent.is_dir():
        raise typer.BadParameter("--table: its folder is not there")


@dataclass(frozen=True)
class _Sent:
    """A file, what is declared of it, and what opens it."""

    path: Path
    contract: FileContract
    secrets: FileSecrets


def _secrets(file: Path, password_file: Path | None) -> FileSecrets:
    """What opens the file: a password from a file, and this home's identities where it is sealed."""
    unseal = unsealing(session.desk) if is_sealed(read_head(file)) else None
    return FileSecrets(password_from(password_file), unseal)


def _verdict(file: Path, said: FileContract | DeclaredFile, looks: list[Look], secrets: FileSecrets) -> FileVerdict:
    """What intake says: by an order with its identity columns, or by a contract alone."""

    def look(batch: Batch) -> None:
        for each in looks:
            each(batch)

    name = redact_file_name(file.name)
    if isinstance(said, FileContract):
        return check_file(file, name, said, look=look, secrets=secrets)
    checked = DeclaredCheck(said)
    looks.append(checked.look_at)
    return checked.completed(check_file(file, name, said.contract, checked.judge, look, secrets))


def _with_table(verdict: FileVerdict, sent: _Sent, table: Path, real_numbers: RealNumbers) -> FileVerdict:
    """Writes the rows that were read; refuses where a column could hold identity numbers of real persons."""
    columns = real_numbers.columns()
    if not columns:
        _write_table(sent, table)
        return verdict
    problem = f"{columns_in_words(columns)} could hold identity numbers of real persons, and no table is written"
    remedy = "leave --table out; a table is written from synthetic data only"
    return replace(verdict, refusal=verdict.refusal or FileRefused(verdict.name, problem, remedy))


def _write_table(sent: _Sent, table: Path) -> None:
    """Writes the rows under a temporary name first, so that a table is there whole or not at all."""
    if table.exists() and table.samefile(sent.path):
        raise typer.BadParameter("--table would write over the file itself")
    stream = stream_register_file(sent.path, redact_file_name(sent.path.name), sent.contract, sent.secrets)
    rows = stream.lazy(judge=lambda account: None)
    beside = table.with_name(f".{table.name}.{os.getpid()}")
    try:
        _sink(rows, beside, table.suffix.lower())
        beside.replace(table)
    finally:
        beside.unlink(missing_ok=True)


def _sink(rows: pl.LazyFrame, path: Path, suffix: str) -> None:
    if suffix == ".csv":
        rows.sink_csv(path, engine="streaming")
    else:
        rows.sink_parquet(path, engine="streaming")


def _show(verdict: FileVerdict) -> None:
    account = verdict.account
    if account is not None:
        read_as = [*account.packaging, account.format, account.encoding, _separator(account.separator)]
        console.print(f"{account.name}: {account.rows} rows, {len(account.columns)} columns", markup=False)
        console.print(f"read as {', '.join(word for word in read_as if word)}", markup=False)
        for remark, count in account.remarks.items():
            console.print(f"  {remark.value.replace('_', ' ')}: {count}", markup=False)
    if account is not None and (account.problems or account.findings or verdict.identifying):
        console.print(_problem_table(verdict))
    if verdict.refusal is not None:
        errors.print(str(verdict.refusal), style="red", markup=False)
    else:
        console.print("it would be taken in")


def _problem_table(verdict: FileVerdict) -> Table:
    assert verdict.account is not None  # noqa: S101 - the caller has looked
    table = Table("problem", "column", "rows", "first row")
    faults = Counter(each.problem for each in verdict.account.problems)
    first = {each.problem: each.row for each in reversed(verdict.account.problems)}
    for fault, count in faults.items():
        table.add_row(fault.value.replace("_", " "), "", str(count), str(first[fault]))
    for finding in (*verdict.account.findings, *verdict.identifying):
        table.add_row(finding.rule.replace("_", " "), finding.column, str(finding.count), str(finding.rows[0]))
    return table


def _separator(separator: str | None) -> str | None:
    return {"\t": "tab", None: None}.get(separator, f"separator {separator}")
