"""Clean delimited text parsed by DuckDB, from memory, locked down and without spill.

What belongs here: the connection's lockdown, the memory file, the one statement. What must not: deciding what damage
is (the byte pass), or any text of the parser's own errors, which quote values.
"""

import os
from types import TracebackType
from typing import Self

import duckdb
import polars as pl

from samkorning.errors import CheckFailed
from samkorning.register_files import fields
from samkorning.register_files.lines import LONGEST_RECORD
from samkorning.register_files.table import RowFault

HAS_MEMORY_FILES = hasattr(os, "memfd_create")
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
        self._fill(text)
        try:
            table = self._connection.sql(self._statement(), params=[self._path]).to_arrow_table()
            rejected = self._connection.execute(_REJECTED).fetchall()
            self._connection.execute("DELETE FROM reject_errors")
        except duckdb.Error:
            table = None
        if table is None:
            raise CheckFailed("row accounting: the parser stopped at text that the byte pass took for clean")
        frame = pl.DataFrame(table)
        return frame, [(line, _FAULTS.get(error, RowFault.STRAY_QUOTE)) for line, error in rejected]

    def _fill(self, text: bytes) -> None:
        os.ftruncate(self._memory, 0)
        view, place = memoryview(text), 0
        while place < len(view):
            place += os.pwrite(self._memory, view[place:], place)

    def _statement(self) -> str:
        columns = ", ".join(f"'c{column}': 'VARCHAR'" for column in range(self._width))
        return _READ.format(columns=columns, separator=self._separator, longest=LONGEST_RECORD)


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
        store_rejects = true, rejects_limit = 0, max_line_size = {longest}, buffer_size = 4194304
    )
"""
_REJECTED = "SELECT line, min(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
