"""A metadata workbook (metadataarbetsbok) of one register as its entry in the catalogue, or all its faults.

What belongs here: what the cells of its sheets mean. What must not: the layout's words (words), or reading Excel. A
fault names sheet, row, column and remedy and never a cell's text: a workbook of persons may come by mistake.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from samkorning.errors import FileRefused
from samkorning.identity.free_text import reads_as_number
from samkorning.own_registers.catalogue import words
from samkorning.own_registers.catalogue.models import CatalogueRegister, CodeSystem
from samkorning.years import FIRST_YEAR, LAST_YEAR

_SPAN = re.compile(r"(?P<what>\S.*?)(?: +(?P<from>[0-9]{4})?-(?P<to>[0-9]{4})?)?")
_BREAK = re.compile(r"(?P<year>[0-9]{4}): *(?P<sv>[^|]*[^| ]) *\| *(?P<en>[^|]*[^| ])")
_MOST_FAULTS = 50


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, without blanks around it, and whether it is stored as a number."""

    text: str = ""
    is_number: bool = False


Sheet = Sequence[Sequence[Cell]]
"""Rows of cells, from row 1 of the sheet on."""


@dataclass
class _Reading:
    """The faults that have been found so far."""

    faults: list[str] = field(default_factory=list)

    def fault(self, sheet: str, row: int, column: str, problem: str, remedy: str) -> None:
        place = f"sheet {sheet}, row {row}, column {column}" if row else f"sheet {sheet}, column {column}"
        self.faults.append(f"{place}: {problem}; {remedy}")


@dataclass(frozen=True)
class _Row:
    """One row of a table: its cells by column, and where it stands."""

    reading: _Reading
    sheet: str
    number: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        return self.cells.get(column, Cell()).text

    def fault(self, column: str, problem: str, remedy: str) -> None:
        self.reading.fault(self.sheet, self.number, column, problem, remedy)

    def needed(self, column: str) -> str:
        text = self.text(column)
        if not text:
            self.fault(column, "is empty", "write it")
        return text

    def one_of(self, column: str, allowed: Mapping[str, Any]) -> Any:
        """What a word of a closed list means; nothing where it is empty or none of them."""
        text = self.text(column).casefold()
        if text and text not in allowed:
            self.fault(column, "is none of the words that it may be", f"write {', '.join(allowed)}")
        return allowed.get(text)

    def whole(self, column: str, lowest: int, highest: int) -> int | None:
        text = self.text(column)
        number = int(text) if re.fullmatch("[0-9]{1,9}", text) else None
        if text and (number is None or not lowest <= number <= highest):
            self.fault(column, "is no such whole number", f"write a whole number from {lowest} to {highest}")
            return None
        return number

    def years(self) -> dict[str, int | None]:
        first, last = (self.whole(column, FIRST_YEAR, LAST_YEAR) for column in (words.FROM, words.TO))
        if first and last and last < first:
            self.fault(words.TO, f"comes before {words.FROM}", "put the years in order")
            return {}
        return {"from_year": first, "to_year": last}


def entry_of(sheets: Mapping[str, Sheet], name: str) -> CatalogueRegister:
    """The entry that a workbook's sheets hold.

    :param name: of the file, for messages.
    :raises FileRefused: with every fault, by sheet, row and column and with its remedy; nothing is to be taken then.
    """
    reading = _Reading()
    said = _described(reading, sheets)
    code_lists = _code_lists(reading, sheets)
    variables = list(_variables(reading, sheets, code_lists))
    if not reading.faults:
        try:
            return CatalogueRegister.model_validate({**said, "variables": variables})
        except ValidationError as error:
            fields = sorted({".".join(map(str, each["loc"])) or "the register" for each in error.errors()})
        reading.fault(
            words.VARIABLES, 0, ", ".join(fields), "does not hold together", "compare it with docs/registers.md"
        )
    shown = reading.faults[:_MOST_FAULTS]
    more = f"\nand {len(reading.faults) - len(shown)} more" if len(reading.faults) > len(shown) else ""
    raise FileRefused(name, "\n" + "\n".join(shown) + more, "\nnothing was imported")


