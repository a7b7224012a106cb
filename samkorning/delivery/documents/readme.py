"""The two readme files of a package, LÄSMIG.md and README.md, filled with this delivery's counts and names.

What belongs here: filling pages and tables. What must not: the words (readme_texts), or any value from a row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from samkorning.delivery.description import AsWritten, DeliveryDescription, StudyChange, data_name
from samkorning.delivery.documents import table_words
from samkorning.delivery.documents.codebook_workbook import shown
from samkorning.delivery.documents.readme_texts import Wording
from samkorning.delivery.documents.tables import attrition_rows
from samkorning.delivery.rendering.spreadsheet_values import formula_like
from samkorning.delivery.report.forms import report_names
from samkorning.delivery.reported_rows import reported_flows

SWEDISH_README = "LÄSMIG.md"
ENGLISH_README = "README.md"


def readme(description: DeliveryDescription, wording: Wording) -> bytes:
    """One page in one language."""
    recipient = description.recipient
    has_csv = any(form.ending == ".csv" for file in description.files for form in file.rendered.forms)
    page = wording.page.substitute(
        case=description.case,
        number=description.number,
        folder=description.folder,
        synthetic=wording.synthetic if description.synthetic else "",
        title=_inline(description.title),
        recipient=_inline(f"{recipient.name}, {recipient.organisation}"),
        date=description.date.isoformat(),
        kind=wording.kinds[description.kind],
        previous=description.previous or wording.no_earlier,
        files=_table(wording.file_heads, _file_rows(description)),
        units=_replaced(description, wording),
        standing=_standing(description, wording),
        study=_study(description.study_change, wording),
        flows=_table(wording.flow_heads, _flow_rows(description, wording)),
        attrition=_attrition(description, wording),
        awaited=_list(description.awaited) or wording.nothing_awaited,
        persons=description.serial_numbers.persons_in_code_key,
        drawn=description.serial_numbers.drawn_now,
        formats=_formats(description, wording),
        report=_report(description) or wording.no_report,
        csv_programs=wording.csv_programs if has_csv else "",
        in_r=wording.in_r if has_csv else "",
        altered=_altered(description, wording),
        unlabelled=_unlabelled(description, wording),
        formula=_formula_variables(description) or wording.no_formula,
        notes=_list(description.notes) or wording.no_notes,
    )
    return page.encode()


def _report(description: DeliveryDescription) -> str:
    """The files of the report that are made."""
    return ", ".join(f"`{name}`" for name in report_names(description))


def _file_rows(description: DeliveryDescription) -> Iterable[Sequence[str]]:
    for file in description.files:
        for form in file.rendered.forms:
            yield f"`{data_name(file.name, form)}`", str(file.rendered.rows), str(len(file.variables))


def _formats(description: DeliveryDescription, wording: Wording) -> str:
    """How files of each format are read, and what of their contents these do not carry, by variable."""
    forms = [(file, form) for file in description.files for form in file.rendered.forms]
    asked = [name for name in wording.formats if any(form.format == name for _, form in forms)]
    losses = [
        f"- `{data_name(file.name, form)}`: {wording.losses[what]}: {', '.join(variables)}"
        for file, form in forms
        for what, variables in form.losses.items()
    ]
    paragraphs = [wording.formats[name] for name in asked]
    otherwise = list(_as_written(description, wording)) if {"csv", "tab"} & {*asked} else []
    if otherwise:
        paragraphs.insert(1, "\n".join([wording.as_written, *otherwise]))
    if losses:
        paragraphs.append("\n".join([wording.not_carried, *losses]))
    return "\n\n".join(paragraphs)


def _as_written(description: DeliveryDescription, wording: Wording) -> Iterator[str]:
    """The variables of other holders that may have a decimal comma, or another shape of date than YYYY-MM-DD."""
    for file in description.files:
        said = [each for each in file.variables if not each.is_typed]
        comma = [each.name for each in said if each.type == "decimal" and each.written.decimal_mark == ","]
        if comma:
            yield f"- `{file.name}`: {wording.comma}: {', '.join(comma)}"
        dates = [(each.name, each.written.date_shapes) for each in said if each.type == "date"]
        others = [f"{name} ({', '.join(shapes)})" for name, shapes in dates if shapes != AsWritten().date_shapes]
        if others:
            yield f"- `{file.name}`: {wording.dates}: {', '.join(others)}"


def _replaced(description: DeliveryDescription, wording: Wording) -> str:
    """Which part of which file replaces that of which delivery, and which is new; a sentence where all is new."""
    units = [(file, unit) for file in description.files for unit in file.units]
    if not any(unit.replaces for _, unit in units):
        return wording.nothing_replaced + "\n"
    rows = ((f"`{file.name}`", unit.name, unit.replaces or wording.new) for file, unit in units)
    return wording.replaced + "\n\n" + _table(wording.unit_heads, rows)


def _standing(description: DeliveryDescription, wording: Wording) -> str:
    """What is not in a delivery of everything, where it stands, and why; nothing where all is in it."""
    if not description.standing:
        return ""
    rows = ((unit.name, unit.delivery, wording.stands[unit.why]) for unit in description.standing)
    return f"\n{wording.standing}\n\n{_table(wording.standing_heads, rows)}"


def _study(change: StudyChange, wording: Wording) -> str:
    if change == StudyChange():
        return wording.same_study
    return wording.other_study.substitute(came=change.came, went=change.went)


def _attrition(description: DeliveryDescription, wording: Wording) -> str:
    """From a source to the study; nothing where the population was sent as a file."""
    if not description.attrition:
        return ""
    table = _table(wording.attrition_heads, attrition_rows(description))
    return f"\n{wording.attrition}\n\n{table}"


def _flow_rows(description: DeliveryDescription, wording: Wording) -> Iterator[Sequence[str]]:
    for flow, found, told in reported_flows(description.row_flows, description.lost, description.smallest_count):
        reasons = [(reason, rows) for reason, rows in sorted(told.dropped.items()) if rows != 0]
        dropped = ", ".join(f"{_reason(reason, wording)}: {shown(rows)}" for reason, rows in reasons) or "0"
        lost = wording.not_counted if found is None else str(shown(found.in_all))
        yield flow.source, str(shown(told.rows_in)), str(flow.linked), dropped, lost, str(flow.duplicates)


def _reason(name: str, wording: Wording) -> str:
    """Why rows were dropped, in words, and as radflode.csv says it where that is in other ones."""
    words, in_table = wording.reason(name), table_words.reason(name)
    return words if words == in_table else f"{words} ({in_table})"


def _altered(description: DeliveryDescription, wording: Wording) -> str:
    """That values are as they came, and which codes are not: those that the specification cuts (R08)."""
    cuts = [
        f"`{file.name}`: {each.name} ({each.cut} {wording.characters})"
        for file in description.files
        for each in file.variables
        if each.cut is not None
    ]
    return wording.cut.substitute(cuts=", ".join(cuts)) if cuts else wording.unaltered


def _unlabelled(description: DeliveryDescription, wording: Wording) -> str:
    """The variables with codes that no label stands for, as far as the code book shows it; nothing where none has."""
    found: dict[str, list[str]] = {}
    for entry in description.codebook:
        if any(value.rows and (not value.code or not value.label_sv) for value in entry.values):
            found.setdefault(entry.file, []).append(entry.variable.name)
    named = "; ".join(f"`{file}`: {', '.join(names)}" for file, names in found.items())
    return wording.unlabelled.substitute(variables=named) if named else ""


def _formula_variables(description: DeliveryDescription) -> str:
    found = ((file.name, formula_like(file.rendered)) for file in description.files)
    named = [f"`{name}`: {', '.join(variables)}" for name, variables in found if variables]
    return f"({'; '.join(named)})" if named else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(_inline(cell).replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {_inline(item)}" for item in items)


def _inline(text: str) -> str:
    """Text from an order on one line, so that it cannot begin a heading or table of its own."""
    return re.sub(r"\s+", " ", text).strip()
