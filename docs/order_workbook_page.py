"""The page of the order's workbooks: their sheets, lines and columns in both languages, and what becomes of them.

What belongs here: turning the layout into a page. What must not: the layout (samkorning.order.workbooks).
"""

from collections.abc import Iterator

from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.columns import YES_NO, Column, Kind
from samkorning.order.workbooks.form_lines import FORM
from samkorning.order.workbooks.template import TEMPLATES

HEAD = """# The order as a workbook

An order is sent as YAML ([order.md](order.md)), or as Excel workbooks that the service makes:

    samkorning order template --out FOLDER                  all templates, in Swedish and English
    samkorning order template --out FOLDER --order ORDER    an order in YAML, filled in
    samkorning order check ORDER.xlsx [LIST.xlsx …]         what is wrong and what is missing, by sheet, row and column
    samkorning order check ORDER.xlsx --documents FOLDER    … and of the files of its documents
    samkorning case open ORDER.xlsx [LIST.xlsx …]
    samkorning case attach CASE FILE…                       the documents, kept encrypted and archived

![The form and the check sheet](pictures/order-workbook.png)

Drop-downs come from the register catalogue, and the check sheet says by formulas what is missing while the form is
filled in. `order check` tells every fault in one answer, and what an orderer would be asked for later. The case
register keeps the order as YAML, which the same workbooks always give, with the names and hashes of the workbooks
(decision 0064).

What a tired person does is read as it is meant: columns in another order, headings in either language or as a
metadata tool writes them, words above the headings, small letters, `2020.0`, dates as text or as Excel keeps them,
hard blanks, codes with points, `DIA1-DIA30`, a row for each year. What would be read otherwise than it is seen is
refused: merged cells, hidden sheets and rows, error cells, a sheet or a column that the template does not have, text
that begins as a formula does. So is a cell that reads as an identity number, by its place alone. A code of digits
alone has lost its zeros if Excel took it for a number: in double quotes (`"0011"`) it is taken as it stands.

A workbook that is no template, or a text file with separators (csv), may hold one list, known by its headings: a
variable list as a metadata tool exports it (register, variable, label, period), a selector, or the attachments.

The templates are {templates}; `*` stands for what must be filled in.
"""


def page() -> str:
    """The page."""
    names = ", ".join(f"`{template.file}`" for template in TEMPLATES)
    return "\n".join([HEAD.format(templates=names), *_form(), *_lists(), *_further()]) + "\n"


def _form() -> Iterator[str]:
    yield f"## {sheets.ORDER.sv} ({sheets.ORDER.en})\n"
    yield "| line | in English | what it takes | field |\n|---|---|---|---|"
    for _, _, lines in FORM:
        for line in lines:
            star = " *" if line.column.needed else ""
            takes = _takes(line.column)
            yield f"| {line.column.sv}{star} | {line.column.en} | {takes} | `{'.'.join(map(str, line.path))}` |"


def _lists() -> Iterator[str]:
    for sheet in sheets.TABLES:
        yield f"\n## {sheet.sv} ({sheet.en})\n"
        yield "| column | in English | what it takes | also headed |\n|---|---|---|---|"
        for column in sheet.columns:
            star = " *" if column.needed else ""
            yield f"| {column.sv}{star} | {column.en} | {_takes(column)} | {', '.join(column.also)} |"


def _further() -> Iterator[str]:
    yield f"\n## {sheets.FURTHER.sv} ({sheets.FURTHER.en})\n"
    yield (
        "Every other field of [order.md](order.md), by its path, such as `specification.repairs`, its value as in "
        "YAML. A value that is too long for a cell goes on in a line whose path ends in `+`."
    )


def _takes(column: Column) -> str:
    words = YES_NO if column.kind is Kind.YES_NO else column.words
    said = {
        Kind.WHOLE: "whole number",
        Kind.SHARE: "share, such as 0,05 or 5 %",
        Kind.DATE: "date, YYYY-MM-DD",
        Kind.YEARS: "years, such as 2015-2020",
        Kind.TEXTS: "texts, with ; between them",
        Kind.CHOICES: "one or several, with ; between them",
    }.get(column.kind, "text" if not words else "")
    offered = ", ".join(f"{word.sv} ({word.en})" if word.sv != word.en else word.sv for word in words)
    return ": ".join(filter(None, (said, offered.replace("|", "\\|")))) + (
        f". {column.hint_en}" if column.hint_en else ""
    )
