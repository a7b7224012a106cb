"""The engines that compute: Polars in its streaming engine, DuckDB locked down.

What belongs here: how an engine is opened so that nothing of its work reaches the disk or the network. What must not:
what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import narwhals as nw
import polars as pl
import pyarrow as pa

from samkorning.errors import CheckFailed, NotFound
from samkorning.linkage.searching import NumberTables
from samkorning.linkage.streams import streamed
from samkorning.on_demand import LoadedWhenUsed

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = LoadedWhenUsed("duckdb")

LOCK_DOWN = (
    "SET temp_directory = ''",  # fails instead of spilling in clear
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET enable_progress_bar = false",  # it would draw on the terminal of whoever delivers
    "SET lock_configuration = true",
)

Handed = pl.LazyFrame | pl.DataFrame
"""A frame that is read batch by batch for every query, or one that is in memory."""
ROWS_AT_ONCE = 100_000


@contextmanager
def locked_duckdb(memory: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that reads only the frames it is handed, and neither spills nor reaches outside.

    :param memory: bytes that it may take; it fails rather than take more.
    """
    with duckdb.connect(":memory:") as connection:
        for statement in (f"SET memory_limit = '{memory}B'", *LOCK_DOWN):
            connection.execute(statement)
        yield connection


class PolarsEngine:
    """Frames as Polars LazyFrames, collected by the streaming engine."""

    def __init__(self, memory: int) -> None:
        """``memory`` in bytes: a quarter of it is the most that one table takes which is looked up in."""
        self.tables = NumberTables(memory)

    def __enter__(self) -> PolarsEngine:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def take(self, frame: pl.LazyFrame) -> nw.LazyFrame[pl.LazyFrame]:
        """The frame as this engine computes on it."""
        return nw.from_native(frame)

    def collect(self, frame: nw.LazyFrame[pl.LazyFrame]) -> pl.DataFrame:
        """The result, in no particular order."""
        return frame.to_native().collect(engine="streaming")

    def stream(self, frame: nw.LazyFrame[pl.LazyFrame]) -> pl.LazyFrame:
        """The result as rows that are computed when they are written, in no particular order."""
        return frame.to_native()


class DuckDBEngine:
    """Frames as DuckDB relations on one locked-down connection."""

    def __init__(self, memory: int) -> None:
        """``memory`` in bytes: what it may take; it fails rather than take more."""
        self.tables = NumberTables(memory)
        self._scope = locked_duckdb(memory)
        self._taken = 0
        self._defined: dict[str, str] = {}

    def __enter__(self) -> DuckDBEngine:
        self._connection = self._scope.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._scope.__exit__(None, None, None)

    def take(self, frame: pl.LazyFrame) -> nw.LazyFrame[duckdb.DuckDBPyRelation]:
        """The frame as this engine computes on it."""
        return nw.from_native(self._connection.table(self._registered(frame)))

    def define(self, name: str, statement: str) -> None:
        """Makes a function that statements can call.

        :raises CheckFailed: when it has been made and was another: what is still to be computed could call it.
        """
        if name not in self._defined:
            self._connection.execute(statement)
        if self._defined.setdefault(name, statement) != statement:
            raise CheckFailed(f"the function {name} has two definitions; compute each with an engine of its own")

    def query(self, statement: str, frames: Mapping[str, Handed]) -> nw.LazyFrame[duckdb.DuckDBPyRelation]:
        """What a SELECT gives of frames, which it calls by these names."""
        return nw.from_native(
            self._selected(statement, {name: self._registered(each) for name, each in frames.items()})
        )

    def answer(self, statement: str, frames: Mapping[str, Handed]) -> pl.DataFrame:
        """The same, computed now; nothing of the frames is held afterwards."""
        registered = {name: self._registered(each) for name, each in frames.items()}
        answered: pl.DataFrame = self._selected(statement, registered).pl()
        for name in registered.values():
            self._connection.unregister(name)
        return answered

    def _selected(self, statement: str, registered: Mapping[str, str]) -> duckdb.DuckDBPyRelation:
        named = ", ".join(f"{name} AS NOT MATERIALIZED (FROM {held})" for name, held in registered.items())
        return self._connection.sql(f"WITH {named}\n{statement}" if named else statement)

    def _registered(self, frame: Handed) -> str:
        """The name under which the connection knows a frame."""
        self._taken += 1
        name = f"frame_{self._taken}"
        self._connection.register(name, _Scanned(frame) if isinstance(frame, pl.LazyFrame) else _arrow(frame))
        return name

    def collect(self, frame: nw.LazyFrame[duckdb.DuckDBPyRelation]) -> pl.DataFrame:
        """The result, in no particular order."""
        collected: pl.DataFrame = frame.to_native().pl()
        return collected

    def stream(self, frame: nw.LazyFrame[duckdb.DuckDBPyRelation]) -> pl.LazyFrame:
        """The result as rows that are computed when they are written, in no particular order."""
        relation = frame.to_native()
        schema = relation.limit(0).pl().schema

        def batches() -> Iterator[pl.DataFrame]:
            for batch in relation.to_arrow_reader(ROWS_AT_ONCE):
                yield pl.DataFrame(pl.from_arrow(batch, schema=schema))

        return streamed(batches, schema)


class _Scanned:
    """A LazyFrame as DuckDB scans it: batch by batch, anew for every query; a LazyFrame itself it would hold whole."""

    def __init__(self, frame: pl.LazyFrame) -> None:
        self._frame = frame
        self._schema = _arrow(pl.DataFrame(schema=frame.collect_schema())).schema

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        reader = pa.RecordBatchReader.from_batches(self._schema, self._batches())
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for batch in self._frame.collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
            yield from _arrow(batch).to_batches()


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.newest())


Engine = PolarsEngine | DuckDBEngine
ENGINES: dict[str, type[PolarsEngine] | type[DuckDBEngine]] = {"polars": PolarsEngine, "duckdb": DuckDBEngine}


def open_engine(name: str, memory: int) -> Engine:
    """The engine a specification names, to be used in a with block.

    :param memory: bytes that it may take.
    :raises NotFound: for a name that is none of ``polars`` and ``duckdb``.
    """
    if name not in ENGINES:
        raise NotFound(f"no engine {name}; use one of {', '.join(ENGINES)}")
    return ENGINES[name](memory)