def _described(reading: _Reading, sheets: Mapping[str, Sheet]) -> dict[str, Any]:
    """The fields of the register, from the sheet of its properties."""
    rows = {
        row.text(words.PROPERTY): row
        for row in _rows(reading, sheets, words.DESCRIPTION, (words.PROPERTY, words.VALUE))
    }
    for needed in words.NEEDED_PROPERTIES:
        if not rows or (needed in rows and rows[needed].text(words.VALUE)):
            continue
        reading.fault(words.DESCRIPTION, 0, words.PROPERTY, f"lacks {needed}", "add a row with it and its value")
    said: dict[str, Any] = {}
    for named, row in rows.items():
        if named in words.PROPERTIES and row.text(words.VALUE):
            said[words.PROPERTIES[named]] = _property(row, words.PROPERTIES[named])
    return said


def _property(row: _Row, field_name: str) -> Any:
    if field_name in ("from_year", "to_year"):
        return row.whole(words.VALUE, FIRST_YEAR, LAST_YEAR)
    if field_name in ("standing", "holds"):
        return row.one_of(words.VALUE, words.STANDINGS if field_name == "standing" else words.HOLDS)
    return row.text(words.VALUE)


def _code_lists(reading: _Reading, sheets: Mapping[str, Sheet]) -> dict[str, list[tuple[_Row, dict[str, Any]]]]:
    """The codes of every list, each with the row that it stands in."""
    found: dict[str, list[tuple[_Row, dict[str, Any]]]] = {}
    for sheet in (name for name in sheets if name.startswith(words.CODE_LISTS)):
        for row in _rows(reading, sheets, sheet, words.CODE_COLUMNS):
            code = {"code": row.needed(words.CODE), **_labels(row), **row.years()}
            found.setdefault(row.needed(words.CODES), []).append((row, code))
    return found


def _variables(
    reading: _Reading, sheets: Mapping[str, Sheet], code_lists: Mapping[str, list[tuple[_Row, dict[str, Any]]]]
) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for row in _rows(reading, sheets, words.VARIABLES, words.VARIABLE_COLUMNS):
        name, kind = row.needed(words.NAME), row.one_of(words.TYPE, words.TYPES)
        if not row.text(words.TYPE):
            row.needed(words.TYPE)
        if name and not re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,31}", name):
            row.fault(words.NAME, "is no name of a variable", "write at most 32 letters a-z, digits and _")
        if name.casefold() in seen:
            row.fault(words.NAME, "stands there twice", "give each variable one row")
        seen.add(name.casefold())
        length = row.whole(words.LENGTH, 1, 32_767)
        if length is None and not row.text(words.LENGTH):
            row.needed(words.LENGTH)
        yield {
            "name": name,
            "type": kind,
            "length": length,
            **_labels(row),
            "unit": row.text(words.UNIT) or None,
            "codes": _codes(row, kind, length, code_lists),
            "systems": list(_systems(row)),
            "position": row.one_of(words.POSITION, words.POSITIONS),
            "identifies": row.one_of(words.IDENTIFIES, words.STANDS_FOR),
            "serial_name": _serial_name(row),
            "breaks": list(_breaks(row)),
            **row.years(),
        }


def _labels(row: _Row) -> dict[str, str]:
    return {"label_sv": row.needed(words.LABEL_SV), "label_en": row.needed(words.LABEL_EN)}


def _codes(
    row: _Row, kind: str | None, length: int | None, lists: Mapping[str, list[tuple[_Row, dict[str, Any]]]]
) -> list[dict[str, Any]]:
    named = row.text(words.CODES)
    if named and named not in lists:
        row.fault(words.CODES, "names a code list that no sheet has", f"add it to a sheet {words.CODE_LISTS}or")
    for code_row, code in lists.get(named, ()):
        if kind == "text" and code_row.cells[words.CODE].is_number:
            code_row.fault(
                words.CODE, "is a number, and zeros in front of it are gone", "make the cell text and write it again"
            )
        if length is not None and len(code["code"]) > length:
            code_row.fault(words.CODE, "is longer than its variable", f"correct it, or {words.LENGTH}")
    return [code for _, code in lists.get(named, ())]


