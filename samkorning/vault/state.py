"""A store as it is read: its root, its manifests, and whether they reach as far as the keystore knows.

While a process holds the case, a store is read once and again only when one of its files is another than before: a
delivery asks some hundred times what its stores hold, and each reading opens the root at the keystore.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from samkorning.errors import VaultDamaged
from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root, Roots
from samkorning.vault.manifest import Manifest, read_chain
from samkorning.vault.restored import reaches

IF_NONE = ", or where there are none see `samkorning key accept-restored`"


@dataclass(frozen=True)
class StoreState:
    """A store at one moment: its root, the folder of that root, and its manifests, oldest (generation 0) first."""

    root: Root
    folder: Path
    chain: list[Manifest]

    def keeps(self, manifest: Manifest) -> bool:
        """Tell whether a generation's file is still kept."""
        return manifest in self.chain[self.chain[-1].oldest_kept :]


Known = dict[StoreAddress, tuple["Marks", StoreState]]
Marks = tuple[tuple[int, ...] | None, ...]
"""What changes whenever one of some files does, or is put in another's place; none for a file that is not there."""


def read_state(store_folder: Path, address: StoreAddress, roots: Roots, known: Known | None = None) -> StoreState:
    """Read a store under its root; again if the root was rotated meanwhile. VaultDamaged if anything is not right.

    :param known: the states that were read since the case is held, where it is.
    """
    if known is None:
        return _read_now(store_folder, address, roots, roots.read(address))
    if address in known:
        marks, state = known[address]
        if marks == _marks(state.folder, roots.files(address, state.root)):
            return state
    root = roots.read(address)
    marks = _marks(store_folder / root.id, roots.files(address, root))  # before the reading: a change is seen next time
    state = _read_now(store_folder, address, roots, root)
    known[address] = (marks, state)
    return state


def _read_now(store_folder: Path, address: StoreAddress, roots: Roots, root: Root) -> StoreState:
    try:
        return _read(store_folder, address, roots, root)
    except VaultDamaged:
        rotated = roots.read(address)
        if rotated.id == root.id:
            raise
    return _read(store_folder, address, roots, rotated)


def _marks(folder: Path, files: Iterable[Path]) -> Marks:
    manifests = sorted(folder.iterdir()) if folder.is_dir() else []
    return tuple(_mark(path) for path in (*files, *manifests))


def _mark(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def read_whole_chain(store_folder: Path, address: StoreAddress, root: Root) -> list[Manifest]:
    """Read the manifests, authentic and chained; at least the one that says the store exists."""
    folder = store_folder / root.id
    chain = read_chain(folder, address, root) if folder.is_dir() else []
    if not chain:
        raise VaultDamaged(f"{address}: the store's folder or manifests are missing; stop and restore them{IF_NONE}")
    return chain


def _read(store_folder: Path, address: StoreAddress, roots: Roots, root: Root) -> StoreState:
    """Read the manifests and hold them against the anchor, which is read first: a writer moves it last."""
    anchor = roots.anchor(address, root)
    chain = read_whole_chain(store_folder, address, root)
    if anchor is not None and not reaches(chain, anchor):
        raise VaultDamaged(
            f"{address}: is older than generation {anchor.generation}, which the keystore knows; "
            f"stop and restore the newer files{IF_NONE}"
        )
    return StoreState(root, store_folder / root.id, chain)
