"""The label script for Stata: ``do etiketter.do <file>`` on the data in memory.

What belongs here: Stata's quoting. What must not: reading data files.

Stata replaces macros inside every kind of quotes, and has no sign that always stops it: the signs that begin a macro or
end a quote are written as the signs most like them.
"""

from collections.abc import Iterable, Iterator

from samkorning.delivery.description import DeliveredFile, DeliveredVariable
from samkorning.delivery.label_scripts.labels import is_whole_number, shortened, value_labels

STATA_LABELS = "etiketter.do"
_LONGEST_VARIABLE_LABEL, _LONGEST_VALUE_LABEL = 80, 2000
_MOST_LIKE = str.maketrans({"`": "´", '"': "”", "$": "＄"})
_HEAD = """\
* Etiketter (labels). Läs in filen och sätt dem / load the file and set them:
*   do etiketter.do {example}
* Värden får etiketter där variabeln är numerisk / values get labels where the variable is numeric.
version 14
args fil
"""


def stata_labels(files: Iterable[DeliveredFile]) -> bytes:
    """The script for all files of a delivery."""
    files = list(files)
    head = _HEAD.format(example=files[0].name if files else "fil")
    return "\n".join([head, *_lines(files)]).encode()


def quoted(text: str, most: int) -> str:
    """A text as Stata writes it."""
    return '`"' + shortened(text, most).translate(_MOST_LIKE) + "\"'"


def _lines(files: Iterable[DeliveredFile]) -> Iterator[str]:
    for number, file in enumerate(files, start=1):
        yield f'if "`fil\'" == "{file.name}" {{'
        for place, variable in enumerate(file.variables, start=1):
            yield from (f"    {line}" for line in _variable(variable, f"kod{number}_{place}"))
        yield "}\n"


def _variable(variable: DeliveredVariable, name: str) -> Iterator[str]:
    if not variable.name.isidentifier():
        return  # Stata can hold no variable of that name
    yield f"capture label variable {variable.name} {quoted(variable.label_sv, _LONGEST_VARIABLE_LABEL)}"
    labels = {code: label for code, label in value_labels(variable).items() if is_whole_number(code)}
    if labels:
        yield "capture confirm numeric variable " + variable.name
        yield "if !_rc {"
        for code, label in labels.items():
            yield f"    label define {name} {code} {quoted(label, _LONGEST_VALUE_LABEL)}, modify"
        yield f"    label values {variable.name} {name}"
        yield "}"
