"""What the report shows of the code book: a block for each variable of each file.

What belongs here: laying the code book out. What must not: choosing which counts are shown.
"""

from collections.abc import Callable, Iterator
from typing import Any

from samkorning.delivery.codebook.models import Bin, CodebookVariable, ValueCount
from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.documents.codebook_workbook import bound, distinct_shown
from samkorning.delivery.report.words import Words
from samkorning.order.drawn_files import OWN_HOLDER

Count = Callable[[Any], str]
MOST_VALUES, MOST_YEARS = 30, 30
"""What more there is stands in the workbook alone."""


def codebook_part(description: DeliveryDescription, words: Words, count: Count) -> list[dict[str, Any]]:
    """The files with the blocks of their variables."""
    return [
        {
            "name": file.name,
            "variables": [_block(each, words, count) for each in description.codebook if each.file == file.name],
        }
        for file in description.files
    ]


def _block(entry: CodebookVariable, words: Words, count: Count) -> dict[str, Any]:
    variable, is_swedish = entry.variable, words.language == "sv"
    largest = max((step.rows for step in entry.distribution), default=1)
    shown = [value for value in entry.values if value.code or value.rows]
    return {
        "name": variable.name,
        "label": (variable.label_sv if is_swedish else variable.label_en) or variable.label_sv,
        "facts": list(_facts(entry, words)),
        "counts": [
            (words.said["rows"].lower(), count(entry.rows)),
            (words.said["filled"], count(entry.filled)),
            (words.said["missing"], count(entry.missing)),
            (words.said["distinct"], count(distinct_shown(entry))),
        ],
        "values": [_value(value, words, is_swedish, count) for value in shown[:MOST_VALUES]],
        "more": words.said["more_values"].format(count=len(shown) - MOST_VALUES) if len(shown) > MOST_VALUES else "",
        "bins": [
            (_step(step, words), count(step.rows), f"{100 * step.rows / largest:.0f}") for step in entry.distribution
        ],
        "years": [(each.year, count(each.rows), count(each.filled)) for each in entry.years[:MOST_YEARS]]
        if len(entry.years) > 1
        else [],
        "notes": list(_notes(entry, words, is_swedish)),
    }


def _facts(entry: CodebookVariable, words: Words) -> Iterator[str]:
    variable = entry.variable
    called = words.said.get(f"type_{variable.type}", variable.type)
    yield f"{called} {variable.length}" if variable.length else called
    if variable.unit:
        yield f"{words.said['unit']} {variable.unit}"
    years = _years(variable.valid.from_year, variable.valid.to_year)
    if years:
        yield years
    if variable.origin and variable.origin.holder == OWN_HOLDER:
        yield words.said["from_register"].format(register=variable.origin.register)
    elif variable.origin:
        yield words.said["from_source"].format(register=variable.origin.register, holder=variable.origin.holder)


def _value(value: ValueCount, words: Words, is_swedish: bool, count: Count) -> tuple[str, str, str, str]:
    label = value.label_sv if is_swedish else value.label_en or value.label_sv
    years = _years(value.from_year, value.to_year)
    return value.code, label if value.code else words.said["other"], years, count(value.rows)


def _step(step: Bin, words: Words) -> str:
    if step.low is None:
        return words.said["below"].format(bound(step.high))
    if step.high is None:
        return words.said["from"].format(bound(step.low))
    return words.said["between"].format(bound(step.low), bound(step.high))


def _notes(entry: CodebookVariable, words: Words, is_swedish: bool) -> Iterator[str]:
    for system in entry.variable.systems:
        years = _years(system.from_year, system.to_year)
        yield words.said["system"].format(system=system.system, years=years).strip()
    for each in entry.variable.breaks:
        yield words.said["break"].format(year=each.year, note=each.note_sv if is_swedish else each.note_en)


def _years(first: int | None, last: int | None) -> str:
    return f"{first or ''}–{last or ''}" if first or last else ""
