"""Clean records split into fields, by the grammar of :mod:`records`, in plain Python.

What belongs here: single records (headers, samples for sniffing) and a strict parser for texts that the fast one is
not opened for. What must not: damaged quotes; those never get here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import polars as pl

from samkorning.register_files.lines import TooMuchDamage
from samkorning.register_files.table import MOST_REFUSED, RowFault

Rejects = list[tuple[int, RowFault]]


@lru_cache(maxsize=16)
def _field(separator: str) -> "re.Pattern[bytes]":
    sep = re.escape(separator.encode())
    return re.compile(rb'(?:"((?:[^"]|"")*+)"|([^\n' + sep + rb"]*+))(" + sep + rb"|\n)")


def split_records(text: bytes, separator: str) -> Iterator[list[str | None]]:
    """The fields of every record of clean text: null for nothing, empty text for a pair of quotes."""
    fields: list[str | None] = []
    for match in _field(separator).finditer(text):
        quoted, plain, end = match.groups()
        fields.append(plain.decode() or None if quoted is None else quoted.replace(b'""', b'"').decode())
        if end == b"\n":
            yield fields
            fields = []


def parse(text: bytes, separator: str, width: int) -> tuple[pl.DataFrame, Rejects]:
    """The rows with ``width`` fields as text columns ``c0`` …, and the others by 1-based place in the text."""
    rows: list[list[str | None]] = []
    rejects: Rejects = []
    for place, record in enumerate(split_records(text, separator), 1):
        if len(record) == width:
            rows.append(record)
        else:
            rejects.append((place, RowFault.TOO_FEW_FIELDS if len(record) < width else RowFault.TOO_MANY_FIELDS))
            if len(rejects) > MOST_REFUSED:
                raise TooMuchDamage
    schema = {f"c{column}": pl.String for column in range(width)}
    return pl.DataFrame(rows, schema=schema, orient="row"), rejects
