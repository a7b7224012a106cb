"""Scratch: stores that are made and thrown away, under encryption keys that live in this process alone.

What belongs here: the folder, and taking it away, also that of a process that was killed. What must not: what is made.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from resources.home import Home
from samkorning.durable import make_folder
from samkorning.errors import SamkorningError
from samkorning.keystore import InMemoryProvider, Keystore
from samkorning.vault import Vault


@contextmanager
def scratch_vault(home: Home, vault: Vault, case: str) -> Iterator[Vault]:
    """A vault for what is made anew of a case, gone when the block ends. The caller holds the case."""
    sweep_scratch(home, vault)
    folder = home.scratch / case
    try:
        make_folder(folder)
        yield Vault(folder / "vault", Keystore.create(folder / "keystore", InMemoryProvider()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # another case's scratch lies there
            home.scratch.rmdir()


def sweep_scratch(home: Home, vault: Vault) -> list[str]:
    """Removes what killed processes left, and gives their cases; a case that somebody holds is left alone."""
    swept = []
    for folder in sorted(home.scratch.iterdir()) if home.scratch.is_dir() else []:
        with suppress(SamkorningError), vault.lock(folder.name):
            shutil.rmtree(folder)
            swept.append(folder.name)
    return swept
