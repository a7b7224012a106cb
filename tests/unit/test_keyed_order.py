"""Keyed numbers, held to published vectors."""

import pytest

from samkorning.encryption.keyed_order import keyed_blocks


def test_blocks_are_aes_256_one_by_one() -> None:
    """FIPS 197, appendix C.3, twice."""
    encryption_key = bytes(range(32))
    plain = bytes.fromhex("00112233445566778899aabbccddeeff")
    found = "8ea2b7ca516745bfeafc49904b496089"
    assert keyed_blocks(encryption_key, plain * 2).hex() == found * 2
    assert keyed_blocks(encryption_key, memoryview(plain)).hex() == found
    assert keyed_blocks(encryption_key, b"") == b""


def test_a_block_that_is_not_whole_is_no_block() -> None:
    with pytest.raises(ValueError, match="block length"):
        keyed_blocks(bytes(32), bytes(17))
