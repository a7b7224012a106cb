"""What kind of content a file really has, whatever its name says.

What belongs here: opening a path or bytes alike, and telling kinds of content apart by their first bytes. What must
not: reading rows, or trusting a file name.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from samkorning.errors import FileRefused


class Reopenable(Protocol):
    """Bytes that lie somewhere else than in a plain file, and can be read from their beginning more than once."""

    def reopen(self) -> BinaryIO: ...


Content = Path | bytes | Reopenable
HEAD = 65_536
BLOCK = 8 * 1024 * 1024

TEXT, ZIP, JSON = "text", "a zip archive", "JSON"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"PAR1", "a Parquet file"),
    (b"PARE", "an encrypted Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\xff\xff\xff\xff", "an Arrow stream"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"HEADER RECORD*******", "a SAS transport file"),
    (b"\x00" * 12 + b"\xc2\xea\x81\x60", "a SAS file"),
    (b"**COMPRESSED** ", "a SAS file of PROC CPORT"),
    (b"\x1c" + b"\x00" * 7 + b"ENCRYPTED", "an encrypted file"),  # SPSS
    (b"age-encryption.org/", "an encrypted file"),
    (b"-----BEGIN ", "an encrypted or signed file"),
    (b"Salted__", "an encrypted file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\xff\xfe\x00\x00", "text in UTF-32"),
    (b"\x00\x00\xfe\xff", "text in UTF-32"),
)
_INSIDE: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb".{0,200}SPSS PORT FILE", re.S), "an SPSS portable file"),
    (re.compile(rb"[\x69\x6c\x6e-\x73][\x01\x02]\x01\x00"), "a Stata file"),  # versions before 117
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1.*W\0o\0r\0k\0b\0o\0o\0k\0", re.S), "an old Excel workbook"),
    (
        re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1.*E\0n\0c\0r\0y\0p\0t\0e\0d\0P", re.S),
        "a workbook with a password",
    ),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Office document or a workbook with a password"),
)
_TAGS = "html|head|title|meta|style|body|table|script|div|form|pre|p|br|h[1-6]|center|font|span"
_MARKUP = re.compile(rf"\s*<(!doctype|!--|\?[a-z]|({_TAGS})([\s/>]|$)|[a-z]+:?[a-z]*\s+xmlns)", re.I)
_JSON = re.compile(r'\s*(\{\s*"[^"]*"\s*:|\[\s*(\{|\]))')
_CONTROLS = bytes([*range(9), *range(14, 26), *range(27, 32), 127])


def open_content(content: Content) -> BinaryIO:
    """The bytes from their beginning, from a path, from memory or from where they lie."""
    if isinstance(content, bytes):
        return io.BytesIO(content)
    return content.open("rb") if isinstance(content, Path) else content.reopen()


def read_blocks(content: Content) -> Iterator[bytes]:
    """All bytes, block by block."""
    with open_content(content) as stream:
        while block := stream.read(BLOCK):
            yield block


def read_head(content: Content) -> bytes:
    """The first 64 KiB."""
    with open_content(content) as stream:
        return stream.read(HEAD)


def kind_of(head: bytes) -> str:
    """``text``, or what other kind of content the first bytes show, in words for the sender."""
    signed = next((kind for mark, kind in _SIGNATURES if head.startswith(mark)), None)
    signed = signed or next((kind for pattern, kind in _INSIDE if pattern.match(head)), None)
    if signed:
        return signed
    readable = _as_text(head)
    if _MARKUP.match(readable):
        return "a web page or XML document"
    if _JSON.match(readable):
        return JSON
    return "binary data" if _is_binary(head) else TEXT


def _as_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[:2000].decode("utf-16", "replace")
    return head[:1000].replace(b"\x00", b"").decode("utf-8-sig", "replace")


def _is_binary(head: bytes) -> bool:
    """Many control characters; zero bytes in every second place are UTF-16 and do not count."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    halves = head[0::2].count(0), head[1::2].count(0)
    if max(halves) > 0.7 * len(head) / 2 and min(halves) < 0.05 * len(head) / 2:
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > max(8, 0.05 * len(head))


def refuse_other_kind(name: str, kind: str, wanted: str) -> FileRefused:
    """The refusal of a file whose content is of another kind than its name or contract says."""
    return FileRefused(name, f"the content is {kind}, not {wanted}", f"send the file again as {wanted}")


def refuse_empty(name: str) -> FileRefused:
    """The refusal of a file without a single record."""
    return FileRefused(name, "the file is empty", "send it again with its header and the rows it has")
