"""The script that reads a delivery into R: what travels with every delivery, with a table of this one's files in it.

What belongs here: writing that table as R. What must not: what the script does with it (recipient/las_in.R). All texts
come from orders and catalogues: they are written as R strings of ASCII alone, so that none can end its string, and the
script is read in every locale.
"""

from collections.abc import Iterable
from pathlib import Path

from samkorning.delivery.description import DeliveredFile, DeliveredVariable, VariableRole
from samkorning.delivery.formats.columns import WHOLE_DATES
from samkorning.delivery.recipient import check

R_SCRIPT = "las_in.R"
_TEMPLATE = Path(check.__file__).with_name(R_SCRIPT)
_TABLE = "SAMKORNING_TABLE"
_STATED_TYPES = ("text", "integer", "decimal", "date", "boolean")
_UNTYPED_AS_DECLARED = ("integer", "decimal", "date", "boolean")


def r_script(files: Iterable[tuple[str, DeliveredFile]]) -> bytes:
    """The script for data files, each with its place in the package."""
    table = ",\n".join(_file(place, file) for place, file in files)
    script = _TEMPLATE.read_text(encoding="ascii")
    return script.replace(_TABLE, f"samkorning_files <- list(\n{table}\n)", 1).encode("ascii")


def r_string(text: str) -> str:
    """A text as one R string: printable ASCII as it is but for quote and backslash, all else by its code point."""
    return '"' + "".join(map(_character, text)) + '"'


def _character(character: str) -> str:
    if " " <= character <= "~" and character not in '"\\':
        return character
    if character == "\0":
        return ""  # R has no text with it
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _file(place: str, file: DeliveredFile) -> str:
    said = file.variables
    swedish, english = _vector(each.label_sv for each in said), _vector(each.label_en for each in said)
    fields = {
        "name": r_string(place),
        "object": r_string(file.name),
        "rows": str(file.rendered.rows),
        "columns": _vector(each.name for each in said),
        "types": _vector(each.type if each.type in _STATED_TYPES else "text" for each in said),
        "written": "list(" + ", ".join(map(_written, said)) + ")",
        "labels": f"list(sv = {swedish}, en = {english})",
        "codes": "list(" + ", ".join(map(_codes, said)) + ")",
    }
    return "  list(" + ",\n    ".join(f"{name} = {value}" for name, value in fields.items()) + ")"


def _written(variable: DeliveredVariable) -> str:
    """How the file writes the type of another holder's column; nothing of what the service has written itself."""
    if variable.is_typed or variable.role is not VariableRole.VALUE or variable.type not in _UNTYPED_AS_DECLARED:
        return "NULL"
    said = variable.written
    shapes = _vector(WHOLE_DATES[shape] for shape in said.date_shapes if shape in WHOLE_DATES)
    yes, no = _vector(said.true_values), _vector(said.false_values)
    return f"list(mark = {r_string(said.decimal_mark)}, days = {shapes}, yes = {yes}, no = {no})"


def _codes(variable: DeliveredVariable) -> str:
    """The value set, each code once with what it means in the last years in which it holds."""
    last = {code.code: code for code in sorted(variable.codes, key=lambda code: code.from_year or 0)}
    if not last:
        return "NULL"
    codes = [last[name] for name in dict.fromkeys(code.code for code in variable.codes)]
    means = f"sv = {_vector(each.label_sv for each in codes)}, en = {_vector(each.label_en for each in codes)}"
    return f"list(code = {_vector(each.code for each in codes)}, {means})"


def _vector(texts: Iterable[str]) -> str:
    return "c(" + ", ".join(map(r_string, texts)) + ")"
