"""What a store gives of its generations: counts and hashes, and files one by one with their rows.

What belongs here: these values, and making them of a manifest. What must not: reading or writing a store (store).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Anchor
from samkorning.vault.encrypted_files import EncryptedFile, secrets_of
from samkorning.vault.manifest import Manifest, StoredFile
from samkorning.vault.state import StoreState

if TYPE_CHECKING:
    import polars as pl

Wanted = Callable[[int | None, int | None], bool]


def all_parts(first: int | None, last: int | None) -> bool:
    """Every file of a generation is wanted."""
    return True


@dataclass(frozen=True)
class Generation:
    """A committed generation: its number from 1, its rows, its file's SHA-256, and counts and hashes about it."""

    number: int
    rows: int
    sha256: str
    facts: Mapping[str, int | str]


@dataclass(frozen=True)
class Part:
    """One file of a generation: the bounds of what it is cut by, where recorded, how many rows, and these.

    ``file`` is there for processes elsewhere; none where rows do not lie in the vault.
    """

    first: int | None
    last: int | None
    height: int
    rows: pl.LazyFrame = field(repr=False)
    file: EncryptedFile | None = field(default=None, repr=False)


def generation_of(manifest: Manifest) -> Generation:
    """Give the generation that a manifest tells of."""
    return Generation(manifest.generation, manifest.rows, manifest.sha256, manifest.facts)


def part_of(address: StoreAddress, state: StoreState, manifest: Manifest, stored: StoredFile) -> Part:
    """Give one file of a manifest, to be opened."""
    file = EncryptedFile(state.folder / stored.file, secrets_of(address, state.root, manifest.generation, stored.file))
    return Part(stored.first, stored.last, stored.rows, file.rows(), file)


def anchor_of(manifest: Manifest) -> Anchor:
    """Give what the keystore keeps of a committed generation."""
    return Anchor(manifest.generation, manifest.authenticator, manifest.rows)
