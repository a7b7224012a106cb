"""Clean delimited text parsed by DuckDB, from memory, locked down and without spill.

What belongs here: the connection's lockdown, the memory file, the one statement. What must not: deciding what damage
is (the byte pass), or any text of the parser's own errors, which quote values.
"""

import os
from itertools import islice
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from samkorning.errors import CheckFailed
from samkorning.register_files import fields
from samkorning.register_files.lines import LONGEST_RECORD
from samkorning.register_files.table import RowFault

HAS_MEMORY_FILES = hasattr(os, "memfd_create")
_MOST_REJECTS = 20_000  # of one text; DuckDB loses rejects beyond some 100,000, so the plain parser reads such a text
_SAMPLE = 16_384
_FAULTS = {
    "MISSING COLUMNS": RowFault.TOO_FEW_FIELDS,
    "TOO MANY COLUMNS": RowFault.TOO_MANY_FIELDS,
    "LINE SIZE OVER MAXIMUM": RowFault.TOO_LONG,
}
_LOCKDOWN = (
    "SET temp_directory = ''",
    "SET enable_external_file_cache = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allow_persistent_secrets = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class LockedParser:
    """Parses blocks of clean text with one separator into ``width`` text columns ``c0`` …; a context manager."""

    def __init__(self, separator: str, width: int) -> None:
        self._separator, self._width = separator, width
        self._memory = os.memfd_create("rows", os.MFD_CLOEXEC)
        self._path = f"/proc/self/fd/{self._memory}"
        self._connection = duckdb.connect(":memory:")
        for setting in (f"SET allowed_paths = ['{self._path}']", *_LOCKDOWN):
            self._connection.execute(setting)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        os.close(self._memory)

    def parse(self, text: bytes) -> tuple[pl.DataFrame, fields.Rejects]:
        """The rows in order, and the rejected records by 1-based place in the text."""
        if _is_mostly_damaged(text, self._separator, self._width):
            return fields.parse(text, self._separator, self._width)
        self._fill(text)
        try:
            table = self._connection.sql(self._statement(), params=[self._path]).to_arrow_table()
            rejected = self._connection.execute(_REJECTED).fetchall()
            self._connection.execute("DELETE FROM reject_errors")
        except duckdb.Error:
            table = None
        if table is None:
            raise CheckFailed("row accounting: the parser stopped at text that the byte pass took for clean")
        if len(rejected) >= _MOST_REJECTS:
            return fields.parse(text, self._separator, self._width)
        return pl.DataFrame(table), [(line, _FAULTS.get(error, RowFault.STRAY_QUOTE)) for line, error in rejected]

    def _fill(self, text: bytes) -> None:
        os.ftruncate(self._memory, 0)
        view, place = memoryview(text), 0
        while place < len(view):
            place += os.pwrite(self._memory, view[place:], place)

    def _statement(self) -> str:
        columns = ", ".join(f"'c{column}': 'VARCHAR'" for column in range(self._width))
        return _READ.format(columns=columns, separator=self._separator, longest=LONGEST_RECORD, rejects=_MOST_REJECTS)


def _is_mostly_damaged(text: bytes, separator: str, width: int) -> bool:
    """Whether most records at three places have too few or too many fields; the fast parser is slow on such text."""
    starts = [0, *(text.find(b"\n", len(text) * part // 3) + 1 for part in (1, 2))]
    samples = (fields.split_records(text[start : start + _SAMPLE], separator) for start in starts)
    widths = [len(record) for sample in samples for record in islice(sample, 50)]
    return sum(found != width for found in widths) > len(widths) / 2


class PlainParser:
    """The same in plain Python, for machines without memory files."""

    def __init__(self, separator: str, width: int) -> None:
        self._separator, self._width = separator, width

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def parse(self, text: bytes) -> tuple[pl.DataFrame, fields.Rejects]:
        return fields.parse(text, self._separator, self._width)


def open_parser(separator: str, width: int) -> LockedParser | PlainParser:
    """The fast parser where the machine has memory files, else the plain one."""
    return LockedParser(separator, width) if HAS_MEMORY_FILES else PlainParser(separator, width)


_READ = """
    SELECT * FROM read_csv(
        ?, columns = {{{columns}}}, auto_detect = false, header = false, strict_mode = true, null_padding = false,
        delim = '{separator}', quote = '"', escape = '"', comment = '', new_line = '\\n', allow_quoted_nulls = false,
        store_rejects = true, rejects_limit = {rejects}, max_line_size = {longest}, buffer_size = 4194304
    )
"""
_REJECTED = "SELECT line, min(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
