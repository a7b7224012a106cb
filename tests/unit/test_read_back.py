"""Reading back: whatever a writer does wrong stops the delivery, by file, variable and row, and never by a value."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from samkorning.data_formats import FormatName
from samkorning.delivery.formats import FORMATS, Chunk, DataFormat, Writer
from samkorning.delivery.formats import stata as stata_format
from samkorning.delivery.rendering import Rendering
from samkorning.errors import CheckFailed, GuardedFailure
from tests.data_formats import FILE, READERS, a_table, in_format
from tests.rendered import in_one_unit

ROWS = pl.DataFrame(
    {
        "LopNr": pl.Series([1, 2, 3, 4], dtype=pl.Int32),
        "TEXT": ["C509", None, "hemligt", "d"],
        "NUMBER": [1.5, 2.5, None, 4.5],
        "WHOLE": pl.Series([10, None, 30, 40], dtype=pl.Int64),
        "YES": [True, False, None, True],
    }
)
Change = Callable[[pl.DataFrame], pl.DataFrame]


class Wrong:
    """A format whose writer writes other rows than it was given."""

    typed = True

    def __init__(self, right: DataFormat, change: Change) -> None:
        self.name, self.ending, self.typed = right.name, right.ending, right.typed
        self._right, self._change = right, change
        self.refusals, self.losses = right.refusals, right.losses

    def writer(self, table: Any) -> Writer:
        writer = self._right.writer(table)
        write = writer.rows

        def rows(given: pl.DataFrame) -> Iterator[Chunk]:
            true = self._right.writer(table)
            for wrong, right in zip(write(self._change(given)), true.rows(given), strict=True):
                yield replace(wrong, rows=right.rows)

        writer.rows = rows  # type: ignore[method-assign]
        return writer


def changed(name: str, value: Any, row: int = 2) -> Change:
    place = pl.int_range(pl.len()) == row
    return lambda rows: rows.with_columns(
        pl.when(place).then(pl.lit(value, dtype=rows.schema[name])).otherwise(pl.col(name)).alias(name)
    )


LINE_BY_LINE: tuple[FormatName, ...] = ("csv", "tab", "spss", "stata", "sas_transport")
CHANGES: list[tuple[Change, str]] = [
    (changed("TEXT", "hemlig"), "TEXT in row 3"),
    (changed("TEXT", None), "TEXT in row 3"),
    (changed("TEXT", "x", 1), "TEXT in row 2"),
    (changed("NUMBER", 7.25), "NUMBER in row 3"),
    (changed("NUMBER", None, 0), "NUMBER in row 1"),
    (changed("WHOLE", 31), "WHOLE in row 3"),
    (changed("YES", False), "YES in row 3"),
    (changed("LopNr", 9, 3), "LopNr in row 4"),
    (lambda rows: rows.head(3), "3 rows in place of 4"),
    (lambda rows: pl.concat([rows, rows.tail(1)]), "5 rows in place of 4"),
]


@pytest.mark.parametrize("name", LINE_BY_LINE)
@pytest.mark.parametrize(("change", "said"), CHANGES)
def test_what_is_written_wrong_is_named_by_variable_and_row(name: FormatName, change: Change, said: str) -> None:
    rendering = Rendering(a_table(ROWS), [], [Wrong(FORMATS[name], change)])
    with pytest.raises(CheckFailed, match=f"^{FILE}: as {name} it was read back otherwise.*: {said}") as stopped:
        list(rendering.chunks([in_one_unit(ROWS)]))
    assert "hemlig" not in str(stopped.value) and "7.25" not in str(stopped.value)


@pytest.mark.parametrize("name", LINE_BY_LINE)
def test_the_row_that_is_named_is_that_of_the_file(name: FormatName) -> None:
    rendering = Rendering(a_table(pl.concat([ROWS] * 3)), [], [Wrong(FORMATS[name], lambda rows: rows)])
    list(rendering.chunks(in_one_unit(ROWS) for _ in range(3)))
    wrong = Wrong(FORMATS[name], lambda rows: changed("NUMBER", 0.0)(rows) if rows["LopNr"][0] == 5 else rows)
    other = ROWS.with_columns(pl.col("LopNr") + 4)
    rendering = Rendering(a_table(pl.concat([ROWS, other])), [], [wrong])
    with pytest.raises(CheckFailed, match="NUMBER in row 7"):
        list(rendering.chunks([in_one_unit(ROWS), in_one_unit(other)]))


@pytest.mark.parametrize("name", ["parquet", "excel"])
def test_a_group_of_rows_is_read_back_when_it_is_full(name: FormatName, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = type(FORMATS[name].writer(a_table(ROWS)))
    read = writer.read
    monkeypatch.setattr(writer, "read", lambda self, content: changed("TEXT", "x")(read(self, content)))
    with pytest.raises(CheckFailed, match=f"as {name} it was read back otherwise.*: TEXT in row 3"):
        in_format(ROWS, name)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_that_fails_stops_the_delivery_and_its_words_are_not_told(
    name: FormatName, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> pl.DataFrame:
        raise ValueError("hemligt")

    monkeypatch.setattr(type(FORMATS[name].writer(a_table(ROWS))), "read", fails)
    with pytest.raises(CheckFailed, match="cannot be read") as stopped:
        in_format(ROWS, name)
    assert "hemligt" not in repr(stopped.value) and stopped.value.__context__ is None


def test_a_library_that_lays_a_row_out_otherwise_is_not_written_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stata_format, "LONGEST_TEXT", 2045)  # from here on it keeps text outside the records
    with pytest.raises(GuardedFailure, match="otherwise than known"):
        in_format(ROWS.with_columns(pl.lit("x" * 2045).alias("TEXT")), "stata")


def test_other_rows_than_were_looked_through_are_not_taken() -> None:
    rendering = Rendering(a_table(ROWS.head(3)), [], [FORMATS["stata"]])
    with pytest.raises(GuardedFailure, match="its rows changed while they were read"):
        list(rendering.chunks([in_one_unit(ROWS)]))
