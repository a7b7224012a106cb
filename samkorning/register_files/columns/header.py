"""The names of a file's columns: checked, and matched to the declared ones without regard to case.

What belongs here: the rules a header must keep. What must not: finding the header in a format. A message never quotes
a found name, because in a file without a header the first row is data.
"""

import re
from collections.abc import Sequence

from samkorning.errors import FileRefused
from samkorning.register_files.declared.contract import ColumnContract, FileContract

MOST_COLUMNS = 10_000
PATTERN_OF_NAMES = re.compile(r"\*|\^.*\$", re.DOTALL)
"""Names that the engines read as a pattern over all columns."""

_MUCH_LIKE_DATA = re.compile(r"(?:[0-9][ \-+./\u00a0]?){8,}")


def name_columns(found: Sequence[str | None], name: str, contract: FileContract) -> tuple[str, ...]:
    """The column names in file order, in their declared spelling where declared, else as the file spells them."""
    names = [text or "" for text in found]
    _refuse_bad_names(names, name)
    declared = {column.name.casefold(): column for column in contract.columns}
    _refuse_missing(names, name, contract)
    undeclared = [place for place, text in enumerate(names, 1) if _folded(text) not in declared]
    if undeclared and not contract.undeclared_columns:
        places = ", ".join(map(str, undeclared))
        raise FileRefused(
            name, f"{len(undeclared)} columns are not declared (columns {places})", "send only the declared columns"
        )
    return tuple(_spelling(declared.get(_folded(text)), text) for text in names)


def declared_names(width: int, name: str, contract: FileContract) -> tuple[str, ...]:
    """The declared names in order, for a file without a header that has ``width`` columns; the last may be optional."""
    left_out = contract.columns[width:]
    if width > len(contract.columns) or not all(column.optional for column in left_out):
        raise FileRefused(
            name,
            f"the rows have {width} columns where {len(contract.columns)} are declared",
            "send the declared columns in their declared order",
        )
    return tuple(column.name for column in contract.columns[:width])


def _spelling(declared: ColumnContract | None, found: str) -> str:
    return declared.name if declared else found


def _folded(text: str) -> str:
    return text.strip().casefold()


def _refuse_bad_names(names: Sequence[str], name: str) -> None:
    if len(names) > MOST_COLUMNS:
        raise FileRefused(name, f"the header has more than {MOST_COLUMNS} columns", "send the columns in several files")
    blank = [place for place, text in enumerate(names, 1) if not text.strip()]
    if blank:
        places = ", ".join(map(str, blank[:20]))
        raise FileRefused(name, f"the header has no name for columns {places}", "name every column in the first row")
    with_zeros = [place for place, text in enumerate(names, 1) if "\x00" in text]
    if with_zeros:
        places = ", ".join(map(str, with_zeros[:20]))
        raise FileRefused(
            name, f"names of columns hold zero characters (columns {places})", "write the file again and send that"
        )
    patterns = [place for place, text in enumerate(names, 1) if PATTERN_OF_NAMES.fullmatch(text)]
    if patterns:
        places = ", ".join(map(str, patterns[:20]))
        raise FileRefused(
            name,
            f"names of columns are signs with a meaning of their own, such as * (columns {places})",
            "name the columns with letters and digits",
        )
    if any(_MUCH_LIKE_DATA.search(text) for text in names):
        raise FileRefused(
            name, "the first row looks like data, not like names of columns", "send the file with a header row"
        )
    first = {_folded(text): place for place, text in reversed(list(enumerate(names, 1)))}
    twice = [place for place, text in enumerate(names, 1) if first[_folded(text)] < place]
    if twice:
        places = ", ".join(map(str, twice[:20]))
        raise FileRefused(
            name, f"names of earlier columns stand again (columns {places})", "give every column a name of its own"
        )


def _refuse_missing(names: Sequence[str], name: str, contract: FileContract) -> None:
    there = {_folded(text) for text in names}
    missing = [c.name for c in contract.columns if not c.optional and c.name.casefold() not in there]
    if missing:
        raise FileRefused(
            name,
            f"{len(missing)} declared columns are missing: {', '.join(missing)}",
            "send the file with all declared columns, or change the declaration",
        )
