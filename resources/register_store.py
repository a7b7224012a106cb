"""The register store: the authority's own registers, one encrypted store a register and year.

What belongs here: loading a year and finding persons in it. What must not: who may extract what.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from samkorning.case.inputs import Unit
from samkorning.errors import NotFound
from samkorning.keystore import RetentionClass
from samkorning.machine.progress import UNWATCHED, Progress
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.loading import OwnRegisterFile
from samkorning.own_registers.sorting import may_hold, write_sorted
from samkorning.vault import Generation, Part, Store, Vault

OWN_REGISTERS = "own-registers"
DIGEST = "content_digest"


@dataclass(frozen=True)
class RegisterYear:
    """A year of a register: how many rows it has, and those parts of it that can hold the persons it was asked for."""

    rows: int
    parts: Sequence[Part]


class RegisterStore:
    """Own registers in the vault, under encryption keys of their own."""

    def __init__(self, vault: Vault, memory: int, progress: Progress = UNWATCHED) -> None:
        """:param memory: bytes within which a year is sorted."""
        self._vault, self._memory, self._progress = vault, memory, progress
        self._seen: dict[str, tuple[str, Generation | None]] = {}

    def load(self, register: str, year: int, rows: pl.DataFrame) -> Generation:
        """Takes in one register year; a later load of the same year replaces it.

        :param rows: column ``number`` (Int64, national number of 12 digits) and the register's variables.
        """
        return self._load(f"{register}.{year}", [rows])

    def load_file(self, register: CatalogueRegister, year: int, path: Path) -> Generation:
        """Takes in one register year from a file, all of it or nothing, in bounded memory.

        :raises FileRefused: when columns are missing or values do not have the catalogue's type; no value is shown.
        """
        file = OwnRegisterFile(path, register)
        return self._load(f"{register.name}.{year}", file.batches(self._progress))

    def year(self, register: str, year: int, numbers: pl.Series) -> RegisterYear:
        """One register year as far as it can be about persons with some sorted numbers; at least one part of it.

        :raises NotFound: when that year has not been loaded.
        """
        store, latest = self._present(register, year)
        parts = store.parts(latest.number, lambda first, last: len(may_hold(numbers, first, last)) > 0)
        return RegisterYear(latest.rows, parts or store.parts(latest.number)[:1])

    def rows(self, register: str, year: int) -> pl.LazyFrame:
        """All rows of one register year, read when they are asked for.

        :raises NotFound: when that year has not been loaded.
        """
        store, latest = self._present(register, year)
        return pl.concat(part.rows for part in store.parts(latest.number))

    def years(self, register: str) -> list[int]:
        """The years of a register that are loaded, in order."""
        return sorted(unit.period for unit in self.hashes({register.lower()}) if unit.period is not None)

    def _present(self, register: str, year: int) -> tuple[Store, Generation]:
        name = f"{register}.{year}"
        known = self._vault.has_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)
        store = self._store(name) if known else None
        latest = store.latest() if store else None
        if store is None or latest is None:  # never loaded, or not to the end
            raise NotFound(f"register {register} has no year {year}; load it with `samkorning register load`")
        return store, latest

    def generations(self) -> Mapping[Unit, Generation]:
        """What is loaded: the present generation of every register year, by ledger unit."""
        present = ((_unit(name), self._latest(name)) for name in self._vault.stores(OWN_REGISTERS))
        return {unit: latest for unit, latest in present if latest is not None}

    def hashes(self, registers: Collection[str]) -> dict[Unit, str]:
        """The present hash of every year of some registers, by ledger unit; no other register is opened."""
        names = [name for name in self._vault.stores(OWN_REGISTERS) if _unit(name).source in registers]
        present = ((_unit(name), self._latest(name)) for name in names)
        return {unit: _content(latest) for unit, latest in present if latest is not None}

    def marks(self) -> dict[str, str]:
        """What changes whenever a year of a register does, by register; nothing is opened for it."""
        found: dict[str, list[str]] = {}
        for name in self._vault.folders(OWN_REGISTERS, RetentionClass.REGISTERS):
            found.setdefault(_unit(name).source, []).append(f"{name} {self._mark(name)}")
        return {register: " ".join(sorted(marks)) for register, marks in found.items()}

    def _load(self, name: str, batches: Iterable[pl.DataFrame]) -> Generation:
        with self._vault.lock(OWN_REGISTERS):
            exists = self._vault.has_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)
            take = self._vault.open_store if exists else self._vault.create_store
            store = take(OWN_REGISTERS, RetentionClass.REGISTERS, name)
            with store.draft() as draft:
                year = write_sorted(draft, batches, self._memory, self._progress)
                return store.commit(draft, year.files, {DIGEST: year.content_digest})

    def _latest(self, name: str) -> Generation | None:
        """The present generation of one store, opened again only when something of it has changed."""
        mark = self._mark(name)
        if self._seen.get(name, ("",))[0] != mark or not mark:
            self._seen[name] = mark, self._store(name).latest()
        return self._seen[name][1]

    def _store(self, name: str) -> Store:
        return self._vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)

    def _mark(self, name: str) -> str:
        return self._vault.mark(OWN_REGISTERS, RetentionClass.REGISTERS, name)


def _unit(name: str) -> Unit:
    register, year = name.rsplit(".", 1)
    return Unit(register.lower(), int(year))


def _content(generation: Generation) -> str:
    """What differs between years: the same rows, loaded again, are the same; of a year of before, its file."""
    return str(generation.facts.get(DIGEST, generation.sha256))
