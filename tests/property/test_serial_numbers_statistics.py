"""Serial numbers carry nothing of whom they stand for: uniform, unrepeated, unrelated to number, birth, order, file.

Twenty generations of a code key, built as the service builds it, with the operating system's randomness. Every
threshold is set so that a right draw fails once in a million runs; a counter, a sorted draw, a hash of the number kept
in order, or a draw folded into the range fails every time (the last tests show that they do).
"""

import math
import os
from collections.abc import Callable

import polars as pl
import pytest

from samkorning.code_key import extend_code_key, read_code_key
from samkorning.code_key.serial_numbers import FIRST, VALUES, reads_as_identity_number
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Vault

GENERATIONS, EACH = 20, 20_000
BINS = 900  # a million values each, so that each has its own third and fourth digit of an identity number: the month
ONE_IN_A_MILLION = 4.89  # standard deviations, both sides
CHI_SQUARE_LIMIT = (1 - 2 / (9 * (BINS - 1)) + 4.753 * math.sqrt(2 / (9 * (BINS - 1)))) ** 3 * (BINS - 1)
"""Wilson and Hilferty: the value that chi-square of 899 degrees of freedom exceeds once in a million (4.753 s.d.)."""


def persons(generation: int) -> pl.Series:
    """People of one year's births, by day and birth number, arriving in that order, as 12-digit numbers."""
    rank = pl.int_range(EACH, eager=True, dtype=pl.Int64)
    date = (2120 + generation) * 10_000 + (rank // 28 % 12 + 1) * 100 + rank % 28 + 1
    return (date * 10_000 + rank // 336 * 10 + rank % 10).alias("number")


@pytest.fixture(scope="module")
def code_key(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    home = tmp_path_factory.mktemp("home")
    provider = PassphraseProvider(home / "keystore", b"a passphrase for tests", 2**14)
    vault = Vault(home / "vault", Keystore.create(home / "keystore", provider))
    store = vault.create_store("36759-2021", RetentionClass.CODE_KEY, "code_key.person")
    arrivals = [persons(generation) for generation in range(GENERATIONS)]
    for generation, numbers in enumerate(arrivals, start=1):
        assert extend_code_key(store, numbers, os.urandom).generation == generation
    arrived = pl.concat(arrivals).to_frame().with_row_index("arrival")
    return read_code_key(store).with_row_index("place").join(arrived, on="number")


def chi_square(serial_numbers: pl.Series) -> float:
    """Chi-square of the counts in bins of a million values, each expected in proportion to the values it may hold.

    Where the month reads 00-12, one of ten check digits on 63 of 100 days is never drawn: 63,000 of the million.
    """
    bins = serial_numbers.alias("bin").to_frame().select((pl.col("bin").cast(pl.Int64) - FIRST) // 1_000_000)
    allowed = pl.DataFrame({"bin": range(BINS)}).with_columns(
        pl.when(pl.col("bin") % 100 <= 12).then(937_000.0).otherwise(1_000_000.0).alias("allowed")
    )
    counted = allowed.join(bins.group_by("bin").len(), on="bin", how="left").fill_null(0)
    expected = pl.col("allowed") * len(serial_numbers) / pl.col("allowed").sum()
    return float(counted.select(((pl.col("len") - expected) ** 2 / expected).sum()).item())


def correlation(rows: pl.DataFrame, other: pl.Expr) -> float:
    """Spearman's rank correlation with the serial number, in standard deviations of a draw without any relation."""
    ranks = rows.select(pl.corr(pl.col("serial_number"), other, method="spearman")).item()
    return float(ranks) * math.sqrt(rows.height - 1)


RELATIONS: list[tuple[str, pl.Expr]] = [
    ("the number", pl.col("number")),
    ("the birth date", pl.col("number") // 10_000),
    ("the birth number and check digit", pl.col("number") % 10_000),
    ("the order of arrival", pl.col("arrival")),
    ("the order in the file", pl.col("place")),
    ("the generation", pl.col("generation")),
]


def test_all_are_drawn_and_none_twice_over_twenty_generations(code_key: pl.DataFrame) -> None:
    assert code_key.height == GENERATIONS * EACH
    assert code_key["serial_number"].n_unique() == code_key["number"].n_unique() == code_key.height
    assert code_key["generation"].value_counts()["count"].to_list() == [EACH] * GENERATIONS


def test_none_reads_as_an_identity_number(code_key: pl.DataFrame) -> None:
    assert not code_key.select(reads_as_identity_number(pl.col("serial_number"))).to_series().any()


def test_serial_numbers_are_uniform(code_key: pl.DataFrame) -> None:
    assert chi_square(code_key["serial_number"]) < CHI_SQUARE_LIMIT


def test_each_generation_is_spread_over_the_whole_range(code_key: pl.DataFrame) -> None:
    means = code_key.group_by("generation").agg(pl.col("serial_number").cast(pl.Float64).mean())["serial_number"]
    deviation = VALUES / math.sqrt(12 * EACH)
    assert ((means - (FIRST + VALUES / 2)).abs() / deviation).max() < ONE_IN_A_MILLION + 1


@pytest.mark.parametrize(("what", "other"), RELATIONS, ids=[what for what, _ in RELATIONS])
def test_serial_numbers_are_unrelated_to(code_key: pl.DataFrame, what: str, other: pl.Expr) -> None:
    assert abs(correlation(code_key, other)) < ONE_IN_A_MILLION


def test_neighbours_by_number_or_arrival_have_unrelated_serial_numbers(code_key: pl.DataFrame) -> None:
    for order in ("number", "arrival"):
        neighbours = code_key.sort(order).with_columns(pl.col("serial_number").shift(1).alias("before")).drop_nulls()
        assert abs(correlation(neighbours, pl.col("before"))) < ONE_IN_A_MILLION


def ranked(rows: pl.DataFrame, by: pl.Expr) -> pl.DataFrame:
    """Serial numbers that rise with something, spread over the range."""
    step = VALUES // rows.height
    return rows.with_columns((by.rank("ordinal").cast(pl.Int64) * step + FIRST).cast(pl.Int32).alias("serial_number"))


@pytest.mark.parametrize(("what", "other"), RELATIONS, ids=[what for what, _ in RELATIONS])
def test_a_draw_related_to_it_would_be_found(code_key: pl.DataFrame, what: str, other: pl.Expr) -> None:
    assert correlation(ranked(code_key, other), other) > ONE_IN_A_MILLION


def counted(count: int) -> list[int]:
    return list(range(FIRST, FIRST + count))


def folded(count: int) -> list[int]:
    """Words of thirty bits taken by remainder: the lowest sixth of the range comes twice as often."""
    words = os.urandom(4 * count)
    return [int.from_bytes(words[4 * i : 4 * i + 4], "little") % (1 << 30) % VALUES + FIRST for i in range(count)]


@pytest.mark.parametrize("wrong", [counted, folded])
def test_a_draw_that_is_not_uniform_would_be_found(wrong: Callable[[int], list[int]]) -> None:
    assert chi_square(pl.Series(wrong(GENERATIONS * EACH))) > CHI_SQUARE_LIMIT
