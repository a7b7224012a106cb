"""The register store: the authority's own registers, one encrypted store a register and year.

What belongs here: loading a year and scanning it. What must not: who may extract what.
"""

from collections.abc import Mapping

import polars as pl

from samkorning.case.inputs import Unit
from samkorning.errors import NotFound
from samkorning.keystore import RetentionClass
from samkorning.vault import Generation, Vault

OWN_REGISTERS = "own-registers"


class RegisterStore:
    """Own registers in the vault, under encryption keys of their own."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def load(self, register: str, year: int, frame: pl.DataFrame | pl.LazyFrame) -> Generation:
        """Takes in one register year; a later load of the same year replaces it.

        :param frame: column ``number`` (Int64, national number of 12 digits) and the register's variables.
        """
        name = f"{register}.{year}"
        with self._vault.lock(OWN_REGISTERS):
            exists = self._vault.has_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)
            take = self._vault.open_store if exists else self._vault.create_store
            return take(OWN_REGISTERS, RetentionClass.REGISTERS, name).append(frame)

    def scan(self, register: str, year: int) -> pl.LazyFrame:
        """One register year.

        :raises NotFound: when that year has not been loaded.
        """
        name = f"{register}.{year}"
        if not self._vault.has_store(OWN_REGISTERS, RetentionClass.REGISTERS, name):
            raise NotFound(f"register {register} has no year {year}; load it with `samkorning register load`")
        return self._vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, name).scan()

    def generations(self) -> Mapping[Unit, Generation]:
        """What is loaded: the present generation of every register year, by ledger unit."""
        present: dict[Unit, Generation] = {}
        for name in self._vault.stores(OWN_REGISTERS):
            register, year = name.rsplit(".", 1)
            latest = self._vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, name).latest()
            if latest is not None:
                present[Unit(register.lower(), int(year))] = latest
        return present

    def hashes(self) -> dict[Unit, str]:
        """The present hash of every register year, by ledger unit."""
        return {unit: generation.sha256 for unit, generation in self.generations().items()}
