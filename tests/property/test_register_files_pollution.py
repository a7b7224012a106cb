"""Single faults in files of delimited text, of the kinds that public benchmarks of polluted files collect.

Each fault is put anywhere into a random table. What comes of it: the table as it was meant, or a refusal of the file or
of rows. Never other values. Left out are files in which no field begins with a quote though quotes there are: in
those a quote is part of a value.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract
from tests.examples import examples
from tests.reading_here import inspect_register_file

Row = tuple[str, ...]
NAMES = ("LopNr", "Datum", "Fritext", "Kod")


@dataclass(frozen=True)
class Written:
    """A table and how it is written; ``lines`` are its records with their line ends, the header first."""

    rows: tuple[Row, ...]
    separator: str = ";"
    quote: str = '"'
    escaped: str = '""'
    line_end: str = "\n"
    quote_all: bool = False

    def cell(self, text: str) -> str:
        needs = self.quote_all or any(mark in text for mark in (self.separator, self.quote, "\n")) or text[:1] == " "
        return self.quote + text.replace(self.quote, self.escaped) + self.quote if needs and text else text

    def line(self, row: Row, separator: str | None = None) -> str:
        return (separator or self.separator).join(map(self.cell, row)) + self.line_end

    def lines(self) -> list[str]:
        return [self.line(row) for row in (NAMES, *self.rows)]


texts = st.sampled_from(
    ["Tippet, fresh", "a; b", "hej", 'rör 5" grovt', 'Hon sa "nej", sen', "", "två\nrader", "Åsa Öberg", "x"]
)
codes = st.sampled_from(["0123", "A1", "7,5", "2.5"])
days = st.dates().map(lambda day: day.isoformat())
numbers = st.integers(10**5, 10**6 - 1).map(str)
rows = st.lists(st.tuples(numbers, days, texts, codes), min_size=2, max_size=6, unique_by=lambda row: row[0])
tables = st.builds(
    Written,
    rows.map(tuple),
    separator=st.sampled_from(";,\t|"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
)
places = st.integers(0, 10_000)
Fault = Callable[[Written, int], str]


def on_a_line(change: Callable[[Written, str, int], str]) -> Fault:
    """A fault of one record, the header or any other."""

    def pollute(written: Written, place: int) -> str:
        lines = written.lines()
        at = place % len(lines)
        body = lines[at].removesuffix(written.line_end)
        lines[at] = change(written, body, place // len(lines)) + written.line_end
        return "".join(lines)

    return pollute


def separators_of(written: Written, body: str) -> list[int]:
    """Where separators stand between fields."""
    found, inside = [], False
    for place, letter in enumerate(body):
        inside ^= letter == written.quote
        if letter == written.separator and not inside:
            found.append(place)
    return found


def without_a_separator(written: Written, body: str, place: int) -> str:
    at = separators_of(written, body)[place % (len(NAMES) - 1)]
    return body[:at] + body[at + 1 :]


def with_a_separator(written: Written, body: str, place: int) -> str:
    at = [-1, *separators_of(written, body)][place % len(NAMES)]
    return body[: at + 1] + written.separator + body[at + 1 :]


def with_a_quote(written: Written, body: str, place: int) -> str:
    at = [-1, *separators_of(written, body)][place % len(NAMES)]
    return body[: at + 1] + '"' + body[at + 1 :]


def with_a_quote_at_the_end(written: Written, body: str, place: int) -> str:
    at = [*separators_of(written, body), len(body)][place % len(NAMES)]
    return body[:at] + '"' + body[at:]


def with_another_separator(written: Written, body: str, place: int) -> str:
    return written.line((*written.rows, NAMES)[place % (len(written.rows) + 1)], " ").removesuffix(written.line_end)


def with_spaces_before_quotes(written: Written, place: int) -> str:
    return "".join(written.line(row, f"{written.separator} ") for row in (NAMES, *written.rows))


def above(*lines: str) -> Fault:
    def pollute(written: Written, place: int) -> str:
        return "".join(line + written.line_end for line in lines) + "".join(written.lines())

    return pollute


def below(*lines: str) -> Fault:
    def pollute(written: Written, place: int) -> str:
        return "".join(written.lines()) + "".join(line + written.line_end for line in lines)

    return pollute


def preamble_of_its_width(written: Written, place: int) -> str:
    return "Uttag" + written.separator * (len(NAMES) - 1) + written.line_end + "".join(written.lines())


def put_together(written: Written, place: int) -> str:
    header, *rows = written.lines()
    return "".join([header, *rows, "\ufeff" * (place % 2) + header, *rows])


def another_table(written: Written, place: int) -> str:
    names = ("A", "B", "C", "D", "E")[: 5 if place % 2 else 3]
    return "".join([*written.lines(), written.line(names), written.line(("1",) * len(names))])


def written_otherwise(**otherwise: str) -> Fault:
    return lambda written, place: "".join(replace(written, **otherwise).lines())  # type: ignore[arg-type]


def header_on_several_lines(written: Written, place: int) -> str:
    return written.lines()[0] * (1 + place % 2) + "".join(written.lines())


FAULTS: dict[str, Fault] = {
    "a separator too few": on_a_line(without_a_separator),
    "a separator too many": on_a_line(with_a_separator),
    "a quote too many before a field": on_a_line(with_a_quote),
    "a quote too many behind a field": on_a_line(with_a_quote_at_the_end),
    "spaces for separators in one record": on_a_line(with_another_separator),
    "a space behind every separator": with_spaces_before_quotes,
    "spaces for separators": written_otherwise(separator=" "),
    "an unknown separator": written_otherwise(separator="^"),
    "two separators for one": written_otherwise(separator=";;"),
    "apostrophes for quotes": written_otherwise(quote="'", escaped="''"),
    "quotes escaped by a backslash": written_otherwise(escaped='\\"'),
    "quotes that are not doubled": written_otherwise(escaped='"'),
    "a title": above("Uttag"),
    "titles": above("Uttag", "Ort: Åmål, Sverige", "", "2219-01-02"),
    "a comment": above("# uttag; av allt, 2219"),
    "a preamble as wide as the table": preamble_of_its_width,
    "a blank line first": above(""),
    "a footer": below("(4 rader)"),
    "a wide footer": below("Summa;;;", "Summa,,,"),
    "a header on several lines": header_on_several_lines,
    "the file twice": put_together,
    "another table below": another_table,
}


def apart_from_spaces(row: Sequence[str | None]) -> tuple[str | None, ...]:
    """The cells without spaces around them: those between separators belong to the cells, as they are sent."""
    return tuple((cell or "").strip(" ") or None for cell in row)


@pytest.mark.parametrize("fault", FAULTS)
@given(written=tables, place=places)
@settings(max_examples=examples(15), deadline=None)
def test_a_polluted_file_is_read_as_it_was_meant_or_refused(fault: str, written: Written, place: int) -> None:
    sent = FAULTS[fault](written, place)
    assume('"' not in sent or re.search(f'(?:^|[\r\n{written.separator}])"', sent))  # else a quote is part of a value
    try:
        table = inspect_register_file(sent.encode(), "file.csv", FileContract())
    except FileRefused:
        return
    if not table.refused_rows:
        assert apart_from_spaces(table.columns) == NAMES
        assert [*map(apart_from_spaces, table.frame.rows())] == [*map(apart_from_spaces, written.rows)]
