"""Encryption keys and what is done with them: draw, derive, wrap, authenticate.

Every operation has one algorithm and no option: HKDF-SHA256, AES key wrap with padding (RFC 5649), HMAC-SHA256, scrypt,
and for whole files GMAC (AES-256-GCM over associated data alone, NIST SP 800-38D).
Labels go in length-prefixed behind a version marker, so that no two lists of labels give the same bytes.

Randomness comes from the operating system here and is no argument: an encryption key must not depend on a source that
a caller could choose. Serial numbers are different, they take theirs as an argument (``samkorning.code_key``).
"""

import hashlib
import hmac
import secrets
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding, aes_key_wrap_with_padding

ENCRYPTION_KEY_BYTES = 32
SALT_BYTES = 16
TOKEN_BYTES = 16
SCRYPT_BLOCK_SIZE = 8
MARKER = b"samkorning-1"
ONCE = bytes(12)
"""The nonce of an encryption key that authenticates one file and nothing else."""
READ_AT_ONCE = 1 << 20


class NotAuthentic(Exception):
    """Bytes do not open under this encryption key; the caller says which file and what to do."""


def new_encryption_key() -> bytes:
    """Give 32 fresh bytes from the operating system."""
    return secrets.token_bytes(ENCRYPTION_KEY_BYTES)


def new_salt() -> bytes:
    """Give 16 fresh bytes, not secret."""
    return secrets.token_bytes(SALT_BYTES)


def new_token() -> str:
    """Give 32 hexadecimal digits (128 bits) that name one file for ever."""
    return secrets.token_hex(TOKEN_BYTES)


def joined(*labels: str) -> bytes:
    """Give the labels as bytes that no other list of labels gives."""
    encoded = [label.encode() for label in labels]
    return MARKER + b"".join(len(label).to_bytes(4, "big") + label for label in encoded)


def derive(root: bytes, *labels: str) -> bytes:
    """Derive the 32-byte encryption key of these labels from a root (HKDF-SHA256)."""
    return HKDF(algorithm=SHA256(), length=ENCRYPTION_KEY_BYTES, salt=None, info=joined(*labels)).derive(root)


def wrap(wrapping: bytes, secret: bytes) -> bytes:
    """Wrap a secret of any length under an encryption key (AES key wrap, RFC 5649)."""
    return aes_key_wrap_with_padding(wrapping, secret)


def unwrap(wrapping: bytes, wrapped: bytes) -> bytes:
    """Give the secret back, or raise NotAuthentic for a wrong encryption key or a changed byte."""
    try:
        return aes_key_unwrap_with_padding(wrapping, wrapped)
    except (InvalidUnwrap, ValueError):
        pass
    raise NotAuthentic


def mac(encryption_key: bytes, message: bytes) -> bytes:
    """Authenticate a message (HMAC-SHA256, 32 bytes)."""
    return hmac.digest(encryption_key, message, hashlib.sha256)


def file_mac(encryption_key: bytes, stream: BinaryIO) -> bytes:
    """Authenticate all bytes of one file (GMAC, 16 bytes), five times as quickly as its hash is taken.

    The encryption key must be this one file's and never another's: two authenticated under one let a third be forged.
    """
    found = Cipher(AES256(encryption_key), GCM(ONCE)).encryptor()
    buffer = memoryview(bytearray(READ_AT_ONCE))
    while read := stream.readinto(buffer):  # type: ignore[attr-defined]
        found.authenticate_additional_data(buffer[:read])
    found.finalize()
    return found.tag


def same(one: bytes, other: bytes) -> bool:
    """Compare two authenticators in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def from_passphrase(passphrase: bytes, salt: bytes, cost: int) -> bytes:
    """Stretch a passphrase to a 32-byte encryption key (scrypt; ``cost`` is N, memory is N kB)."""
    memory = 256 * SCRYPT_BLOCK_SIZE * cost
    return hashlib.scrypt(
        passphrase, salt=salt, n=cost, r=SCRYPT_BLOCK_SIZE, p=1, maxmem=memory, dklen=ENCRYPTION_KEY_BYTES
    )
