"""Parquet as a format of register files, opened from memory.

What belongs here: reading with Polars and counting with PyArrow. What must not: types and names (stored_tables).
"""

import io

import polars as pl
import pyarrow.parquet

from samkorning.register_files.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.stored_tables import (
    LIBRARY_ERRORS,
    Counted,
    empty_cells,
    names_of_times,
    opened_table,
    read_whole,
    refuse_damaged,
)

NAME = "parquet"
SUFFIXES = (".parquet", ".pq")
_WANTED = "Parquet file"


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a Parquet file in clear."""
    return head.startswith(b"PAR1")


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole table, with its rows counted by a second reader."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "a Parquet file")
    frame, counted = None, Counted(0, 0)
    try:
        counted = _count(pyarrow.parquet.ParquetFile(io.BytesIO(data)))
        frame = pl.read_parquet(io.BytesIO(data))
    except LIBRARY_ERRORS:
        frame = None
    if frame is None:
        raise refuse_damaged(name, _WANTED)
    return opened_table(name, NAME, frame, counted, contract, _WANTED)


def _count(file: pyarrow.parquet.ParquetFile) -> Counted:
    times = names_of_times(file.schema_arrow)
    return Counted(file.metadata.num_rows, empty_cells(file.read(columns=times)) if times else 0)
