"""What is taken of delimited text, row by row: small files in, exact tables or exact refusals out."""

import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable
from tests.reading_here import inspect_register_file, read_register_file

SWEDISH = 'LopNr;Namn;Värde\n001;Åsa;1,5\n002;"Ö; ""x""";\n003;;""\n'
SWEDISH_ROWS = [("001", "Åsa", "1,5"), ("002", 'Ö; "x"', None), ("003", None, "")]


def read(content: bytes, name: str = "file.csv", **terms: object) -> RegisterTable:
    return inspect_register_file(content, name, FileContract.model_validate(terms))


def refusal(content: bytes, name: str = "file.csv", **terms: object) -> str:
    with pytest.raises(FileRefused) as refused:
        read_register_file(content, name, FileContract.model_validate(terms))
    return str(refused.value)


def problems(table: RegisterTable) -> list[tuple[int, str]]:
    return [(problem.row, problem.problem.value) for problem in table.problems]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "latin-1"),
        ("cp1252", "latin-1"),  # the same bytes while no byte lies in 0x80-0x9F
        ("cp850", "cp850"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_every_encoding_and_line_end_gives_the_same_table(encoding: str, found: str, line_end: str) -> None:
    table = read(SWEDISH.replace("\n", line_end).encode(encoding))
    assert table.frame.rows() == SWEDISH_ROWS
    assert (table.encoding, table.separator, table.columns) == (found, ";", ("LopNr", "Namn", "Värde"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "cp850", "mac_roman"])
def test_a_declared_encoding_is_taken_at_its_word(encoding: str) -> None:
    assert read(SWEDISH.encode(encoding), encoding=encoding).frame.rows() == SWEDISH_ROWS


def test_a_byte_order_mark_that_contradicts_the_declared_encoding_refuses_the_file() -> None:
    assert "marked as utf-8-sig and declared as cp1252" in refusal(SWEDISH.encode("utf-8-sig"), encoding="cp1252")


@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_every_separator_is_found(separator: str) -> None:
    content = separator.join("abc") + "\n" + separator.join(["1", '"2;,\t|"', ""]) + "\n"
    table = read(content.encode())
    assert (table.separator, table.frame.rows()) == (separator, [("1", "2;,\t|", None)])


def test_values_stay_exactly_as_sent() -> None:
    table = read(b'a;b;c\n001; x ;"  "\n1,50;NA;True\n1.98504E+11;-0;"\r\n"\n')
    assert table.frame.rows() == [("001", " x ", "  "), ("1,50", "NA", "True"), ("1.98504E+11", "-0", "\r\n")]


def test_nothing_between_separators_is_missing_and_a_pair_of_quotes_is_an_empty_text() -> None:
    assert read(b'a;b\n;""\n').frame.rows() == [(None, "")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"1", "too_few_fields"),
        (b"1;2;3", "too_many_fields"),
        (b"1;2;", "too_many_fields"),
        (b'1;"2"x', "stray_quote"),
        (b'1;"2', "stray_quote"),
        (b'1; "2"', "stray_quote"),
        (b'1;"2" ', "stray_quote"),
        (b"1;\x002", "nul_character"),
        (b"\xe5;2", "undecodable_bytes"),
        (b"", "blank_line"),
        (b"1;" + b"2" * 1_100_000, "row_too_long"),
    ],
)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_a_damaged_row_is_refused_by_number_and_its_neighbours_are_kept(
    row: bytes, problem: str, line_end: bytes
) -> None:
    table = read(line_end.join([b"a;b", "ä;ö".encode(), row, b'"x";y', b"z;", b""]))
    assert problems(table) == [(2, problem)]
    assert table.frame.rows() == [("ä", "ö"), ("x", "y"), ("z", None)]
    assert (table.rows, table.refused_rows, table.records) == (3, 1, 5)
    assert table.row_numbers().to_list() == [1, 3, 4]


def test_a_quote_inside_a_plain_field_is_plain_text() -> None:
    assert read('a;b\n5" rör;Hansson "Hasse" Berg\n'.encode()).frame.rows() == [('5" rör', 'Hansson "Hasse" Berg')]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
