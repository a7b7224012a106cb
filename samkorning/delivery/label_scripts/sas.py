"""The label script for SAS: formats, and the labels of data sets in WORK that are called as the files.

What belongs here: SAS's quoting. What must not: reading data files. There are no macros: in single quotes, outside of
any, neither ``%`` nor ``&`` means anything.
"""

from collections.abc import Iterable, Iterator

from samkorning.delivery.description import DeliveredFile
from samkorning.delivery.label_scripts.labels import (
    NUMERIC_TYPES,
    in_bytes,
    is_whole_number,
    shortened,
    value_labels,
)

SAS_LABELS = "etiketter.sas"
_LONGEST_LABEL, _LONGEST_NAME = 256, 32
_HEAD = """\
/* Etiketter (labels). Läs först in filerna till WORK under sina namn / first load the files into WORK by their names.
   Koder läses som text / codes are read as text. */
options validvarname=any;
"""


def sas_labels(files: Iterable[DeliveredFile]) -> bytes:
    """The script for all files of a delivery."""
    return "\n".join([_HEAD, *_lines(files)]).encode()


def quoted(text: str, most: int = _LONGEST_LABEL) -> str:
    """A text as SAS writes it."""
    return "'" + shortened(text, most, in_bytes).replace("'", "''") + "'"


def _lines(files: Iterable[DeliveredFile]) -> Iterator[str]:
    for number, file in enumerate(files, start=1):
        formats = list(_formats(file, number))
        if formats:
            yield from ["proc format;", *(line for _, _, line in formats), "run;"]
        yield f"proc datasets library=work nolist;\n  modify {file.name[:_LONGEST_NAME]};"
        yield "  label"
        yield from (f"    {quoted(each.name)}n = {quoted(each.label_sv)}" for each in file.variables)
        yield "  ;"
        if formats:
            yield "  format"
            yield from (f"    {quoted(name)}n {called}." for name, called, _ in formats)
            yield "  ;"
        yield "quit;\n"


def _formats(file: DeliveredFile, number: int) -> Iterator[tuple[str, str, str]]:
    """Of each variable with a value set: its name, the name of its format, and the statement that makes it."""
    for place, variable in enumerate(file.variables, start=1):
        is_numeric = variable.type in NUMERIC_TYPES
        labels = {
            code: label for code, label in value_labels(variable).items() if not is_numeric or is_whole_number(code)
        }
        if labels:
            called = f"{'' if is_numeric else '$'}kod{number}_{place}_"
            pairs = (f"    {code if is_numeric else quoted(code)} = {quoted(label)}" for code, label in labels.items())
            yield variable.name, called, "\n".join([f"  value {called}", *pairs, "  ;"])
