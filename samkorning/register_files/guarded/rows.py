"""Rows on their way through a pipe: a frame of text as Arrow's own buffers, and back.

What belongs here: taking a frame to pieces, and putting one together from bytes that nobody vouches for. What must
not: the account. No reader of Arrow files is used: their own headers and compression would be one more thing to trust.

Rows travel as they were read: as Arrow's text with offsets where PyArrow parsed them, as text views where Polars has
them. PyArrow checks every offset, view and character before Polars, which checks nothing, sees them. What stands in
empty cells is checked as well.
"""

from collections.abc import Callable, Iterator, Sequence

import polars as pl
import pyarrow as pa

from samkorning.register_files.guarded.messages import Garbled
from samkorning.register_files.opened import Batch, Rows

Chunk = list[int]
"""Rows, and the lengths of the buffers: which cells are filled (0 where all are), offsets or views, text."""
Layout = list[list[Chunk]]
"""The chunks of every column."""

MOST_CELLS = 1_000_000  # of one message, where a format gives its whole table at once
_MOST_BYTES = 64 * 1024**2  # of a batch that goes as it is
_ALIGNED = 64
_TEXT, _VIEW = pa.string(), pa.string_view()


def small_batches(batch: Batch) -> Iterator[Batch]:
    """The same rows in batches that a message can hold; refused rows stay between the rows they lay between."""
    rows, cells = batch.rows, batch.rows.shape[0] * batch.rows.shape[1]
    size = rows.estimated_size() if isinstance(rows, pl.DataFrame) else rows.nbytes
    if size <= _MOST_BYTES and cells <= 16 * MOST_CELLS:
        yield batch
        return
    frame = batch.frame
    step = max(1, MOST_CELLS // max(1, frame.width))
    numbers, refused = batch.row_numbers(), pl.Series(list(batch.refused), dtype=pl.Int64)
    after = batch.first_row + frame.height + len(batch.refused)
    for start in range(0, frame.height, step):
        first = numbers[start] if start else batch.first_row
        end = numbers[start + step] if start + step < frame.height else after
        between = refused.filter((refused >= first) & (refused < end))
        yield Batch(_compact(frame.slice(start, step)), first, between.to_list())


def _compact(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their own text alone, not that of the whole table they were cut from."""
    table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    slim = pl.from_arrow(table.cast(pa.schema([(name, _VIEW) for name in table.column_names])))
    assert isinstance(slim, pl.DataFrame)  # noqa: S101 - a table is no series
    return slim


def take_apart(rows: Rows) -> tuple[bool, Layout, list[memoryview | bytes]]:
    """The buffers of all columns one after the other, how long they are, and whether they are text views."""
    are_views = isinstance(rows, pl.DataFrame)
    table: pa.Table = rows.to_arrow(compat_level=pl.CompatLevel.newest()) if isinstance(rows, pl.DataFrame) else rows
    layout: Layout = []
    parts: list[memoryview | bytes] = []
    for column in table.columns:
        layout.append([])
        for array in (chunk for chunk in column.chunks if len(chunk)):
            buffers = _buffers(array)
            layout[-1].append([len(array), *(buffer.size if buffer else 0 for buffer in buffers)])
            for buffer in filter(None, buffers):
                parts += [memoryview(buffer), bytes(-buffer.size % _ALIGNED)]
    return are_views, layout, parts


def _buffers(array: pa.Array) -> list[pa.Buffer | None]:
    """One array's buffers, from its first cell on."""
    whole = pa.concat_arrays([array.slice(0, 0), array]) if array.offset else array
    filled, *text = whole.buffers()
    return [filled if whole.null_count else None, *text]


def put_together(columns: Sequence[str], height: int, are_views: bool, layout: Layout, body: memoryview) -> Rows:
    """The rows, checked cell by cell; :class:`Garbled` where the bytes are no such rows."""
    if not columns and not layout and not body:
        return pl.DataFrame(height=height)
    buffers, kind, array = _Buffers(body), *((_VIEW, _views) if are_views else (_TEXT, _text))
    arrays = [pa.chunked_array([_checked(array, chunk, buffers) for chunk in chunks], type=kind) for chunks in layout]
    if len(arrays) != len(columns) or any(len(array) != height for array in arrays) or not buffers.are_used_up():
        raise Garbled
    return pa.Table.from_arrays(arrays, names=list(columns))


class _Buffers:
    """Takes one buffer after the other from the bytes of a message."""

    def __init__(self, body: memoryview) -> None:
        self._whole, self._place = pa.py_buffer(body), 0

    def take(self, length: int) -> pa.Buffer:
        if self._place + length > self._whole.size:
            raise Garbled
        taken = self._whole.slice(self._place, length)
        self._place += length + -length % _ALIGNED
        return taken

    def are_used_up(self) -> bool:
        return bool(self._place == self._whole.size)


def _checked(array: Callable[[int, pa.Buffer, list[pa.Buffer]], pa.Array], chunk: Chunk, buffers: _Buffers) -> pa.Array:
    """One chunk of a column, if all that its buffers say holds."""
    rows, *lengths = chunk
    filled, *text = (buffers.take(length) for length in lengths)
    found = None
    try:
        found = array(rows, filled, text)
        found.validate()
    except (pa.ArrowException, ValueError, IndexError):
        found = None
    if found is None:
        raise Garbled
    return found


def _views(rows: int, filled: pa.Buffer, text: list[pa.Buffer]) -> pa.Array:
    """Text views; they are checked also where a cell is said to be empty."""
    pa.Array.from_buffers(_VIEW, rows, [None, *text]).validate(full=True)
    return pa.Array.from_buffers(_VIEW, rows, [filled if filled.size else None, *text])


def _text(rows: int, filled: pa.Buffer, text: list[pa.Buffer]) -> pa.Array:
    """Text with offsets; where all of it is ASCII, every cell is text, wherever it was cut."""
    offsets, characters = text
    is_ascii = characters.to_pybytes().isascii()
    pa.Array.from_buffers(pa.binary() if is_ascii else _TEXT, rows, [None, offsets, characters]).validate(full=True)
    return pa.Array.from_buffers(_TEXT, rows, [filled if filled.size else None, offsets, characters])
