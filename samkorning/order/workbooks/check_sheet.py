"""The check sheet of an order's workbook: formulas that say what is missing while it is filled in.

What belongs here: the formulas. What must not: the whole check, which the service makes (judging). They use functions
that every spreadsheet program has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.columns import YES_NO, Language
from samkorning.order.workbooks.filling import Filling
from samkorning.order.workbooks.form_lines import LINES
from samkorning.order.workbooks.gathered import letters
from samkorning.order.workbooks.sheets import Sheet
from samkorning.order.workbooks.words import PURPOSES

CHECKED_ROWS = 2_000
"""To which row lists have drop-downs and are looked at; more rows are read all the same."""
ETHICS = ("ethics.application", "ethics.decided", "ethics.consent")


@dataclass(frozen=True)
class Words:
    """What the sheet says in a language."""

    what: str
    how: str
    missing: str
    done: str
    left: str
    on_row: str
    ordered: str


WORDS: dict[Language, Words] = {
    "sv": Words(
        "Vad", "Hur det är", "saknas", "klart", "Kvar att göra:", "saknas på rad", "något register är beställt"
    ),
    "en": Words("What", "How it is", "missing", "done", "Left to do:", "missing on row", "some register is ordered"),
}


@dataclass(frozen=True)
class Check:
    """One thing that is looked at: what it is, the formula, and what the formula gives where it is written."""

    said: str
    formula: str
    value: str


def write_check_sheet(
    page: Any, formats: Mapping[str, Any], language: Language, rows: Mapping[str, int], filling: Filling
) -> None:
    """Fills the check sheet.

    :param rows: the row of every line of the form, by its key.
    """
    words = WORDS[language]
    page.set_column(0, 0, 70)
    page.set_column(1, 1, 40)
    page.write_row(2, 0, [words.what, words.how], formats["head"])
    checks = [*_lines(language, rows, filling), *_lists(language, filling)]
    for number, check in enumerate(checks, start=3):
        page.write_string(number, 0, check.said, formats["wrap"])
        page.write_formula(number, 1, check.formula, formats["wrap"], check.value)
    last = 3 + len(checks)
    page.write_string(0, 0, words.left, formats["section"])
    open_now = sum(check.value != words.done for check in checks)
    left = f'=ROWS(B4:B{last})-COUNTIF(B4:B{last},"{words.done}")'
    page.write_formula(0, 1, left, formats["section"], open_now)
    unlike = {"type": "cell", "criteria": "!=", "value": f'"{words.done}"', "format": formats["open"]}
    page.conditional_format(3, 1, last - 1, 1, unlike)
    page.freeze_panes(3, 0)


def _lines(language: Language, rows: Mapping[str, int], filling: Filling) -> Iterator[Check]:
    """The lines of the form that are needed, always or by what another line says."""
    words, name = WORDS[language], sheets.ORDER.name(language)
    texts = {line.column.key: filling.form.get(line.path, "") for line in LINES}
    cells = {key: f"'{name}'!B{row}" for key, row in rows.items()}
    research, yes = PURPOSES[0].said(language), YES_NO[0].said(language)
    is_research, is_deceased = texts["purpose"] == research, texts["deceased_only"] == yes
    deceased = f'{cells["deceased_only"]}="{yes}"'
    asked = dict.fromkeys(ETHICS, (f'{cells["purpose"]}="{research}",NOT({deceased})', is_research and not is_deceased))
    asked |= {"research_plan": (deceased, is_deceased)}
    for line in LINES:
        key, empty = line.column.key, f"LEN(TRIM({cells[line.column.key]}))=0"
        condition, holds = ("", True) if line.column.needed else asked.get(key, ("", False))
        if line.column.needed or condition:
            test = f"AND({condition},{empty})" if condition else empty
            value = words.missing if holds and not texts[key] else words.done
            said = f"{name}: {line.column.heading(language)}"
            yield Check(said, f'=IF({test},"{words.missing}","{words.done}")', value)


def _lists(language: Language, filling: Filling) -> Iterator[Check]:
    """That something is ordered, and that no row of a list lacks what it needs."""
    words, variables = WORDS[language], sheets.VARIABLES
    first = f"'{variables.name(language)}'!A2:A{CHECKED_ROWS}"
    formula = f'=IF(COUNTA({first})=0,"{words.missing}","{words.done}")'
    value = words.done if filling.lists.get(variables.key) else words.missing
    yield Check(f"{variables.name(language)}: {words.ordered}", formula, value)
    for sheet in sheets.TABLES:
        yield from _gaps(sheet, language, filling)


def _gaps(sheet: Sheet, language: Language, filling: Filling) -> Iterator[Check]:
    """For each needed column of a list: the first row that has something and lacks it, and how many do."""
    words, table = WORDS[language], f"'{sheet.name(language)}'!"
    columns = [f"{table}{letters(place)}2:{letters(place)}{CHECKED_ROWS}" for place in range(len(sheet.columns))]
    anything = "+".join(f'({column}<>"")' for column in columns)
    for column, here in zip(sheet.columns, columns, strict=True):
        if not column.needed:
            continue
        lacking = f'({here}="")*(({anything})>0)'
        count, row = f"SUMPRODUCT({lacking})", f"MATCH(1,INDEX({lacking},0),0)+1"
        shown = f'"{words.on_row} "&{row}&" ("&{count}&")"'
        rows = [number for number, each in enumerate(filling.lists.get(sheet.key, ()), 2) if not each.get(column.key)]
        value = f"{words.on_row} {rows[0]} ({len(rows)})" if rows else words.done
        said = f"{sheet.name(language)}: {column.heading(language)}"
        yield Check(said, f'=IF({count}=0,"{words.done}",{shown})', value)
