"""Arrow files and streams as a format of register files, opened from memory.

What belongs here: reading with Polars and counting with PyArrow. What must not: types and names (stored_tables).
"""

import io

import polars as pl
import pyarrow as pa

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

NAME = "arrow"
SUFFIXES = (".arrow", ".feather", ".ipc", ".arrows")
_WANTED = "Arrow file"
_FILE, _STREAM = b"ARROW1", b"\xff\xff\xff\xff"


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of an Arrow file or stream."""
    return head.startswith((_FILE, _STREAM))


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole table, with its rows counted by a second reader."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an Arrow file")
    frame, counted = None, Counted(0, 0)
    try:
        counted = _count(data)
        frame = pl.read_ipc(io.BytesIO(data)) if data.startswith(_FILE) else pl.read_ipc_stream(io.BytesIO(data))
    except LIBRARY_ERRORS:
        frame = None
    if frame is None:
        raise refuse_damaged(name, _WANTED)
    return opened_table(name, NAME, frame, counted, contract, _WANTED)


def _count(data: bytes) -> Counted:
    table = pa.ipc.open_file(data).read_all() if data.startswith(_FILE) else pa.ipc.open_stream(data).read_all()
    return Counted(table.num_rows, empty_cells(table.select(names_of_times(table.schema))))
