"""A report as files: a page with its plots, the same printed, and its tables as one CSV.

What belongs here: filling the page and writing rows. What must not: figures (the reports).
"""

import csv
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from samkorning.case.reports.tables import Cell, Plot, Report, ReportTable

BYTE_ORDER_MARK = "\ufeff"
"""By it Excel knows UTF-8."""
STYLE = ("samkorning.delivery.report", "report.css")


def report_files(report: Report, language: str = "en", *, pdf: bool = True) -> Mapping[str, bytes]:
    """The page of a report, and the same printed where ``pdf`` asks for it, by names of files."""
    from samkorning.delivery.report.printing import printed

    stem = f"{report.name}-{report.on}" + ("" if language == "en" else f".{language}")
    page = _page(report, language)
    made = {f"{stem}.html": page.encode()}
    if pdf:
        made[f"{stem}.pdf"] = printed(page, stem)
    return made


def as_csv(report: Report) -> bytes:
    """All tables of a report in long form, a value a line: tables of different columns in one file.

    ``;`` between, UTF-8 with a byte order mark, so that spreadsheets and statistics programs read it alike.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(("report", "on", "table", "line", "column", "value"))
    for table in report.tables:
        for line, row in enumerate(table.rows, start=1):
            for column, value in zip(table.columns, row, strict=True):
                writer.writerow((report.name, report.on, table.name, line, column, "" if value is None else value))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def said(value: Cell, language: str = "en") -> str:
    """A cell as it is read; a dash for what is not known."""
    if value is None:
        return "–"
    return str(value).replace(".", ",") if isinstance(value, float) and language == "sv" else str(value)


def _page(report: Report, language: str) -> str:
    tables = {table.name: table for table in report.tables}
    drawn: dict[str, list[str]] = {}
    for plot in report.plots:
        drawn.setdefault(plot.table, []).append(_drawn(plot, tables[plot.table]))
    package, style = STYLE
    return str(
        _template().render(
            report=report,
            language=language,
            drawn=drawn,
            said=lambda value: said(value, language),
            is_number=lambda value: isinstance(value, int | float),
            style=files(package).joinpath(style).read_text(encoding="utf-8"),
        )
    )


def _drawn(plot: Plot, table: ReportTable) -> str:
    from samkorning.delivery.report import charts

    of = table.columns.index(plot.along)
    values = [
        {"of": str(row[of]), "kind": kind, "value": row[table.columns.index(kind)]}
        for row in table.rows
        for kind in plot.drawn
    ]
    rows: Any = [value for value in values if value["value"] is not None]
    order = [str(row[of]) for row in table.rows]
    return (charts.bars if plot.bars else charts.lines)(rows, order, plot.drawn, plot.unit)


@lru_cache(maxsize=1)
def _template() -> Any:
    import jinja2

    text = files("samkorning.case.reports").joinpath("page.html.jinja").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
