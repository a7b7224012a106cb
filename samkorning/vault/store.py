"""One store: its generations, each one complete encrypted file; written under the case's lock, read without it.

Order of a commitment: file written and fsynced, manifest linked and its folder fsynced (this is the commit), anchor
moved in the keystore. A crash before the link leaves an orphan that the next writer sweeps; a crash behind it leaves
an anchor one generation behind, which the next writer moves on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from samkorning.errors import NotFound, VaultDamaged
from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root, Roots, new_root
from samkorning.on_demand import LoadedWhenUsed
from samkorning.vault import encrypted_files
from samkorning.vault.case_lock import thread_mutex
from samkorning.vault.draft import Draft
from samkorning.vault.encrypted_files import require_same_hash, require_unchanged, secrets_of
from samkorning.vault.generations import Generation, Part, Wanted, all_parts, anchor_of, generation_of, part_of
from samkorning.vault.manifest import NO_FACTS, Manifest, StoredFile, commit, start_chain
from samkorning.vault.restored import Restored, look_at_restored, require_unchanged_since
from samkorning.vault.rotation import carry_over
from samkorning.vault.state import Known, StoreState, read_state
from samkorning.vault.sweep import sweep_store

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")


class Store:
    """A store of the vault. ``Vault.create_store`` and ``Vault.open_store`` give it."""

    def __init__(
        self,
        folder: Path,
        address: StoreAddress,
        roots: Roots,
        lock: Callable[[], AbstractContextManager[None]],
        known: Callable[[], Known | None],
    ) -> None:
        self.address = address
        self._known = known
        self._folder = folder
        self._roots = roots
        self._lock = lock

    def __repr__(self) -> str:
        return f"Store({self.address})"

    def latest(self) -> Generation | None:
        """Give the newest generation, or None while there is none."""
        generations = self.generations()
        return generations[-1] if generations else None

    def generations(self) -> list[Generation]:
        """Give all generations, oldest first, from manifests that are authentic and complete."""
        return [generation_of(manifest) for manifest in self._state().chain[1:]]

    def scan(self, generation: int | None = None) -> pl.LazyFrame:
        """Open a generation's rows lazily (default the newest), after its file's magic, size and hash are checked.

        NotFound if there is no such generation or its file was superseded; VaultDamaged if a byte is wrong.
        """
        return pl.concat(part.rows for part in self.parts(generation))

    def parts(self, generation: int | None = None, wanted: Wanted = all_parts) -> list[Part]:
        """Open a generation's files one by one, in order of their bounds; checked and refused as in ``scan``.

        :param wanted: asked with a file's bounds; one that is not wanted is neither opened nor checked.
        """
        state = self._state()
        chosen = self._chosen(state.chain, generation)
        files = tuple(stored for stored in chosen.files if wanted(stored.first, stored.last))
        manifest = replace(chosen, files=files)
        try:
            self._require_unchanged(state, manifest)
        except VaultDamaged:
            if self._state().keeps(chosen):
                raise
            return self.parts(generation, wanted)  # a writer superseded and swept it after the manifests were read
        return [part_of(self.address, state, manifest, stored) for stored in manifest.files]

    def keeps(self, generation: int) -> bool:
        """Tell whether the files of a generation are still kept; not of one that there never was."""
        chain = self._state().chain
        return max(chain[-1].oldest_kept, 1) <= generation < len(chain)

    def require_whole(self) -> None:
        """Refuse a store of which any kept file is not byte for byte what was committed; VaultDamaged names it.

        By hash and by what opening looks at, of which each is beyond the other's failure.
        """
        state = self._state()
        for manifest in state.chain[state.chain[-1].oldest_kept :]:
            self._require_unchanged(state, manifest)
            for stored in manifest.files:
                require_same_hash(state.folder / stored.file, stored, f"{self.address}/{stored.file}")

    def ahead_of_keystore(self) -> int:
        """Tell how many generations the keystore has not seen: 1 behind a crash, more with an older keystore."""
        state = self._state()
        anchor = self._roots.anchor(self.address, state.root)
        return len(state.chain) - 1 - (anchor.generation if anchor else 0)

    def append(self, frame: pl.DataFrame | pl.LazyFrame, facts: Mapping[str, int | str] = NO_FACTS) -> Generation:
        """Commit the rows as the next generation, one complete file; earlier generations stay readable.

        A LazyFrame is written streaming. ``facts`` are counts and hashes for the manifest, which is not encrypted:
        never a value from a row. CaseBusy if another process holds the case.
        """
        return self._commit(frame, facts, lambda number, oldest: oldest)

    def replace(self, frame: pl.DataFrame | pl.LazyFrame, facts: Mapping[str, int | str] = NO_FACTS) -> Generation:
        """Commit the rows as the next generation and drop the files of all earlier ones but the last.

        For stores whose newest file holds everything. The last one stays for readers that have just opened it.
        """
        return self._commit(frame, facts, lambda number, oldest: max(oldest, number - 1))

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """Hold the case and give the next generation to be written in parts; ``commit`` makes it one.

        What is not committed when the block ends is taken away; what a crash kept from being taken away goes first.
        """
        with self.exclusive():
            state = self._state()
            sweep_store(state.folder, state.chain)
            draft = Draft(state, self.address)
            try:
                yield draft
            finally:
                draft.end_lending()
                if len(self._state().chain) <= draft.number:
                    draft.discard()

    def commit(
        self,
        draft: Draft,
        bounds: Mapping[str, tuple[int, int] | None],
        facts: Mapping[str, int | str] = NO_FACTS,
        kept_from: int | None = None,
    ) -> Generation:
        """Commit the files of a draft as the next generation, as ``replace`` does.

        :param bounds: by name of file, the least and greatest it may hold of what it is cut by, no person's number;
            none where it is not cut.
        :param kept_from: the oldest generation that is still needed, where that is older than the last one.
        """
        with self.exclusive():
            state = self._state()
            last = state.chain[-1]
            oldest = max(last.oldest_kept, min(draft.number - 1, kept_from or draft.number))
            return self._commit_files(
                state, Manifest(draft.number, draft.durable(bounds), oldest, last.authenticator, facts)
            )

    def replace_for_good(
        self, frame: pl.DataFrame | pl.LazyFrame, facts: Mapping[str, int | str] = NO_FACTS
    ) -> Generation:
        """Commit the rows as the next generation, and let no file of an earlier one open again, here or from a copy.

        The store goes on under another root, with the records of the earlier generations and none of their files.
        """
        with self.exclusive():
            state, root = self._state(), new_root()
            number = len(state.chain)
            chain = carry_over(self._folder, self.address, state.root, state.chain, root, kept_from=number)
            moved = StoreState(root, self._folder / root.id, chain)
            manifest = commit(moved.folder, self.address, root, self._written(moved, frame, facts, number))
            self._switch(root, [*chain, manifest])
        return generation_of(manifest)

    def start_anew(self, frame: pl.DataFrame | pl.LazyFrame, facts: Mapping[str, int | str] = NO_FACTS) -> Generation:
        """Commit the rows as the first generation under another root; nothing that lay there opens any more.

        For a store whose rows are whole in themselves, where the vault has lost those before them.
        """
        with self.exclusive():
            root = new_root()
            start = start_chain(self._folder, self.address, root)
            state = StoreState(root, self._folder / root.id, [start])
            manifest = commit(state.folder, self.address, root, self._written(state, frame, facts, 1))
            self._switch(root, [start, manifest])
        return generation_of(manifest)

    def rotate(self) -> None:
        """Encrypt the store anew under a new root; generations, rows and facts stay, files and hashes change.

        The old root ceases to exist when the keystore names the new one; until then a crash leaves the store as it was.
        """
        with self.exclusive():
            state, root = self._state(), new_root()
            kept_from = state.chain[-1].oldest_kept
            self._switch(root, carry_over(self._folder, self.address, state.root, state.chain, root, kept_from))

    def restored(self) -> Restored | None:
        """Tell how far the store lies behind what the keystore knows of it; None where it does not.

        VaultDamaged if what lies there is no earlier state of this store.
        """
        return look_at_restored(self._folder, self.address, self._roots)

    def accept_restored(self, looked_at: Restored) -> None:
        """Go on from what lies there, though the keystore knows a newer generation; what came after it is given up.

        Persons' act after the vault was restored from an older backup. VaultDamaged if the store is not as it was
        looked at.
        """
        with self.exclusive():
            require_unchanged_since(looked_at, self.restored(), self.address)
            root = self._roots.read(self.address)
            if looked_at.found.generation:
                self._roots.move_anchor(self.address, root, looked_at.found)
            else:
                self._roots.forget_anchor(self.address, root)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the case against other processes and the store against other threads: to read, decide, then append."""
        with self._lock(), thread_mutex(self._folder):
            yield

    def _commit(
        self,
        frame: pl.DataFrame | pl.LazyFrame,
        facts: Mapping[str, int | str],
        oldest_kept: Callable[[int, int], int],
    ) -> Generation:
        with self.exclusive():
            state = self._state()
            number, last = len(state.chain), state.chain[-1]
            return self._commit_files(state, self._written(state, frame, facts, oldest_kept(number, last.oldest_kept)))

    def _commit_files(self, state: StoreState, manifest: Manifest) -> Generation:
        committed = commit(state.folder, self.address, state.root, manifest)
        self._roots.move_anchor(self.address, state.root, anchor_of(committed))
        self._sweep(state.root, [*state.chain, committed])
        return generation_of(committed)

    def _switch(self, root: Root, chain: list[Manifest]) -> None:
        """Let another root hold from now on: the anchor first, then the root (this is the commit), then the sweep."""
        if len(chain) > 1:
            self._roots.move_anchor(self.address, root, anchor_of(chain[-1]))
        self._roots.replace(self.address, root)
        self._sweep(root, chain)

    def _sweep(self, root: Root, chain: list[Manifest]) -> None:
        sweep_store(self._folder / root.id, chain)
        self._roots.sweep(self.address, root)

    def _written(
        self, state: StoreState, frame: pl.DataFrame | pl.LazyFrame, facts: Mapping[str, int | str], oldest_kept: int
    ) -> Manifest:
        number = len(state.chain)
        name = encrypted_files.new_name(number)
        secrets = secrets_of(self.address, state.root, number, name)
        written = encrypted_files.write_encrypted(frame, state.folder / name, secrets, f"{self.address}/{name}")
        return Manifest(
            generation=number,
            files=(written,),
            oldest_kept=oldest_kept,
            previous=state.chain[-1].authenticator,
            facts=dict(facts),
        )

    def _require_unchanged(self, state: StoreState, manifest: Manifest) -> None:
        def check(stored: StoredFile) -> None:
            path, place = state.folder / stored.file, f"{self.address}/{stored.file}"
            secrets = secrets_of(self.address, state.root, manifest.generation, stored.file)
            require_unchanged(path, stored, secrets, place)

        if len(manifest.files) == 1:  # as of most stores, which are opened a hundred times in a delivery
            check(manifest.files[0])
            return
        with ThreadPoolExecutor(thread_name_prefix="check") as workers:  # each uses a core
            list(workers.map(check, manifest.files))

    def _state(self) -> StoreState:
        return read_state(self._folder, self.address, self._roots, self._known())

    def _chosen(self, chain: list[Manifest], generation: int | None) -> Manifest:
        number = len(chain) - 1 if generation is None else generation
        if number == 0 == len(chain) - 1:
            raise NotFound(f"{self.address}: is empty")
        if not 1 <= number < len(chain):
            raise NotFound(f"{self.address}: has no generation {number}")
        if number < chain[-1].oldest_kept:
            raise NotFound(f"{self.address}: generation {number} was superseded and its file is gone")
        return chain[number]
