"""``samkorning report``: lead times, waiting times, holders, errors, satisfaction, forecast of all cases.

What belongs here: the ends of a report: words, JSON, CSV, pages. What must not: figures (samkorning.case.reports).
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cli.session import console, session
from samkorning.errors import NotFound
from samkorning.identity.free_text import without_numbers

app = typer.Typer(
    help="Reports on all cases (rapporter): lead times, waiting times, holders, errors, forecast.", no_args_is_help=True
)

On = Annotated[
    str | None, typer.Option("--on", help="The day it is told as of, YYYY-MM-DD; today without it.", metavar="DAY")
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write every table to this file as well.", dir_okay=False)]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Write the report as HTML and PDF with its plots to this folder.", file_okay=False),
]
Purpose = Annotated[
    Literal["all", "research", "statistics"], typer.Option("--purpose", help="Only orders of this purpose.")
]
Years = Annotated[int, typer.Option("--years", help="How many years back.", min=1, max=30)]
Months = Annotated[int, typer.Option("--months", help="How many months back.", min=1, max=120)]


@app.command(name="lead-times")
def lead_times(
    on: On = None,
    days: Annotated[
        list[str] | None,
        typer.Option("--day", help="A day that waiting times are told of; repeat it. A year ago and now without it."),
    ] = None,
    years: Years = 5,
    purpose: Purpose = "all",
    csv: Csv = None,
    out: Out = None,
) -> None:
    """Orders in and delivered, medians of waiting and delivery, the queue by month, stages, goals (R26)."""
    from samkorning.case.reports.lead_times import lead_times as report

    shown = [date.fromisoformat(session.day(day)) for day in days or ()]
    _answer(report(_cases(purpose), _day(on), shown, years), csv, out)


@app.command(name="waiting-times")
def waiting_times(on: On = None, months: Months = 6, csv: Csv = None, out: Out = None) -> None:
    """What orderers are told of waiting times: how long it took in the last months, with its spread; no promise."""
    from samkorning.case.reports.waiting_times import LANGUAGES, waiting_times

    cases, day = _cases("all"), _day(on)
    pages = {name: waiting_times(cases, day, months, said) for name, said in LANGUAGES.items()}
    _answer(pages["en"], csv, out, sv=pages["sv"])


@app.command()
def holders(on: On = None, months: Months = 24, csv: Csv = None, out: Out = None) -> None:
    """How long each register holder takes to decide and to send its file, and what is waited for."""
    from samkorning.case.reports.holders import holders as report

    _answer(report(_cases("all"), _day(on), months), csv, out)


@app.command()
def errors(on: On = None, years: Years = 5, csv: Csv = None, out: Out = None) -> None:
    """The register of complaints and incidents: causes, who erred, the trend, what is open (R27)."""
    from samkorning.case.reports.errors import errors as report

    _answer(report(_cases("all"), _day(on), years), csv, out)


@app.command()
def satisfaction(on: On = None, months: Months = 12, csv: Csv = None, out: Out = None) -> None:
    """What orderers answer after delivery: more effective, clearer, and how many answer."""
    from samkorning.case.reports.satisfaction import satisfaction as report

    _answer(report(_cases("all"), _day(on), months), csv, out)


@app.command()
def forecast(
    on: On = None,
    months: Annotated[int, typer.Option("--months", help="How many months ahead.", min=1, max=60)] = 12,
    officers: Annotated[
        int | None, typer.Option("--officers", help="So many officers; those with cases today without it.", min=0)
    ] = None,
    inflow: Annotated[
        float | None, typer.Option("--inflow", help="Orders a week; as in the last year without it.", min=0)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same forecast.")] = 1,
    csv: Csv = None,
    out: Out = None,
) -> None:
    """The queue of the coming months under staffing and inflow, simulated from measured service times."""
    from samkorning.case.reports.forecast import forecast as report

    _answer(report(_cases("all"), _day(on), months, officers, inflow, seed), csv, out)


def _day(on: str | None) -> date:
    today = session.desk.clock.today()
    day = date.fromisoformat(session.day(on)) if on else today
    if day > today:
        raise typer.BadParameter("that day has not come")
    return day


def _cases(purpose: str) -> Sequence[Any]:
    from assets.steps.overview import summaries

    return [case for case in summaries(session.desk) if purpose in ("all", case.purpose)]


def _answer(report: Any, csv: Path | None, out: Path | None, **languages: Any) -> None:
    """Writes what is asked for, then answers: the same tables in words and as JSON."""
    from samkorning.case.reports.page import as_csv

    written = [] if csv is None else [_written(csv, as_csv(report))]
    if out is not None:
        written += _pages({"en": report, **languages}, out)
    tables = {
        table.name: {
            "title": table.title,
            "rows": [dict(zip(table.columns, row, strict=True)) for row in table.rows],
            **({"note": table.note} if table.note else {}),
        }
        for table in report.tables
    }
    answer = {"report": report.name, "title": report.title, "on": report.on, "tables": tables, "notes": report.notes}
    session.answer({**answer, "files": [without_numbers(str(path)) for path in written]}, _shown(report, written))


def _pages(languages: dict[str, Any], out: Path) -> list[Path]:
    from samkorning.case.reports.page import report_files
    from samkorning.delivery.report.printing import can_print

    out.mkdir(parents=True, exist_ok=True)
    pdf = can_print()
    files = [file for name, report in languages.items() for file in report_files(report, name, pdf=pdf).items()]
    return [_written(out / name, content) for name, content in files]


def _written(path: Path, content: bytes) -> Path:
    if not path.parent.is_dir():
        raise NotFound("there is no folder for that file; make it first")
    path.write_bytes(content)
    return path


def _shown(report: Any, written: Sequence[Path]) -> Callable[[], None]:
    from rich.table import Table

    from samkorning.case.reports.page import said

    def show() -> None:
        console.print(f"{report.title}, {report.on}", style="bold", markup=False)
        for note in report.notes:
            console.print(note, markup=False)
        for table in report.tables:
            shown = Table(title=table.title, title_justify="left", caption=table.note or None, caption_justify="left")
            for place, column in enumerate(table.columns):
                is_number = any(isinstance(row[place], int | float) for row in table.rows)
                shown.add_column(column, justify="right" if is_number else "left")
            for row in table.rows:
                shown.add_row(*(said(value) for value in row))
            console.print(shown if table.rows else f"{table.title}: none", markup=False)
        for path in written:
            console.print(f"written: {without_numbers(str(path))}", markup=False, soft_wrap=True)

    return show
