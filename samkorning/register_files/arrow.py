"""Arrow files and streams as a format of register files, opened from memory.

What belongs here: reading with Polars and counting with PyArrow. What must not: types and names (stored_tables).
"""

import io

import polars as pl
import pyarrow as pa

from samkorning.register_files.content import Content, kind_of, refuse_other_kind
from samkorning.register_files.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.stored_tables import opened_table, read_whole, refuse_damaged

NAME = "arrow"
SUFFIXES = (".arrow", ".feather", ".ipc", ".arrows")
_FILE, _STREAM = b"ARROW1", b"\xff\xff\xff\xff"


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of an Arrow file or stream."""
    return head.startswith((_FILE, _STREAM))


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The whole table, with its rows counted by a second reader."""
    data = read_whole(content, name)
    if not recognises(data):
        raise refuse_other_kind(name, kind_of(data[:65_536]), "an Arrow file")
    frame, counted = None, 0
    try:
        counted = _count(data)
        frame = pl.read_ipc(io.BytesIO(data)) if data.startswith(_FILE) else pl.read_ipc_stream(io.BytesIO(data))
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        frame = None
    if frame is None:
        raise refuse_damaged(name, "Arrow file")
    return opened_table(name, NAME, frame, counted, contract)


def _count(data: bytes) -> int:
    if data.startswith(_FILE):
        reader = pa.ipc.open_file(data)
        return sum(reader.get_batch(place).num_rows for place in range(reader.num_record_batches))
    return sum(batch.num_rows for batch in pa.ipc.open_stream(data))
