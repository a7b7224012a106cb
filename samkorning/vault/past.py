"""The stores of one case as they were at an earlier moment, read and never written; new ones for what is made anew.

What belongs here: up to which generation a store is read, and refusing every write. What must not: which moment that
is, or which stores a case is made from (assets.steps).

A store that only grows gives its earlier rows out of its newest file; any other gives them while that file is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from samkorning.keystore.address import RetentionClass
from samkorning.on_demand import LoadedWhenUsed
from samkorning.vault.generations import Generation, Part, Wanted, all_parts
from samkorning.vault.read_only import ReadOnlyVault, WriteRefused
from samkorning.vault.store import Store
from samkorning.vault.vault import Vault

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

EarlierRows = Callable[["pl.LazyFrame", Generation], "pl.LazyFrame"]
"""The rows that a store had in a generation, out of those that it has now."""


class PastStore(Store):
    """A store up to one of its generations, or with all of them where each is asked for by its number."""

    def __init__(self, store: Store, upto: int | None, earlier_rows: EarlierRows | None = None) -> None:
        self.address = store.address
        self._present, self._upto, self._earlier_rows = store, upto, earlier_rows

    def generations(self) -> list[Generation]:
        """Give the generations of then, oldest first."""
        return self._present.generations()[: self._upto]

    def scan(self, generation: int | None = None) -> pl.LazyFrame:
        """Open the rows of a generation of then (default the newest); NotFound once they are kept no more."""
        number = self._number(generation)
        if self._earlier_rows is None or self._present.keeps(number):
            return self._present.scan(number)
        return self._earlier_rows(self._present.scan(), self._present.generations()[number - 1])

    def parts(self, generation: int | None = None, wanted: Wanted = all_parts) -> list[Part]:
        """Open the files of a generation of then one by one."""
        return self._present.parts(self._number(generation), wanted)

    def keeps(self, generation: int) -> bool:
        """Tell whether the file of a generation is still kept."""
        return self._present.keeps(generation)

    def require_whole(self) -> None:
        """Refuse a store of which any kept file is not byte for byte what was committed."""
        self._present.require_whole()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Refuse: every writing begins with it."""
        raise WriteRefused(f"{self.address}: is read as it was, and never written")
        yield

    def _number(self, generation: int | None) -> int:
        latest = self.latest()
        return generation if generation is not None else latest.number if latest else 0


@dataclass(frozen=True)
class Keeping:
    """How a store that a case is made from keeps what it held before.

    ``by_number``: every generation is kept and asked for by its number. ``earlier_rows``: it only grows.
    """

    by_number: bool = False
    earlier_rows: EarlierRows | None = None


@dataclass(frozen=True)
class Moment:
    """How far the stores of a case had come, by name; one that is not named was empty, or not there.

    ``keeping`` tells of a name how such a store keeps what it held; nothing for a store that is made anew.
    """

    case: str
    upto: Mapping[str, int]
    keeping: Callable[[str], Keeping | None]


class PastVault(ReadOnlyVault):
    """A vault at an earlier moment of one case. What is made anew goes into ``scratch``; other cases are read alone."""

    def __init__(self, present: Vault, scratch: Vault, moment: Moment) -> None:
        self.folder = present.folder
        self._present, self._scratch, self._moment = present, scratch, moment

    def lock(self, case: str) -> AbstractContextManager[None]:
        """Hold the case as it is."""
        return self._present.lock(case)

    def create_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Make a store in scratch."""
        if self._is_read(case, retention_class, name):
            raise WriteRefused(f"{case}/{name}: is read as it was, and never made anew")
        return self._scratch.create_store(case, retention_class, name)

    def open_store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """Open a store as it was, or one that was made anew."""
        if not self._is_read(case, retention_class, name):
            return self._scratch.open_store(case, retention_class, name)
        store, keeping = self._present.open_store(case, retention_class, name), self._moment.keeping(name)
        if case != self._moment.case or keeping is None or keeping.by_number:
            return PastStore(store, None)
        return PastStore(store, self._moment.upto.get(name, 0), keeping.earlier_rows)

    def has_store(self, case: str, retention_class: RetentionClass, name: str) -> bool:
        """Tell whether the store is there: what the case is made from as it was, all else made anew."""
        if self._is_read(case, retention_class, name):
            return True
        return self._scratch.has_store(case, retention_class, name)

    def stores(self, case: str, retention_class: RetentionClass | None = None) -> list[str]:
        """Give the names of the stores of then and of those made anew, in order."""
        present = self._present.stores(case, retention_class)
        if case != self._moment.case:
            return present
        then = {name for name in present if name in self._moment.upto or self._is_by_number(name)}
        return sorted(then | set(self._scratch.stores(case, retention_class)))

    def folders(self, case: str, kind: RetentionClass) -> list[str]:
        """Give the names of a case's stores that have a folder, in no order."""
        return self._present.folders(case, kind)

    def mark(self, case: str, retention_class: RetentionClass, name: str) -> str:
        """Give what changes whenever a store does."""
        return self._present.mark(case, retention_class, name)

    def cases(self) -> list[str]:
        """Give the cases that have a folder, in order."""
        return self._present.cases()

    def _is_read(self, case: str, retention_class: RetentionClass, name: str) -> bool:
        """Whether a store is one of the vault as it is; what a case is made from and never had is made in scratch."""
        is_read = case != self._moment.case or self._moment.keeping(name) is not None
        return is_read and self._present.has_store(case, retention_class, name)

    def _is_by_number(self, name: str) -> bool:
        keeping = self._moment.keeping(name)
        return keeping is not None and keeping.by_number
