"""The hidden sheet that drop-downs take their words from: registers and variables of the catalogue, and closed words.

What belongs here: which words, and under which name Excel knows them. What must not: for which cells (template).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.columns import Column, Language
from samkorning.own_registers.catalogue import RegisterCatalogue

REGISTERS, VARIABLES = "registers", "variables"
_LONGEST_IN_PLACE = 200
"""Excel takes 255 characters of words in a drop-down itself; more stand on the sheet of lists."""


@dataclass
class Lists:
    """The lists of a workbook, each a column of the hidden sheet with a name."""

    book: Any
    sheet_name: str
    language: Language
    columns: list[list[str]] = field(default_factory=list)
    names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def add(self, words: Iterable[str], name: str) -> str:
        """A list under a name; the name it has already where the same words are there."""
        listed = tuple(words)
        if listed not in self.names:
            self.names[listed] = name
            self.columns.append(list(listed))
            column = _absolute(len(self.columns) - 1)
            self.book.define_name(name, f"='{self.sheet_name}'!{column}$1:{column}${len(listed)}")
        return self.names[listed]

    def source(self, column: Column, place: int, first_row: int) -> Any:
        """What a drop-down of a column takes its words from; nothing where the column is free."""
        if column.suggests == REGISTERS:
            return "=registers"
        if column.suggests == VARIABLES:
            return f'=INDIRECT("V_"&${_letter(place - 1)}{first_row + 1})'
        words = column.offered(self.language)
        if not words:
            return None
        if sum(len(word) + 1 for word in words) < _LONGEST_IN_PLACE and not any("," in word for word in words):
            return words
        return f"={self.add(words, f'words_{len(self.columns)}')}"

    def fill(self, page: Any) -> None:
        """Writes the lists and hides their sheet."""
        for place, words in enumerate(self.columns):
            for row, word in enumerate(words):
                page.write_string(row, place, word)
        page.hide()


def write_lists(book: Any, catalogue: RegisterCatalogue, language: Language) -> Lists:
    """The lists of the catalogue: the registers that can be ordered, and the variables of each."""
    lists = Lists(book, sheets.LISTS.name(language), language)
    ordered = [register for register in catalogue.registers if register.barred is None and register.variables]
    lists.add([register.name for register in ordered], REGISTERS)
    for register in ordered:
        name = f"V_{register.name}"
        lists.names.pop(tuple(variable.name for variable in register.variables), None)  # a name for each register
        lists.add([variable.name for variable in register.variables], name)
    return lists


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _absolute(place: int) -> str:
    high, low = divmod(place, 26)
    return f"${chr(ord('A') + high - 1) if high else ''}{chr(ord('A') + low)}"
