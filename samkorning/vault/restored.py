"""Stores that do not reach as far as the keystore knows: what a vault restored from an older backup is made of.

What belongs here: how far such a store lies behind, and telling an earlier state of it from what is none. What must
not: whether it may be accepted (``samkorning.case.restoring``).

An earlier state is authentic under the root that is in force and shorter than the anchor says. What lies under another
root can be older than a rotation or newer than the keystore, and nothing here could tell which: it is never accepted.
"""

from dataclasses import dataclass
from pathlib import Path

from samkorning.errors import VaultDamaged
from samkorning.keystore.address import RetentionClass, StoreAddress
from samkorning.keystore.roots import Anchor, Root, Roots
from samkorning.vault.manifest import Manifest, manifest_name, read_chain

NOTHING = Anchor(0, "", 0)
"""How far a store has come of which no generation lies there."""


@dataclass(frozen=True)
class Restored:
    """A store that is older than its anchor: how far the keystore knows it to have come, and how far it comes now."""

    retention_class: RetentionClass
    store: str
    known: Anchor
    found: Anchor

    @property
    def generations_lost(self) -> int:
        """How many writings there were and are not."""
        return self.known.generation - self.found.generation

    @property
    def rows_lost(self) -> int | None:
        """How many rows fewer the newest generation has; None where the keystore has not kept how many there were."""
        return None if self.known.rows is None else self.known.rows - (self.found.rows or 0)


def look_at_restored(store_folder: Path, address: StoreAddress, roots: Roots) -> Restored | None:
    """Give how far a store lies behind its anchor; None where it reaches it, or never had a generation.

    VaultDamaged if what lies there is no earlier state of the store.
    """
    root = roots.read(address)
    anchor = roots.anchor(address, root)
    if anchor is None:
        return None
    folder = store_folder / root.id
    chain = read_chain(folder, address, root) if folder.is_dir() else []
    if reaches(chain, anchor):
        return None
    if not chain:
        _require_no_other_root(store_folder, address, root)
    if len(chain) > anchor.generation:
        raise VaultDamaged(
            f"{address}: has generation {anchor.generation} and is not the store that the keystore knows: it went on "
            "apart from it; stop and restore vault and keystore of one moment"
        )
    return Restored(address.retention_class, address.store, anchor, _found(chain))


def reaches(chain: list[Manifest], anchor: Anchor) -> bool:
    """Tell whether a store has come as far as its anchor says."""
    return len(chain) > anchor.generation and chain[anchor.generation].authenticator == anchor.manifest


def require_unchanged_since(looked_at: Restored, now: Restored | None, address: StoreAddress) -> None:
    """Refuse to accept another state than was looked at."""
    if now != looked_at:
        raise VaultDamaged(f"{address}: is not as it was looked at; look at it again before it is accepted")


def _found(chain: list[Manifest]) -> Anchor:
    newest = chain[-1] if len(chain) > 1 else None
    return NOTHING if newest is None else Anchor(newest.generation, newest.authenticator, newest.rows)


def _require_no_other_root(store_folder: Path, address: StoreAddress, root: Root) -> None:
    others = [path for path in store_folder.glob(f"*/{manifest_name(0)}") if path.parent.name != root.id]
    if others:
        raise VaultDamaged(
            f"{address}: lies there under another encryption key than the keystore's: either of them is from before a "
            "rotation or a removal; stop and restore vault and keystore of one moment"
        )
