"""The AES lock of an entry of a zip archive.

What belongs here: what the entry's extra field says of its lock, and the bytes behind the lock. What must not: the
cipher (samkorning.encryption.zip_aes), or unpacking (zip_entry).
"""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from samkorning.encryption.primitives import NotAuthentic
from samkorning.encryption.zip_aes import CODE_BYTES, ENCRYPTION_KEY_BYTES, VERIFIER_BYTES, ZipAesOpener, salt_bytes
from samkorning.register_files.content.chunks import stream_of
from samkorning.register_files.packaging import refusals
from samkorning.register_files.packaging.streams import CHUNK

METHOD = 99
_FIELD, _WITHOUT_SUM = 0x9901, 2


@dataclass(frozen=True)
class AesLock:
    """What the extra field of a locked entry says: version, strength, and how it is packed behind the lock."""

    version: int
    strength: int
    method: int

    @property
    def has_sum(self) -> bool:
        """Whether the entry's check sum is that of its content; the later version leaves it out."""
        return self.version != _WITHOUT_SUM

    @property
    def overhead(self) -> int:
        """How many bytes of the entry belong to the lock."""
        return salt_bytes(self.strength) + VERIFIER_BYTES + CODE_BYTES

    def open(self, stream: BinaryIO, size: int, password: bytes, name: str) -> BinaryIO:
        """The bytes behind the lock, from a stream that stands at an entry of ``size`` bytes.

        :raises FileRefused: when the password is another one; at the end, when a byte was changed.
        """
        salt, verifier = stream.read(salt_bytes(self.strength)), stream.read(VERIFIER_BYTES)
        opener = None
        try:
            opener = ZipAesOpener(password, self.strength, salt, verifier)
        except NotAuthentic:
            opener = None
        if opener is None:
            raise refusals.refuse_wrong_password(name)
        return stream_of(_opened(stream, size - self.overhead, opener, name))


def lock_of(info: zipfile.ZipInfo) -> AesLock | None:
    """The AES lock of an entry, or nothing where it has none that holds together."""
    extra = info.extra
    while len(extra) >= 4 and info.compress_type == METHOD:
        field, length = struct.unpack_from("<HH", extra)
        if field == _FIELD and length >= 7 and len(extra) >= 11:
            version, _, strength, method = struct.unpack_from("<H2sBH", extra, 4)
            if version not in (1, _WITHOUT_SUM) or strength not in ENCRYPTION_KEY_BYTES:
                return None
            lock = AesLock(version, strength, method)
            return lock if info.compress_size >= lock.overhead else None
        extra = extra[4 + length :]
    return None


def _opened(stream: BinaryIO, size: int, opener: ZipAesOpener, name: str) -> Iterator[bytes]:
    """The entry in clear; the code behind it is compared when the last chunk has been given."""
    changed = False
    while size and (chunk := stream.read(min(CHUNK, size))):
        size -= len(chunk)
        yield opener.open(chunk)
    try:
        opener.finish(stream.read(CODE_BYTES))
    except NotAuthentic:
        changed = True
    if changed:
        raise refusals.refuse_damaged(name)
