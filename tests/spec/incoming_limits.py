"""The limits that docs/incoming-files.md tells, with their figures read from the code.

What belongs here: which limits a sender can meet. What must not: a figure.
"""

from samkorning.register_files import duplicates, table
from samkorning.register_files.columns import header
from samkorning.register_files.guarded.limits import Limits
from samkorning.register_files.packaging import entries, streams
from samkorning.register_files.statistics import statistics_file
from samkorning.register_files.stored import stored_tables
from samkorning.register_files.text import lines
from samkorning.register_files.workbooks import sheet_rows, workbook
from tests.spec.identity_page import section

LIMITS = Limits()


def limits() -> str:
    """The table of limits."""
    rows = [
        ("a row of text, or what a quote spans", size(lines.LONGEST_RECORD)),
        ("columns of a file", number(header.MOST_COLUMNS)),
        ("refused rows of a file, whatever is tolerated", number(table.MOST_REFUSED)),
        ("rows among which repeated ones are counted", number(duplicates.MOST_ROWS)),
        ("a workbook", size(workbook.MOST_BYTES)),
        ("a workbook unpacked", f"{size(workbook.MOST_UNPACKED)} in {number(workbook.MOST_PARTS)} parts"),
        ("cells of a sheet, from the first to the last, empty ones too", number(sheet_rows.MOST_CELLS)),
        ("a Parquet, Arrow or statistics file", size(stored_tables.MOST_BYTES)),
        ("the rows of a statistics file, unpacked", size(statistics_file.MOST_UNPACKED)),
        ("files in an archive", number(entries.MOST_ENTRIES)),
        ("an archive unpacked", f"{size(streams.MOST_UNPACKED)}, and {streams.MOST_RATIO} times its packed size"),
        ("the rows that a file gives", f"{size(LIMITS.rows)}, or {LIMITS.growth} times its own size if that is more"),
        ("time for reading a file", f"{LIMITS.waiting / 3600:.0f} hours"),
    ]
    return section("Limits", ("what", "at most"), rows)


def size(octets: int) -> str:
    """Bytes in the largest unit that gives a whole number."""
    for unit, one in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if octets % one == 0 and octets >= one:
            return f"{octets // one} {unit}"
    return f"{number(octets)} bytes"


def number(count: int) -> str:
    """With thousands apart."""
    return f"{count:,}".replace(",", " ")
