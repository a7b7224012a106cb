"""Rows on their way through a pipe: a frame of text as Arrow's own buffers, and back.

What belongs here: taking a frame to pieces, and putting one together from bytes that nobody vouches for. What must
not: the account. No reader of Arrow files is used: their own headers and compression would be one more thing to trust.

A column travels as Arrow's text views, which both Polars and DuckDB have in memory, so that nothing is copied into
another layout. PyArrow checks every view and every character before Polars, which checks nothing, sees them. The views
of empty cells are checked as well.
"""

from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from samkorning.register_files.guarded.messages import Garbled
from samkorning.register_files.opened import Batch

Chunk = list[int]
"""Rows, and the lengths of the buffers: which cells are filled (0 where all are), views, text."""
Layout = list[list[Chunk]]
"""The chunks of every column."""

MOST_CELLS = 1_000_000  # of one message, where a format gives its whole table at once
_MOST_BYTES = 64 * 1024**2  # of a batch that goes as it is
_ALIGNED = 64
_VIEW = pa.string_view()


def small_batches(batch: Batch) -> Iterator[Batch]:
    """The same rows in batches that a message can hold; refused rows stay between the rows they lay between."""
    frame = batch.frame
    if frame.estimated_size() <= _MOST_BYTES and frame.height * frame.width <= 16 * MOST_CELLS:
        yield batch
        return
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


def take_apart(frame: pl.DataFrame) -> tuple[Layout, list[memoryview | bytes]]:
    """The buffers of all columns one after the other, and how long they are."""
    layout: Layout = []
    parts: list[memoryview | bytes] = []
    for column in frame.to_arrow(compat_level=pl.CompatLevel.newest()).columns:
        layout.append([])
        for array in column.chunks:
            buffers = _buffers(array)
            layout[-1].append([len(array), *(buffer.size if buffer else 0 for buffer in buffers)])
            for buffer in filter(None, buffers):
                parts += [memoryview(buffer), bytes(-buffer.size % _ALIGNED)]
    return layout, parts


def _buffers(array: pa.Array) -> list[pa.Buffer | None]:
    """One array's buffers, from its first cell on."""
    whole = pa.concat_arrays([array.slice(0, 0), array]) if array.offset else array
    filled, *text = whole.buffers()
    return [filled if whole.null_count else None, *text]


def put_together(columns: Sequence[str], height: int, layout: Layout, body: memoryview) -> pl.DataFrame:
    """The frame, checked cell by cell; :class:`Garbled` where the bytes are no such frame."""
    if not columns and not layout and not body:
        return pl.DataFrame(height=height)
    buffers = _Buffers(body)
    arrays = [pa.chunked_array([_array(chunk, buffers) for chunk in chunks], type=_VIEW) for chunks in layout]
    if len(arrays) != len(columns) or any(len(array) != height for array in arrays) or not buffers.are_used_up():
        raise Garbled
    frame = pl.from_arrow(pa.Table.from_arrays(arrays, names=list(columns)), rechunk=False)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table is no series
    return frame


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


def _array(chunk: Chunk, buffers: _Buffers) -> pa.Array:
    """One chunk of a column; its views are checked also where a cell is said to be empty."""
    rows, *lengths = chunk
    filled, *text = (buffers.take(length) for length in lengths)
    array = None
    try:
        pa.Array.from_buffers(_VIEW, rows, [None, *text]).validate(full=True)
        array = pa.Array.from_buffers(_VIEW, rows, [filled if filled.size else None, *text])
        array.validate()
    except (pa.ArrowException, ValueError, IndexError):
        array = None
    if array is None:
        raise Garbled
    return array
