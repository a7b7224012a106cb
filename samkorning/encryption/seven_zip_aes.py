"""The lock of 7z archives: AES-256 in CBC mode under a key stretched from a passphrase, as 7-Zip does it.

What belongs here: passphrases, the stretching, locking and opening. What must not: archives and their members
(samkorning.delivery.package.seven_zip). The format has no authenticator: what is opened counts only when a signature
over it holds.
"""

import hashlib
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from samkorning.encryption.primitives import NotAuthentic

METHOD = b"\x06\xf1\x07\x01"
BLOCK = 16
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another when it is read aloud or written
_GROUPS, _GROUP = 6, 5
_CYCLES, _MOST_CYCLES = 19, 24
_WITH_VECTOR, _WITH_SALT, _CYCLES_MASK = 0x40, 0x80, 0x3F
_AT_ONCE = 1 << 10


def new_passphrase() -> str:
    """Six groups of five letters and digits from the operating system's randomness: 148 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def new_vector() -> bytes:
    """A fresh initialisation vector; no two streams under one passphrase may have the same."""
    return secrets.token_bytes(BLOCK)


def properties(vector: bytes) -> bytes:
    """How an archive states the stretching and the vector; without salt, since each passphrase is drawn anew."""
    return bytes([_CYCLES | _WITH_VECTOR, BLOCK - 1]) + vector


def stretched(passphrase: str) -> bytes:
    """The 32-byte encryption key of a passphrase, for ``properties``."""
    return _stretched(passphrase, b"", _CYCLES)


def locking(key: bytes, vector: bytes) -> CipherContext:
    """Locks whole blocks of 16 bytes in their order."""
    return Cipher(AES(key), CBC(vector)).encryptor()


def opening(passphrase: str, stated: bytes) -> CipherContext:
    """Opens whole blocks under what an archive states; NotAuthentic where it states no such lock."""
    if len(stated) < 2 or not stated[0] & _WITH_VECTOR or stated[0] & _CYCLES_MASK > _MOST_CYCLES:
        raise NotAuthentic
    salt_size = (stated[0] >> 7) + (stated[1] >> 4)
    salt, vector = stated[2 : 2 + salt_size], stated[2 + salt_size :]
    if len(salt) != salt_size or len(vector) != (stated[1] & 0x0F) + 1:
        raise NotAuthentic
    key = _stretched(passphrase, salt, stated[0] & _CYCLES_MASK)
    return Cipher(AES(key), CBC(vector.ljust(BLOCK, b"\0"))).decryptor()


def _stretched(passphrase: str, salt: bytes, cycles: int) -> bytes:
    """SHA-256 over salt, passphrase (UTF-16) and a counter of eight bytes, 2^cycles times."""
    start, digest = salt + passphrase.encode("utf-16-le"), hashlib.sha256()
    for first in range(0, 1 << cycles, _AT_ONCE):
        last = min(first + _AT_ONCE, 1 << cycles)
        digest.update(b"".join(start + number.to_bytes(8, "little") for number in range(first, last)))
    return digest.digest()
