"""Opening members of zip archives that are locked with AES, as WinZip has published it (AE-1, AE-2). Reading alone.

What belongs here: a password's two encryption keys, the counter mode with its counter the other way round, the code at
the end. What must not: archives and their members (samkorning.register_files.packaging).
"""

import hashlib
import hmac
from array import array
from sys import byteorder

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from samkorning.encryption.primitives import NotAuthentic

ENCRYPTION_KEY_BYTES = {1: 16, 2: 24, 3: 32}
"""By the strength that an archive states."""
VERIFIER_BYTES, CODE_BYTES = 2, 10
_ROUNDS, _BLOCK = 1_000, 16


def salt_bytes(strength: int) -> int:
    """How many bytes of salt stand before a member of this strength."""
    return ENCRYPTION_KEY_BYTES[strength] // 2


class ZipAesOpener:
    """Opens one member: give it chunks in their order, then the code behind them."""

    def __init__(self, password: bytes, strength: int, salt: bytes, verifier: bytes) -> None:
        """NotAuthentic when the password is another one; a wrong one passes here once in 65,536 times."""
        size = ENCRYPTION_KEY_BYTES[strength]
        derived = hashlib.pbkdf2_hmac("sha1", password, salt, _ROUNDS, 2 * size + VERIFIER_BYTES)
        if not hmac.compare_digest(derived[2 * size :], verifier):
            raise NotAuthentic
        # the format's own mode: AES over a little-endian counter, which the library does not have
        self._cipher = Cipher(AES(derived[:size]), ECB()).encryptor()  # noqa: S305
        self._code = hmac.new(derived[size : 2 * size], digestmod="sha1")
        self._counter, self._left_over = 1, b""

    def open(self, chunk: bytes) -> bytes:
        """The next chunk in clear; trusted only when the code has been compared."""
        self._code.update(chunk)
        stream = self._left_over + self._key_stream(len(chunk) - len(self._left_over))
        self._left_over = stream[len(chunk) :]
        clear = int.from_bytes(chunk, "little") ^ int.from_bytes(stream[: len(chunk)], "little")
        return clear.to_bytes(len(chunk), "little")

    def finish(self, code: bytes) -> None:
        """NotAuthentic unless every byte was as it was packed."""
        if not hmac.compare_digest(self._code.digest()[:CODE_BYTES], code):
            raise NotAuthentic

    def _key_stream(self, size: int) -> bytes:
        blocks = max(-(-size // _BLOCK), 0)
        counters = array("Q", bytes(_BLOCK * blocks))
        counters[::2] = array("Q", range(self._counter, self._counter + blocks))
        if byteorder == "big":
            counters.byteswap()
        self._counter += blocks
        return self._cipher.update(counters.tobytes())
