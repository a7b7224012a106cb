"""The report to the sender of a file, accepted or not: what, which rows, which rule, what to do. Never a value.

What belongs here: the report as plain data. What must not: its page (sender_page), or where it is put.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from samkorning.identity.redaction import redact_file_name
from samkorning.register_files.checking import FileVerdict
from samkorning.register_files.messages.refusals import in_swedish
from samkorning.register_files.reports.messages import (
    FAULTS,
    IDENTIFYING,
    REMARKS,
    RULE_REMEDY,
    Bilingual,
    rule_message,
)
from samkorning.register_files.table import RegisterTable, RowFault

REPORT_FORMAT = "samkorning-file-report-1"
ROWS_LISTED = 1_000
SEPARATORS = {";": "semicolon", "\t": "tab", ",": "comma", "|": "pipe"}


@dataclass(frozen=True)
class Arrival:
    """Where and when a file came: hash of its bytes, the day, and case and source where they are known."""

    sha256: str
    day: date
    case: str | None = None
    source: str | None = None


def sender_report(verdict: FileVerdict, arrival: Arrival, repeated_rows: int | None = None) -> dict[str, Any]:
    """The report as one JSON object; ``problems`` is a list of what, rows, count and remedy in two languages.

    ``repeated_rows`` is how many rows repeat an earlier one, where that was counted.
    """
    account = verdict.account
    return {
        "report": REPORT_FORMAT,
        "file": redact_file_name(verdict.name),
        "sha256": arrival.sha256,
        "case": arrival.case,
        "source": arrival.source,
        "day": arrival.day.isoformat(),
        "accepted": verdict.is_accepted,
        "rows": account.rows if account else 0,
        "refused_rows": account.refused_rows if account else 0,
        "repeated_rows": repeated_rows if account else None,
        "columns": list(account.columns) if account else [],
        "format": account.format if account else None,
        "packaging": list(account.packaging) if account else [],
        "encoding": account.encoding if account else None,
        "separator": SEPARATORS.get(account.separator or "") if account else None,
        "problems": list(_problems(verdict)),
        "remarks": list(_remarks(account)) if account else [],
    }


def _problems(verdict: FileVerdict) -> Iterator[dict[str, Any]]:
    if verdict.refusal:
        problem, remedy = verdict.refusal.problem, verdict.refusal.remedy
        what = Bilingual(in_swedish(problem), problem)
        yield _problem("file_refused", None, what, Bilingual(in_swedish(remedy), remedy), 0, ())
    if verdict.account:
        yield from _refused_rows(verdict.account)
        for found in verdict.account.findings:
            yield _problem(found.rule, found.column, rule_message(found.rule), RULE_REMEDY, found.count, found.rows)
    for found in verdict.identifying:
        yield _problem(found.rule, found.column, IDENTIFYING.what, IDENTIFYING.remedy, found.count, found.rows)


def _refused_rows(account: RegisterTable) -> Iterator[dict[str, Any]]:
    """The refused rows by fault; beyond those that are listed one by one, only their count is known."""
    rows: dict[RowFault, list[int]] = {}
    for each in account.problems:
        rows.setdefault(each.problem, []).append(each.row)
    for fault, numbers in rows.items():
        message = FAULTS[fault]
        yield _problem(fault.value, None, message.what, message.remedy, len(numbers), numbers)
    further = account.refused_row_numbers[len(account.problems) :]
    if further:
        what = Bilingual("Fler rader är skadade.", "More rows are damaged.")
        yield _problem("more_rows", None, what, FAULTS[RowFault.BLANK_LINE].remedy, len(further), further)


def _problem(
    code: str, column: str | None, what: Bilingual, remedy: Bilingual, count: int, rows: Sequence[int]
) -> dict[str, Any]:
    return {
        "problem": code,
        "column": column,
        "what": what.as_dict(),
        "remedy": remedy.as_dict(),
        "count": count,
        "rows": list(rows[:ROWS_LISTED]),
    }


def _remarks(account: RegisterTable) -> Iterator[dict[str, Any]]:
    for remark, count in account.remarks.items():
        yield {"remark": remark.value, "what": REMARKS[remark].as_dict(), "count": count}
