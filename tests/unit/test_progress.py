"""Counting rows as they pass, and what is shown of it."""

import io

import polars as pl
import pytest
from rich.console import Console

from cli.progress import Shown, progress_on
from samkorning.machine.counted_rows import counted, counted_plan, rows_expected
from samkorning.machine.progress import UNWATCHED, Unwatched, Work, nobody

ROWS = pl.DataFrame({"a": ["Å", None, "ccc"], "b": ["1", "22", ""]})


def test_batches_count_when_the_next_is_asked_for() -> None:
    done: list[int] = []
    batches = counted([ROWS, ROWS.head(1)], done.append)
    next(batches)
    assert done == []
    next(batches)
    assert done == [3]
    assert list(batches) == []
    assert done == [3, 1]


def test_a_plan_counts_every_row_once_and_gives_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    done: list[int] = []
    rows = pl.concat([ROWS] * 1_000)
    watched = counted_plan(rows.lazy(), done.append).filter(pl.col("a") == "Å").select("b")
    assert watched.collect(engine="streaming").equals(rows.filter(pl.col("a") == "Å").select("b"))
    assert sum(done) == 3_000


def test_what_nobody_watches_is_left_as_it_is() -> None:
    plan = ROWS.lazy()
    with UNWATCHED.of(Work.LINKING, 3) as advance:
        assert advance is nobody
        assert counted_plan(plan, advance) is plan


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_rows_of_a_text_are_reckoned_from_its_first_ones(separator: str) -> None:
    written = pl.concat([ROWS] * 50).write_csv(separator=separator, include_header=False, quote_style="never")
    assert rows_expected(len(written.encode()), ROWS) == 150
    assert rows_expected(0, ROWS) == 3
    assert rows_expected(1_000, ROWS.clear()) is None


def test_it_is_shown_to_a_person_alone() -> None:
    terminal, pipe = Console(file=io.StringIO(), force_terminal=True), Console(file=io.StringIO())
    assert isinstance(progress_on(terminal, json=False), Shown)
    assert isinstance(progress_on(terminal, json=True), Unwatched)
    assert isinstance(progress_on(pipe, json=False), Unwatched)


def test_pieces_of_work_have_a_line_each_and_the_last_gives_the_terminal_back() -> None:
    out = io.StringIO()
    shown = Shown(Console(file=out, force_terminal=True, width=100, color_system=None))
    with shown.of(Work.LINKING, 2_000_000) as advance:
        advance(1_500_000)
        with shown.of(Work.READING, None) as read:
            read(5)
        assert "\x1b[?25h" not in out.getvalue()
    assert "1 500 000 of 2 000 000 rows" in out.getvalue()
    assert " 5 rows" in out.getvalue()
    with shown.of(Work.SEALING, 2_400_000_000) as advance:
        advance(1_200_000_000)
    assert "1.2 GB of 2.4 GB " in out.getvalue()
    with pytest.raises(ZeroDivisionError), shown.of(Work.SORTING, 1):
        raise ZeroDivisionError
    assert out.getvalue().count("\x1b[?25l") == out.getvalue().count("\x1b[?25h") == 3
