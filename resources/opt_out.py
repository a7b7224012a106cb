"""The opt-out list: persons who are excluded from secondary use of their data, for every case of the service.

What belongs here: keeping the list, encrypted and apart from every case. What must not: reading it from a file, or what
it takes out of a study (assets.steps.persons). Of the list nothing but counts is ever shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samkorning.errors import VaultDamaged
from samkorning.keystore import RetentionClass
from samkorning.on_demand import LoadedWhenUsed
from samkorning.vault import Generation, Store, Vault

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

OPT_OUT = "opt-out"


@dataclass(frozen=True)
class Replaced:
    """How many persons a list has, and how many came to it and went from it with the last change."""

    persons: int
    came: int
    went: int


class OptOutList:
    """Numbers of persons in the vault, under the pseudo-case ``opt-out``."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def latest(self) -> Generation | None:
        """The list's present generation; nothing before the first."""
        store = self._store()
        return store.latest() if store else None

    def numbers(self) -> pl.LazyFrame:
        """Column ``number`` (Int64), each once; empty before the first list."""
        store = self._store()
        held = store is not None and store.latest() is not None
        return store.scan() if store is not None and held else pl.LazyFrame(schema={"number": pl.Int64})

    def replace(self, numbers: pl.DataFrame, sha256: str) -> Replaced:
        """Puts a whole list in the place of the one before; column ``number`` (Int64).

        Also in place of one that was lost with a restored vault, of which nobody knows who was on it: all come then.
        """
        with self._vault.lock(OPT_OUT):
            now, before = numbers.select("number").unique().sort("number"), self._before()
            held = now.clear() if before is None else before
            came = now.join(held, on="number", how="anti").height
            went = held.join(now, on="number", how="anti").height
            facts: dict[str, int | str] = {"sha256": sha256, "persons": now.height, "came": came, "went": went}
            if before is None:
                self._vault.lost_store(OPT_OUT, RetentionClass.REGISTERS, OPT_OUT).start_anew(now, facts)
            else:
                store = self._store() or self._vault.create_store(OPT_OUT, RetentionClass.REGISTERS, OPT_OUT)
                store.replace_for_good(now, facts)
        return Replaced(now.height, came, went)

    def _before(self) -> pl.DataFrame | None:
        """The list as it is; None where the vault has lost it."""
        try:
            return self.numbers().collect()
        except VaultDamaged:
            return None

    def _store(self) -> Store | None:
        if not self._vault.has_store(OPT_OUT, RetentionClass.REGISTERS, OPT_OUT):
            return None
        return self._vault.open_store(OPT_OUT, RetentionClass.REGISTERS, OPT_OUT)
