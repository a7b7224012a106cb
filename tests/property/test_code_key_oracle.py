"""The code key against a plain dict, over any sequence of extensions, and the draw against plain Python."""

import os
import random
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.code_key import extend_code_key, read_code_key
from samkorning.code_key.serial_numbers import draw_serial_numbers, reads_as_identity_number
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Vault
from tests.examples import examples

PERSONS = st.integers(min_value=212001010000, max_value=212001010040)


def vault_in(home: Path) -> Vault:
    provider = PassphraseProvider(home / "keystore", b"a passphrase for tests", 2**14)
    return Vault(home / "vault", Keystore.create(home / "keystore", provider))


@settings(max_examples=examples(10), deadline=None)
@given(st.lists(st.lists(PERSONS, max_size=30), min_size=1, max_size=6))
def test_every_person_keeps_one_serial_number_of_their_own(arrivals: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        store = vault_in(Path(home)).create_store("36759-2021", RetentionClass.CODE_KEY, "code_key.person")
        oracle: dict[int, int] = {}
        for numbers in arrivals:
            extension = extend_code_key(store, pl.Series("number", numbers, dtype=pl.Int64), os.urandom)
            held = dict(read_code_key(store).select("number", "serial_number").iter_rows())
            assert extension.known == len(oracle.keys() & set(numbers))
            assert extension.drawn == len(set(numbers) - oracle.keys())
            assert held.items() >= oracle.items()
            assert held.keys() == oracle.keys() | set(numbers)
            assert len(set(held.values())) == len(held)
            oracle = held


def plainly_reads_as_identity_number(number: int) -> bool:
    """The same rule by digits of text."""
    text = f"0{number}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(text)]
    total = sum(sum(map(int, str(value))) for value in doubled)
    month, day = int(text[2:4]), int(text[4:6])
    return month <= 12 and (1 <= day <= 31 or 60 <= day <= 91) and total % 10 == 0


@given(st.lists(st.integers(100_000_000, 999_999_999), min_size=1, max_size=200))
def test_what_reads_as_an_identity_number_agrees_with_plain_digits(numbers: list[int]) -> None:
    frame = pl.DataFrame({"n": numbers}, schema={"n": pl.Int32})
    assert frame.select(reads_as_identity_number(pl.col("n")))["n"].to_list() == [
        plainly_reads_as_identity_number(number) for number in numbers
    ]


@given(st.integers(0, 300), st.integers(0, 2**32), st.sets(st.integers(100_000_000, 999_999_999), max_size=50))
def test_a_draw_gives_the_count_asked_for_whatever_the_bytes(count: int, seed: int, taken: set[int]) -> None:
    series = pl.Series("serial_number", sorted(taken), dtype=pl.Int32)
    drawn = draw_serial_numbers(count, series, random.Random(seed).randbytes).to_list()
    assert len(set(drawn)) == len(drawn) == count
    assert taken.isdisjoint(drawn)
    assert not any(map(plainly_reads_as_identity_number, drawn))
