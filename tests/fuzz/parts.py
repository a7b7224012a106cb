"""Damage inside of what holds other things, under sums and lengths that fit: parts of workbooks, footers, lines.

What belongs here: taking a file apart, damaging one part, putting it together again. What must not: damage without
regard to what is damaged (mutations), single numbers (fields).
"""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Sequence

from tests.fuzz.mutations import TOKENS, mutated

Inside = Callable[[bytes, random.Random, Sequence[bytes]], bytes]
_ELEMENT = re.compile(rb"<(\w+)\b[^>]*(?:/>|>[^<]*</\1>)|<[^>]+>")
_VALUES = re.compile(rb'(?<==")[^"]*(?=")|(?<=>)[^<]+(?=<)')
_XML = (
    b"", b"0", b"-1", b"1", b"65536", b"1048577", b"4294967295", b"99999999999999999999", b"1e999", b"NaN", b"A0",
    b"XFE1", b"A1048577", b"AAAAAAAA1", b"A1:XFD1048576", b"&#0;", b"&#x110000;", b"&lt;", b"\xff", b"s", b"e", b"str",
    b"inlineStr", b"gb18030", b"utf-16", b"d", b"b", b"n", b"rId1", b"../../x.xml", b"kanarieord", b"222001012387",
    b"x" * 40_000,
)  # fmt: skip


def inside_of(form: str) -> Inside | None:
    """What damages a file of this format inside, where there is an inside."""
    return _INSIDES.get(form)


def _workbook(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """One to three of the parts damaged, now and then one left out or put in twice."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for place in chance.choices(range(len(parts)), k=chance.choice((1, 1, 2, 3))):
        name, data = parts[place]
        damage = _xml if chance.random() < 0.7 else mutated
        parts[place] = (name, damage(data, chance, others))
    if chance.random() < 0.1:
        parts.remove(chance.choice(parts))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as again:
        for name, data in parts:
            again.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _xml(part: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Values replaced, or an element left out, repeated or moved."""
    found = list((_VALUES if chance.random() < 0.6 else _ELEMENT).finditer(part))
    if not found:
        return part
    one, other = chance.choice(found), chance.choice(found)
    if one.re is _VALUES:
        new = chance.choice(_XML) if chance.random() < 0.8 else other[0]
    else:
        new = chance.choice((b"", one[0] * 2, one[0] * 200, other[0], other[0] + one[0]))
    return part[: one.start()] + new + part[one.end() :]


def _parquet(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The footer damaged, and its length made to fit; or what lies before it, under a whole footer."""
    (length,) = struct.unpack_from("<I", content, len(content) - 8)
    body, footer = content[4 : -8 - length], content[-8 - length : -8]
    if chance.random() < 0.7:
        footer = mutated(footer, chance, others)
    else:
        body = mutated(body, chance, others)
    return b"PAR1" + body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _arrow(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The footer of a file damaged, and its length made to fit; a stream has none, and is damaged anywhere."""
    if not content.startswith(b"ARROW1"):
        return mutated(content, chance, others)
    (length,) = struct.unpack_from("<I", content, len(content) - 10)
    footer = mutated(content[-10 - length : -10], chance, others)
    return content[: -10 - length] + footer + struct.pack("<I", len(footer)) + b"ARROW1"


def _lines(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Lines left out, repeated, moved, joined; or what stands between two separators replaced."""
    lines = content.split(b"\n")
    for _ in range(chance.choice((1, 1, 2, 5))):
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        how = chance.randrange(5)
        if how == 0 and len(lines) > 1:
            del lines[place]
        elif how == 1:
            lines[place:place] = [lines[place]] * chance.choice((1, 2, 500))
        elif how == 2:
            lines[place], lines[other] = lines[other], lines[place]
        elif how == 3:
            lines[place] += lines[other]
        else:
            lines[place] = _field(lines[place], chance)
    return b"\n".join(lines)


def _field(line: bytes, chance: random.Random) -> bytes:
    fields = re.split(rb"([;,|\t:])", line)
    place = chance.randrange(len(fields))
    fields[place] = chance.choice(TOKENS)
    return b"".join(fields)


def _recoded(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Lines damaged, and the text put into another encoding, or half of it."""
    text = _lines(content, chance, others)
    if chance.random() < 0.8:
        return text
    half = chance.randrange(len(text) + 1) if chance.random() < 0.5 else 0
    encoding = chance.choice(("utf-16-le", "utf-16-be", "utf-16", "utf-8-sig", "cp850", "utf-32"))
    return text[:half] + text[half:].decode("latin-1").encode(encoding, "replace")


_INSIDES: dict[str, Inside] = {
    "excel": _workbook,
    "parquet": _parquet,
    "arrow": _arrow,
    "delimited": _recoded,
    "fixed_width": _recoded,
    "json_lines": _recoded,
    "spss_portable": _lines,
}
