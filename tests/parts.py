"""Linked parts in memory: what the vault's draft does, without a vault.

What belongs here: writing frames in parts and reading them as the vault gives them. What must not: expectations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from samkorning.vault import Part


@dataclass
class PartsInMemory:
    """Frames by name, as a draft writes them."""

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def write(self, rows: pl.LazyFrame, cut_by: str) -> dict[int, str]:
        parts = rows.collect(engine="streaming").partition_by(cut_by, as_dict=True, include_key=False)
        return {value: self._keep(frame) for (value,), frame in parts.items()}

    def write_one(self, rows: pl.LazyFrame) -> str:
        return self._keep(rows.collect())

    def write_sorted(self, rows: pl.LazyFrame, rows_in_group: int) -> str:
        return self._keep(rows.collect())

    def rows_of(self, name: str) -> pl.LazyFrame:
        return self.frames[name].lazy()

    def remove(self, name: str) -> None:
        del self.frames[name]

    def parts(self, files: Mapping[str, tuple[int, int]]) -> list[Part]:
        """The files as the parts of a store, each row within its bounds."""
        return [Part(*files[name], self.frames[name].height, self.frames[name].lazy()) for name in files]

    def _keep(self, frame: pl.DataFrame) -> str:
        name = f"file {len(self.frames)} {id(frame)}"
        self.frames[name] = frame
        return name
