"""The bytes of a file that waits, encrypted in the vault, without being read as a table.

What belongs here: putting bytes into a store and reading them again, in bounded memory. What must not: why a file waits
(quarantine).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import polars as pl

from samkorning.vault import Store

BLOCK = 4 * 1024 * 1024
BLOCKS_AT_A_TIME = 16  # a generation of the store holds so many
SCHEMA = {"bytes": pl.Binary}


def put_bytes(store: Store, path: Path) -> None:
    """Puts a file into an empty store, a generation for every 64 MiB; what an interrupted attempt left is dropped."""
    put = store.replace_for_good if store.latest() else store.append
    for piece, blocks in enumerate(_pieces(path), start=1):
        put(pl.DataFrame({"bytes": blocks}, schema=SCHEMA), facts={"piece": piece})
        put = store.append


def drop_bytes(store: Store) -> None:
    """Leaves the store empty, and lets nothing that was in it open again."""
    store.replace_for_good(pl.DataFrame(schema=SCHEMA), facts={"piece": 0})


@dataclass(frozen=True)
class HeldBytes:
    """A held file as content that a reader can open more than once."""

    store: Store

    def reopen(self) -> BinaryIO:
        """The bytes from their beginning."""
        return cast(BinaryIO, io.BufferedReader(_BlockStream(self._blocks())))

    def _blocks(self) -> Iterator[bytes]:
        """All blocks of the generations since the store was last begun anew."""
        generations = self.store.generations()
        first = max(place for place, generation in enumerate(generations) if int(generation.facts["piece"]) <= 1)
        for generation in generations[first:]:
            yield from self.store.scan(generation.number).collect()["bytes"]


class _BlockStream(io.RawIOBase):
    """Blocks one after the other as a stream of bytes."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            following = next(self._blocks, None)
            if following is None:
                return 0
            self._rest = following
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)], self._rest = taken, self._rest[len(taken) :]
        return len(taken)


def _pieces(path: Path) -> Iterator[list[bytes]]:
    """The file in blocks, some at a time; an empty file gives one piece without blocks."""
    with path.open("rb") as stream:
        blocks = list(_read(stream))
        yield blocks
        while blocks := list(_read(stream)):
            yield blocks


def _read(stream: BinaryIO) -> Iterator[bytes]:
    for _ in range(BLOCKS_AT_A_TIME):
        if not (block := stream.read(BLOCK)):
            return
        yield block
