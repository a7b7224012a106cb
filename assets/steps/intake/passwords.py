"""The passwords of locked files: one for each source of a case, encrypted in the vault with the case's material.

What belongs here: keeping a password, forgetting it, and what opens the files of a source. What must not: where a
person types it (the command line), or what it opens (samkorning.register_files.packaging). A password goes with the
source's material at its disposal. It is never shown: not in the audit log, the ledger, a message or a manifest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from resources.desk import Desk
from samkorning.case import Case
from samkorning.keystore import RetentionClass
from samkorning.vault import Store

if TYPE_CHECKING:
    from samkorning.register_files.packaging import FileSecrets

SCHEMA = {"password": pl.String}


def store_name(source: str) -> str:
    """What the store of a source's password is called."""
    return f"password.{source}"


def keep_password(desk: Desk, case: Case, source: str, password: str, person: str) -> None:
    """Keeps the password of the files of a source that the case awaits; the one before does not open again."""
    with desk.vault.lock(case.number):
        desk.audit.append("keep password", person, case.number, desk.clock.now(), source=source)
        _store(desk, case, source).replace_for_good(pl.DataFrame({"password": [password]}, schema=SCHEMA))


def forget_password(desk: Desk, case: Case, source: str, person: str) -> bool:
    """Lets a kept password open no more; whether there was one."""
    if _kept(desk, case, source) is None:
        return False
    with desk.vault.lock(case.number):
        desk.audit.append("forget password", person, case.number, desk.clock.now(), source=source)
        _store(desk, case, source).replace_for_good(pl.DataFrame(schema=SCHEMA))
    return True


def file_secrets(desk: Desk, case: Case, source: str) -> FileSecrets:
    """What opens the files of a source: its password, and the home's identities."""
    from assets.steps.intake.sealing import unsealing  # and packings with it, which disposal does not need
    from samkorning.register_files.packaging import FileSecrets

    return FileSecrets(_kept(desk, case, source), unsealing(desk))


def _kept(desk: Desk, case: Case, source: str) -> str | None:
    if not desk.vault.has_store(case.number, RetentionClass.MATERIAL, store_name(source)):
        return None
    store = _store(desk, case, source)
    kept = store.scan().collect()["password"].to_list() if store.latest() else []
    return kept[0] if kept else None


def _store(desk: Desk, case: Case, source: str) -> Store:
    return desk.store(case.number, RetentionClass.MATERIAL, store_name(source))
