"""Roots and anchors of stores: what every file's encryption key comes from, and how far each store had come.

A root lies wrapped in ``roots/<case>/<class>/<store>.json``, bound to its store and identifier. Its anchor lies in
``anchors/<case>/<class>/<store>.<root>.json``, authenticated by the root: with it an older copy of the vault, in itself
whole and authentic, is known for what it is.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from samkorning.durable import make_folder, overwrite, remove, write_new
from samkorning.encryption.primitives import derive, joined, mac, new_encryption_key, new_token, same
from samkorning.errors import KeystoreRefused
from samkorning.keystore.address import RetentionClass, StoreAddress, class_label
from samkorning.keystore.class_keys import ClassKeys
from samkorning.keystore.documents import Document, binding, damaged, read, require_binding, written

ROOT_FORMAT = "samkorning-root-1"
ANCHOR_FORMAT = "samkorning-anchor-1"


@dataclass(frozen=True)
class Root:
    """A store's root: every file's encryption key is derived from it. ``id`` names it, and is not secret."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Anchor:
    """How far a store had come: its newest generation, that generation's authenticator, and its rows.

    An anchor from before rows were recorded has none.
    """

    generation: int
    manifest: str
    rows: int | None = None


class Roots:
    """The roots and anchors of one keystore."""

    def __init__(self, folder: Path, classes: ClassKeys) -> None:
        self._folder = folder
        self._classes = classes

    def create(self, address: StoreAddress) -> Root:
        """Draw a store's root, and its class's encryption key if it is the first; a root that is there is given back.

        A root alone is no store: the vault's first manifest makes it one, so a root left by a crash is used again.
        """
        if not self._root_file(address).exists():
            if not self.stores(address.case, address.retention_class):
                self._classes.create(address.class_label)
            make_folder(self._root_file(address).parent)
            with suppress(FileExistsError):
                write_new(self._root_file(address), self._document(address, new_root()))
        return self.read(address)

    def read(self, address: StoreAddress) -> Root:
        """Give a store's root; KeystoreRefused if there is none, or its class was destroyed."""
        document = read(self._root_file(address), ROOT_FORMAT)
        root = Root(document.text("id"), self._classes.unwrap(address.class_label, document))
        require_binding(document, root.secret, "root", *address.labels, root.id)
        return root

    def files(self, address: StoreAddress, root: Root) -> list[Path]:
        """Give the files that say what a store's root is, whether it opens, and how far the store had come."""
        class_file = self._classes.file(address.class_label)
        return [self._root_file(address), class_file, self._anchor_file(address, root)]

    def exists(self, address: StoreAddress) -> bool:
        """Tell whether a root lies here for the store."""
        return self._root_file(address).exists()

    def stores(self, case: str, retention_class: RetentionClass) -> list[str]:
        """Give the names of the stores of a case and class that have a root here, in order."""
        return sorted(path.name.removesuffix(".json") for path in self._documents(case, retention_class))

    def replace(self, address: StoreAddress, root: Root) -> None:
        """Put a new root in the old one's place, which no file opens with from then on."""
        overwrite(self._root_file(address), self._document(address, root))

    def sweep(self, address: StoreAddress, root: Root) -> None:
        """Remove the store's anchors of other roots. Only while the case is held."""
        for path in self._anchors(address):
            if path != self._anchor_file(address, root):
                remove(path)

    def rotate_class(self, case: str, retention_class: RetentionClass) -> None:
        """Wrap all roots of a class under a new encryption key and destroy the old one."""
        self._classes.rotate(class_label(case, retention_class), self._documents(case, retention_class), ROOT_FORMAT)

    def destroy_class(self, case: str, retention_class: RetentionClass) -> None:
        """Destroy the class's encryption key, then remove its roots and anchors, which nothing opens any more."""
        self._classes.destroy(class_label(case, retention_class))
        for kind in ("roots", "anchors"):
            for path in self._below(kind, case, retention_class).glob("[!.]*.json"):
                remove(path)

    def destroy_stores(self, case: str, retention_class: RetentionClass, names: Iterable[str]) -> None:
        """Remove the roots and anchors of some stores of a class, then destroy the encryption key they were under.

        The class goes on under a new one. Completes a broken try. The caller holds the case.
        """
        for address in (StoreAddress(case, retention_class, name) for name in names):
            remove(self._root_file(address))
            for path in self._anchors(address):
                remove(path)
        self.rotate_class(case, retention_class)

    def wrapped(self, case: str, retention_class: RetentionClass, names: Iterable[str]) -> list[Document]:
        """Give the wrapped roots of some stores, to try them again once they must not open."""
        files = (self._root_file(StoreAddress(case, retention_class, name)) for name in names)
        return [read(path, ROOT_FORMAT) for path in files if path.exists()]

    def opens(self, case: str, retention_class: RetentionClass, wrapped: Document) -> bool:
        """Tell whether a wrapped root, kept or restored, still opens."""
        try:
            self._classes.unwrap(class_label(case, retention_class), wrapped)
        except KeystoreRefused:
            return False
        return True

    def anchor(self, address: StoreAddress, root: Root) -> Anchor | None:
        """Give how far the store had come when it was last written, or None before its first generation."""
        path = self._anchor_file(address, root)
        if not path.exists():
            return None
        document = read(path, ANCHOR_FORMAT)
        rows = document.number("rows") if "rows" in document.fields else None
        anchor = Anchor(document.number("generation"), document.text("manifest"), rows)
        if not same(document.data("mac"), _authenticator(address, root, anchor)):
            raise damaged(path)
        return anchor

    def has_anchor(self, address: StoreAddress) -> bool:
        """Tell whether the store ever had a generation."""
        if not self.exists(address):
            return False
        root_id = read(self._root_file(address), ROOT_FORMAT).text("id")
        return self._anchor_file(address, Root(root_id, b"")).exists()

    def move_anchor(self, address: StoreAddress, root: Root, anchor: Anchor) -> None:
        """Record how far the store has come."""
        path = self._anchor_file(address, root)
        make_folder(path.parent)
        fields: dict[str, str | int] = {"generation": anchor.generation, "manifest": anchor.manifest}
        fields |= {} if anchor.rows is None else {"rows": anchor.rows}
        overwrite(path, written(ANCHOR_FORMAT, {**fields, "mac": _authenticator(address, root, anchor).hex()}))

    def forget_anchor(self, address: StoreAddress, root: Root) -> None:
        """Forget how far a store had come, of which nothing is left: it may be made anew."""
        remove(self._anchor_file(address, root))

    def without_anchors(self) -> "Roots":
        """The same roots, for a look at stores as they lie there, however far they had come."""
        return _RootsWithoutAnchors(self._folder, self._classes)

    def _document(self, address: StoreAddress, root: Root) -> bytes:
        if self._classes.is_rotating(address.class_label):
            self.rotate_class(address.case, address.retention_class)
        bound = binding(root.secret, "root", *address.labels, root.id).hex()
        wrapped = self._classes.wrap(address.class_label, root.secret)
        return written(ROOT_FORMAT, {"id": root.id, **wrapped, "binding": bound})

    def _documents(self, case: str, retention_class: RetentionClass) -> list[Path]:
        return sorted(self._below("roots", case, retention_class).glob("[!.]*.json"))

    def _anchors(self, address: StoreAddress) -> list[Path]:
        """The store's anchors, of every root; stores whose names begin alike have more parts in theirs."""
        folder = self._below("anchors", address.case, address.retention_class)
        parts = address.store.count(".") + 2
        return [path for path in folder.glob(f"{address.store}.*.json") if path.name.count(".") == parts]

    def _below(self, kind: str, case: str, retention_class: RetentionClass) -> Path:
        return self._folder / kind / case / retention_class.value

    def _root_file(self, address: StoreAddress) -> Path:
        return self._below("roots", address.case, address.retention_class) / f"{address.store}.json"

    def _anchor_file(self, address: StoreAddress, root: Root) -> Path:
        return self._below("anchors", address.case, address.retention_class) / f"{address.store}.{root.id}.json"


class _RootsWithoutAnchors(Roots):
    """Roots for which no store has come any way yet."""

    def anchor(self, address: StoreAddress, root: Root) -> Anchor | None:
        """None."""
        return None

    def has_anchor(self, address: StoreAddress) -> bool:
        """No: what does not lie there is not there."""
        return False


def new_root() -> Root:
    """Draw a root."""
    return Root(new_token()[:8], new_encryption_key())


def _authenticator(address: StoreAddress, root: Root, anchor: Anchor) -> bytes:
    rows = [] if anchor.rows is None else [str(anchor.rows)]
    labels = joined(*address.labels, root.id, str(anchor.generation), anchor.manifest, *rows)
    return mac(derive(root.secret, "anchor"), labels)
