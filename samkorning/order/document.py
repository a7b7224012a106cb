"""The YAML of an order as plain values, each with its line.

What belongs here: the part of YAML that an order needs, and where everything stands. What must not: what an order says
(models). Read are blocks, lists, texts, whole numbers, decimals, true, false and nothing. A date stays the text that
was written. Anchors, tags, several documents, names given twice, characters that cannot be shown and what is deeper or
longer than any order are refused by line: they have no use here, and each can say something else than it seems.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from itertools import takewhile
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from samkorning.errors import OrderFault, OrderRefused

Path = tuple[str | int, ...]

MOST_BYTES, DEEPEST = 1_000_000, 24  # the sample has five thousand, and ten levels
FAULTY_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
FIELD_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,40}")
NAME_ON_LINE = re.compile("^[ \t]*(?:- +)*[{[]*[ ]*([A-Za-z_][A-Za-z0-9_]{0,40})[ ]*:")
WHOLE_NUMBER, DECIMAL = re.compile("[-+]?[0-9]{1,18}"), re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]{1,3})?")
WORDS = {word: meant for said, meant in (("true", True), ("false", False), ("null", None))
         for word in (said, said.title(), said.upper())} | {"": None, "~": None}  # fmt: skip
UNWANTED = {
    "anchor": ("is an anchor or alias of YAML", "write the value out where it is meant"),
    "tag": ("has a tag of YAML (`!`)", "write the value without it, in quotes if it begins so"),
    "document": ("is a second document or a directive of YAML", "keep one order a file"),
    "deep": ("is nested deeper than any order", "start from data/sample/order.yaml"),
    "name": ("has something else than a name before the colon", "write the name of a field"),
    "twice": ("is there twice", "keep one of the two"),
}


@dataclass(frozen=True)
class Document:
    """Plain values (dict, list, str, int, float, bool, None) and the 1-based line of each by its path.

    Of a workbook there are ``places`` in words in place of lines, and ``lines`` is their order.
    """

    value: Any
    lines: Mapping[Path, int]
    places: Mapping[Path, str] = field(default_factory=dict)

    def known(self, path: Path) -> Path:
        """The part of a path that is there."""
        return tuple(step for count, step in takewhile(lambda at: path[: at[0]] in self.lines, enumerate(path, 1)))

    def line_of(self, path: Path) -> int:
        """The line of a field, or of the block that should have held it."""
        return self.lines.get(self.known(path), 1)

    def fault(self, path: Path, problem: str, remedy: str) -> OrderFault:
        """A fault of a field, where it stands."""
        if not self.places:
            return OrderFault(self.line_of(path), dotted(path) or "order", problem, remedy)
        place = self._place(path)
        field = "" if place == path else dotted(path) or "order"
        return OrderFault(0, field, problem, remedy, self.places.get(place, ""))

    def _place(self, path: Path) -> Path:
        """The place of a field, else of the block around it, else of the first field of its own."""
        around = (path[:end] for end in range(len(path), 0, -1))
        inside = sorted((each for each in self.places if each[: len(path)] == path), key=self._order)
        return next((each for each in around if each in self.places), inside[0] if inside else ())

    def _order(self, path: Path) -> int:
        return self.lines.get(path, 0)


def read_document(text: str, source: str) -> Document:
    """What a YAML text holds.

    :raises OrderRefused: with the line and field of the first thing that cannot be read.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    fault = _character_fault(text)
    reader = _Reader(text)
    try:
        if fault is None:
            return Document(reader.value(), reader.lines)
    except _Unwanted as found:
        fault = OrderFault(found.line, field_near(text, found.line), *UNWANTED[found.what])
    except MarkedYAMLError as broken:
        fault = _unreadable(text, _line_of(broken) or reader.line)
    except Exception:  # the library's own on what it does not foresee, such as characters that do not exist
        fault = _unreadable(text, reader.line)
    raise OrderRefused(source, [fault])


def field_near(text: str, line: int) -> str:
    """The name of the field on a line, or on the nearest above that has one; ``YAML`` where none has."""
    above = reversed(text.split("\n")[:line])
    return next((found[1] for each in above if (found := NAME_ON_LINE.match(each))), "YAML")


def dotted(path: Path) -> str:
    """A path as it is shown; what is no name of a field is not repeated."""
    shown = (step if isinstance(step, int) or FIELD_NAME.fullmatch(step) else "…" for step in path)
    return ".".join(str(step) for step in shown)


def _character_fault(text: str) -> OrderFault | None:
    found = FAULTY_CHARACTER.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    return OrderFault(
        line, field_near(text, line), "has a character that cannot be shown", "write the line anew, in UTF-8"
    )


def _line_of(broken: MarkedYAMLError) -> int:
    """Where it is broken; what is never closed is named by where it begins. 0 where the parser does not say."""
    opened = re.search("flow|quoted", broken.context or "")
    mark = broken.context_mark if opened else broken.problem_mark
    return mark.line + 1 if mark else 0


def _unreadable(text: str, line: int) -> OrderFault:
    lines = text.split("\n")
    line = min(line, max(len(lines) - (not lines[-1]), 1))
    if lines[line - 1].lstrip(" -").startswith("\t"):
        return OrderFault(line, field_near(text, line), "YAML: has a tabulator", "indent with spaces")
    return OrderFault(line, field_near(text, line), "YAML: not readable here", "check indent, colon and quotes")


class _Unwanted(Exception):
    """Something of YAML that an order has no use for."""

    def __init__(self, what: str, line: int) -> None:
        self.what, self.line = what, line


class _Reader:
    """Takes the events of the YAML parser one by one, so that nothing is built that is then refused."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.line = 1
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(StringIO(text))

    def value(self) -> Any:
        """The value of the only document; None where there is none."""
        value, documents = None, 0
        for event in self._seen():
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1 or event.version or event.tags:
                    raise _Unwanted("document", self.line)
            if isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                value = self._node(event, ())
        return value

    def _seen(self) -> Iterator[Event]:
        for event in self._events:
            self.line = event.start_mark.line + 1
            yield event

    def _node(self, event: Any, path: Path) -> Any:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _Unwanted("anchor", self.line)
        if event.tag is not None:
            raise _Unwanted("tag", self.line)
        if len(path) > DEEPEST:
            raise _Unwanted("deep", self.line)
        self.lines.setdefault(path, self.line)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event)

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self._seen():
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent) or event.anchor or event.tag or event.value in ("", "<<"):
                raise _Unwanted("name", self.line)
            if event.value in values:
                raise _Unwanted("twice", self.line)
            place = (*path, event.value)
            self.lines[place] = self.line
            values[event.value] = self._node(next(self._seen()), place)
        return values

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        for event in self._seen():
            if isinstance(event, SequenceEndEvent):
                break
            values.append(self._node(event, (*path, len(values))))
        return values

    def _scalar(self, event: ScalarEvent) -> Any:
        said = event.value
        if FAULTY_CHARACTER.search(said):
            raise ValueError("an escape of YAML that is no character")
        if event.style:  # quoted, or a block of text
            return said
        if said in WORDS:
            return WORDS[said]
        if WHOLE_NUMBER.fullmatch(said):
            return int(said)
        return float(said) if DECIMAL.fullmatch(said) else said
