"""A code list (kodlista) from a column of a file or sheet: the block of an order, or the rows that hold no code.

What belongs here: what a written code is in each classification, and the block. What must not: reading files
(samkorning.register_files). No message holds a value.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from samkorning.errors import FileRefused
from samkorning.order.selection import CODE, INTERVAL, CodeFile, CodeList
from samkorning.own_registers.catalogue import CodeSystem

SHAPES = {
    CodeSystem.ICD_7: "[0-9ENY][0-9]{2,4}[0-9A-Z]?",
    CodeSystem.ICD_8: "[0-9ENY][0-9]{2,4}[0-9A-Z]?",
    CodeSystem.ICD_9: "[0-9EV][0-9]{2}[0-9A-Z]{0,3}",
    CodeSystem.ICD_10: "[A-Z][0-9]{2}[0-9A-Z]{0,4}",
    CodeSystem.ICD_O_3: "C[0-9]{2,3}|[0-9]{4,5}",
    CodeSystem.KVA: "[A-ZÅÄÖ]{2}[0-9A-ZÅÄÖ]{0,5}",
    CodeSystem.ATC: "[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?",
}
"""A whole code of each classification, without points."""
NO_CODE, NUMBER, DIGITS, BOUNDS = "no_code", "number_of_excel", "digits_of_a_workbook", "bounds"
PROBLEMS = {
    NO_CODE: ("hold no code of {system}", "write one code a row: E109, E10* with all below it, or E10-E14*"),
    NUMBER: ("hold a number as Excel writes it", "write the code as text, with the digits that it has"),
    DIGITS: (
        "hold digits alone in a workbook, where zeros get lost",
        "save the sheet as CSV, and compare the codes with the list that they came from",
    ),
    BOUNDS: ("hold an interval whose bounds do not fit", "give both the same length, the first code first"),
}
_NUMBER_OF_EXCEL = re.compile(r"[0-9]+[.,]0|[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_DIGITS = re.compile("[0-9][0-9., ]*")


@dataclass
class ReadCodes:
    """The codes of a column in their order, each once; what was mended and left out, and the faulty rows by fault."""

    codes: dict[str, None] = field(default_factory=dict)
    repeated: int = 0
    points: int = 0
    raised: int = 0
    blank: int = 0
    faults: dict[str, list[int]] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """What was done, by its name."""
        mended = {"points_removed": self.points, "letters_raised": self.raised}
        return {"codes": len(self.codes), **mended, "repeated": self.repeated, "blank_rows": self.blank}


def read_codes(values: Iterable[str | None], system: CodeSystem, of_workbook: bool, with_below: bool) -> ReadCodes:
    """Reads a column of codes.

    :param values: the column's cells; the first is row 1.
    :param of_workbook: whether they are cells of a workbook, which keeps no zeros of numbers.
    :param with_below: take every code together with all that begin with it.
    """
    read = ReadCodes()
    for row, value in enumerate(values, start=1):
        written = (value or "").strip()
        if not written:
            read.blank += 1
            continue
        code = written.replace(".", "").replace(" ", "").upper()
        fault = _fault(written, code, system, of_workbook)
        if fault:
            read.faults.setdefault(fault, []).append(row)
            continue
        read.points += "." in written
        read.raised += written.upper() != written
        pattern = code if "*" in code or not with_below else f"{code}*"
        read.repeated += pattern in read.codes
        read.codes[pattern] = None
    return read


def code_list(name: str, version: str | None, system: CodeSystem, file: CodeFile, read: ReadCodes) -> CodeList:
    """The block of an order.

    :raises FileRefused: with the rows that hold no code, or when there is none at all.
    """
    if read.faults:
        raise FileRefused(file.name, "; ".join(_in_words(read.faults, system)), _remedies(read.faults))
    if not read.codes:
        raise FileRefused(file.name, "the column holds no code", "name the column with --column, and its sheet")
    return CodeList(name=name, version=version, taken_from=file, codes={system: tuple(read.codes)})


def block_of(listed: CodeList) -> str:
    """The block as it is written below ``code_lists`` of an order, in YAML."""
    lines = [f"  - name: {listed.name}"]
    lines += [f"    version: {_quoted(listed.version)}"] if listed.version else []
    if listed.taken_from:
        lines.append(f"    taken_from: {{name: {_quoted(listed.taken_from.name)}, sha256: {listed.taken_from.sha256}}}")
    lines.append("    codes:")
    for system, codes in listed.codes.items():
        lines += [f"      {system}:", *(f"        - {_quoted(code)}" for code in codes)]
    return "\n".join(["code_lists:", *lines]) + "\n"


def file_taken_from(name: str, content: bytes) -> CodeFile:
    """What a list says of the file that it was taken from."""
    return CodeFile(name=name, sha256=hashlib.sha256(content).hexdigest())


def _fault(written: str, code: str, system: CodeSystem, of_workbook: bool) -> str | None:
    if _NUMBER_OF_EXCEL.fullmatch(written):
        return NUMBER
    if of_workbook and _DIGITS.fullmatch(written):
        return DIGITS
    interval = INTERVAL.fullmatch(code)
    if interval:
        return None if len(interval[1]) == len(interval[2]) and interval[1] <= interval[2] else BOUNDS
    shape = rf"{CODE}\*" if code.endswith("*") else SHAPES[system]
    return None if re.fullmatch(shape, code) else NO_CODE


def _in_words(faults: Mapping[str, list[int]], system: CodeSystem) -> Iterable[str]:
    for fault, rows in faults.items():
        named = ", ".join(map(str, rows[:20])) + (", …" if len(rows) > 20 else "")
        problem = PROBLEMS[fault][0].format(system=system)
        if len(rows) == 1:
            yield f"1 row {problem.replace('hold', 'holds', 1)} (row {named})"
        else:
            yield f"{len(rows)} rows {problem} (rows {named})"


def _remedies(faults: Mapping[str, list[int]]) -> str:
    return "; ".join(PROBLEMS[fault][1] for fault in faults)


def _quoted(text: str | None) -> str:
    """A text that YAML reads as it is."""
    return '"' + (text or "").replace("\\", "\\\\").replace('"', '\\"') + '"'
