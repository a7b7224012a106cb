"""The register store: the authority's own registers, one encrypted store a register and year.

What belongs here: loading a year, and holding one that a check has stopped until a person lets it stand. What must not:
reading years (register_years), or who may extract or accept what.

What stood before a year that is held goes on standing until a person accepts the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from resources.register_years import DIGEST, HELD, OWN_REGISTERS, RegisterYears, as_unit
from samkorning.errors import RuleRefused
from samkorning.keystore import RetentionClass
from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.account import ACCOUNT, YearAccount, YearCounter
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.year_checks import Finding, findings
from samkorning.vault import Generation, Store
from samkorning.vault.draft import Draft

if TYPE_CHECKING:
    import polars as pl

    from resources.register_database import OwnRegisterTable
else:
    pl = LoadedWhenUsed("polars")

ACCEPTED = "accepted"


@dataclass(frozen=True)
class LoadedYear:
    """A year as it has been loaded: what was found in it, and whether it counts or waits for a person."""

    register: str
    year: int
    generation: int
    account: YearAccount
    findings: tuple[Finding, ...] = field(default=())
    held: bool = False

    @property
    def rows(self) -> int:
        """Its rows."""
        return self.account.rows


class RegisterStore(RegisterYears):
    """Own registers in the vault, to be read and loaded."""

    def load(self, register: str, year: int, rows: pl.DataFrame) -> LoadedYear:
        """Takes in one register year; a later load of the same year replaces it.

        :param rows: column ``number`` (Int64, national number of 12 digits) and the register's variables.
        """
        entry = self._catalogue.find(register)
        return self._load(
            entry or CatalogueRegister(name=register, title_sv="", title_en="", variables=()), year, [rows]
        )

    def load_file(self, register: CatalogueRegister, year: int, path: Path) -> LoadedYear:
        """Takes in one register year from a file, all of it or nothing, in bounded memory.

        :raises FileRefused: when columns are missing or values do not have the catalogue's type; no value is shown.
        :raises RuleRefused: when the register is barred (R06).
        """
        from samkorning.own_registers.loading import OwnRegisterFile  # and readers of files with it

        file = OwnRegisterFile(path, register, year)
        return self._load(register, year, file.batches(self._progress))

    def load_table(self, register: CatalogueRegister, year: int, table: OwnRegisterTable) -> LoadedYear:
        """As ``load_file``, from a table of a database."""
        return self._load(register, year, table.batches(self._progress))

    def accept(self, register: str, year: int) -> LoadedYear:
        """Lets a year that waits stand from now on, as it was loaded. Doing it again after a crash completes it.

        :raises NotFound: when no such year waits.
        """
        from samkorning.own_registers.loading import ROWS_AT_ONCE
        from samkorning.own_registers.sorting import write_sorted

        with self._waiting(register, year) as (store, waiting):
            account = YearAccount.of(waiting.facts)
            assert account is not None, "a year that waits has its account"  # noqa: S101
            waits = store.scan()
            batches = waits.collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True)
            rows = chain([waits.clear().collect()], batches)  # a year without rows has columns too
            with self._made(f"{register}.{year}").draft() as draft:
                written = write_sorted(draft, rows, self._memory, self._progress)
                facts = {**waiting.facts, DIGEST: written.content_digest, ACCEPTED: 1}
                needed = self._needed(as_unit(register, year))
                generation = self._made(f"{register}.{year}").commit(draft, written.files, facts, needed)
            self._let_go(f"{register}.{year}")
        return LoadedYear(register, year, generation.number, account)

    def refuse(self, register: str, year: int) -> None:
        """Gives up a year that waits, for good; what stood before goes on standing.

        :raises NotFound: when no such year waits.
        """
        with self._waiting(register, year):
            self._let_go(f"{register}.{year}")

    def _load(self, register: CatalogueRegister, year: int, batches: Iterable[pl.DataFrame]) -> LoadedYear:
        from samkorning.own_registers.sorting import write_sorted

        if register.barred:
            raise RuleRefused("R06", f"{register.name} is barred: {register.barred}", "it is not loaded here")
        name, counter = f"{register.name}.{year}", YearCounter(register, year)
        with self._vault.lock(OWN_REGISTERS):
            before, store = self.before(register.name, year), self._made(name)
            with store.draft() as draft:
                written = write_sorted(draft, counter.watch(batches), self._memory, self._progress)
                account = counter.account(written.persons)
                facts: dict[str, int | str] = {DIGEST: written.content_digest, ACCOUNT: account.text}
                found = findings(account, before)
                if any(each.stops for each in found):
                    held = self._hold(name, draft, written.files, facts)
                    return LoadedYear(register.name, year, held.number, account, found, held=True)
                generation = store.commit(draft, written.files, facts, self._needed(as_unit(register.name, year)))
            self._let_go(name)
        return LoadedYear(register.name, year, generation.number, account, found)

    def _hold(self, name: str, draft: Draft, files: Iterable[str], facts: Mapping[str, int | str]) -> Generation:
        """Writes the year again where it waits; the draft is given up."""
        return self._made(name + HELD).replace(pl.concat(draft.rows_of(file) for file in files), facts)

    def _let_go(self, name: str) -> None:
        """Nothing of the year waits any more, and what waited opens no more."""
        held = name + HELD
        latest = self._latest(held) if self._exists(held) else None
        if latest is not None and ACCOUNT in latest.facts:
            store = self._store(held)
            store.replace_for_good(store.scan().clear())

    @contextmanager
    def _waiting(self, register: str, year: int) -> Iterator[tuple[Store, Generation]]:
        with self._vault.lock(OWN_REGISTERS):
            self.require_held(register, year)
            yield self._store(f"{register}.{year}{HELD}"), self.held()[as_unit(register, year)]

    def _made(self, name: str) -> Store:
        """A store to write to, made if it is new."""
        take = self._vault.open_store if self._exists(name) else self._vault.create_store
        return take(OWN_REGISTERS, RetentionClass.REGISTERS, name)
