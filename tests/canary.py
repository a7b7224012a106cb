"""Looking for identity numbers in clear: in every file below a folder, in its name, and in any bytes.

What belongs here: the spellings, the search, what tables in clear begin and end with. What must not: where to look.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import polars as pl

PLAIN_FORMATS = {
    "Parquet": lambda head, tail: head[:4] == b"PAR1" or tail[-4:] == b"PAR1",
    "Arrow": lambda head, tail: head[:6] == b"ARROW1" or head[:4] == b"\xff\xff\xff\xff",
    "pickle": lambda head, tail: head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05" and tail[-1:] == b".",
}


def spellings(number: int) -> Iterator[bytes]:
    """A number as it could be written, in text of one and two bytes a letter, and as an integer."""
    digits = str(number)
    for text in (
        digits,
        f"{digits[:8]}-{digits[8:]}",
        f"{digits[2:8]}-{digits[8:]}",
        f"{digits[2:8]}+{digits[8:]}",
        digits[2:],
    ):
        yield text.encode()
        yield text.encode("utf-16-le")
    yield struct.pack("<q", number)
    yield struct.pack(">q", number)


def looking_for(numbers: Iterable[int]) -> Callable[[bytes], bool]:
    """Whether some bytes hold any of the numbers in any spelling; all are looked for at once."""
    wanted = sorted({spelling.decode("latin-1") for number in numbers for spelling in spellings(number)})

    def found_in(content: bytes) -> bool:
        return bool(pl.Series([content.decode("latin-1")]).str.contains_any(wanted).item())  # each byte one letter

    return found_in


def hits(folder: Path, numbers: list[int]) -> list[str]:
    """Files below a folder that hold a number or are a plain table; told by name and kind, never by number."""
    found_in = looking_for(numbers)
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if found_in(str(path.relative_to(folder)).encode()):
            found.append(f"the name of a file of {path.stat().st_size} bytes: an identity number")
        content = path.read_bytes()
        if found_in(content):
            found.append(f"{path.relative_to(folder)}: an identity number")
        found += [
            f"{path.relative_to(folder)}: {name}"
            for name, holds in PLAIN_FORMATS.items()
            if holds(content[:8], content[-8:])
        ]
    return found
