"""The byte pass and the parsers against a plain oracle that walks the text one character at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samkorning.register_files.content import content
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import as_frame
from samkorning.register_files.table import Remark, RowFault
from samkorning.register_files.text import lines, records
from samkorning.register_files.text.fields import split_records
from samkorning.register_files.text.records import RecordSplitter
from samkorning.register_files.text.row_parser import RowParser
from tests.examples import examples
from tests.reading_here import inspect_register_file

TOKENS = [
    "a", "bb", ";", ";", '"', '"', '""', '="', "\n", "\n", "\r\n", "\r", " ", "å", ",", "\x00", "\udcff", ".", "\t",
    "\ufeff",
]  # fmt: skip
texts = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)
Outcome = list[str | None] | RowFault


@dataclass
class Oracle:
    """Reads records by the grammar in words, character by character, without any regular expression."""

    text: str
    single: bool
    quotes: bool
    place: int = 0
    order_marks: int = 0

    def records(self) -> Iterator[Outcome]:
        while self.place < len(self.text):
            self.order_mark()
            start = self.place
            self.is_stray = False
            fields = self.record()
            blank = fields == [None] and not self.single
            if fields is None or blank:
                self.place = start
                yield self.refused_line()
            else:
                yield RowFault.STRAY_QUOTE if self.is_stray else fields

    def order_mark(self) -> None:
        """Byte order marks in front of a record are counted and are no part of it."""
        begins = self.place
        while self.peek() == "\ufeff":
            self.place += 1
        self.order_marks += self.place > begins

    def record(self) -> list[str | None] | None:
        fields = []
        while True:
            is_plain = self.peek() != '"'
            ok, value = self.plain() if is_plain else self.quoted()
            if not ok:
                return None
            self.is_stray |= is_plain and self.quotes and '"' in (value or "") and not is_formula(value or "")
            fields.append(value)
            if self.peek() != ";":
                break
            self.place += 1
        self.line_end()
        return fields

    def quoted(self) -> tuple[bool, str | None]:
        self.place += 1
        value = ""
        while (letter := self.peek()) not in ("", "\x00", "\udcff"):
            self.place += 1
            if letter == '"' and self.peek() == '"':
                self.place += 1
            elif letter == '"':
                return self.peek() in (";", "\n", "\r"), value
            value += letter
        return False, None

    def plain(self) -> tuple[bool, str | None]:
        value = ""
        while (letter := self.peek()) not in (";", "\n", "\r"):
            if letter in ("", "\x00", "\udcff"):
                return False, None
            value += letter
            self.place += 1
        return not value.lstrip(" ").startswith('"'), value or None

    def peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def line_end(self) -> None:
        self.place += 2 if self.text[self.place : self.place + 2] == "\r\n" else 1

    def refused_line(self) -> RowFault:
        line = ""
        while self.peek() not in ("\n", "\r"):
            line += self.peek()
            self.place += 1
        self.line_end()
        if not line:
            return RowFault.BLANK_LINE
        if "\x00" in line:
            return RowFault.NUL_CHARACTER
        return RowFault.UNDECODABLE if "\udcff" in line else RowFault.STRAY_QUOTE


def is_formula(value: str) -> bool:
    """Text that was written as a formula, for Excel to keep its zeros."""
    return value.startswith('="') and value.endswith('"') and value.count('"') == 2


def without_formula(value: str | None) -> str | None:
    return value[2:-1] if value and is_formula(value) else value


def any_begins_with_a_quote(text: str) -> bool:
    """Whether any field of any line begins with a quote, whatever stands around it."""
    fields = [field for line in re.split("[\r\n]", text) for field in line.lstrip("\ufeff").split(";")]
    return any(field.lstrip(" ").startswith('"') for field in fields)


def as_bytes(text: str) -> bytes:
    """The text as the byte pass gets it: a byte that could not be decoded is 0xFF, the last line has an end."""
    whole = text if text.endswith(("\n", "\r")) or not text else text + "\n"
    return whole.encode("utf-8", "surrogateescape")


def width_fault(fields: list[str | None], width: int) -> Outcome:
    if len(fields) == width:
        return fields
    return RowFault.TOO_FEW_FIELDS if len(fields) < width else RowFault.TOO_MANY_FIELDS


def oracle_of(text: str, width: int) -> Oracle:
    decoded = as_bytes(text).decode("utf-8", "surrogateescape")
    return Oracle(decoded, single=width == 1, quotes=any_begins_with_a_quote(decoded))


def expected(text: str, width: int) -> list[Outcome]:
    oracle = oracle_of(text, width)
    return [width_fault(found, width) if isinstance(found, list) else found for found in oracle.records()]


def outcomes(text: str, width: int) -> list[Outcome]:
    """What the byte pass and the parser make of a text."""
    splitter = RecordSplitter(";", width == 1, lambda: any_begins_with_a_quote(text))
    clean = splitter.split(as_bytes(text), final=True)
    rows, rejects = RowParser(";", [f"c{place}" for place in range(width)]).parse(clean.data)
    kept, refused, rejected = iter(as_frame(rows).rows()), dict(clean.refused), dict(rejects)
    found: list[Outcome] = []
    places = iter(range(1, clean.records + 1))
    for place in range(1, clean.records + 1):
        if place in refused:
            found.append(refused[place])
        else:
            found.append(rejected.get(next(places)) or [*next(kept)])
    return found


@given(text=texts, width=st.integers(1, 3))
@example(text='\r"\n\n', width=1)  # what is left out stood between CR and LF
@settings(max_examples=examples(400), deadline=None)
def test_every_record_is_read_or_refused_as_the_grammar_says(text: str, width: int) -> None:
    assert outcomes(text, width) == expected(text, width)


@given(text=texts)
@settings(max_examples=examples(200), deadline=None)
def test_what_the_byte_pass_keeps_is_canonical(text: str) -> None:
    """Every field of clean text is quoted whole or has no quote, and says what the field that was sent says."""
    clean = RecordSplitter(";", any_is_quoted=lambda: any_begins_with_a_quote(text)).split(as_bytes(text), final=True)
    oracle = oracle_of(text, 2)
    sent = [found for found in oracle.records() if isinstance(found, list)]
    assert clean.order_marks == oracle.order_marks
    assert [record for record in split_records(clean.data, ";") if record != [None]] == sent
    bare = "".join(clean.data.decode().split('""')).split('"')[::2]
    assert not any('"' in outside for outside in bare)


@given(text=texts, encoding=st.sampled_from(["utf-8", "utf-16"]))
@settings(max_examples=examples(150), deadline=None)
def test_a_whole_file_is_read_as_the_grammar_says(text: str, encoding: str) -> None:
    """Where a quoted field stands, before or behind, makes no difference to a quote inside a plain one."""
    text = text.replace("\udcff", "")
    sent = ("x;y\n" + text).encode(encoding)
    contract = FileContract.model_validate({"separator": ";", "encoding": encoding})
    table = inspect_register_file(sent, "file.csv", contract)
    oracle = oracle_of(text, 2)
    found = [width_fault(record, 2) if isinstance(record, list) else record for record in oracle.records()]
    while found and found[-1] is RowFault.BLANK_LINE:
        found.pop()
    assert table.frame.rows() == [tuple(map(without_formula, row)) for row in found if isinstance(row, list)]
    refused = [(place, row) for place, row in enumerate(found, 1) if isinstance(row, RowFault)]
    assert [(problem.row, problem.problem) for problem in table.problems] == refused
    assert table.remarks.get(Remark.ORDER_MARKS, 0) == oracle.order_marks


@given(text=texts.filter(lambda text: text.strip("\r\n\x00 ")), size=st.integers(1, 30))
@settings(max_examples=examples(25), deadline=None)
def test_where_blocks_end_makes_no_difference(text: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "LONGEST_RECORD", 200)
        patch.setattr(records, "LONGEST_RECORD", 200)
        sent = b"x;y\n" + text.encode("utf-8", "surrogateescape")
        whole = inspect_register_file(sent, "file.csv", FileContract(separator=";", encoding="utf-8"))
        patch.setattr(content, "BLOCK", size + 3)
        in_blocks = inspect_register_file(sent, "file.csv", FileContract(separator=";", encoding="utf-8"))
    assert in_blocks.frame.equals(whole.frame)
    assert (in_blocks.problems, in_blocks.remarks, in_blocks.records) == (whole.problems, whole.remarks, whole.records)
