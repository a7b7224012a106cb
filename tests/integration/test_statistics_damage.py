"""Statistics files and old workbooks that were cut off or changed on their way: the exact table or a refusal.

A reader that breaks ends a process of its own, and the file is refused. No message holds a value.
"""

import random
from functools import cache
from typing import Any

import polars as pl
import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable, inspect_register_file
from tests.old_workbooks import workbook
from tests.statistics_files import WRITERS

SECRETS = ["Hemlig", "Gömd", "987654", "55.125"]
COLUMNS = {"t": ["Hemlig", "Gomd", "a"], "n": [987654.0, 55.125, None], "z": ["001", "002", "003"]}
NAMES = [*WRITERS, "xls"]
RECORD = 80  # bytes of a transport file, which tells neither its rows nor its end


@cache
def whole(name: str) -> tuple[bytes, str]:
    if name == "xls":
        return workbook([list(COLUMNS), *zip(*COLUMNS.values(), strict=True)]), "f.xls"
    return WRITERS[name].write(pl.DataFrame(COLUMNS)), WRITERS[name].file


def outcome(content: bytes, file: str) -> RegisterTable | None:
    """The table, or None where the file is refused; a refusal tells no value."""
    try:
        return inspect_register_file(content, file, FileContract())
    except FileRefused as refused:
        assert not any(secret in f"{refused}{refused.__context__}{refused.__cause__}" for secret in SECRETS)
    return None


def cut_off(content: bytes, file: str, lengths: Any) -> None:
    right = outcome(content, file)
    assert right is not None and right.rows == 3
    for length in lengths:
        table = outcome(content[:length], file)
        if table is not None and not table.frame.equals(right.frame):
            assert file == "f.xpt" and length % RECORD == 0, length
            assert table.frame.equals(right.frame.head(table.rows)), length


def changed(content: bytes, seed: int) -> bytes:
    """Some bytes changed, in every second file only near its beginning."""
    draw, damaged = random.Random(seed), bytearray(content)
    reach = len(damaged) if seed % 2 else min(len(damaged), 2000)
    for _ in range(draw.choice([1, 1, 2, 8])):
        damaged[draw.randrange(reach)] = draw.randrange(256)
    return bytes(damaged)


def flipped(content: bytes, file: str, seeds: range) -> None:
    for seed in seeds:
        table = outcome(changed(content, seed), file)
        assert table is None or table.records == table.header_records + table.rows + table.refused_rows


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_cut_off_is_the_whole_table_or_refused(name: str) -> None:
    content, file = whole(name)
    cut_off(content, file, [1, 79, *range(160, len(content), len(content) // 8), len(content) - 1])


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_changed_bytes_is_a_table_or_refused(name: str) -> None:
    flipped(*whole(name), range(12))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_cut_off_anywhere_is_the_whole_table_or_refused(name: str) -> None:
    content, file = whole(name)
    cut_off(content, file, range(1, len(content), max(1, len(content) // 60)))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_many_kinds_of_changed_bytes_is_a_table_or_refused(name: str) -> None:
    flipped(*whole(name), range(100, 160))


@pytest.mark.parametrize("number", [33, 64, 125, 205])
def test_an_encoding_of_which_a_reader_has_no_table_is_told(number: int) -> None:
    """Such as Cyrillic and Chinese: a process that reads a file may open none to load their tables."""
    content = bytearray(WRITERS["sas7bdat"].write(pl.DataFrame({"a": ["x"]}), encoding="cp1252"))
    content[70] = number
    with pytest.raises(FileRefused, match="its encoding is not known here"):
        inspect_register_file(bytes(content), "f.sas7bdat", FileContract())