@pytest.mark.parametrize(
    ("above", "below"),
    [
        (['"1";2'], []),
        (['1;"2"'], []),
        (['1; "2"'], []),
        ([], ['"1";2']),
        ([], ["3;4"] * 500 + ['1;"2"']),
        ([], ['1;"2"x']),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_where_a_field_of_the_file_is_quoted_a_quote_inside_a_plain_one_is_damage(
    above: list[str], below: list[str], line_end: str, encoding: str
) -> None:
    lines = ["a;b", *above, '43.4"Tippet, fresh";x', *below, ""]
    table = read(line_end.join(lines).encode(encoding))
    assert (len(above) + 1, "stray_quote") in problems(table)
    assert not any("Tippet" in (cell or "") for row in table.frame.rows() for cell in row)


def test_a_quoted_name_alone_makes_a_quote_inside_a_plain_field_damage() -> None:
    assert problems(read('a;"b"\n5" rör;x\n1;2\n'.encode())) == [(1, "stray_quote")]
    assert "the first row is never closed" in refusal(b'a;b" c\n"1";2\n')
    assert "the first row stands where none may" in refusal(b'a;b"c"\n"1";2\n')
    assert read(b'a;b" c\n1;2\n').columns == ("a", 'b" c')


def test_a_damaged_record_with_line_ends_in_quotes_is_refused_whole() -> None:
    table = read(b'a;b\n1"x;"y\n2;z\n"\n3;4\n')
    assert (problems(table), table.frame.rows()) == ([(1, "stray_quote")], [("3", "4")])


@pytest.mark.parametrize(
    ("sent", "text"),
    [('="0123"', "0123"), ('"=""0123"""', "0123"), ('=""', ""), ('"="""""', ""), ('"=""a; b"""', "a; b")],
)
@pytest.mark.parametrize("beside", ["x", '"x"'])
def test_text_written_as_a_formula_is_the_text(sent: str, text: str, beside: str) -> None:
    table = read(f"a;b\n{beside};{sent}\n1;2\n".encode())
    assert table.frame.rows() == [("x", text), ("1", "2")]
    assert table.remarks == {"text_written_as_formula": 1}


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ('"=""a"', '="a'),
        ('"=""a""&""b"""', '="a"&"b"'),
        ("=1+1", "=1+1"),
        ('"="', "="),
        ('"x=""0123"""', 'x="0123"'),
    ],
)
def test_what_looks_only_alike_stays_as_it_was_sent(sent: str, text: str) -> None:
    table = read(f"a;b\nx;{sent}\n".encode())
    assert (table.frame.rows(), table.remarks) == ([("x", text)], {})


def test_a_header_written_as_formulas_has_the_names_inside() -> None:
    table = read(b'="a";="b"\n="01";="02"\n="a";="b"\n')
    assert (table.columns, table.frame.rows()) == (("a", "b"), [("01", "02")])
    assert problems(table) == [(2, "header_again")]


@pytest.mark.parametrize(
    ("encoding", "second"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("latin-1", "utf-8-sig"),
        ("cp850", "utf-8-sig"),
        ("mac_roman", "utf-8-sig"),
    ],
)
@pytest.mark.parametrize("again", ["a;b", '"a";"b"', 'a;"b"'])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_two_files_put_together_show_at_the_mark_and_header_of_the_second(
    encoding: str, second: str, again: str, line_end: str
) -> None:
    first = line_end.join(["a;b", "små;höst", ""]).encode(encoding)
    table = read(first + line_end.join([again, "1;2", ""]).encode(second))
    assert (table.columns, table.frame.rows()) == (("a", "b"), [("små", "höst"), ("1", "2")])
    assert (problems(table), table.remarks["byte_order_marks_between_rows"]) == ([(2, "header_again")], 1)


def test_utf_16_of_the_other_byte_order_behind_the_first_is_no_text() -> None:
    content = "a;b\n1;2\n".encode("utf-16") + "\ufeffa;b\n3;4\n".encode("utf-16-be")
    assert problems(read(content)) == [(2, "undecodable_bytes")]


def test_a_byte_order_mark_inside_a_value_stays() -> None:
    table = read('a;b\n1;x\ufeff\n2;\ufeffy\n3;"z\n\ufeff"\n'.encode())
    assert table.frame["b"].to_list() == ["x\ufeff", "\ufeffy", "z\n\ufeff"]
    assert "byte_order_marks_between_rows" not in table.remarks


def test_marks_alone_on_a_line_are_a_blank_line() -> None:
    assert problems(read("a;b\n\ufeff\ufeff\n1;2\n".encode())) == [(1, "blank_line")]
    assert read("\ufeff\ufeffa;b\n1;2\n".encode()).columns == ("a", "b")
    assert read("Uttag\n\ufeffa;b\n1;2\n".encode(), skip_rows=1).columns == ("a", "b")


