"""The rule that finds a separator in the first lines."""

import pytest

from samkorning.register_files.text.separators import NO_SEPARATOR, find_separator


@pytest.mark.parametrize(
    ("lines", "separator"),
    [
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a,b\n1,2\n", ","),
        ("a|b\n1|2\n", "|"),
        ("a;b\n1,5;2,5\n", ";"),  # decimal commas
        ("a,b;c\n1,2;3\n1,2;3\n", ";"),  # both fit: the semicolon goes first
        ("a,b;c,d\n1,2;3,4\n", ","),  # both fit: the header that is split further wins
        ("a,b;c\n1;3\n1;3\n", ";"),
        ('"a,b,c";d\n"1,2";3\n', ";"),
        ("PERSNR\n220101011234\n", NO_SEPARATOR),
        ("Anteckning\nhej, du; där\nnej\n", NO_SEPARATOR),
        ("Uttag 2219\na;b\n1;2\n1;2\n", ";"),  # a title above the header does not make it one column
        ("a;b\n", ";"),
        ('a;b\n1;"x\n2;3\n4;5\n', ";"),
    ],
)
def test_the_separator_is_the_one_that_header_and_rows_agree_on(lines: str, separator: str) -> None:
    assert find_separator(lines.encode(), []) == separator


def test_declared_names_decide() -> None:
    assert find_separator(b"a,b;c\n1,2;3\n", ["c"]) == ";"
    assert find_separator(b"a,b;c\n1,2;3\n", ["A"]) == ","
