"""The years of own registers that are loaded: which there are, how each stands, and finding persons in one.

What belongs here: reading. What must not: loading a year, or letting one stand that waits (register_store).

A year that is held lies in a store of its own, so that nothing can use it by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samkorning.case.inputs import Unit
from samkorning.errors import NotFound
from samkorning.keystore import RetentionClass
from samkorning.machine.progress import UNWATCHED, Progress
from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.account import ACCOUNT, YearAccount, differing
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.own_registers.year_checks import Before
from samkorning.vault import Generation, Part, Store, Vault

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

OWN_REGISTERS = "own-registers"
DIGEST = "content_digest"
HELD = ".held"
"""How the name of a store ends in which a year waits for a person."""


@dataclass(frozen=True)
class RegisterYear:
    """A year of a register: how many rows it has, and those parts of it that can hold the persons it was asked for."""

    rows: int
    parts: Sequence[Part]


class RegisterYears:
    """Own registers in the vault, under encryption keys of their own, to be read."""

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
        return pl.concat(part.rows for part in self.parts(register, year))

    def parts(self, register: str, year: int) -> Sequence[Part]:
        """The same, as the vault's files.

        :raises NotFound: when that year has not been loaded.
        """
        store, latest = self._present(register, year)
        return store.parts(latest.number)

    def years(self, register: str) -> list[int]:
        """The years of a register that are loaded, in order."""
        return sorted(unit.period for unit in self.hashes({register.lower()}) if unit.period is not None)

    def numbers(self, registers: Collection[str]) -> dict[str, int]:
        """The number of the present generation of every year of some registers, by ledger unit as text."""
        units = {name: unit_of(name) for name in self._years()}
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
        present = ((unit_of(name), self._latest(name)) for name in self._years())
        return {unit: latest for unit, latest in present if latest is not None}

    def history(self, unit: Unit) -> list[Generation]:
        """Every generation of a register year, oldest first, also those whose rows are gone."""
        name = name_of(unit)
        return self._store(name).generations() if self._exists(name) else []

    def held(self) -> Mapping[Unit, Generation]:
        """The years that wait for a person, by ledger unit."""
        names = [name for name in self._vault.stores(OWN_REGISTERS) if is_held(name)]
        present = ((unit_of(name.removesuffix(HELD)), self._latest(name)) for name in names)
        return {unit: latest for unit, latest in present if latest is not None and ACCOUNT in latest.facts}

    def hashes(self, registers: Collection[str]) -> dict[Unit, str]:
        """The present hash of every year of some registers, by ledger unit; no other register is opened."""
        names = [name for name in self._years() if unit_of(name).source in registers]
        present = ((unit_of(name), self._latest(name)) for name in names)
        return {unit: content_of(latest) for unit, latest in present if latest is not None}

    def marks(self) -> dict[str, str]:
        """What changes whenever a year of a register does, by register; nothing is opened for it."""
        found: dict[str, list[str]] = {}
        for name in self._vault.folders(OWN_REGISTERS, RetentionClass.REGISTERS):
            if not is_held(name):
                found.setdefault(unit_of(name).source, []).append(f"{name} {self._mark(name)}")
        return {register: " ".join(sorted(marks)) for register, marks in found.items()}

    def before(self, register: str, year: int) -> Before | None:
        """What a year that is loaded is held against: the same year as it stands, else the year before."""
        for unit, said in ((as_unit(register, year), "what stands"), (as_unit(register, year - 1), str(year - 1))):
            latest = self._latest(name_of(unit)) if self._exists(name_of(unit)) else None
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
        if as_unit(register, year) not in self.held():
            raise NotFound(f"no year {year} of {register} waits for anybody; `samkorning register list` says which do")

    def _years(self) -> list[str]:
        return [name for name in self._vault.stores(OWN_REGISTERS) if not is_held(name)]

    def _latest(self, name: str) -> Generation | None:
        """The present generation of one store, opened again only when something of it has changed."""
        mark = self._mark(name)
        if self._seen.get(name, ("",))[0] != mark or not mark:
            self._seen[name] = mark, self._store(name).latest()
        return self._seen[name][1]

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


def unit_of(name: str) -> Unit:
    register, year = name.rsplit(".", 1)
    return as_unit(register, int(year))


def as_unit(register: str, year: int) -> Unit:
    return Unit(register.lower(), year)


def name_of(unit: Unit) -> str:
    return f"{unit.source.upper()}.{unit.period}"