def test_a_line_end_inside_quotes_belongs_to_the_value() -> None:
    table = read(b'a;b\r\n"x\r\ny\n\nz";1\r\n2;3\r\n')
    assert table.frame.rows() == [("x\r\ny\n\nz", "1"), ("2", "3")]
    assert table.remarks == {"line_breaks_in_cells": 1}


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        (b"a;b\n1;2\n\x1a", "end_of_file_mark"),
        (b"a;b\r\n1;2\x1a\x1a\r\n", "end_of_file_mark"),
        (b"a;b\n1;2\n\n\n", "blank_lines_at_end"),
        (b"a;b\r\n1;2\n", "mixed_line_ends"),
        (b"a;b\n1;2\r", "mixed_line_ends"),
        (b"sep=;\r\na;b\r\n1;2\r\n", "separator_line"),
    ],
)
def test_what_stands_around_the_rows_is_remarked_and_no_row(content: bytes, remark: str) -> None:
    table = read(content)
    assert table.frame.rows() == [("1", "2")]
    assert list(table.remarks) == [remark]


def test_text_that_was_encoded_twice_is_remarked() -> None:
    assert read("a;b\nÃ¥;Ã¶Ã¶\n".encode()).remarks == {"double_encoding": 3}


def test_a_header_without_rows_is_a_table_of_no_rows() -> None:
    for content in (b"a;b\n", b"a;b", b"a;b\r\n\r\n"):
        assert (read(content).columns, read(content).rows) == (("a", "b"), 0)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\x1a"])
def test_a_file_without_a_record_is_refused(content: bytes) -> None:
    assert refusal(content).startswith("file.csv: the file is empty; ")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\n <!DOCTYPE html><html></html>", "a web page"),
        (b"<p>Fel 500</p>\n", "a web page"),
        (b"<h1 class='x'>Fel</h1>\n", "a web page"),
        (b"<?php\n", "a web page"),
        ("\ufeff<html><body>".encode("utf-16-le"), "a web page"),
        (b"Rar!rest", "a RAR archive"),
        (b"BZh9rest", "a bzip2 archive"),
        (b"PAR1rest", "a Parquet file"),
        (b"Salted__", "an encrypted file"),
        (b'{"error": "not found"}', "JSON"),
        (bytes(range(256)) * 8, "binary data"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "text in UTF-32"),
    ],
)
def test_content_of_another_kind_is_refused_whatever_the_name_says(content: bytes, kind: str) -> None:
    assert f"the content is {kind}" in refusal(content)
    assert f"the content is {kind}" in refusal(content, format="delimited", name="no-suffix")


def test_names_of_columns_are_found_without_regard_to_case_and_take_their_declared_spelling() -> None:
    table = read(b"LOPNR;kon;other\n1;2;3\n", columns=[{"name": "Kon"}, {"name": "LopNr"}])
    assert table.columns == ("LopNr", "Kon", "other")


@pytest.mark.parametrize(
    ("content", "terms", "problem"),
    [
        (b"a;b\n1;2\n", {"columns": [{"name": "LopNr"}]}, "1 declared columns are missing: LopNr"),
        (b"a;b\n1;2\n", {"columns": [{"name": "a"}], "undeclared_columns": False}, "not declared (columns 2)"),
        (b"LopNr;x;LOPNR\n1;2;3\n", {}, "names of earlier columns stand again (columns 3)"),
        (b"a;;c\n1;2;3\n", {}, "the header has no name for columns 2"),
        (b"*;b;^.*$\n1;2;3\n", {}, "signs with a meaning of their own, such as * (columns 1, 3)"),
        (b"a*;^b;*\n1;2;3\n", {}, "signs with a meaning of their own, such as * (columns 3)"),
        (b"220101011234;b\n220101021234;2\n", {}, "the first row looks like data"),
        (b"1;2;3\n", {"header": False, "columns": [{"name": "a"}]}, "3 columns where 1 are declared"),
        (b'"a;b\n1;2\n', {"separator": ";"}, "a quotation mark in the first row is never closed"),
        (b"a;V\xe4rde\n1;2\n", {"encoding": "utf-8"}, "the first row has bytes that are no characters"),
    ],
)
def test_a_header_that_cannot_be_trusted_refuses_the_file(
    content: bytes, terms: dict[str, object], problem: str
) -> None:
    message = refusal(content, **terms)
    assert problem in message
    assert "2201" not in message


def test_an_optional_column_may_be_absent_and_is_not_made_up() -> None:
    assert read(b"a\n1\n", columns=[{"name": "a"}, {"name": "b", "optional": True}]).columns == ("a",)


