"""The formats that data files are delivered in, by name, and which names of variables each of them takes.

What belongs here: what an order says of formats and what is known before there are rows. What must not: how a format is
written (samkorning.delivery.formats).
"""

import re
from collections.abc import Iterable
from typing import Literal

FormatName = Literal["csv", "tab", "parquet", "spss", "stata", "sas_transport", "sas", "excel"]

STATISTICS: frozenset[FormatName] = frozenset({"spss", "stata", "sas_transport", "sas"})
"""The formats of statistics programs, whose variables have names of one form."""
LONGEST_NAME = 32
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED: dict[FormatName, frozenset[str]] = {
    "spss": frozenset(["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]),
    "stata": frozenset(
        ["byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using", "with"]
        + [f"str{length}" for length in range(1, 2046)]
    ),
}
"""Names that are words of the program's own language, in lower case."""
_DELIMITED: frozenset[FormatName] = frozenset({"csv", "tab"})
_NOT_OF_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CALCULATED = ("=", "+", "-", "@")


def with_what_they_need(formats: Iterable[FormatName]) -> tuple[FormatName, ...]:
    """The formats asked for, each once, and CSV where a program reads it: the SAS program is nothing without."""
    asked = list(dict.fromkeys(formats))
    return ("csv", *asked) if "sas" in asked and "csv" not in asked else tuple(asked)


def name_problem(name: str, format_name: FormatName) -> str | None:
    """Why a format cannot have a variable of this name, or nothing."""
    if format_name not in STATISTICS:
        return None
    if len(name.encode()) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if _NAME.fullmatch(name) is None:
        return "is not written with A-Z, a-z, 0-9 and _ alone, a letter first"
    if name.lower() in _RESERVED.get(format_name, ()):
        return "is a word of the program's own language"
    return None


def header_problem(name: str, format_name: FormatName) -> str | None:
    """Why delimited text should not begin with a variable of this name, or nothing.

    A name with a separator or a quotation mark stands in quotation marks, as RFC 4180 says; no reader mistakes it.
    """
    if format_name not in _DELIMITED:
        return None
    if _NOT_OF_ONE_LINE.search(name):
        return "holds a line end, a tabulator or another control character"
    if name.startswith(_CALCULATED):
        return "begins as what a spreadsheet calculates"
    return None
