"""7z archives, with or without a password.

What belongs here: the entries, the methods and limits that are allowed, the bytes of the one entry that is read. What
must not: rules over names (entries). The library reads the archive's header and unpacks; it raises whatever damaged
bytes lead it to, so every error of its own is the same here. This format does not tell a wrong password from damage.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

import py7zr

from samkorning.errors import FileRefused, SamkorningError
from samkorning.register_files.content.chunks import Chunks
from samkorning.register_files.packaging import refusals
from samkorning.register_files.packaging.entries import Entry, the_entry
from samkorning.register_files.packaging.packed import Packed, Unpacked
from samkorning.register_files.packaging.streams import CHUNK, Meter, open_seekable

import_module("Cryptodome.Cipher._mode_cbc")  # the library's own, which it would load where a reader may open nothing
NAME = "7z"
MOST_DICTIONARY = 320 * 1024**2  # bytes of memory that unpacking may need
_MARK = b"7z\xbc\xaf\x27\x1c"
_COPY, _DELTA, _X86, _BZIP2 = b"\x00", b"\x03", b"\x03\x03\x01\x03", b"\x04\x02\x02"
_LZMA2, _LZMA, _PPMD, _LOCK = b"\x21", b"\x03\x01\x01", b"\x03\x04\x01", b"\x06\xf1\x07\x01"
_READ = {_COPY, _DELTA, _X86, _BZIP2, _LZMA2, _LZMA, _PPMD, _LOCK}


def recognises(head: bytes) -> bool:
    """Whether the first bytes are those of a 7z archive."""
    return head.startswith(_MARK)


def unpack(packed: Packed) -> Unpacked:
    """The one file inside."""
    with open_seekable(packed.content) as stream:
        archive = _Archive(stream, packed)
        chosen = archive.choose()
        archive.refuse_methods(chosen.handle)
    return Unpacked(Chunks(lambda: _chunks(packed)), chosen.name, (NAME,))


def _chunks(packed: Packed) -> Iterator[bytes]:
    """The bytes of the chosen file, chunk by chunk, from the archive opened anew."""
    with open_seekable(packed.content) as stream:
        archive = _Archive(stream, packed)
        yield from archive.chunks(archive.choose().handle)


class _Archive:
    """One opening of an archive."""

    def __init__(self, stream: BinaryIO, packed: Packed) -> None:
        self._stream, self._packed, self._name = stream, packed, packed.name
        self._size = stream.seek(0, io.SEEK_END)
        self._refuse_end()
        self._archive = self._opened()

    def choose(self) -> Entry:
        """The one file that is meant."""
        entries: list[Entry] | None = None
        try:
            entries = [_entry(file) for file in self._archive.files]
        except Exception:
            entries = None
        if entries is None:
            raise refusals.refuse_damaged(self._name)
        return the_entry(entries, self._name, self._size, self._packed.member)

    def refuse_methods(self, file: Any) -> None:
        """Refuses methods that are not read, and a dictionary that would take too much memory."""
        for coder in file.folder.coders if file.folder is not None else ():
            if coder["method"] not in _READ or (coder["numinstreams"], coder["numoutstreams"]) != (1, 1):
                raise refusals.refuse_unread(self._name)
            if _memory_of(coder["method"], coder.get("properties") or b"") > MOST_DICTIONARY:
                raise refusals.refuse_dictionary(self._name, MOST_DICTIONARY // 1024**2)
            if coder["method"] == _LOCK and self._packed.password is None:
                raise refusals.refuse_without_password(self._name)

    def chunks(self, file: Any) -> Iterator[bytes]:
        """The bytes of a file; what lies before it in the same stream is unpacked on the way and dropped."""
        self.refuse_methods(file)
        if file.folder is None:
            return
        failed = False
        try:
            yield from self._unpacked(file)
        except SamkorningError:
            raise
        except Exception:
            failed = True
        if failed:
            raise self._refusal()

    def _unpacked(self, file: Any) -> Iterator[bytes]:
        streams = self._archive.header.main_streams
        place = next(order for order, folder in enumerate(streams.unpackinfo.folders) if folder is file.folder)
        self._stream.seek(self._archive.afterheader + streams.packinfo.packpos + streams.packinfo.packpositions[place])
        unpacker = file.folder.get_decompressor(streams.packinfo.packsizes[place], reset=True)
        meter = Meter(self._name)
        meter.packed = self._size
        for each in file.folder.files:
            crc = 0
            for chunk in self._one(unpacker, each.uncompressed):
                meter.add(0, len(chunk))
                crc = zlib.crc32(chunk, crc)
                if each.id == file.id:
                    yield chunk
            if each.crc32 is not None and crc != each.crc32:
                raise self._refusal()
            if each.id == file.id:
                return

    def _one(self, unpacker: Any, size: int) -> Iterator[bytes]:
        """So many unpacked bytes."""
        while size:
            before = self._stream.tell()
            chunk = bytes(unpacker.decompress(self._stream, min(CHUNK, size)))
            if not chunk and self._stream.tell() == before:
                raise self._refusal()
            size -= len(chunk)
            if chunk:
                yield chunk

    def _opened(self) -> py7zr.SevenZipFile:
        """The archive's header read; one that is locked itself is opened with the password."""
        refusal = refusals.refuse_damaged(self._name)
        try:
            self._stream.seek(0)
            return py7zr.SevenZipFile(self._stream, password=self._packed.password)
        except SamkorningError:
            raise
        except py7zr.PasswordRequired:
            refusal = refusals.refuse_without_password(self._name)
        except Exception:
            refusal = self._refusal()
        raise refusal

    def _refusal(self) -> FileRefused:
        """Of what cannot be unpacked."""
        if self._packed.password is not None:
            return refusals.refuse_wrong_or_damaged(self._name)
        return refusals.refuse_damaged(self._name)

    def _refuse_end(self) -> None:
        """The archive ends where its own first bytes say."""
        self._stream.seek(0)
        head = self._stream.read(32)
        if len(head) < 32:
            raise refusals.refuse_damaged(self._name)
        own, start, length = struct.unpack_from("<IQQ", head, 8)
        if zlib.crc32(head[12:]) != own or 32 + start + length != self._size:
            raise refusals.refuse_damaged(self._name)


def _entry(file: Any) -> Entry:
    is_plain = file.is_file and not (file.is_symlink or file.is_junction or file.is_socket)
    return Entry(file.filename, file.uncompressed, file.is_directory, is_plain, file)


def _memory_of(method: bytes, properties: bytes) -> int:
    """How many bytes of memory a method asks for."""
    if method == _LZMA and len(properties) >= 5:
        return int(struct.unpack_from("<I", properties, 1)[0])
    if method == _LZMA2 and properties:
        return (2 | properties[0] & 1) << (properties[0] // 2 + 11)
    if method == _PPMD and len(properties) >= 5:
        return int(struct.unpack_from("<I", properties, 1)[0])
    return 0
