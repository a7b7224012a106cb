"""Counter-based draws: the same on every machine, and as likely as they say."""

import polars as pl
import pytest

from samkorning.synthetic.draws import Draws, at_least_one, rows, stream, weighted, weighted_numbers

WORD = 2**64


def split_mix(start: int, counter: int) -> int:
    z = (start + (counter + 1) * 0x9E3779B97F4A7C15) % WORD
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % WORD
    return z ^ (z >> 31)


def drawn(expression: pl.Expr, count: int = 10_000) -> pl.Series:
    return rows(count).select(expression.alias("drawn")).to_series()


def test_the_oracle_gives_the_published_numbers_for_seed_1234567() -> None:
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    assert [split_mix(1234567, counter) for counter in range(4)] == published


@pytest.mark.parametrize("seed", [0, 1, -7, 2**70])
def test_bits_are_split_mix_of_the_stream(seed: int) -> None:
    start = stream(seed, "persons/sex")
    assert drawn(Draws(seed, "persons").bits("sex"), 50).to_list() == [split_mix(start, row) for row in range(50)]


def test_draws_of_a_row_do_not_depend_on_the_other_rows() -> None:
    draws = Draws(3, "topic")
    whole = rows(1000).with_columns(draws.bits("x").alias("x"))
    part = rows(1000)[400:410].with_columns(draws.bits("x").alias("x"))
    assert whole[400:410].equals(part)


def test_another_seed_topic_or_name_gives_other_draws() -> None:
    streams = [Draws(1, "a").bits("x"), Draws(2, "a").bits("x"), Draws(1, "b").bits("x"), Draws(1, "a").bits("y")]
    assert len({tuple(drawn(bits, 5)) for bits in streams}) == 4


def test_below_reaches_every_value_evenly() -> None:
    counts = drawn(Draws(1, "t").below("x", 7), 70_000).value_counts()
    assert sorted(counts["drawn"]) == list(range(7))
    assert counts["count"].min() > 9_500
    assert counts["count"].max() < 10_500


def test_below_takes_a_bound_for_each_row() -> None:
    bound = pl.col("row") % 3 + 1
    assert drawn(Draws(1, "t").below("x", bound) < bound).all()


@pytest.mark.parametrize(("share", "lowest", "highest"), [(0.0, 0, 0), (0.25, 2400, 2600), (1.0, 10_000, 10_000)])
def test_chance_is_true_in_its_share(share: float, lowest: int, highest: int) -> None:
    assert lowest <= drawn(Draws(1, "t").chance("x", share)).sum() <= highest


def test_choose_follows_the_weights_and_the_missing() -> None:
    chosen = drawn(Draws(1, "t").choose("x", weighted({"a": 6, "b": 2}, missing=2)))
    assert 5_800 < (chosen == "a").sum() < 6_200
    assert 1_850 < (chosen == "b").sum() < 2_150
    assert 1_850 < chosen.null_count() < 2_150


def test_choose_by_takes_the_table_of_the_group() -> None:
    tables = [weighted({"a": 1}), weighted({"b": 1, "c": 1}), weighted({"d": 3})]
    group = (pl.col("row") % 3).cast(pl.Int64)
    chosen = rows(3000).select(group=group, drawn=Draws(1, "t").choose_by("x", group, tables))
    found = chosen.group_by("group").agg(pl.col("drawn").unique().sort()).sort("group")
    assert found["drawn"].to_list() == [["a"], ["b", "c"], ["d"]]


def test_pick_takes_exactly_so_many_of_the_eligible() -> None:
    even = pl.col("row") % 2 == 0
    frame = rows(100).with_columns(Draws(1, "t").pick("x", 7, even).alias("picked"))
    assert frame["picked"].sum() == 7
    assert (frame.filter("picked")["row"] % 2 == 0).all()


def test_pick_takes_all_where_fewer_are_eligible_and_none_where_none_is() -> None:
    assert drawn(Draws(1, "t").pick("x", 50, pl.col("row") < 3), 100).sum() == 3
    assert drawn(Draws(1, "t").pick("x", 50, pl.lit(value=False)), 100).sum() == 0


def test_weighted_numbers_keep_values_as_often_as_their_weight() -> None:
    assert weighted_numbers({5: 2, -1: 1}, missing=1).to_list() == [5, 5, -1, None]


@pytest.mark.parametrize(
    ("share", "total", "count"), [(0.0, 100, 0), (0.01, 0, 0), (0.001, 100, 1), (0.01, 1000, 10), (1.0, 3, 3)]
)
def test_a_share_above_nothing_is_at_least_one(share: float, total: int, count: int) -> None:
    assert at_least_one(share, total) == count
