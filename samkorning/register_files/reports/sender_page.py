"""The report to the sender as one self-contained HTML page, Swedish first, then English.

What belongs here: the page. What must not: what the report says (sender_report). No script, nothing fetched; every
text from a file's name or header is escaped.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from samkorning.register_files.reports.messages import FORMS_AND_SEPARATORS

WORDS = {
    "sv": {
        "title": "Mottagningsrapport",
        "accepted": "Filen är mottagen.",
        "refused": "Filen är inte mottagen. Inget av den har sparats.",
        "file": "Fil",
        "case": "Ärende",
        "source": "Källa",
        "day": "Datum",
        "rows": "Mottagna rader",
        "rows_refused_file": "Läsbara rader",
        "refused_rows": "Underkända rader",
        "repeated_rows": "Rader som upprepar en tidigare rad",
        "columns": "Kolumner",
        "format": "Format",
        "encoding": "Teckenkodning",
        "separator": "Skiljetecken",
        "sha256": "SHA-256",
        "problems": "Vad som behöver åtgärdas",
        "what": "Vad",
        "column": "Kolumn",
        "count": "Antal",
        "which": "Radnummer (första dataraden är 1)",
        "do": "Att göra",
        "remarks": "Noterat",
        "none": "Inget.",
        "more": "och {} till",
    },
    "en": {
        "title": "Report on a received file",
        "accepted": "The file is taken in.",
        "refused": "The file is not taken in. Nothing of it was kept.",
        "file": "File",
        "case": "Case",
        "source": "Source",
        "day": "Date",
        "rows": "Rows taken in",
        "rows_refused_file": "Readable rows",
        "refused_rows": "Rows refused",
        "repeated_rows": "Rows that repeat an earlier row",
        "columns": "Columns",
        "format": "Format",
        "encoding": "Encoding",
        "separator": "Separator",
        "sha256": "SHA-256",
        "problems": "What has to be done",
        "what": "What",
        "column": "Column",
        "count": "Count",
        "which": "Row numbers (the first data row is 1)",
        "do": "To do",
        "remarks": "Noted",
        "none": "Nothing.",
        "more": "and {} more",
    },
}
FACTS = (
    "file", "case", "source", "day", "rows", "refused_rows", "repeated_rows",
    "format", "encoding", "separator", "sha256",
)  # fmt: skip
STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;"
    "vertical-align:top}td{overflow-wrap:anywhere}.accepted{color:#060}.refused{color:#900}"
)
SHOWN_RANGES = 200


def sender_page(report: dict[str, Any]) -> str:
    """The whole page."""
    body = "\n<hr>\n".join(_section(report, language) for language in WORDS)
    title = f"{WORDS['sv']['title']}: {escape(report['file'])}"
    return (
        f'<!DOCTYPE html>\n<html lang="sv">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def row_ranges(rows: Sequence[int]) -> list[str]:
    """Row numbers in rising order as ``4`` or ``18-20``."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])
    return [str(first) if first == last else f"{first}-{last}" for first, last in ranges]


def _section(report: dict[str, Any], language: str) -> str:
    words = WORDS[language]
    verdict = "accepted" if report["accepted"] else "refused"
    parts = [
        f'<section lang="{language}">',
        f"<h1>{words['title']}</h1>",
        f'<p class="{verdict}"><strong>{words[verdict]}</strong></p>',
        _facts(report, words, language),
        f"<h2>{words['problems']}</h2>",
        _problems(report["problems"], words, language),
        f"<h2>{words['remarks']}</h2>",
        _remarks(report["remarks"], words, language),
        "</section>",
    ]
    return "\n".join(parts)


def _facts(report: dict[str, Any], words: dict[str, str], language: str) -> str:
    labels = words if report["accepted"] else {**words, "rows": words["rows_refused_file"]}
    facts = [(labels[name], _fact(report, name, language)) for name in FACTS if report[name] is not None]
    facts.append((words["columns"], ", ".join(report["columns"])))
    return _table([f"<th>{label}</th><td>{escape(value)}</td>" for label, value in facts])


def _fact(report: dict[str, Any], name: str, language: str) -> str:
    if name in ("format", "separator") and report[name] in FORMS_AND_SEPARATORS:
        return FORMS_AND_SEPARATORS[report[name]].as_dict()[language]
    return str(report[name])


def _problems(problems: list[dict[str, Any]], words: dict[str, str], language: str) -> str:
    if not problems:
        return f"<p>{words['none']}</p>"
    head = "".join(f"<th>{words[name]}</th>" for name in ("what", "column", "count", "which", "do"))
    return _table([head, *(_problem(problem, words, language) for problem in problems)])


def _problem(problem: dict[str, Any], words: dict[str, str], language: str) -> str:
    cells = (
        problem["what"][language],
        problem["column"] or "",
        str(problem["count"] or ""),
        ", ".join(_rows(problem, words)),
        problem["remedy"][language],
    )
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)


def _rows(problem: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    """Ranges of row numbers, and how many rows are not among them."""
    ranges = row_ranges(problem["rows"])
    yield from ranges[:SHOWN_RANGES]
    not_listed = problem["count"] - len(problem["rows"])
    hidden = sum(_length(each) for each in ranges[SHOWN_RANGES:])
    if not_listed + hidden > 0:
        yield words["more"].format(not_listed + hidden)


def _length(text: str) -> int:
    first, _, last = text.partition("-")
    return int(last or first) - int(first) + 1


def _remarks(remarks: list[dict[str, Any]], words: dict[str, str], language: str) -> str:
    if not remarks:
        return f"<p>{words['none']}</p>"
    return _table([f"<td>{escape(each['what'][language])}</td><td>{each['count']}</td>" for each in remarks])


def _table(rows: Sequence[str]) -> str:
    return "<table>\n" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "\n</table>"
