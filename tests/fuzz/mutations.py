"""Damage to bytes that nobody would think of, drawn from a seed so that it can be drawn again.

What belongs here: how bytes are changed, whatever they mean. What must not: which files (seeds), numbers that mean
something (fields), lines and parts (parts), and what is expected (outcomes).
"""

import random
import struct
from collections.abc import Callable, Sequence

MOST_BYTES = 2_000_000
TOKENS = [
    b"", b"\x00", b"\x00" * 64, b"\xff" * 8, b'"', b'""', b";", b"\t", b"|", b"\r", b"\n", b"\r\n", b"\x1a",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"sep=;\r\n", b"-1", b"0", b"1e308", b"NaN", b"9" * 400, b"{}",
    b"[" * 500, b'{"a":' * 200, b'<!DOCTYPE x [<!ENTITY a "aa">]>', b"&a;", b'<row r="1048577">', b'<c r="XFE1"/>',
    b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"ARROW1", b"$FL2", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c",
    b"HEADER RECORD*******", b"<stata_dta>", b"kanarieord", "kanarieord".encode("utf-16-le"), b"222001012387",
    b"../../etc/passwd", b"%s%n", b"\xc3\x28", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"true", b"null",
    b"age-encryption.org/v1\n", "٣".encode(), "\u0345\u2028\ufeff".encode(), b"A" * 5000,
]  # fmt: skip
NUMBERS = (0, 1, -1, 2**7, 2**15 - 1, 2**16, 2**31 - 1, -(2**31), 2**32 - 1, 2**62, 2**63 - 1, -(2**63))
Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def _flip_bits(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    place = chance.randrange(len(data))
    data[place : place + chance.choice((1, 4, 16, 256))] = chance.randbytes(chance.choice((1, 4, 16, 256)))


def _cut(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    del data[chance.randrange(len(data)) :]


def _leave_out(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    place = chance.randrange(len(data))
    del data[place : place + chance.choice((1, 2, 7, 64, 1024))]


def _repeat(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    start = chance.randrange(len(data))
    block = data[start : start + chance.choice((1, 8, 64, 1024))]
    data[start:start] = block * chance.choice((1, 2, 16, 300))


def _splice(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    other = chance.choice(others)
    place, start = chance.randrange(len(data)), chance.randrange(len(other))
    data[place : place + chance.choice((0, 64, 4096))] = other[start : start + chance.choice((16, 512, 65_536))]


def _token(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    for _ in range(chance.choice((1, 1, 3))):
        place, token = chance.randrange(len(data) + 1), chance.choice(TOKENS)
        data[place : place + chance.choice((0, len(token)))] = token


def _number(data: bytearray, chance: random.Random, others: Sequence[bytes]) -> None:
    width, order = chance.choice("bhiq"), chance.choice("<>")
    size = struct.calcsize(width)
    value = chance.choice(NUMBERS) + chance.choice((0, 0, 1, -1))
    place = chance.randrange(len(data))
    data[place : place + size] = struct.pack(f"{order}Q", value % 2**64)[: size if order == "<" else None][-size:]


MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits, _flip_bits, _overwrite, _cut, _leave_out, _repeat, _splice, _token, _token, _number, _number,
)  # fmt: skip


def mutated(content: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """The bytes with one to four kinds of damage."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        if not data:
            break
        chance.choice(MUTATIONS)(data, chance, others)
        del data[MOST_BYTES:]
    return bytes(data)
