"""The form of an order's workbook, and its sheet of further fields: one line a field.

What belongs here: lines ↔ fields. What must not: lists (variables, holders, selectors).

The form has the fields that people are asked for. Every other field of an order can stand among the further fields, by
its path as docs/order.md and the messages write it (`specification.population.damaged_share_allowed`), its value as in
YAML. A path that ends in + goes on where the line before it ends.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from json import dumps
from typing import Any

from samkorning.errors import OrderRefused
from samkorning.order.document import DECIMAL, WHOLE_NUMBER, WORDS, Path, read_document
from samkorning.order.workbooks.cells import LONGEST_CELL, text_of, written
from samkorning.order.workbooks.columns import Language, folded
from samkorning.order.workbooks.form_lines import LINES, Line
from samkorning.order.workbooks.gathered import FilledSheet, Gathered, Place, headings
from samkorning.order.workbooks.nested import get_in
from samkorning.order.workbooks.sheets import FIELD, VALUE

BY_LABEL: dict[str, Line] = {label: line for line in LINES for label in line.column.headings}
GOES_ON = "+"
_PATH = re.compile(r"[a-z_]{1,40}(\.([a-z_]{1,40}|[0-9]{1,3}))*\+?")
POPULATION: Path = ("specification", "population")
SENT = {"holder": "Huvudman", "column": "NR", "file": {"columns": [{"name": "NR"}]}}
"""What stands for a population that is wrong as a whole, while the rest of an order is judged."""


def read_form(gathered: Gathered, filled: FilledSheet) -> None:
    """Takes what the lines of the form say."""
    seen: set[Path] = {path for path in gathered.places if path in {line.path for line in LINES}}
    for label, text, place in _lines(gathered, filled):
        line = BY_LABEL.get(folded(label))
        if line is None:
            if text:
                gathered.fault(
                    place, "stands beside a field that the form does not have", "use the lines of the template"
                )
            continue
        if line.path in seen and text:
            gathered.fault(place, "the field is answered twice", "keep one of the two")
            continue
        seen.add(line.path)
        _take(gathered, line, text, place)


def require_form(gathered: Gathered, named: str) -> None:
    """Tells the needed lines that say nothing, once all that can say it was read."""
    _require_population(gathered, named)
    for line in LINES:
        if not line.column.needed or get_in(gathered.value, line.path) is not None:
            continue
        gathered.example(line.path, line.column)
        place = gathered.places.get(line.path)
        if place is None:
            problem = f"the line {line.column.sv} ({line.column.en}) is not there"
            gathered.fault(Place(named, 1), problem, "take the form from the template")
        elif not any(fault.place == str(place) for fault in gathered.faults):
            gathered.fault(place, "is empty", "write it")


def _require_population(gathered: Gathered, named: str) -> None:
    """The population comes by a file or is found: which of the two is said nowhere is one fault, and hides no other."""
    said = get_in(gathered.value, POPULATION) or {}
    if not said.keys() & {"file", "column", "drawn"}:
        place = gathered.places.get((*POPULATION, "column"), Place(named, 1))
        problem = "neither a file nor a selector with the role population says who is in the study"
        gathered.fault(place, problem, "name the column of its file, or fill in a selector")
        gathered.replaced.add(POPULATION)
    gathered.examples[POPULATION] = {**SENT, **said}


def _take(gathered: Gathered, line: Line, text: str, place: Place) -> None:
    gathered.places[line.path] = place
    value = gathered.value_of(line.column, text, place) if text else None
    if value is not None:
        gathered.put(line.path, value, place)


def _lines(gathered: Gathered, filled: FilledSheet) -> Iterator[tuple[str, str, Place]]:
    """The label, the text and the place of every line, with a look for numbers in each."""
    found, top = headings(gathered, filled)
    if top is None:
        return
    at = {column.key: place for place, column in found.items()}
    label_at, value_at = at.get(FIELD.key), at.get(VALUE.key)
    if label_at is None or value_at is None:
        problem = "lacks the heading of its fields or of their values"
        gathered.fault(Place(filled.named, top), problem, "take the headings from the template")
        return
    for number, cells in sorted(filled.rows.items()):
        label, text = (cells[each] if each < len(cells) else "" for each in (label_at, value_at))
        is_ours = folded(label) in BY_LABEL or _PATH.fullmatch(label)
        place = Place(filled.named, number, value_at, label.rstrip(" *") if is_ours else "")
        gathered.look_at(place, text)
        gathered.look_at(Place(filled.named, number, label_at), label)
        if number > top and (label or text):
            yield label, text, place


def read_further(gathered: Gathered, filled: FilledSheet) -> None:
    """Takes what the further fields say: each sets its field, also one that a list gave."""
    joined: dict[str, tuple[str, Place]] = {}
    for label, text, place in _lines(gathered, filled):
        name = label.removesuffix(GOES_ON)
        if name != label and name in joined:
            joined[name] = (joined[name][0] + text, joined[name][1])
        elif label in joined or not label:
            gathered.fault(place, "the field is named twice, or not at all", "name each field once")
        else:
            joined[label] = (text, place)
    for label, (text, place) in joined.items():
        _set(gathered, path_of(label), text, place)


def _set(gathered: Gathered, path: Path, text: str, place: Place) -> None:
    try:
        value = value_in(text)
    except OrderRefused:
        gathered.fault(place, "cannot be read", 'write one value, or a list as in YAML: ["E10", "E11"]')
        return
    if not gathered.put(path, value, place):
        gathered.fault(place, "there is no such field to set", "write its path as docs/order.md names it")


def path_of(label: str) -> Path:
    """The path that a label writes with points."""
    return tuple(int(step) if step.isdigit() else step for step in label.split("."))


def value_in(text: str) -> Any:
    """What the text of a further field says.

    :raises OrderRefused: when it begins as YAML does and is none.
    """
    if text[:1] in ("[", "{", '"', "'"):
        return read_document(text, "field").value
    if text in WORDS:
        return WORDS[text]
    if WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def form_texts(given: Mapping[str, Any], language: Language) -> dict[Path, str]:
    """What each line of the form says of an order; lines that cannot say it are not among them."""
    found = {line.path: text_of(line.column, get_in(given, line.path), language) for line in LINES}
    return {path: text for path, text in found.items() if text is not None}


def further_rows(path: Path, value: Any) -> Iterator[tuple[str, str]]:
    """The further fields that say a value: a line for it, or one for each of its parts."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from further_rows((*path, key), inner)
        return
    text = _flow(value)
    if text is None or (len(text) > LONGEST_CELL and isinstance(value, list)):
        for place, inner in enumerate(value):
            yield from further_rows((*path, place), inner)
        return
    for number, start in enumerate(range(0, len(text), LONGEST_CELL)):
        yield dotted_exactly(path) + (GOES_ON if number else ""), text[start : start + LONGEST_CELL]


