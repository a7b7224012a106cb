"""Every packing: a file put into it, and the same with damage in the packing's own headers, under sums that fit.

What belongs here: wrapping, and which bytes of a wrapping are headers. What must not: how bytes are changed
(mutations, fields). What is sealed differs each time in the seal's own random bytes, and in nothing else.
"""

import gzip
import io
import random
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from unittest.mock import patch

import py7zr
import pyrage

from samkorning.encryption.age import create_identity
from tests import archives
from tests.fuzz.fields import Place, overwrite, zip_places
from tests.fuzz.mutations import mutated

PASSWORD = "hemligtlösen"
IDENTITY = create_identity()
Wrap = Callable[[str, bytes], bytes]
"""A name inside, where the packing has one, and the file's bytes."""
Damage = Callable[[str, bytes, random.Random], bytes]
"""The same, with headers damaged by chance."""
_TAR_NUMBERS = ((100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (257, 6), (345, 8))
_SEAL_HEAD = 200


@dataclass(frozen=True)
class Packing:
    """One way of packing."""

    name: str
    suffix: str
    wrap: Wrap
    damaged_headers: Damage
    password: str | None = None


def _zip(name: str, content: bytes) -> bytes:
    return archives.raw_zip(archives.RawEntry(name, content))


def _aes_zip(name: str, content: bytes) -> bytes:
    return archives.raw_zip(replace(archives.aes_entry(PASSWORD.encode(), content=content), name=name))


def _old_lock_zip(name: str, content: bytes) -> bytes:
    return archives.raw_zip(replace(archives.old_lock_entry(PASSWORD.encode(), content), name=name))


def _zip_headers(wrap: Wrap, name: str, content: bytes, chance: random.Random) -> bytes:
    packed = wrap(name, content)
    return overwrite(packed, zip_places(packed), chance)


def _seven_zip(
    name: str, content: bytes, password: str | None = None, hidden: bool = False, open_headers: bool = False
) -> bytes:
    """A 7z archive of no particular moment, with random bytes that are none."""
    stream, none = io.BytesIO(), py7zr.helpers.ArchiveTimestamp(0)
    same_bytes = patch("py7zr.compressor.get_random_bytes", lambda size: bytes(range(size)))
    same_moment = patch("py7zr.py7zr.ArchiveTimestamp.from_now", lambda: none)
    with (
        same_bytes,
        same_moment,
        py7zr.SevenZipFile(stream, "w", password=password, header_encryption=hidden) as archive,
    ):
        if open_headers:
            archive.set_encoded_header_mode(False)
        archive.writestr(content, re.sub(r"[.:\\/]{2}|:", "_", name))  # the library writes no path that leads out
    return stream.getvalue()


def _seven_zip_headers(password: str | None, name: str, content: bytes, chance: random.Random) -> bytes:
    packed = _seven_zip(name, content, password, open_headers=True)
    (start,) = struct.unpack_from("<Q", packed, 12)
    head = mutated(packed[32 + start :], chance, [packed])
    where = struct.pack("<QQL", start, len(head), zlib.crc32(head))
    return packed[:8] + struct.pack("<L", zlib.crc32(where)) + where + packed[32 : 32 + start] + head


def _gzip(name: str, content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _gzip_headers(name: str, content: bytes, chance: random.Random) -> bytes:
    packed = _gzip(name, content)
    places = [Place(at, 1) for at in range(10)] + [Place(len(packed) - 8, 4), Place(len(packed) - 4, 4)]
    return overwrite(packed, places, chance)


def _tar(name: str, content: bytes) -> bytes:
    return gzip.compress(archives.tarred((name, content)), mtime=0)


def _tar_headers(name: str, content: bytes, chance: random.Random) -> bytes:
    """Numbers in any header of the archive changed, and its sum made to fit."""
    packed = archives.tarred((name, content))
    heads = [at for at in range(0, len(packed), 512) if packed[at + 257 : at + 262] == b"ustar"]
    at = chance.choice(heads)
    head = bytearray(packed[at : at + 512])
    if chance.random() < 0.3:
        head = bytearray(mutated(bytes(head), chance, [packed])[:512].ljust(512, b"\x00"))
    else:
        head = bytearray(overwrite(bytes(head), [Place(start, size, "digits") for start, size in _TAR_NUMBERS], chance))
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\x00 " % sum(head)
    return gzip.compress(packed[:at] + head + packed[at + 512 :], mtime=0)


def _age(name: str, content: bytes, armored: bool = False) -> bytes:
    recipient = pyrage.x25519.Recipient.from_str(IDENTITY.recipient)
    return bytes(pyrage.encrypt(content, [recipient], armored=armored))


def _age_headers(wrap: Wrap, name: str, content: bytes, chance: random.Random) -> bytes:
    packed = wrap(name, content)
    return mutated(packed[:_SEAL_HEAD], chance, [packed]) + packed[_SEAL_HEAD:]


def _age_of_zip(name: str, content: bytes) -> bytes:
    return _age(name, _zip(name, content))


def _age_of_damaged_zip(name: str, content: bytes, chance: random.Random) -> bytes:
    return _age(name, _zip_headers(_zip, name, content, chance))


_ARMORED = partial(_age, armored=True)
_LOCKED = partial(_seven_zip, password=PASSWORD)
_HIDDEN = partial(_seven_zip, password=PASSWORD, hidden=True)
PACKINGS: tuple[Packing, ...] = (
    Packing("zip", ".zip", _zip, partial(_zip_headers, _zip)),
    Packing("zip aes", ".zip", _aes_zip, partial(_zip_headers, _aes_zip), PASSWORD),
    Packing("zip old lock", ".zip", _old_lock_zip, partial(_zip_headers, _old_lock_zip), PASSWORD),
    Packing("7z", ".7z", _seven_zip, partial(_seven_zip_headers, None)),
    Packing("7z locked", ".7z", _LOCKED, partial(_seven_zip_headers, PASSWORD), PASSWORD),
    Packing("7z hidden", ".7z", _HIDDEN, partial(_seven_zip_headers, PASSWORD), PASSWORD),
    Packing("gz", ".gz", _gzip, _gzip_headers),
    Packing("tar.gz", ".tar.gz", _tar, _tar_headers),
    Packing("age", ".age", _age, partial(_age_headers, _age)),
    Packing("age armored", ".age", _ARMORED, partial(_age_headers, _ARMORED)),
    Packing("age zip", ".zip.age", _age_of_zip, _age_of_damaged_zip),
)
