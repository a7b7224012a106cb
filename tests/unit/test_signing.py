"""Signatures over exact bytes."""

import base64

import pytest

from samkorning.encryption import signing
from samkorning.errors import PackageRefused

SEED = bytes(range(32))
PUBLIC = signing.public_key(SEED)
MESSAGE = b'{"delivery": "L001"}'


def test_a_signature_holds_for_its_message_and_signing_key() -> None:
    assert signing.verify(PUBLIC, MESSAGE, signing.sign(SEED, MESSAGE))


def test_signing_follows_rfc_8032() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert base64.b64decode(signing.public_key(seed)) == public
    assert signing.sign(seed, b"") == signature


def test_any_flipped_bit_of_message_or_signature_does_not_hold() -> None:
    signature = signing.sign(SEED, MESSAGE)
    for bit in range(8 * len(signature)):
        assert not signing.verify(PUBLIC, MESSAGE, flipped(signature, bit))
    for bit in range(8 * len(MESSAGE)):
        assert not signing.verify(PUBLIC, flipped(MESSAGE, bit), signature)


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("signature", [b"", b"x", bytes(64), bytes(65)])
def test_what_is_no_signature_does_not_hold(signature: bytes) -> None:
    assert not signing.verify(PUBLIC, MESSAGE, signature)


def test_another_signing_key_does_not_hold() -> None:
    other = signing.public_key(signing.create_signing_seed())
    assert not signing.verify(other, MESSAGE, signing.sign(SEED, MESSAGE))


def test_seeds_are_random() -> None:
    seeds = {signing.create_signing_seed() for _ in range(20)}
    assert len(seeds) == 20
    assert {len(seed) for seed in seeds} == {signing.SEED_BYTES}


def test_a_public_signing_key_survives_pem() -> None:
    assert signing.public_key_from_pem(signing.public_key_pem(PUBLIC)) == PUBLIC


@pytest.mark.parametrize("public", ["", "x", "AAAA", base64.b64encode(bytes(31)).decode(), PUBLIC + "\n", "åäö"])
def test_what_is_no_public_signing_key_is_refused(public: str) -> None:
    with pytest.raises(PackageRefused):
        signing.verify(public, MESSAGE, bytes(64))


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", b"\xff"])
def test_what_is_no_pem_is_refused(pem: bytes) -> None:
    with pytest.raises(PackageRefused):
        signing.public_key_from_pem(pem)


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_of_another_length_is_refused(seed: bytes) -> None:
    with pytest.raises(PackageRefused, match="32 bytes"):
        signing.sign(seed, MESSAGE)