def dotted_exactly(path: Path) -> str:
    """A path with points, whole."""
    return ".".join(map(str, path))


def _flow(value: Any) -> str | None:
    """A value, or a list of plain values, in one text; nothing where it holds blocks."""
    if isinstance(value, list):
        parts = [_flow(each) for each in value]
        if any(part is None for part in parts) or any(isinstance(each, list) for each in value):
            return None
        return f"[{', '.join(map(str, parts))}]"
    if isinstance(value, dict):
        return None if value else "{}"
    return scalar(value)


def scalar(value: Any) -> str:
    """A plain value as YAML has it, texts in quotes; in ASCII where a cell would lose something of it."""
    if isinstance(value, str):
        kept = dumps(value, ensure_ascii=False)
        if written(kept) == kept and len(kept) <= LONGEST_CELL:
            return kept
        return '"' + "".join(map(_escaped, kept[1:-1])) + '"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) and DECIMAL.fullmatch(repr(value)) is None:
        plain = f"{Decimal(repr(value)):f}"
        return plain if "." in plain else f"{plain}.0"
    return str(value)


def _escaped(character: str) -> str:
    """A character as a cell keeps it for certain; the escapes that are there already stay."""
    if character.isalnum() or character in '\\"':
        return character
    return f"\\u{ord(character):04x}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08x}"
