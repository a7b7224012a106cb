"""Delimited text under torture: every damage in every encoding with every line end, and what is made of it.

A damage names what happened to the file on its way. Its outcome is the rows that are kept (by number), the rows that
are refused (by number and fault) and what is remarked; or the words of the refusal of the whole file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract
from tests.reading_here import inspect_register_file

HEADER = "LopNr;Namn;Värde"
ROWS = ["001;Åsa;1,5", '002;"Örjan; ä";', "003;Siv {dash} Bo;7", "004;Göran;0"]
CELLS = [("001", "Åsa", "1,5"), ("002", "Örjan; ä", None), ("003", "Siv {dash} Bo", "7"), ("004", "Göran", "0")]
ENCODINGS = {
    "utf-8": ("utf-8", "–"),
    "utf-8-sig": ("utf-8-sig", "–"),
    "utf-16": ("utf-16", "–"),
    "utf-16-le": ("utf-16-le", "–"),
    "utf-16-be": ("utf-16-be", "–"),
    "latin-1": ("latin-1", "-"),
    "cp1252": ("cp1252", "–"),
    "cp850": ("cp850", "-"),
    "mac_roman": ("mac_roman", "-"),
}
LINE_ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r", "mixed": "\n\r\n\r"}
Lines = list[str]


@dataclass(frozen=True)
class Damage:
    """What happens to the lines of the file, and the outcome.

    ``kept`` and ``refused`` are row numbers in the damaged file; ``lost`` are rows of the whole one that are not in
    the table, ``added`` those that read otherwise.
    """

    name: str
    happens: Callable[[Lines], Lines]
    kept: tuple[int, ...] = (1, 2, 3, 4)
    lost: tuple[int, ...] = ()
    refused: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = ()
    refusal: str = ""
    last_line_end: bool = True
    added: dict[int, tuple[str | None, ...]] = field(default_factory=dict)


def put(place: int, line: str) -> Callable[[Lines], Lines]:
    """Another line in the place of one; the header is 0."""
    return lambda lines: [*lines[:place], line, *lines[place + 1 :]]


def insert(place: int, *more: str) -> Callable[[Lines], Lines]:
    """Further lines before one."""
    return lambda lines: [*lines[:place], *more, *lines[place:]]


def one_bad_row(name: str, line: str, fault: str) -> Damage:
    return Damage(name, put(3, line), kept=(1, 2, 4), lost=(3,), refused=((3, fault),))


DAMAGES = [
    Damage("none", lambda lines: lines),
    Damage("no last line end", lambda lines: lines, last_line_end=False),
    one_bad_row("too few fields", "003;x", "too_few_fields"),
    one_bad_row("too many fields", "003;x;y;z", "too_many_fields"),
    one_bad_row("an empty field too many", "003;x;y;", "too_many_fields"),
    one_bad_row("a decimal point became the separator", "003;x;1;5", "too_many_fields"),
    one_bad_row("text behind a quote", '003;"x"y;7', "stray_quote"),
    one_bad_row("a space behind a quote", '003;"x" ;7', "stray_quote"),
    one_bad_row("a space before a quote", '003; "x";7', "stray_quote"),
    one_bad_row("a quote that never closes", '003;"x;7', "stray_quote"),
    one_bad_row("a quote inside quotes that is not doubled", '003;"5" rör";7', "stray_quote"),
    one_bad_row("a NUL", "003;\x00;7", "nul_character"),
    one_bad_row("the header again", HEADER, "header_again"),
    one_bad_row("another separator in one row", "003,x,7", "too_few_fields"),
    Damage("a row in the middle of which the file ends", put(4, "004;Gö"), (1, 2, 3), (4,), ((4, "too_few_fields"),)),
    Damage("a footer", insert(5, "(4 rader)"), refused=((5, "too_few_fields"),)),
    Damage("a blank line", insert(3, ""), kept=(1, 2, 4, 5), refused=((3, "blank_line"),)),
    Damage("two blank lines", insert(1, "", ""), (3, 4, 5, 6), (), ((1, "blank_line"), (2, "blank_line"))),
    Damage("blank lines at the end", insert(5, "", ""), remarks=("blank_lines_at_end",)),
    Damage("an end-of-file mark", insert(5, "\x1a"), remarks=("end_of_file_mark",), last_line_end=False),
    Damage("the line by which Excel tells the separator", insert(0, "sep=;"), remarks=("separator_line",)),
    Damage("a line end inside quotes", put(3, '003;"a\nb";7'), remarks=("line_breaks_in_cells",),
           added={3: ("003", "a\nb", "7")}),
    one_bad_row("a quote inside a plain field, where others are quoted", '003;5" rör;7', "stray_quote"),
    one_bad_row("a field whose first half stands outside its quotes", '003;5 "x; y";7', "stray_quote"),
    one_bad_row("a separator lost in front of a quote", '003"x; y";7;', "stray_quote"),
    Damage("a quote inside a plain field, where nothing is quoted",
           lambda lines: put(3, '003;5" rör;7')(put(2, "002;x;")(lines)),
           added={2: ("002", "x", None), 3: ("003", '5" rör', "7")}),
    Damage("numbers written as formulas, so that Excel keeps zeros", put(3, '="003";"=""x""";7'),
           remarks=("text_written_as_formula",), added={3: ("003", "x", "7")}),
    Damage("another file with its byte order mark and header put behind it", insert(3, "\ufeff" + HEADER),
           kept=(1, 2, 4, 5), refused=((3, "header_again"),), remarks=("byte_order_marks_between_rows",)),
    Damage("the same, and its names are quoted", insert(3, '\ufeff"LopNr";"Namn";"Värde"'),
           kept=(1, 2, 4, 5), refused=((3, "header_again"),), remarks=("byte_order_marks_between_rows",)),
    Damage("spaces around a value", put(3, "003; x ;7 "), added={3: ("003", " x ", "7 ")}),
    Damage("text encoded twice", put(3, "003;Ã¶Ã¥;7"), remarks=("double_encoding",), added={3: ("003", "Ã¶Ã¥", "7")}),
    Damage("no rows", lambda lines: lines[:1], kept=(), lost=(1, 2, 3, 4)),
    Damage("no header", lambda lines: ["220101011234;x;ä", *lines[1:]], refusal="looks like data"),
    Damage("a title above the header", insert(0, "Uttag ä"), refusal="one field where rows below it have several"),
    Damage("several titles above the header", insert(0, "Uttag", "Ort: Åmål", "", "År: 2219"),
           refusal="one field where rows below it have several"),
    Damage("a comment above the header", insert(0, "# uttag ä"), refusal="a comment, not names of columns"),
    Damage("a separator that is not known", lambda lines: [line.translate({59: "^", 44: "."}) for line in lines],
           refusal="no separator divides the file into columns"),
    Damage("columns held apart by spaces", lambda lines: ["LopNr Namn", "001 Åsa", "002 Siv"],
           refusal="held apart by spaces"),
    Damage("columns filled up with spaces", lambda lines: ["LopNr   Namn", "001     Åsa Ek", "002     Siv"],
           refusal="held apart by spaces"),
    Damage("apostrophes for quotation marks", lambda lines: ["'LopNr';'Namn'", "'1';'x'"],
           refusal="stand in apostrophes"),
    Damage("spaces between separators and quotes", put(0, 'LopNr; Namn; "Värde"'), refusal="behind a space"),
    Damage("a quote in the header that stands inside a name", put(0, 'LopNr;"Namn"x;Värde'),
           refusal="stands where none may"),
    Damage("a quote in the header that closes rows below",
           lambda lines: ['LopNr;"Namn;Värde', '1;x;"', "2;y;"], refusal="holds a separator and a line end"),
    Damage("a name twice", put(0, "LopNr;LOPNR;Värde"), refusal="stand again (columns 2)"),
    Damage("a name missing", put(0, "LopNr;;Värde"), refusal="no name for columns 2"),
    Damage("a header with a quote that never closes", put(0, '"LopNr;Namn;Värde'), refusal="never closed"),
    Damage("the same further on", put(0, 'LopNr;"Namn;Värde'), refusal="never closed"),
    Damage("a web page", lambda lines: ["<html><body>", *lines], refusal="a web page or XML document"),
    Damage("nothing", lambda lines: [], refusal="the file is empty", last_line_end=False),
]  # fmt: skip


