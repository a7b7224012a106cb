"""Text files as UTF-8 blocks of whole lines, whatever their encoding and size.

What belongs here: cutting at line ends, byte order marks, the end-of-file mark (^Z) of old systems, the line end that
the last line lacks. What must not: records, quotes and fields.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import Content, read_blocks, read_head
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.table import Remark, Tally
from samkorning.register_files.text.encodings import (
    FoundEncoding,
    Utf16Decoder,
    find_encoding,
    proven_encoding,
    to_utf8,
)
from samkorning.register_files.text.lines import LONGEST_RECORD, ORDER_MARK

_UNMARKED = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}  # a declared mark that is not there
_END_MARK = re.compile(rb"\x1a+[\r\n]*\Z")


@dataclass(frozen=True)
class TextBlock:
    """Whole lines in UTF-8; ``final`` for the last of a file, which may be empty.

    ``completed`` where its last line had no line end and was given one.
    """

    data: bytes
    final: bool
    completed: bool = False


def encoding_of(content: Content, name: str, contract: FileContract) -> FoundEncoding:
    """The declared encoding, held against the byte order mark, or the one found by rule."""
    if contract.encoding == "auto":
        return find_encoding(read_blocks(content))
    proven = proven_encoding(read_head(content)) or _UNMARKED.get(contract.encoding, contract.encoding)
    if proven.startswith("utf") and not proven.startswith(contract.encoding.removesuffix("-sig")):
        raise FileRefused(
            name,
            f"the file is marked as {proven} and declared as {contract.encoding}",
            "correct the declaration or send the file in the declared encoding",
        )
    return FoundEncoding(proven, guessed=False)


def order_mark_of(encoding: str) -> bytes:
    """What the byte order mark of UTF-8 reads as where another file was put behind one of this encoding."""
    return ORDER_MARK if encoding.startswith("utf") else to_utf8(ORDER_MARK, encoding)


def text_blocks(content: Content, name: str, encoding: str, tally: Tally) -> Iterator[TextBlock]:
    """The file as blocks of whole lines in UTF-8; the last line always ends with a line end."""
    utf16 = Utf16Decoder(encoding) if encoding.startswith("utf-16") else None
    carry, first = b"", True
    for raw, final in _with_last(read_blocks(content)):
        lines = carry + (utf16.decode(raw, final) if utf16 else raw)
        if first:
            lines, first = lines.removeprefix(ORDER_MARK), False
        cut = len(lines) if final else _last_line_end(lines)
        carry = lines[cut:]
        _refuse_endless_line(carry, name)
        whole = _without_end_mark(lines, tally) if final else lines[:cut]
        completed = final and bool(whole) and not whole.endswith((b"\n", b"\r"))
        whole += b"\n" if completed else b""
        yield TextBlock(whole if utf16 else to_utf8(whole, encoding), final, completed)


def _with_last(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    held = next(blocks, b"")
    for block in blocks:
        yield held, False
        held = block
    yield held, True


def _last_line_end(lines: bytes) -> int:
    """Behind the last line end; a CR as the very last byte may be half of CRLF and waits."""
    return max(lines.rfind(b"\n"), lines.rfind(b"\r", 0, len(lines) - 1)) + 1


def _refuse_endless_line(carry: bytes, name: str) -> None:
    if len(carry) > 8 * LONGEST_RECORD:
        raise FileRefused(name, "the content has no line ends", "send it as text with one row a line")


def _without_end_mark(lines: bytes, tally: Tally) -> bytes:
    marked = _END_MARK.search(lines)
    if not marked:
        return lines
    tally.remarks[Remark.END_OF_FILE_MARK] += 1
    return lines[: marked.start()]
