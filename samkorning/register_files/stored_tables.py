"""Tables that a format stores with types (Parquet, Arrow) as register files.

What belongs here: what these formats share once a frame is read: names, exact text, the count against a second reader.
What must not: how either is read.
"""

from collections.abc import Iterator

import polars as pl

from samkorning.errors import FileRefused
from samkorning.register_files.content import Content, open_content, refuse_empty
from samkorning.register_files.contract import FileContract
from samkorning.register_files.exact_text import as_text
from samkorning.register_files.header import name_columns
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.table import Tally

MOST_BYTES = 1024 * 1024 * 1024


def read_whole(content: Content, name: str) -> bytes:
    """All bytes of a file that is opened from memory, up to 1 GiB."""
    with open_content(content) as stream:
        data = stream.read(MOST_BYTES + 1)
    if not data:
        raise refuse_empty(name)
    if len(data) > MOST_BYTES:
        raise FileRefused(name, f"the file is larger than {MOST_BYTES // 2**20} MiB", "send it as delimited text")
    return data


def opened_table(name: str, form: str, frame: pl.DataFrame, counted: int, contract: FileContract) -> OpenedFile:
    """The frame as a register file; ``counted`` is the number of rows that a second reader of the file counted."""
    columns = name_columns(frame.columns, name, contract)
    texts = [as_text(column) for column in frame]
    odd = [place for place, text in enumerate(texts, 1) if text is None]
    if odd:
        places = ", ".join(map(str, odd[:20]))
        raise FileRefused(name, f"columns {places} hold no single values", "send lists and structures as columns")
    rows = pl.DataFrame([text for text in texts if text is not None])
    named = rows.rename(dict(zip(rows.columns, columns, strict=True)))
    tally = Tally(records=counted)
    return OpenedFile(
        name=name, format=form, columns=columns, encoding=None, separator=None, tally=tally, batches=_one(named, tally)
    )


def _one(frame: pl.DataFrame, tally: Tally) -> Iterator[Batch]:
    tally.rows = frame.height
    yield Batch(frame, 1, [])


def refuse_damaged(name: str, wanted: str) -> FileRefused:
    """The refusal of a file that its reader cannot open."""
    return FileRefused(name, f"the content is no readable {wanted}", "write the file again and send that")