def _systems(row: _Row) -> Iterator[dict[str, Any]]:
    """``ICD-9 1987-1996; ICD-10-SE 1997-``."""
    for said in filter(None, map(str.strip, row.text(words.SYSTEMS).split(";"))):
        found = _SPAN.fullmatch(said)
        if found is None or found["what"] not in set(CodeSystem):
            remedy = f"write {', '.join(CodeSystem)}, each with its years, such as ICD-9 1987-1996"
            row.fault(words.SYSTEMS, "names no classification that is known", remedy)
            continue
        yield {"system": found["what"], **{f"{end}_year": int(found[end]) for end in ("from", "to") if found[end]}}


def _breaks(row: _Row) -> Iterator[dict[str, Any]]:
    """``1997: Övergång till ICD-10 | Change to ICD-10; …``."""
    for said in filter(None, map(str.strip, row.text(words.BREAKS).split(";"))):
        found = _BREAK.fullmatch(said)
        if found is None:
            row.fault(
                words.BREAKS, "is no break in a series", "write year: på svenska | in English, and ; between breaks"
            )
            continue
        yield {"year": int(found["year"]), "note_sv": found["sv"], "note_en": found["en"]}


def _serial_name(row: _Row) -> str | None:
    name = row.text(words.SERIAL_NAME)
    if bool(name) != bool(row.text(words.IDENTIFIES)):
        row.fault(words.SERIAL_NAME, f"stands without {words.IDENTIFIES}, or lacks beside it", "write both or neither")
    return name or None


def _rows(reading: _Reading, sheets: Mapping[str, Sheet], sheet: str, columns: Sequence[str]) -> Iterator[_Row]:
    """The rows of a table that have anything in them; its first row names the columns."""
    if sheet not in sheets:
        reading.fault(sheet, 0, columns[0], "the workbook has no such sheet", "add it")
        return
    header = [cell.text for cell in sheets[sheet][0]] if sheets[sheet] else []
    lacking = [column for column in columns if column not in header]
    for column in lacking:
        reading.fault(sheet, 1, column, "is not there", "add the column; it may be empty")
    if lacking:
        return
    for number, cells in enumerate(sheets[sheet][1:], start=2):
        row = _Row(reading, sheet, number, dict(zip(header, cells, strict=False)))
        if any(row.text(column) for column in columns):
            _look_for_numbers(row, columns)
            yield row


def _look_for_numbers(row: _Row, columns: Sequence[str]) -> None:
    for column in columns:
        if reads_as_number(row.text(column)):
            row.fault(column, "reads as an identity number", "take it out: the catalogue is read by everybody")


def differences(before: CatalogueRegister | None, after: CatalogueRegister) -> list[str]:
    """What another entry of a register changes, in sentences; none where it says the same."""
    if before is None:
        return [f"{after.name} is new, with {len(after.variables)} variables"]
    own = [name for name in CatalogueRegister.model_fields if name != "variables"]
    said = [f"{name} is another" for name in own if getattr(before, name) != getattr(after, name)]
    was, now = ({variable.name: variable for variable in each.variables} for each in (before, after))
    said += [f"{name} is new" for name in now if name not in was]
    said += [f"{name} is gone" for name in was if name not in now]
    for name in (name for name in now if name in was):
        fields = [each for each in type(now[name]).model_fields if getattr(was[name], each) != getattr(now[name], each)]
        said += [f"{name}: {', '.join(fields)}"] if fields else []
    order = [name for name in now if name in was] != [name for name in was if name in now]
    return said + (["the variables stand in another order"] if order else [])
