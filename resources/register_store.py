"""The register store: the authority's own registers, one encrypted store a register and year.

What belongs here: loading a year and scanning it. What must not: who may extract what.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

import polars as pl

from samkorning.case.inputs import Unit
from samkorning.errors import GuardedFailure, NotFound
from samkorning.keystore import RetentionClass
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.loading import OwnRegisterFile
from samkorning.vault import Generation, Vault

OWN_REGISTERS = "own-registers"


class RegisterStore:
    """Own registers in the vault, under encryption keys of their own."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._seen: dict[str, tuple[str, Generation | None]] = {}

    def load(self, register: str, year: int, frame: pl.DataFrame | pl.LazyFrame) -> Generation:
        """Takes in one register year; a later load of the same year replaces it.

        :param frame: column ``number`` (Int64, national number of 12 digits) and the register's variables.
        """
        name = f"{register}.{year}"
        with self._vault.lock(OWN_REGISTERS):
            exists = self._vault.has_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)
            take = self._vault.open_store if exists else self._vault.create_store
            return take(OWN_REGISTERS, RetentionClass.REGISTERS, name).append(frame)

    def load_file(self, register: CatalogueRegister, year: int, path: Path) -> Generation:
        """Takes in one register year from a file, all of it or nothing, in bounded memory.

        :raises FileRefused: when columns are missing or values do not have the catalogue's type; no value is told.
        """
        file = OwnRegisterFile(path, register)
        try:
            return self.load(register.name, year, file.rows())
        except GuardedFailure:
            if file.failure is None:
                raise
        raise file.failure

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
        present = ((_unit(name), self._latest(name)) for name in self._vault.stores(OWN_REGISTERS))
        return {unit: latest for unit, latest in present if latest is not None}

    def hashes(self, registers: Collection[str]) -> dict[Unit, str]:
        """The present hash of every year of some registers, by ledger unit; no other register is opened."""
        names = [name for name in self._vault.stores(OWN_REGISTERS) if _unit(name).source in registers]
        present = ((_unit(name), self._latest(name)) for name in names)
        return {unit: latest.sha256 for unit, latest in present if latest is not None}

    def marks(self) -> dict[str, str]:
        """What changes whenever a year of a register does, by register; nothing is opened for it."""
        found: dict[str, list[str]] = {}
        for name in self._vault.folders(OWN_REGISTERS, RetentionClass.REGISTERS):
            found.setdefault(_unit(name).source, []).append(f"{name} {self._mark(name)}")
        return {register: " ".join(sorted(marks)) for register, marks in found.items()}

    def _latest(self, name: str) -> Generation | None:
        """The present generation of one store, opened again only when something of it has changed."""
        mark = self._mark(name)
        if self._seen.get(name, ("",))[0] != mark or not mark:
            self._seen[name] = mark, self._vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, name).latest()
        return self._seen[name][1]

    def _mark(self, name: str) -> str:
        return self._vault.mark(OWN_REGISTERS, RetentionClass.REGISTERS, name)


def _unit(name: str) -> Unit:
    register, year = name.rsplit(".", 1)
    return Unit(register.lower(), int(year))
