"""Clean delimited text parsed by DuckDB, from memory, locked down and without spill.

What belongs here: the connection's lockdown, the memory file, the one statement. What must not: deciding what damage
is (the byte pass), or any text of the parser's own errors, which quote values.
"""

import os
from itertools import islice
from typing import Self

import duckdb
import polars as pl

from samkorning.errors import CheckFailed
from samkorning.register_files import fields
from samkorning.register_files.lines import LONGEST_RECORD
from samkorning.register_files.table import RowFault

HAS_MEMORY_FILES = hasattr(os, "memfd_create")
SMALL_TEXT = 65_536  # bytes; opening a connection takes longer than reading so little
_MOST_REJECTS = 20_000  # of one text; DuckDB loses rejects beyond some 100,000, so the plain parser reads such a text
_SAMPLE = 16_384
_FAULTS = {
    "MISSING COLUMNS": RowFault.TOO_FEW_FIELDS,
    "TOO MANY COLUMNS": RowFault.TOO_MANY_FIELDS,
    "LINE SIZE OVER MAXIMUM": RowFault.TOO_LONG,
}
_LOCKDOWN = (
    "SET temp_directory = ''",
    "SET memory_limit = '2GB'",
    "SET arrow_output_version = '1.4'",  # text in the layout that Polars has, without a copy
    "SET enable_external_file_cache = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET allow_persistent_secrets = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class LockedParser:
    """Parses blocks of clean text with one separator into ``width`` text columns ``c0`` …; a context manager.

    The connection opens with the first text that is worth one: small or mostly damaged text, and any text on a
    machine without memory files, goes to the plain parser, which reads clean text alike.
    """

    def __init__(self, separator: str, width: int) -> None:
        self._separator, self._width = separator, width
        self._connection: _LockedConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection:
            self._connection.close()

    def parse(self, text: bytes) -> tuple[pl.DataFrame, fields.Rejects]:
        """The rows in order, and the rejected records by 1-based place in the text."""
        if self._is_worth_a_connection(text):
            self._connection = self._connection or _LockedConnection(self._separator, self._width)
            parsed = self._connection.parse(text)
            if parsed:
                return parsed
        return fields.parse(text, self._separator, self._width)

    def _is_worth_a_connection(self, text: bytes) -> bool:
        large = HAS_MEMORY_FILES and len(text) >= SMALL_TEXT
        return large and not _is_mostly_damaged(text, self._separator, self._width)


class _LockedConnection:
    """DuckDB in memory, that may read one memory file and nothing else."""

    def __init__(self, separator: str, width: int) -> None:
        columns = ", ".join(f"'c{column}': 'VARCHAR'" for column in range(width))
        self._statement = _READ.format(
            columns=columns, separator=separator, longest=LONGEST_RECORD, rejects=_MOST_REJECTS
        )
        self._memory = os.memfd_create("rows", os.MFD_CLOEXEC)
        self._path = f"/proc/self/fd/{self._memory}"
        self._connection = duckdb.connect(":memory:")
        for setting in (f"SET allowed_paths = ['{self._path}']", *_LOCKDOWN):
            self._connection.execute(setting)

    def close(self) -> None:
        self._connection.close()
        os.close(self._memory)

    def parse(self, text: bytes) -> tuple[pl.DataFrame, fields.Rejects] | None:
        """Rows and rejects, or None where there are more rejects than DuckDB keeps account of."""
        self._fill(text)
        try:
            table = self._connection.sql(self._statement, params=[self._path]).to_arrow_table()
            rejected = self._connection.execute(_REJECTED).fetchall()
            self._connection.execute("DELETE FROM reject_errors")
        except duckdb.Error:
            table = None
        if table is None:
            raise CheckFailed("row accounting: the parser stopped at text that the byte pass took for clean")
        if len(rejected) >= _MOST_REJECTS:
            return None
        frame = pl.from_arrow(table, rechunk=False)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table of several columns is no series
        return frame, [(line, _FAULTS.get(error, RowFault.STRAY_QUOTE)) for line, error in rejected]

    def _fill(self, text: bytes) -> None:
        os.ftruncate(self._memory, 0)
        view, place = memoryview(text), 0
        while place < len(view):
            place += os.pwrite(self._memory, view[place:], place)


def _is_mostly_damaged(text: bytes, separator: str, width: int) -> bool:
    """Whether most records at three places have too few or too many fields; the fast parser is slow on such text."""
    starts = [0, *(text.find(b"\n", len(text) * part // 3) + 1 for part in (1, 2))]
    samples = (fields.split_records(text[start : start + _SAMPLE], separator) for start in starts)
    widths = [len(record) for sample in samples for record in islice(sample, 50)]
    return sum(found != width for found in widths) > len(widths) / 2


_READ = """
    SELECT * FROM read_csv(
        ?, columns = {{{columns}}}, auto_detect = false, header = false, strict_mode = true, null_padding = false,
        delim = '{separator}', quote = '"', escape = '"', comment = '', new_line = '\\n', allow_quoted_nulls = false,
        store_rejects = true, rejects_limit = {rejects}, max_line_size = {longest}, buffer_size = 2097152
    )
"""
_REJECTED = "SELECT line, min(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
