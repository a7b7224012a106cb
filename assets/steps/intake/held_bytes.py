"""The bytes of a file that waits, encrypted in the vault, without being read as a table.

What belongs here: putting bytes into a store and reading them again, in bounded memory. What must not: why a file waits
(quarantine).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from samkorning.register_files.content.chunks import stream_of
from samkorning.vault import Store

BLOCK = 4 * 1024 * 1024
BLOCKS_AT_A_TIME = 16  # a generation of the store holds so many
SCHEMA = {"bytes": pl.Binary}


def put_bytes(store: Store, path: Path) -> None:
    """Puts a file into an empty store, a generation for every 64 MiB; what an interrupted attempt left is dropped."""
    put = store.replace_for_good if store.latest() else store.append
    for number, blocks in enumerate(_runs_of_blocks(path), start=1):
        put(pl.DataFrame({"bytes": blocks}, schema=SCHEMA), facts={"piece": number})
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
        return stream_of(self._blocks())

    def _blocks(self) -> Iterator[bytes]:
        """All blocks of the generations since the store was last begun anew."""
        generations = self.store.generations()
        first = max(place for place, generation in enumerate(generations) if int(generation.facts["piece"]) <= 1)
        for generation in generations[first:]:
            yield from self.store.scan(generation.number).collect()["bytes"]


def _runs_of_blocks(path: Path) -> Iterator[list[bytes]]:
    """The file in blocks, some at a time; an empty file gives one run without blocks."""
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
