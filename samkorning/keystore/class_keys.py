"""The encryption keys of retention classes: which one holds, rotating it, destroying it.

A class (``36759-2021.code_key``; ``service`` for the service's own secrets) has a small document that names its
encryption key at the provider. The document is written before the provider acts, so that whatever a crash leaves can
be completed by the same call:

- ``current`` names the encryption key that wraps; empty once the class is destroyed, and never filled again,
- ``retiring`` names those that a rotation has still to destroy; once the class is destroyed it names all of them for
  ever, so that one that comes back from a provider's backup is seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from samkorning.durable import make_folder, overwrite, write_new
from samkorning.encryption.primitives import new_token
from samkorning.errors import KeystoreRefused
from samkorning.keystore.documents import Document, damaged, read, written
from samkorning.keystore.provider import KeyProvider

CLASS_FORMAT = "samkorning-class-1"
UNDER, WRAPPED = "under", "wrapped"


@dataclass(frozen=True)
class _State:
    current: str
    retiring: tuple[str, ...] = ()


class ClassKeys:
    """The classes of one keystore, below ``classes/``."""

    def __init__(self, folder: Path, provider: KeyProvider) -> None:
        self._folder = folder
        self._provider = provider

    def create(self, label: str) -> None:
        """Draw the class's encryption key, or end a creation that a crash broke off; refused once destroyed.

        Only for a class under which nothing is wrapped yet: a lost encryption key must not be replaced in silence.
        """
        if not self.file(label).exists():
            make_folder(self._folder)
            write_new(self.file(label), _document(_State(_new_name(label))))
        self._provider.create(self._current(label))

    def wrap(self, label: str, secret: bytes) -> dict[str, str | int]:
        """Give the fields of a document that holds the secret wrapped under the class's encryption key."""
        name = self._current(label)
        return {UNDER: name, WRAPPED: self._provider.wrap(name, secret).hex()}

    def unwrap(self, label: str, document: Document) -> bytes:
        """Give the secret of such a document; KeystoreRefused once the class is destroyed."""
        state, under = self._alive(label), document.text(UNDER)
        if under not in (state.current, *state.retiring):
            raise damaged(document.path)
        return self._provider.unwrap(under, document.data(WRAPPED))

    def rotate(self, label: str, documents: Iterable[Path], marker: str) -> None:
        """Draw a new encryption key, wrap every document's secret under it, destroy the old one.

        The caller holds the class's case. A rotation that broke off is completed, without drawing a further one.
        """
        state = self._state(label)
        if not state.retiring:
            state = _State(_new_name(label), (self._current(label),))
            overwrite(self.file(label), _document(state))
        self._provider.create(state.current)
        for path in documents:
            self._rewrap(label, path, marker)
        self._destroy(state)
        overwrite(self.file(label), _document(_State(state.current)))

    def destroy(self, label: str) -> None:
        """Destroy the class's encryption keys for good; the document stays and says so. Completes a broken try."""
        state = self._state(label)
        if state.current:
            state = _State("", (state.current, *state.retiring))
            overwrite(self.file(label), _document(state))
        self._destroy(state)

    def name(self, label: str) -> str:
        """Give the name of the encryption key in force ('' once the class is destroyed, or was never made)."""
        return self._state(label).current if self.file(label).exists() else ""

    def is_rotating(self, label: str) -> bool:
        """Tell whether a rotation broke off: it has to be completed before anything new is wrapped."""
        state = self._state(label)
        return bool(state.current and state.retiring)

    def is_destroyed(self, label: str) -> bool:
        """Tell whether the class was destroyed and the provider holds nothing of it any more."""
        if not self.file(label).exists():
            return False
        state = self._state(label)
        return not state.current and not any(map(self._provider.holds, state.retiring))

    def retired_names(self, label: str) -> tuple[str, ...]:
        """Give the names that a destroyed class keeps for ever (none of one that was never made)."""
        return self._state(label).retiring if self.file(label).exists() else ()

    def require_whole(self) -> None:
        """Read every class; refused if one is not as it was written, or its encryption key is not at the provider."""
        for path in sorted(self._folder.glob("[!.]*.json")):
            state = self._state(path.name.removesuffix(".json"))
            if state.current and not self._provider.holds(state.current):
                raise damaged(path)

    def _rewrap(self, label: str, path: Path, marker: str) -> None:
        document = read(path, marker)
        if document.text(UNDER) != self._current(label):
            wrapped = self.wrap(label, self.unwrap(label, document))
            overwrite(path, written(marker, {**document.fields, **wrapped}))

    def _destroy(self, state: _State) -> None:
        for name in state.retiring:
            self._provider.destroy(name)

    def _current(self, label: str) -> str:
        return self._alive(label).current

    def _alive(self, label: str) -> _State:
        state = self._state(label)
        if not state.current:
            raise KeystoreRefused(f"{label}: its encryption key was destroyed; what it held cannot be opened again")
        return state

    def _state(self, label: str) -> _State:
        document = read(self.file(label), CLASS_FORMAT)
        return _State(document.text("current"), tuple(document.text("retiring").split()))

    def file(self, label: str) -> Path:
        """Give the document of a class."""
        return self._folder / f"{label}.json"


def _new_name(label: str) -> str:
    return f"{label}.{new_token()[:8]}"


def _document(state: _State) -> bytes:
    return written(CLASS_FORMAT, {"current": state.current, "retiring": " ".join(state.retiring)})
