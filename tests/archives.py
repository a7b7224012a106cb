"""Archives for tests: ordinary ones by the usual libraries, and zip archives byte by byte, as nobody's program writes.

What belongs here: making archives. What must not: expectations.
"""

import gzip
import hashlib
import hmac
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import py7zr
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

TEXT = "LopNr;Namn\n001;Åsa\n002;Bo\n".encode()
ROWS = [("001", "Åsa"), ("002", "Bo")]
LINK, DEVICE = 0o120777, 0o020666


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive as the standard library writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members or (("par.csv", TEXT),):
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(*members: tuple[str, bytes], entries: Iterable[tarfile.TarInfo] = ()) -> bytes:
    """A tar archive, without gzip; further entries have no content."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for entry in entries:
            archive.addfile(entry)
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """An entry of a tar archive that is no plain file."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def tar_gz(*members: tuple[str, bytes], entries: Iterable[tarfile.TarInfo] = ()) -> bytes:
    """A tar archive in gzip."""
    return gzip.compress(tarred(*(members or (("par.csv", TEXT),)), entries=entries))


def seven_zipped(*members: tuple[str, bytes], password: str | None = None, hidden: bool = False) -> bytes:
    """A 7z archive; ``hidden`` locks its table of contents as well."""
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w", password=password, header_encryption=hidden) as archive:
        for name, content in members or (("par.csv", TEXT),):
            archive.writestr(content, name)
    return stream.getvalue()


def seven_zip_named(name: str) -> bytes:
    """A 7z archive whose file has a name of seven letters that the library would not write."""
    return _seven_zip_with("par.csv".encode("utf-16-le"), name.encode("utf-16-le"))


def seven_zip_greedy() -> bytes:
    """A 7z archive that asks for a dictionary of one gibibyte."""
    return _seven_zip_with(b"\x21\x21\x01\x18", b"\x21\x21\x01\x24")


def _seven_zip_with(old: bytes, new: bytes) -> bytes:
    """A 7z archive with other bytes in its header, and the check sums that fit them."""
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w") as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(TEXT, "par.csv")
    assert old in stream.getvalue()
    content = stream.getvalue().replace(old, new)
    start = struct.unpack_from("<Q", content, 12)[0]
    where = content[12:28] + struct.pack("<L", zlib.crc32(content[32 + start :]))
    return content[:8] + struct.pack("<L", zlib.crc32(where)) + where + content[32:]


def seven_zipped_link() -> bytes:
    """A 7z archive that holds a link."""
    stream = io.BytesIO()
    with TemporaryDirectory() as folder, py7zr.SevenZipFile(stream, "w") as archive:
        (Path(folder) / "aim").write_text("x")
        (Path(folder) / "link").symlink_to("aim")
        archive.write(Path(folder) / "link", "par.csv")
    return stream.getvalue()


@dataclass(frozen=True)
class RawEntry:
    """One entry of a zip archive, with everything that its two headers say."""

    name: str = "par.csv"
    content: bytes = TEXT
    method: int = zipfile.ZIP_DEFLATED
    local_name: str | None = None
    local_method: int | None = None
    flags: int = 0x800
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    extra: bytes = b""
    mode: int = 0o100644
    at: int | None = None

    @property
    def data(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflated(self.content) if self.method == zipfile.ZIP_DEFLATED else self.content

    @property
    def numbers(self) -> tuple[int, int, int]:
        """Check sum, packed size, size."""
        crc = zlib.crc32(self.content) if self.crc is None else self.crc
        return crc, len(self.data), len(self.content) if self.size is None else self.size


def raw_zip(*entries: RawEntry, disk: int = 0, before: bytes = b"") -> bytes:
    """A zip archive of such entries."""
    body, table = bytearray(before), bytearray()
    for entry in entries:
        place = len(body) if entry.at is None else entry.at
        if entry.at is None:
            name = (entry.local_name or entry.name).encode()
            method = entry.method if entry.local_method is None else entry.local_method
            fixed = (b"PK\x03\x04", 20, entry.flags, method, 0, 0, *entry.numbers, len(name), len(entry.extra))
            body += struct.pack("<4s5H3L2H", *fixed) + name + entry.extra + entry.data
        name = entry.name.encode()
        head = (b"PK\x01\x02", 0x0314, 20, entry.flags, entry.method, 0, 0, *entry.numbers, len(name))
        tail = (len(entry.extra), 0, 0, 0, entry.mode << 16, place)
        table += struct.pack("<4s6H3L5H2L", *head, *tail) + name + entry.extra
    count = len(entries)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", disk, disk, count, count + disk, len(table), len(body), 0)
    return bytes(body + table) + end


def deflated(content: bytes) -> bytes:
    """Deflate without a frame."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def aes_entry(password: bytes, *, strength: int = 3, version: int = 2, content: bytes = TEXT) -> RawEntry:
    """An entry locked with AES as WinZip has published it; written from the description, block by block."""
    salt = bytes(range(4 + 4 * strength))
    size = 8 + 8 * strength
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    block, clear, locked = Cipher(AES(derived[:size]), ECB()).encryptor(), deflated(content), b""  # noqa: S305
    for place in range(0, len(clear), 16):
        stream = block.update((place // 16 + 1).to_bytes(16, "little"))
        locked += bytes(one ^ other for one, other in zip(clear[place : place + 16], stream, strict=False))
    code = hmac.new(derived[size : 2 * size], locked, "sha1").digest()[:10]
    extra = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", strength, zipfile.ZIP_DEFLATED)
    packed = salt + derived[2 * size :] + locked + code
    crc = 0 if version == 2 else zlib.crc32(content)
    return RawEntry(content=content, method=99, flags=0x801, crc=crc, packed=packed, extra=extra)


def old_lock_entry(password: bytes, content: bytes = TEXT) -> RawEntry:
    """An entry locked as the first zip programs did."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte: int) -> None:
        keys[0] = zlib.crc32(bytes([byte]), keys[0] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = zlib.crc32(bytes([keys[1] >> 24]), keys[2] ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    for byte in password:
        step(byte)
    locked = bytearray()
    for byte in bytes(range(11)) + bytes([zlib.crc32(content) >> 24]) + deflated(content):
        mask = keys[2] | 2
        locked.append(byte ^ ((mask * (mask ^ 1)) >> 8) & 0xFF)
        step(byte)
    return RawEntry(content=content, flags=0x801, packed=bytes(locked))
