"""Writing the age format (age-encryption.org/v1) for X25519 recipients.

What belongs here: header and payload as the format has them. What must not: reading, which the age library does, and
which recipients there are. The library takes five times as long for the payload as OpenSSL does; what
is written here is opened by the library and by the age tool in tests.
"""

import base64
import secrets
from collections.abc import Iterator, Sequence
from typing import Protocol

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK = 64 * 1024
AT_ONCE = 16 * CHUNK
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # of Bech32
_CHECKSUM, _PREFIX = 6, "age1"


class Readable(Protocol):
    """Anything that gives at most ``size`` bytes a call, and none at its end."""

    def read(self, size: int, /) -> bytes: ...


class Writable(Protocol):
    """Anything that takes bytes and says how many it took."""

    def write(self, chunk: bytes, /) -> int: ...


def write_age(reader: Readable, writer: Writable, recipients: Sequence[str]) -> None:
    """Read plain bytes to the end and write them sealed for each of the public keys, which are whole (``age1…``)."""
    file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16)
    writer.write(_header(file_key, recipients) + nonce)
    cipher, counter = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")), 0
    for block, is_last in _blocks(reader):
        view = memoryview(block)
        chunks = [view[start : start + CHUNK] for start in range(0, max(len(block), 1), CHUNK)]
        sealed = []
        for place, chunk in enumerate(chunks, start=1):
            ends = is_last and place == len(chunks)
            sealed.append(cipher.encrypt(counter.to_bytes(11, "big") + bytes([ends]), chunk, None))
            counter += 1
        writer.write(b"".join(sealed))


def _blocks(reader: Readable) -> Iterator[tuple[bytes, bool]]:
    """The plain bytes, so many whole chunks at a time, and whether nothing follows; one empty block of nothing."""
    block = _filled(reader)
    while len(block) == AT_ONCE:
        following = _filled(reader)
        yield block, not following
        if not following:
            return
        block = following
    yield block, True


def _filled(reader: Readable) -> bytes:
    """As many bytes as are written at once, fewer at the end alone."""
    found, size = [], 0
    while size < AT_ONCE and (chunk := reader.read(AT_ONCE - size)):
        found.append(chunk)
        size += len(chunk)
    return found[0] if len(found) == 1 else b"".join(found)


def _header(file_key: bytes, recipients: Sequence[str]) -> bytes:
    stanzas = b"".join(_stanza(file_key, _public(recipient)) for recipient in recipients)
    signed = b"age-encryption.org/v1\n" + stanzas + b"---"
    mac = hmac.HMAC(_derived(file_key, b"", b"header"), hashes.SHA256())
    mac.update(signed)
    return signed + b" " + _text(mac.finalize()) + b"\n"


def _stanza(file_key: bytes, public: bytes) -> bytes:
    """The file key, wrapped for one public key."""
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    wrapping = _derived(shared, share + public, b"age-encryption.org/v1/X25519")
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + _text(share) + b"\n" + _text(body) + b"\n"


def _derived(secret: bytes, salt: bytes, use: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, use).derive(secret)


def _text(content: bytes) -> bytes:
    """Base64 without padding."""
    return base64.b64encode(content).rstrip(b"=")


def _public(recipient: str) -> bytes:
    """The 32 bytes of a public key that is known to be whole: Bech32, five bits a letter."""
    letters = recipient.lower().removeprefix(_PREFIX)[:-_CHECKSUM]
    bits = "".join(f"{_ALPHABET.index(letter):05b}" for letter in letters)
    return int(bits[:256], 2).to_bytes(32, "big")