def sent(damage: Damage, encoding: str, line_end: str) -> bytes:
    """The damaged file as bytes."""
    lines = damage.happens([HEADER, *ROWS])
    ends = {"mixed": ["\n", "\r\n", "\r"]}.get(line_end, [LINE_ENDS[line_end]])
    text = "".join(line + ends[place % len(ends)] for place, line in enumerate(lines))
    if not damage.last_line_end:
        text = text.removesuffix("\n").removesuffix("\r")
    codec, dash = ENCODINGS[encoding]
    return text.replace("{dash}", dash).encode(codec)


def cells(damage: Damage, encoding: str) -> list[tuple[str | None, ...]]:
    """The table that should come of it."""
    dash = ENCODINGS[encoding][1]
    kept = [damage.added.get(row, cells) for row, cells in enumerate(CELLS, 1) if row not in damage.lost]
    return [tuple(value and value.replace("{dash}", dash) for value in row) for row in kept]


def fits(damage: Damage, encoding: str, line_end: str) -> bool:
    """Left out: what cannot be written or told in an encoding, and where a CR next to an LF would be one line end."""
    if damage.name == "text encoded twice" or "byte_order_marks_between_rows" in damage.remarks:
        return encoding.startswith("utf")
    if damage.name == "nothing":
        return encoding == "utf-8"
    blank = any("blank" in fault for _, fault in damage.refused) or "blank_lines_at_end" in damage.remarks
    return not (line_end == "mixed" and (blank or not damage.last_line_end or damage.name == "no rows"))


