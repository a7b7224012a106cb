"""The register store: the authority's own registers, one encrypted store a register and year.

What belongs here: loading a year, holding one that a check has stopped, and finding persons in one. What must not: who
may extract or accept what.

A year that is held lies in a store of its own, so that nothing can use it by mistake: what stood before goes on
standing until a person accepts the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from samkorning.case.inputs import Unit
from samkorning.errors import NotFound, RuleRefused
from samkorning.keystore import RetentionClass
from samkorning.machine.progress import UNWATCHED, Progress
from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.account import ACCOUNT, YearAccount, YearCounter, differing
from samkorning.own_registers.catalogue import CatalogueRegister, RegisterCatalogue
from samkorning.own_registers.year_checks import Before, Finding, findings
from samkorning.vault import Generation, Part, Store, Vault
from samkorning.vault.draft import Draft

if TYPE_CHECKING:
    import polars as pl

    from resources.register_database import OwnRegisterTable
else:
    pl = LoadedWhenUsed("polars")

OWN_REGISTERS = "own-registers"
DIGEST = "content_digest"
ACCEPTED = "accepted"
HELD = ".held"
"""How the name of a store ends in which a year waits for a person."""


@dataclass(frozen=True)
class RegisterYear:
    """A year of a register: how many rows it has, and those parts of it that can hold the persons it was asked for."""

    rows: int
    parts: Sequence[Part]


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


class RegisterStore:
    """Own registers in the vault, under encryption keys of their own."""

    def __init__(
        self,
        vault: Vault,
        memory: int,
        progress: Progress = UNWATCHED,
        catalogue: RegisterCatalogue | None = None,
        needed: Callable[[Unit], int | None] = lambda unit: None,
    ) -> None:
        """:param memory: bytes within which a year is sorted.
        :param needed: gives the oldest generation of a year that something was made from which is to be made again.
        """
        self._needed = needed
        self._vault, self._memory, self._progress = vault, memory, progress
        self._catalogue = catalogue or RegisterCatalogue()
        self._seen: dict[str, tuple[str, Generation | None]] = {}

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

    def year(self, register: str, year: int, numbers: pl.Series) -> RegisterYear:
        """One register year as far as it can be about persons with some sorted numbers; at least one part of it.

        :raises NotFound: when that year has not been loaded.
        """
        from samkorning.own_registers.sorting import may_hold

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

    def numbers(self, registers: Collection[str]) -> dict[str, int]:
        """The number of the present generation of every year of some registers, by ledger unit as text."""
        units = {name: _unit(name) for name in self._years()}
        present = {str(unit): self._latest(name) for name, unit in units.items() if unit.source in registers}
        return {unit: latest.number for unit, latest in present.items() if latest is not None}

    def _present(self, register: str, year: int) -> tuple[Store, Generation]:
        name = f"{register}.{year}"
        store = self._store(name) if self._exists(name) else None
        latest = store.latest() if store else None
        if store is None or latest is None:  # never loaded, or not to the end
            raise NotFound(f"register {register} has no year {year}; load it with `samkorning register load`")
        return store, latest

    def generations(self) -> Mapping[Unit, Generation]:
        """What is loaded: the present generation of every register year, by ledger unit."""
        present = ((_unit(name), self._latest(name)) for name in self._years())
        return {unit: latest for unit, latest in present if latest is not None}

    def history(self, unit: Unit) -> list[Generation]:
        """Every generation of a register year, oldest first, also those whose rows are gone."""
        name = _name(unit)
        return self._store(name).generations() if self._exists(name) else []

    def held(self) -> Mapping[Unit, Generation]:
        """The years that wait for a person, by ledger unit."""
        names = [name for name in self._vault.stores(OWN_REGISTERS) if is_held(name)]
        present = ((_unit(name.removesuffix(HELD)), self._latest(name)) for name in names)
        return {unit: latest for unit, latest in present if latest is not None and ACCOUNT in latest.facts}

    def hashes(self, registers: Collection[str]) -> dict[Unit, str]:
        """The present hash of every year of some registers, by ledger unit; no other register is opened."""
        names = [name for name in self._years() if _unit(name).source in registers]
        present = ((_unit(name), self._latest(name)) for name in names)
        return {unit: content_of(latest) for unit, latest in present if latest is not None}

    def marks(self) -> dict[str, str]:
        """What changes whenever a year of a register does, by register; nothing is opened for it."""
        found: dict[str, list[str]] = {}
        for name in self._vault.folders(OWN_REGISTERS, RetentionClass.REGISTERS):
            if not is_held(name):
                found.setdefault(_unit(name).source, []).append(f"{name} {self._mark(name)}")
        return {register: " ".join(sorted(marks)) for register, marks in found.items()}

    def before(self, register: str, year: int) -> Before | None:
        """What a year that is loaded is held against: the same year as it stands, else the year before."""
        for unit, said in ((_as_unit(register, year), "what stands"), (_as_unit(register, year - 1), str(year - 1))):
            latest = self._latest(_name(unit)) if self._exists(_name(unit)) else None
            account = YearAccount.of(latest.facts) if latest else None
            if account is not None:
                return Before(said, account)
        return None

    def what_differs(self, unit: Unit, content: str) -> list[str] | None:
        """The variables in which a year is not as it was when its content had that hash; nothing where not known."""
        history = self.history(unit)
        then = next((each for each in reversed(history) if content_of(each) == content), None)
        one, other = (YearAccount.of(each.facts) if each else None for each in (then, history[-1] if history else None))
        return differing(one, other) if one and other else None

    def require_held(self, register: str, year: int) -> None:
        """Refuses an act on a year that does not wait.

        :raises NotFound: when no such year waits.
        """
        if _as_unit(register, year) not in self.held():
            raise NotFound(f"no year {year} of {register} waits for anybody; `samkorning register list` says which do")

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
                needed = self._needed(_as_unit(register, year))
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
                generation = store.commit(draft, written.files, facts, self._needed(_as_unit(register.name, year)))
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
            yield self._store(f"{register}.{year}{HELD}"), self.held()[_as_unit(register, year)]

    def _years(self) -> list[str]:
        return [name for name in self._vault.stores(OWN_REGISTERS) if not is_held(name)]

    def _latest(self, name: str) -> Generation | None:
        """The present generation of one store, opened again only when something of it has changed."""
        mark = self._mark(name)
        if self._seen.get(name, ("",))[0] != mark or not mark:
            self._seen[name] = mark, self._store(name).latest()
        return self._seen[name][1]

    def _made(self, name: str) -> Store:
        """A store to write to, made if it is new."""
        take = self._vault.open_store if self._exists(name) else self._vault.create_store
        return take(OWN_REGISTERS, RetentionClass.REGISTERS, name)

    def _exists(self, name: str) -> bool:
        return self._vault.has_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)

    def _store(self, name: str) -> Store:
        return self._vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, name)

    def _mark(self, name: str) -> str:
        return self._vault.mark(OWN_REGISTERS, RetentionClass.REGISTERS, name)


def is_held(name: str) -> bool:
    """Whether a store is one in which a year waits."""
    return name.endswith(HELD)


def content_of(generation: Generation) -> str:
    """What differs between years: the same rows, loaded again, are the same; of a year of before, its file."""
    return str(generation.facts.get(DIGEST, generation.sha256))


def _unit(name: str) -> Unit:
    register, year = name.rsplit(".", 1)
    return _as_unit(register, int(year))


def _as_unit(register: str, year: int) -> Unit:
    return Unit(register.lower(), year)


def _name(unit: Unit) -> str:
    return f"{unit.source.upper()}.{unit.period}"
