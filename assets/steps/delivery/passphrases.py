"""The passphrases of deliveries that are locked in 7z: drawn by the service, kept in the vault with the case's
material.

What belongs here: drawing one, keeping it until its delivery is disposed of, and showing it to an officer with a trace.
What must not: what it locks (samkorning.delivery.package). A passphrase stands in no event, log, message or manifest,
and on no command line.
"""

import polars as pl

from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.encryption.seven_zip_aes import new_passphrase
from samkorning.errors import NotFound, RuleRefused
from samkorning.keystore import RetentionClass

SCHEMA = {"passphrase": pl.String, "shown": pl.Boolean}
PREFIX = "passphrase."


def passphrase_of(desk: Desk, case: Case, number: str) -> str:
    """The passphrase of a delivery that is being sealed: the one that is kept, or a new one."""
    return _kept(desk, case, number)[0] or _keep(desk, case, number, new_passphrase(), shown=False)


def show_passphrase(desk: Desk, case: Case, number: str, person: str, again: str | None = None) -> str:
    """The passphrase of a delivery, once; a second time for a reason. The trace is left before it is read.

    :raises NotFound: when the delivery is not made, or not locked with a passphrase, or disposed of.
    """
    if number not in {event.detail["delivery"] for event in case.of(EventKind.DELIVERED)}:
        raise NotFound(f"case {case.number} has no delivery {number}")
    with desk.vault.lock(case.number):
        desk.audit.append(
            "show passphrase", person, case.number, desk.clock.now(), delivery=number, reason=again or "first time"
        )
        passphrase, shown = _kept(desk, case, number)
        if passphrase is None:
            raise NotFound(f"{number}: no passphrase is kept; it is sealed for an age key, or disposed of")
        if shown and again is None:
            raise RuleRefused("R20", f"the passphrase of {number} has been shown", "say why with --again")
        return _keep(desk, case, number, passphrase, shown=True)


def _kept(desk: Desk, case: Case, number: str) -> tuple[str | None, bool]:
    if not desk.vault.has_store(case.number, RetentionClass.MATERIAL, PREFIX + number):
        return None, False
    store = desk.store(case.number, RetentionClass.MATERIAL, PREFIX + number)
    rows = store.scan().collect().rows() if store.latest() else []
    return rows[0] if rows else (None, False)


def _keep(desk: Desk, case: Case, number: str, passphrase: str, *, shown: bool) -> str:
    store = desk.store(case.number, RetentionClass.MATERIAL, PREFIX + number)
    store.replace_for_good(pl.DataFrame({"passphrase": [passphrase], "shown": [shown]}, schema=SCHEMA))
    return passphrase