def test_a_file_without_a_header_takes_its_declared_names_in_order() -> None:
    table = read(b"1;2\n3;4\n", header=False, columns=[{"name": "a"}, {"name": "b"}])
    assert table.frame.to_dicts() == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_rows_above_the_header_are_skipped_only_when_declared() -> None:
    content = b"Uttag 2219\nA;B\n1;2\n3;4\n"
    assert read(content, skip_rows=1).frame.rows() == [("1", "2"), ("3", "4")]
    assert "the first row has one field where rows below it have several" in refusal(content)


ANSWERS = b"Svar\nBerg, Anna\nEk, Bo\n5;6\n"


def test_the_only_declared_column_may_hold_separators() -> None:
    table = read(ANSWERS, columns=[{"name": "svar"}])
    assert table.frame.rows() == [("Berg, Anna",), ("Ek, Bo",), ("5;6",)]
    assert (table.columns, table.separator) == (("svar",), None)


@pytest.mark.parametrize(
    ("content", "terms", "problem"),
    [
        (ANSWERS, {}, "one field where rows below it have several"),
        (ANSWERS, {"columns": [{"name": "Svar"}, {"name": "Kod", "optional": True}]}, "one field where rows below"),
        (b"Svar\nA;B\n", {}, "one field where rows below it have several"),
        (b"Svar\nmer\nA;B\n", {}, "one field where rows below it have several"),
        (b'Svar\n1, "a, b"\n2, "c"\n', {}, "one field where rows below it have several"),
        (b"Svar\n1, a\n2, b\n", {}, "one field where rows below it have several"),
        (b"A,B\n1,2\n", {"separator": ";"}, "the declared separator does not divide the file into columns"),
        (b"# uttag\nA;B\n1;2\n", {"separator": ";"}, "a comment, not names of columns"),
        (b"Uttag\nA;B\n1;2\n", {"separator": ";"}, "one field where rows below it have several"),
        (b"A:B\n1:2\n", {}, "no separator divides the file into columns"),
        (b"Vad tycker du\nbra\n", {}, "no separator divides the file into columns"),
        (b'"A;B"\n"1;2"\n', {}, "no separator divides the file into columns"),
        (b'"Svar\nA"\n1\n', {}, "no separator divides the file into columns"),
        (b"A B\n1 2\n3 4\n", {}, "held apart by spaces"),
        (b'A "B" "C"\n1 "2" "x"\n', {}, "held apart by spaces"),
        (b"A  B\n1  2\n", {}, "held apart by spaces"),
        (b'A, B, "C"\n1, 2, "x"\n', {}, "stands behind a space"),
    ],
)
def test_a_header_of_one_field_is_one_column_only_where_that_is_likely(
    content: bytes, terms: dict[str, object], problem: str
) -> None:
    assert problem in refusal(content, **terms)


@pytest.mark.parametrize(
    "content",
    [
        b"PERSNR\n1\n",
        b"PERSNR\n",
        b'"PERSNR"\n"1"\n',
        b"Person-nr\n1\n",
        b"sep=;\nPERSNR\n1\n",
        b"Svar\nhej, du\nnej\n",
    ],
)
def test_one_plain_name_above_rows_that_nothing_divides_is_one_column(content: bytes) -> None:
    assert len(read(content).columns) == 1


def test_one_column_may_have_its_separator_declared() -> None:
    assert read(b"Svar\n1,5\n2,5\n", separator=";").frame.rows() == [("1,5",), ("2,5",)]


def test_in_a_file_of_one_column_every_line_is_a_row() -> None:
    table = read(b"PERSNR\n220101011234\n\nNA; x\n")
    assert table.frame.rows() == [("220101011234",), (None,), ("NA; x",)]
    assert table.separator is None


@pytest.mark.parametrize(("tolerance", "taken"), [(0.0, False), (0.24, False), (0.25, True)])
def test_a_file_is_refused_when_more_of_its_rows_are_damaged_than_tolerated(tolerance: float, taken: bool) -> None:
    content = b"a;b\n1;2\n220101011234\n3;4\n5;6\n"
    if taken:
        assert read_register_file(content, "file.csv", FileContract(tolerance=tolerance)).rows == 3
    else:
        message = refusal(content, tolerance=tolerance)
        assert message == (
            "file.csv: 1 of 4 rows are damaged (too_few_fields): row 2; correct the rows and send the whole file again"
        )


def test_a_refusal_tells_at_most_twenty_row_numbers() -> None:
    assert refusal(b"a;b\n" + b"1\n" * 25).count(",") == 19
    assert "and 5 more" in refusal(b"a;b\n" + b"1\n" * 25)
