"""Parquet as a format of register files, opened from memory.

What belongs here: reading with Polars and counting with PyArrow. What must not: types and names (stored_tables).
"""

import io

import polars as pl
import pyarrow.parquet

from samkorning.register_files.columns.header import name_columns
from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.stored.stored_tables import (
    SecondReading,
    empty_cells,
    names_of_times,
    opened_table,
    read_whole,
    tried,
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
    second = tried(lambda: _second_reading(pyarrow.parquet.ParquetFile(io.BytesIO(data))), name, _WANTED)
    columns = name_columns(second.names, name, contract)
    frame = tried(lambda: pl.read_parquet(io.BytesIO(data)), name, _WANTED)
    return opened_table(name, NAME, columns, second, frame, _WANTED)


def _second_reading(file: pyarrow.parquet.ParquetFile) -> SecondReading:
    times = names_of_times(file.schema_arrow)
    empty_times = empty_cells(file.read(columns=times)) if times else 0
    return SecondReading(file.schema_arrow.names, file.metadata.num_rows, empty_times)
