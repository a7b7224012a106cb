"""Arrow files and streams as a format of register files, opened from memory.

What belongs here: reading with Polars and counting with PyArrow. What must not: types and names (stored_tables).
"""

import io

import polars as pl
import pyarrow as pa

from samkorning.register_files.columns.header import name_columns
from samkorning.register_files.content.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.stored.stored_tables import (
    SecondReading,
    opened_table,
    read_whole,
    second_reading,
    tried,
)

NAME = "arrow"
SUFFIXES = (".arrow", ".feather", ".ipc", ".arrows")
_WANTED = "Arrow file"
_FILE, _STREAM = b"ARROW1", b"\xff\xff\xff\xff"
_STREAM_END = _STREAM + bytes(4)


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of an Arrow file or stream."""
    return head.startswith((_FILE, _STREAM))


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole table, with its rows counted by a second reader."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an Arrow file")
    read_again, read = (_file, pl.read_ipc) if data.startswith(_FILE) else (_stream, pl.read_ipc_stream)
    second = tried(lambda: read_again(data), name, _WANTED)
    columns = name_columns(second.names, name, contract)
    frame = tried(lambda: read(io.BytesIO(data)), name, _WANTED)
    return opened_table(name, NAME, columns, second, frame, _WANTED)


def _file(data: bytes) -> SecondReading:
    reader = pa.ipc.open_file(data)
    return second_reading(reader.schema, (reader.get_batch(at) for at in range(reader.num_record_batches)))


def _stream(data: bytes) -> SecondReading | None:
    """Nothing where the stream lacks its end, or something stands behind it: what is cut off between two blocks of rows
    looks whole otherwise."""
    source = pa.BufferReader(data)
    reader = pa.ipc.open_stream(source)
    second = second_reading(reader.schema, reader)
    return second if source.tell() == len(data) and data.endswith(_STREAM_END) else None
