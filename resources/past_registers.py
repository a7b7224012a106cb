"""The own registers as they were at an earlier moment: the years of then, each with the rows of then.

What belongs here: which generation of a year is read. What must not: writing; a year is loaded by the register store.

A year that was loaded again with the same rows is the same year: whichever of its files is kept is read.
"""

from collections.abc import Mapping

from resources.register_store import RegisterStore
from resources.register_years import content_of
from samkorning.case.inputs import Unit
from samkorning.errors import NotFound
from samkorning.machine.progress import Progress
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.vault import Generation, Store, Vault


class PastRegisters(RegisterStore):
    """Register years up to the generations that they had.

    :param numbers: these, by ledger unit as text (``lmed 2219``); a year that is not named was not loaded.
    """

    def __init__(
        self,
        vault: Vault,
        memory: int,
        progress: Progress,
        catalogue: RegisterCatalogue | None,
        numbers: Mapping[str, int],
    ) -> None:
        super().__init__(vault, memory, progress, catalogue)
        self._numbers = numbers

    def history(self, unit: Unit) -> list[Generation]:
        """Every generation that a year had then, oldest first, also those whose rows are gone."""
        return super().history(unit)[: self._numbers.get(str(unit), 0)]

    def is_kept(self, unit: Unit) -> bool:
        """Whether the rows that a year had then can still be read."""
        return self._kept(unit) is not None

    def _years(self) -> list[str]:
        return [name for name in super()._years() if str(_unit_of(name)) in self._numbers]

    def _latest(self, name: str) -> Generation | None:
        history = self.history(_unit_of(name))
        return history[-1] if history else None

    def _present(self, register: str, year: int) -> tuple[Store, Generation]:
        unit = Unit(register.lower(), year)
        kept = self._kept(unit)
        if kept is None:
            raise NotFound(f"{unit}: the rows that it had are no longer kept")
        return self._store(f"{register}.{year}"), kept

    def _kept(self, unit: Unit) -> Generation | None:
        """A generation whose rows are kept and are those of then."""
        history = self.history(unit)
        if not history:
            return None
        store = self._store(f"{unit.source.upper()}.{unit.period}")
        same = (each for each in store.generations() if content_of(each) == content_of(history[-1]))
        return next((each for each in same if store.keeps(each.number)), None)


def _unit_of(name: str) -> Unit:
    register, year = name.rsplit(".", 1)
    return Unit(register.lower(), int(year))
