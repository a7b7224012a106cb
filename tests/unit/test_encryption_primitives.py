"""The few cryptographic operations, held to published vectors."""

import io

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from samkorning.encryption.primitives import (
    READ_AT_ONCE,
    NotAuthentic,
    derive,
    file_mac,
    from_passphrase,
    joined,
    mac,
    new_encryption_key,
    new_token,
    same,
    unwrap,
    wrap,
)


def test_mac_is_hmac_sha256() -> None:
    """RFC 4231, test case 2."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert mac(b"Jefe", b"what do ya want for nothing?").hex() == expected


def test_file_mac_is_gmac_under_a_nonce_of_noughts() -> None:
    """Test case 13 of the specification of GCM; a longer file is held against all of it at once."""
    assert file_mac(bytes(32), io.BytesIO()).hex() == "530f8afbc74536b9a963b4f1c4cb738b"
    content = bytes(range(256)) * (READ_AT_ONCE // 256) + b"and some more"
    assert file_mac(b"k" * 32, io.BytesIO(content)) == AESGCM(b"k" * 32).encrypt(bytes(12), b"", content)


def test_wrap_is_aes_key_wrap_with_padding() -> None:
    """RFC 5649, section 6, first example (192 bits)."""
    wrapping = bytes.fromhex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8")
    secret = bytes.fromhex("c37b7e6492584340bed12207808941155068f738")
    wrapped = "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"
    assert wrap(wrapping, secret).hex() == wrapped
    assert unwrap(wrapping, bytes.fromhex(wrapped)) == secret


def test_from_passphrase_is_scrypt() -> None:
    """RFC 7914, section 12, third vector, its first 32 bytes; p is 1 there as here."""
    expected = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    assert from_passphrase(b"pleaseletmein", b"SodiumChloride", 2**14).hex() == expected


def test_derive_is_hkdf_sha256_over_the_joined_labels() -> None:
    """Computed by RFC 5869's two steps."""
    root, info = bytes(range(32)), joined("file", "x")
    extracted = mac(bytes(32), root)
    assert derive(root, "file", "x") == mac(extracted, info + b"\x01")


@pytest.mark.parametrize(("one", "other"), [(("ab", "c"), ("a", "bc")), (("a",), ("a", "")), ((), ("",))])
def test_no_two_lists_of_labels_join_to_the_same_bytes(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert joined(*one) != joined(*other)
    assert derive(bytes(32), *one) != derive(bytes(32), *other)


@pytest.mark.parametrize("length", [1, 8, 16, 32, 74])
def test_what_was_wrapped_opens_under_its_encryption_key_alone(length: int) -> None:
    wrapping, secret = new_encryption_key(), b"s" * length
    wrapped = wrap(wrapping, secret)
    assert unwrap(wrapping, wrapped) == secret
    with pytest.raises(NotAuthentic):
        unwrap(new_encryption_key(), wrapped)


def test_a_changed_bit_does_not_unwrap() -> None:
    wrapping = new_encryption_key()
    wrapped = wrap(wrapping, b"s" * 32)
    for place in range(len(wrapped) * 8):
        changed = bytearray(wrapped)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(NotAuthentic):
            unwrap(wrapping, bytes(changed))
    for short in (b"", wrapped[:-1], wrapped[:-8]):
        with pytest.raises(NotAuthentic):
            unwrap(wrapping, short)


def test_fresh_values_differ() -> None:
    assert new_encryption_key() != new_encryption_key()
    assert new_token() != new_token()
    assert same(b"a", b"a")
    assert not same(b"a", b"b")
