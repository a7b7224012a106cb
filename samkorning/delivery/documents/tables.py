"""The tables of the package that describe the data: variable list (variabellista), row flow (radflöde), attrition.

What belongs here: these tables. What must not: running text (readme), data rows, any value of a person.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from samkorning.delivery.changes.models import Change, What
from samkorning.delivery.description import DeliveredVariable, DeliveryDescription, UnitDifference
from samkorning.delivery.documents.codebook_workbook import shown
from samkorning.delivery.documents.table_words import CHANGES as CHANGED
from samkorning.delivery.documents.table_words import reading, type_word
from samkorning.delivery.documents.table_words import reason as why
from samkorning.delivery.documents.workbooks import Cell, Sheet, workbook
from samkorning.delivery.lost_persons import ReportedLost
from samkorning.delivery.package.signed_json import canonical_json
from samkorning.delivery.rendering.persons import persons_counted
from samkorning.delivery.reported_attrition import reported_attrition
from samkorning.delivery.reported_rows import ReportedRows, reported_flows
from samkorning.linkage.row_flow import RowFlow

VARIABLE_LIST = "variabellista.xlsx"
ROW_FLOW = "radflode.csv"
ATTRITION = "urval.csv"
BALANCE = "balans.csv"
CHANGES = "andringar.csv"
_VARIABLE_COLUMNS = (
    *("Datafil", "Variabelnamn", "Klartext", "Klartext (engelska)", "Nr", "Typ", "Längd", "Rader med värde"),
    *("Värdemängd", "Gäller från", "Gäller till", "Enhet", "Registerhållare", "Källa", "Namn i källan"),
)
_WIDTHS = (28, 18, 48, 48, 6, 16, 8, 16, 48, 12, 12, 12, 20, 20, 20)
_MOST_VALUES = 20
FlowRow = tuple[str, str, str, int | str, int | str]
"""Source, step, reason, rows and persons; nothing where it is not counted."""
DIFFERENCE = "skillnad.json"


def variable_list(description: DeliveryDescription) -> bytes:
    """One row a variable and file, as an Excel workbook."""
    sheet = Sheet("Variabellista", _VARIABLE_COLUMNS, _WIDTHS, _variable_rows(description))
    return workbook(f"Variabellista {description.folder}", description.date, [sheet])


def flow_table(description: DeliveryDescription) -> bytes:
    """Rows and persons at every step, from the first criterion to the files, as CSV in the form of the data files:
    ``source;step;reason;rows;persons``. A dash is in the place of a count that is left out.
    """
    flows = reported_flows(description.row_flows, description.lost, description.smallest_count)
    of_sources = [row for flow, lost, rows in flows for row in _flow_rows(flow, lost, rows)]
    rows = [*_study_rows(description), *of_sources, *_file_rows(description)]
    return _table(("source", "step", "reason", "rows", "persons"), rows)


def _study_rows(description: DeliveryDescription) -> Iterator[FlowRow]:
    for step in reported_attrition(description.attrition, description.smallest_count):
        yield step.of, "personer kvar", step.sentence, "", shown(step.persons)
        if not step.begins:
            yield step.of, "bortfallna personer", step.sentence, "", shown(step.removed)
    yield "studien", "i kodnyckeln", "", "", description.serial_numbers.persons_in_code_key
    if description.persons:
        yield "studien", "i studien", "", "", description.persons.persons


def _file_rows(description: DeliveryDescription) -> Iterator[FlowRow]:
    for file in description.files:
        counted = persons_counted(file.rendered)
        yield file.name, "utlämnat", "", file.rendered.rows, counted.in_file if counted else ""


def attrition_table(description: DeliveryDescription) -> bytes:
    """How the study came to its persons, criterion by criterion, as CSV: ``of;criterion;persons;removed``. A dash is in
    the place of a count that is left out.
    """
    return _table(("of", "criterion", "persons", "removed"), attrition_rows(description))


def attrition_rows(description: DeliveryDescription) -> list[tuple[str, str, str, str]]:
    """One row a step: of what, the criterion, persons left, persons removed, as they are reported."""
    steps = reported_attrition(description.attrition, description.smallest_count)
    return [
        (step.of, step.sentence, str(shown(step.persons)), "" if step.begins else str(shown(step.removed)))
        for step in steps
    ]


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


def changes_table(changes: Sequence[Change], differences: Sequence[UnitDifference]) -> bytes:
    """What has changed since earlier deliveries, as CSV: ``file;of;what;since;before;now``; what stands under
    these heads is Swedish.
    """
    rows: list[tuple[str | int, ...]] = [
        (each.file, each.variable, CHANGED[each.what], each.since, *_before_and_now(each)) for each in changes
    ]
    for unit in differences:
        rows += [("", unit.unit, what, unit.replaces, "", count) for what, count in difference_counts(unit)]
    return _table(("file", "of", "what", "since", "before", "now"), rows)


def _before_and_now(change: Change) -> tuple[str, str]:
    if change.what is What.RETYPED:
        return type_word(change.before), type_word(change.now)
    return change.before, change.now


def difference_counts(unit: UnitDifference) -> Iterator[tuple[str, int | str]]:
    """What a unit differs in from the one that it replaces, by name; that it is not known, where that is not kept."""
    rows = unit.rows
    if rows is None:
        yield "utlämnad på nytt", "det som lämnades ut förut finns inte kvar"
        return
    yield "samma rader", rows.same
    yield "ändrade rader", rows.altered
    yield "nya rader", rows.new
    yield "borttagna rader", rows.gone
    yield "nya personer", rows.persons_new
    yield "borttagna personer", rows.persons_gone


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return content.getvalue().encode("utf-8-sig")


def _variable_rows(description: DeliveryDescription) -> Iterator[tuple[Cell, ...]]:
    filled = {(entry.file, entry.variable.name): shown(entry.filled) for entry in description.codebook}
    for file in description.files:
        for number, variable in enumerate(file.variables, start=1):
            yield (
                file.name,
                variable.name,
                variable.label_sv,
                variable.label_en,
                number,
                type_word(variable.type),
                variable.length,
                filled.get((file.name, variable.name), ""),
                *_further(variable),
            )


def _further(variable: DeliveredVariable) -> tuple[Cell, ...]:
    """What the register catalogue or the contract says beside type and label."""
    codes = [f"{code.code} {code.label_sv}".strip() for code in variable.codes]
    values = "; ".join(codes) if len(codes) <= _MOST_VALUES else f"{len(codes)} värden, se kodbok.xlsx"
    origin = variable.origin
    where = (origin.holder_sv, origin.register, origin.column) if origin else ("", "", "")
    return (values, variable.valid.from_year, variable.valid.to_year, variable.unit or "", *where)


def _flow_rows(flow: RowFlow, lost: ReportedLost | None, told: ReportedRows) -> Iterator[FlowRow]:
    yield flow.source, "rader in", "", shown(told.rows_in), ""
    yield flow.source, "länkade", "", flow.linked, "" if flow.persons is None else flow.persons
    if flow.persons_without_rows is not None:
        yield flow.source, "personer utan rader", "", "", flow.persons_without_rows
    for reason, rows in sorted(told.dropped.items()):
        yield flow.source, "bortfall", why(reason), shown(rows), "" if lost is None else shown(lost.persons(reason))
    if lost is not None:
        yield flow.source, "bortfall totalt", "", shown(told.dropped_in_all), shown(lost.in_all)
        yield flow.source, "bortfall utan läsbart nummer", "", shown(told.without_number), ""
    for column, reasons in sorted(told.blanks.items()):
        for reason, rows in sorted(reasons.items()):
            yield flow.source, f"utan löpnummer i {column}", why(reason), shown(rows), ""
    for column, counts in sorted(told.readings.items()):
        for how, rows in sorted(counts.items()):
            yield flow.source, f"tolkat i {column}", reading(how), shown(rows), ""
    yield flow.source, "dubbletter bland länkade", "", flow.duplicates, ""
