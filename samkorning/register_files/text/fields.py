"""Clean records split into fields one by one, by the grammar of :mod:`records`.

What belongs here: single records: headers, samples that show a separator, records that are written anew. What must not:
whole files (row_parser), damaged quotes; those never get here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

LINE_ENDS = (b"\r\n", b"\n", b"\r")


@lru_cache(maxsize=16)
def _field(separator: str) -> "re.Pattern[bytes]":
    sep = re.escape(separator.encode())
    return re.compile(rb'(?:"((?:[^"]|"")*+)"|([^\r\n' + sep + rb"]*+))(" + sep + rb"|\r\n|\n|\r)")


def split_records(text: bytes, separator: str) -> Iterator[list[str | None]]:
    """The fields of every record of clean text: null for nothing, empty text for a pair of quotes."""
    fields: list[str | None] = []
    for match in _field(separator).finditer(text):
        quoted, plain, end = match.groups()
        fields.append(plain.decode() or None if quoted is None else quoted.replace(b'""', b'"').decode())
        if end in LINE_ENDS:
            yield fields
            fields = []
