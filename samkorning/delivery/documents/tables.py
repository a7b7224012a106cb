"""The tables of the package that describe the data: variable list (variabellista), row flow (radflöde), attrition.

What belongs here: these tables. What must not: running text (readme), data rows, any value of a person.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, time

import xlsxwriter

from samkorning.delivery.description import DeliveredFile, DeliveryDescription
from samkorning.delivery.package.signed_json import canonical_json
from samkorning.delivery.rendering.filled_values import filled_values
from samkorning.linkage.row_flow import RowFlow
from samkorning.persons.attrition import AttritionStep, in_words

VARIABLE_LIST = "variabellista.xlsx"
ROW_FLOW = "radflode.csv"
ATTRITION = "urval.csv"
BALANCE = "balans.csv"
DIFFERENCE = "skillnad.json"
_VARIABLE_COLUMNS = ("Dataset", "Variabelnamn", "Klartext", "English label", "Nr", "Typ", "Längd", "Rader med värde")
_WIDTHS = (28, 18, 48, 48, 6, 16, 8, 16)
_AS_WRITTEN = {
    "in_memory": True,  # no file of its own in the temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def variable_list(description: DeliveryDescription) -> bytes:
    """One row a variable and file, as an Excel workbook; its creation date is the delivery's, so bytes repeat."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, _AS_WRITTEN)
    workbook.set_properties(
        {"title": f"Variabellista {description.folder}", "created": datetime.combine(description.date, time())}
    )
    sheet = workbook.add_worksheet("Variabellista")
    sheet.write_row(0, 0, _VARIABLE_COLUMNS, workbook.add_format({"bold": True}))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for number, row in enumerate(_variable_rows(description.files), start=1):
        sheet.write_row(number, 0, row)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return content.getvalue()


def row_flow_table(flows: Sequence[RowFlow]) -> bytes:
    """The row flow as CSV in the form of the data files: ``source;step;reason;rows``."""
    return _table(("source", "step", "reason", "rows"), (row for flow in flows for row in _flow_rows(flow)))


def attrition_table(steps: Sequence[AttritionStep]) -> bytes:
    """How the study came to its persons, criterion by criterion, as CSV: ``of;criterion;persons;removed``."""
    return _table(("of", "criterion", "persons", "removed"), in_words(steps))


def difference_table(description: DeliveryDescription) -> bytes:
    """Of each unit that replaces one of an earlier delivery, the rows that are the same, altered, new and gone, and the
    altered cells by variable, as JSON for programs; ``null`` where what was delivered is not kept any more.
    """
    units = [asdict(each) for each in description.differences]
    return canonical_json({"case": description.case, "delivery": description.number, "units": units})


def balance_table(balance: Sequence[Sequence[str]]) -> bytes:
    """Cases against those who could be drawn as controls and those who were, as CSV."""
    heads, *rows = balance
    return _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return content.getvalue().encode("utf-8-sig")


def _variable_rows(files: Sequence[DeliveredFile]) -> Iterator[tuple[str | int, ...]]:
    for file in files:
        for number, variable in enumerate(file.variables, start=1):
            yield (
                file.name,
                variable.name,
                variable.label_sv,
                variable.label_en,
                number,
                variable.type,
                variable.length,
                filled_values(file.rendered, variable.name),
            )


def _flow_rows(flow: RowFlow) -> Iterator[tuple[str, str, str, int]]:
    yield flow.source, "in", "", flow.rows_in
    yield flow.source, "linked", "", flow.linked
    for reason, rows in sorted(flow.dropped.items()):
        yield flow.source, "dropped", reason, rows
    for column, reasons in sorted(flow.blanks.items()):
        for reason, rows in sorted(reasons.items()):
            yield flow.source, f"without serial number in {column}", reason, rows
    for column, counts in sorted(flow.readings.items()):
        for how, rows in sorted(counts.items()):
            yield flow.source, f"read in {column}", how, rows
    yield flow.source, "duplicates among linked", "", flow.duplicates
