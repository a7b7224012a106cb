"""Names, codes and days as they may stand in SQL: each has been seen to have its form, or it is not written.

What belongs here: the one way from an order or the catalogue into a statement. What must not: what a statement says.
"""

import re
from collections.abc import Iterable
from datetime import date
from textwrap import fill

from samkorning.errors import NotFound

_NAME = re.compile("[A-Za-zÅÄÖåäö][A-Za-zÅÄÖåäö0-9_]{0,62}")
_CODE = re.compile("[A-ZÅÄÖ0-9]{1,7}")
_AREA = re.compile("[0-9]{2}([0-9]{2})?")
OWN_COLUMNS = frozenset({"person", "register_year"})


def variable(name: str) -> str:
    """A variable of a register, in quotes.

    :raises NotFound: for a name that a statement cannot hold, or that is one of the selection's own columns.
    """
    if name.casefold() in OWN_COLUMNS:
        raise NotFound(
            f"the variable {name} has the name of a column of the selection itself; rename it in the catalogue"
        )
    return f'"{_fitting(_NAME, name, "variable")}"'


def relation(name: str) -> str:
    """A register or step, in small letters."""
    return _fitting(_NAME, name, "name").lower()


def codes(values: Iterable[str]) -> str:
    """Codes in a list, as ``IN`` takes them, in lines that can be read."""
    listed = fill(", ".join(code(value) for value in values), 100, subsequent_indent="        ")
    return f"({listed})"


def code(value: str) -> str:
    """One code, in quotes."""
    return f"'{_fitting(_CODE, value, 'code')}'"


def areas(values: Iterable[str]) -> str:
    """Counties or municipalities in a list."""
    return f"({', '.join(quoted_area(value) for value in values)})"


def quoted_area(value: str) -> str:
    """One county or municipality, in quotes."""
    return f"'{_fitting(_AREA, value, 'area')}'"


def day(value: date) -> str:
    """A day."""
    return f"DATE '{value.isoformat()}'"


def shifted(column: str, days: int) -> str:
    """A column with days so many days later, or earlier."""
    if days == 0:
        return column
    return f"{column} {'-' if days < 0 else '+'} {abs(int(days))}"


def _fitting(form: re.Pattern[str], text: str, what: str) -> str:
    if not form.fullmatch(text):
        raise NotFound(f"a {what} of the specification or catalogue has a form that no statement can hold; correct it")
    return text
