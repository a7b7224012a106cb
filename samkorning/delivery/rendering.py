"""A sorted frame as CSV bytes, the same bytes every time, with bounded memory.

What belongs here: the one form in which data files leave, and its hash, size and rows. What must not: which columns
leave and in which order the rows lie (delivery contents), or where the bytes go (package).

The form: UTF-8 with a byte order mark, ``;`` between fields, CRLF after every row (RFC 4180; SAS and Excel on Windows
expect it), dates as 2219-05-04, point as decimal sign, nothing for a missing value and ``""`` for an empty text.
Values are never altered: a text that begins with = + - or @ leaves as it is, and the readme names the variables
where that occurs, because a spreadsheet would calculate it.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from samkorning.errors import CheckFailed, GuardedFailure
from samkorning.machine.faults import fault_of, unplaced

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UNREADABLE = "rows to be delivered could not be read"
ROWS_PER_BATCH = 50_000
_FORMULA_SIGN = r"^[=+@\t\r-]"
_PLAIN_NUMBER = r"^[+-][0-9]+([.,][0-9]+)?$"


@dataclass(frozen=True)
class RenderedFacts:
    """What one reading of a frame gave: data rows (header apart), bytes, their SHA-256 in hex.

    ``formula_like`` names the text variables with a value that a spreadsheet would take for a formula.
    """

    rows: int
    bytes: int
    sha256: str
    formula_like: tuple[str, ...]


def csv_chunks(frame: pl.LazyFrame) -> Iterator[bytes]:
    """The CSV file in pieces of at most ROWS_PER_BATCH rows, in the frame's order; GuardedFailure if unreadable."""
    yield _header(frame)
    for batch in _batches(frame):
        yield _render(batch)


def measure(frame: pl.LazyFrame) -> RenderedFacts:
    """Read the frame once and tell what its CSV file will be."""
    header = _header(frame)
    digest, size, rows = hashlib.sha256(header), len(header), 0
    formula_like: set[str] = set()
    for batch in _batches(frame):
        _check_blank_rows(batch)
        content = _render(batch)
        digest.update(content)
        size, rows = size + len(content), rows + batch.height
        formula_like.update(_formula_like(batch))
    names = (name for name in schema_of(frame).names() if name in formula_like)
    return RenderedFacts(rows, size, digest.hexdigest(), tuple(names))


def content_digest(frame: pl.LazyFrame) -> str:
    """SHA-256 in hex of the CSV bytes: equal digests mean that nothing new would be delivered."""
    return measure(frame).sha256


def schema_of(frame: pl.LazyFrame) -> pl.Schema:
    """The columns a frame will have; GuardedFailure if its plan does not hold."""
    with _library_errors_cut():
        return frame.collect_schema()


def _batches(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    with _library_errors_cut():
        yield from frame.collect_batches(chunk_size=ROWS_PER_BATCH, maintain_order=True, lazy=True)


@contextmanager
def _library_errors_cut() -> Iterator[None]:
    """The text of a library error could quote a cell or a literal: its class is all that is told."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        found, kind = fault_of(error), type(error).__name__
        failure = unplaced(found) if found else GuardedFailure(f"{UNREADABLE} ({kind}); nothing was sealed")
        raise failure from None


def _header(frame: pl.LazyFrame) -> bytes:
    empty = pl.DataFrame(schema=schema_of(frame))
    return BYTE_ORDER_MARK + empty.write_csv(separator=";", line_terminator="\r\n").encode()


def _render(batch: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    batch.write_csv(
        content,
        include_header=False,
        separator=";",
        line_terminator="\r\n",
        datetime_format="%Y-%m-%dT%H:%M:%S%.f",
        time_format="%H:%M:%S%.f",
    )
    return content.getvalue()


def _check_blank_rows(batch: pl.DataFrame) -> None:
    """A lone missing value would be a blank line, which most readers skip."""
    if batch.width == 1 and batch.to_series().null_count():
        raise CheckFailed(f"a file of {batch.columns[0]} alone has rows without a value; drop them or add a variable")


def _formula_like(batch: pl.DataFrame) -> list[str]:
    texts = batch.select(pl.selectors.string(), pl.selectors.categorical(), pl.selectors.enum())
    found = texts.select(
        (
            pl.all().cast(pl.String).str.contains(_FORMULA_SIGN) & ~pl.all().cast(pl.String).str.contains(_PLAIN_NUMBER)
        ).any()
    )
    return [name for name, any_found in found.row(0, named=True).items() if any_found] if texts.width else []
