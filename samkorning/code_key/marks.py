"""The mark of a code key: what is kept outside the vault to know it again, and shows nobody who is in it.

What belongs here: making a mark of a code key's rows, and whether a code key still holds what a mark was made of. What
must not: where marks are kept (the events of the case), or the secret they are made with.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from samkorning.encryption.primitives import derive, mac


@dataclass(frozen=True)
class Mark:
    """How far a code key had come: its newest row's generation, its rows, and a keyed digest of all of them.

    The digest covers every (serial number, number) pair, a withdrawn serial number without its number, in any order.
    """

    generation: int
    rows: int
    digest: str

    def fields(self) -> dict[str, Any]:
        """How an event remembers it."""
        return asdict(self)


def mark_of(rows: pl.DataFrame, secret: bytes, case: str, series: str) -> Mark:
    """The mark of a code key as it stands. ``rows`` has the code key's columns."""
    newest = rows["generation"].max()
    digest = mac(derive(secret, "code key", case, series), _sha256(rows)).hex()
    return Mark(int(str(newest)) if newest is not None else 0, rows.height, digest)


def holds(rows: pl.DataFrame, mark: Mark, secrets: Sequence[bytes], case: str, series: str) -> bool:
    """Whether a code key holds what a mark was made of, and beside it only rows that came later."""
    then = rows.filter(pl.col("generation") <= mark.generation)
    return any(mark_of(then, secret, case, series) == mark for secret in reversed(secrets))


def mark_from(fields: Mapping[str, Any]) -> Mark:
    """A mark as an event remembers it."""
    return Mark(int(fields["generation"]), int(fields["rows"]), str(fields["digest"]))


def _sha256(rows: pl.DataFrame) -> bytes:
    """Over the rows by serial number, in little-endian whole numbers: 8 bytes a number (0 for none), 4 a serial."""
    ordered = rows.lazy().select(pl.col("number").fill_null(0), "serial_number").sort("serial_number").collect()
    digest = hashlib.sha256()
    for column, kind in (("number", pl.Int64), ("serial_number", pl.Int32)):
        values = ordered[column].cast(kind).rechunk().to_arrow()
        if len(values):
            width = values.type.bit_width // 8
            digest.update(values.buffers()[1].slice(values.offset * width, len(values) * width))
    return digest.digest()