def outcome_is_exact(damage: Damage, encoding: str, line_end: str) -> None:
    content = sent(damage, encoding, line_end)
    if damage.refusal:
        with pytest.raises(FileRefused) as refused:
            inspect_register_file(content, "file.csv", FileContract())
        assert damage.refusal in str(refused.value)
        return
    table = inspect_register_file(content, "file.csv", FileContract())
    assert table.frame.rows() == cells(damage, encoding)
    assert [(problem.row, problem.problem.value) for problem in table.problems] == list(damage.refused)
    assert table.row_numbers().to_list() == list(damage.kept)
    remarks = {remark.value for remark in table.remarks} - {"encoding_guessed"}
    assert remarks == {*damage.remarks, *(["mixed_line_ends"] if line_end == "mixed" else [])}
    assert table.records == table.header_records + table.rows + table.refused_rows


def name_of(value: object) -> str:
    return value.name if isinstance(value, Damage) else str(value)


@pytest.mark.parametrize("line_end", LINE_ENDS)
@pytest.mark.parametrize("damage", DAMAGES, ids=name_of)
def test_a_damaged_file_gives_the_exact_table_or_the_exact_refusal_in_every_encoding(
    damage: Damage, line_end: str
) -> None:
    for encoding in ENCODINGS:
        if fits(damage, encoding, line_end):
            outcome_is_exact(damage, encoding, line_end)


@pytest.mark.parametrize(
    ("encoding", "row"),
    [
        ("utf-8", b"003;\xe5;7\n"),
        ("utf-8", b"003;\xc3;7\n"),
        ("utf-8", b"003;\xed\xa0\x80;7\n"),
        ("utf-8-sig", b"003;\xff;7\n"),
        ("cp1252", b"003;\x81;7\n"),
        ("utf-16-le", b"0\x003\x00;\x00\x00\xd8;\x007\x00\n\x00"),
    ],
)
def test_a_row_with_bytes_that_are_no_characters_is_refused_alone(encoding: str, row: bytes) -> None:
    codec = ENCODINGS[encoding][0]
    before = "\n".join([HEADER, *ROWS[:2], "003;Siv – Bo;7", ""]).encode(codec)
    after = (ROWS[3] + "\n").encode(codec.removesuffix("-sig"))
    table = inspect_register_file(before + row + after, "file.csv", FileContract())
    assert [(problem.row, problem.problem.value) for problem in table.problems] == [(4, "undecodable_bytes")]
    assert (table.encoding, table.rows) == (encoding, 4)
