"""Hashing beside the work gives what hashing gives, and leaves no thread behind."""

import hashlib
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.package.hashing import PassingHash


@given(st.lists(st.binary(max_size=50) | st.integers(0, 400_000).map(bytes), max_size=20))
def test_it_is_the_hash_of_all_pieces(pieces: list[bytes]) -> None:
    with PassingHash() as digest:
        for piece in pieces:
            digest.update(piece)
        assert digest.hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_many_pieces_wait_for_their_turn() -> None:
    with PassingHash() as digest:
        for _ in range(500):
            digest.update(bytes(1 << 18))
        assert digest.hexdigest() == hashlib.sha256(bytes(500 << 18)).hexdigest()


def test_its_thread_ends_when_the_work_fails() -> None:
    with pytest.raises(ValueError, match="broken off"), PassingHash() as digest:
        digest.update(b"x")
        raise ValueError("broken off")
    assert not [each for each in threading.enumerate() if each.name == "sha256"]
