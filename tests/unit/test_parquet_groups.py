"""Parquet files are put together of groups that were written apart: the same bytes as the library's in one go."""

import io
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from pyarrow import parquet

from samkorning.delivery.formats import Declared
from samkorning.delivery.formats import parquet as parquet_format
from samkorning.delivery.formats import parquet_footer as footer
from samkorning.errors import GuardedFailure
from tests.data_formats import in_format

LABEL = "Etikett å"


def a_frame(height: int, columns: int) -> pl.DataFrame:
    """Columns of every type, with what is missing and what statistics are not made of."""
    place = pl.int_range(height, dtype=pl.Int64)
    kinds = (
        place.cast(pl.Int32),
        pl.when(place % 3 > 0).then(place - 2**40),
        pl.when(place % 2 == 0).then(place / 7).otherwise(float("nan")),
        (place * 1000 - 300_000).cast(pl.Int32).cast(pl.Date),
        pl.when(place % 4 > 0).then(place % 2 == 0),
        pl.when(place % 5 > 0).then(pl.lit("å" * 3000) + (place % 3).cast(pl.String)),
        pl.lit(None, dtype=pl.String),
    )
    return pl.select(kinds[nth % len(kinds)].alias(f"K{nth}") for nth in range(columns))


def by_us(frame: pl.DataFrame) -> bytes:
    """As it is delivered, rows coming four at a time."""
    return in_format(frame, "parquet", [Declared(name, label=LABEL) for name in frame.columns], batch=4)


def in_one_go(frame: pl.DataFrame, rows: int) -> bytes:
    """As the library writes groups of so many rows one after another."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    schema = pa.schema([field.with_metadata({"label": LABEL.encode()}) for field in table.schema])
    sink = io.BytesIO()
    with parquet.ParquetWriter(sink, schema, compression="zstd", compression_level=1) as writer:
        for some in table.cast(schema).to_batches(rows) if frame.height else ():
            writer.write_table(pa.Table.from_batches([some]), rows)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("height", "columns", "group"), [(0, 3, 3), (1, 7, 3), (3, 7, 3), (10, 7, 3), (11, 20, 1), (150, 2, 1), (64, 9, 7)]
)
def test_groups_written_apart_are_the_file_that_the_library_writes_in_one_go(
    height: int, columns: int, group: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_format, "MOST_GROUP_ROWS", group)
    frame = a_frame(height, columns)
    content = by_us(frame)
    assert content == in_one_go(frame, group)
    assert parquet.read_metadata(io.BytesIO(content)).num_row_groups == -(-height // group)


def test_other_libraries_read_all_groups_by_the_footer_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parquet_format, "MOST_GROUP_ROWS", 7)
    frame, file = a_frame(40, 9), tmp_path / "file.parquet"
    file.write_bytes(by_us(frame))
    assert_frame_equal(pl.read_parquet(file), frame)
    with duckdb.connect() as connection:
        assert_frame_equal(connection.read_parquet(str(file)).pl(), frame)


@pytest.mark.parametrize("wrong", ["some", "all"])
def test_a_footer_that_tells_other_places_is_not_taken(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_format, "MOST_GROUP_ROWS", 7)
    moved = footer._moved

    def elsewhere(group: Any, by: int, ordinal: int) -> Any:
        return moved(group, by + ordinal, ordinal) if wrong == "some" else moved(group, 0, ordinal)

    monkeypatch.setattr(footer, "_moved", elsewhere)
    with pytest.raises(GuardedFailure, match="tells other groups than were written"):
        by_us(a_frame(20, 3))
