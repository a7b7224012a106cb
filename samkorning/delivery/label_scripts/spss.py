"""The label script for SPSS and PSPP: a part for each data set that is called as the file.

What belongs here: SPSS's quoting. What must not: reading data files.
"""

from collections.abc import Iterable, Iterator

from samkorning.delivery.description import DeliveredFile, DeliveredVariable
from samkorning.delivery.label_scripts.labels import (
    NUMERIC_TYPES,
    in_bytes,
    is_whole_number,
    on_one_line,
    shortened,
    value_labels,
)

SPSS_LABELS = "etiketter.sps"
_LONGEST_VARIABLE_LABEL, _LONGEST_VALUE_LABEL, _LINE = 255, 120, 60
_HEAD = """\
* Etiketter (labels). Ge först varje inläst fil sitt namn / first name each data set as its file:
* DATASET NAME {example}.
* Koder läses som text / codes are read as text.
"""


def spss_labels(files: Iterable[DeliveredFile]) -> bytes:
    """The script for all files of a delivery."""
    files = list(files)
    head = _HEAD.format(example=files[0].name if files else "fil")
    return "\n".join([head, *_lines(files)]).encode()


def quoted(text: str, most: int) -> str:
    """A text as SPSS writes it, in pieces that keep lines short; a quote in it stands twice."""
    line = shortened(text, most, in_bytes)
    pieces = [line[start : start + _LINE] for start in range(0, len(line), _LINE)] or [""]
    return " +\n    ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


def _lines(files: Iterable[DeliveredFile]) -> Iterator[str]:
    for file in files:
        yield f"DATASET ACTIVATE {file.name}."
        for variable in file.variables:
            if not variable.name.isidentifier():
                continue  # SPSS can hold no variable of that name
            if on_one_line(variable.label_sv):
                yield f"VARIABLE LABELS {variable.name}\n    {quoted(variable.label_sv, _LONGEST_VARIABLE_LABEL)}."
            yield from _values(variable)
        yield ""


def _values(variable: DeliveredVariable) -> Iterator[str]:
    is_numeric = variable.type in NUMERIC_TYPES
    labels = {code: label for code, label in value_labels(variable).items() if not is_numeric or is_whole_number(code)}
    if labels:
        yield f"VALUE LABELS {variable.name}"
        pairs = (
            f"  {code if is_numeric else quoted(code, 255)} {quoted(label, _LONGEST_VALUE_LABEL)}"
            for code, label in labels.items()
        )
        yield "\n".join(pairs) + "."
