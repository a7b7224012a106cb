"""The transit identifiers of a case in the vault, one store a hand-over; destroyed when the hand-over has ended.

What belongs here: keeping, opening and destroying them. What must not: who stands behind them
(samkorning.transit.matching). They lie in the class of the code key, because like it they say who somebody is.
"""

import polars as pl

from assets.steps.stores import CODE_KEY
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.hand_overs import STORE, HandOver, expired, hand_overs, has_ended
from samkorning.case.roles import SERVICE
from samkorning.durable import fsync_folder, sweep_partials
from samkorning.errors import VaultDamaged

HAND_OVER = "hand_over"


def keep_identifiers(desk: Desk, case: Case, name: str, mapping: pl.DataFrame) -> None:
    """Keep the identifiers of a hand-over; what an attempt that broke off left under its name does not open again."""
    desk.store(case.number, CODE_KEY, f"{STORE}{name}").replace_for_good(mapping, facts={HAND_OVER: name})


def kept_identifiers(desk: Desk, case: Case, hand_over: HandOver) -> pl.DataFrame:
    """The identifiers of an open hand-over, and whom they stand for.

    :raises VaultDamaged: when the vault does not hold them.
    """
    if desk.vault.has_store(case.number, CODE_KEY, hand_over.store):
        store = desk.vault.open_store(case.number, CODE_KEY, hand_over.store)
        latest = store.latest()
        if latest is not None and latest.rows == hand_over.event.detail["rows"]:
            return store.scan().collect()
    raise VaultDamaged(
        f"case {case.number}: the vault does not hold the identifiers of the hand-over {hand_over.name} (event "
        f"{hand_over.event.number}): vault and keystore are older than the case register; restore both from backups of "
        f"after {hand_over.event.at:%Y-%m-%d %H:%M}, or end it with `transit end`"
    )


def end_expired(desk: Desk, number: str) -> list[str]:
    """End the hand-overs whose last day has passed, and destroy what is left of all that have ended; their names.

    Whoever calls holds the case. What came back with a restored vault or keystore, and what a crash left between two
    steps, is destroyed as well.
    """
    ended = [each.name for each in expired(desk.case(number), desk.clock.today())]
    for name in ended:
        now = desk.clock.now()
        desk.audit.append("end transit", SERVICE, number, now, hand_over=name)
        detail = {HAND_OVER: name, "reason": "its last day has passed"}
        desk.cases.record(desk.case(number), EventKind.TRANSIT_ENDED, now, SERVICE, detail)
    destroy_ended(desk, desk.case(number))
    return ended


def destroy_ended(desk: Desk, case: Case) -> None:
    """Destroy the identifiers and sealed files that belong to no hand-over that goes on. The case is held."""
    going_on = [each for each in hand_overs(case) if not has_ended(case, each)]
    kept = {each.store for each in going_on}
    there = [name for name in desk.vault.stores(case.number, CODE_KEY) if name.startswith(STORE)]
    left = [name for name in there if name not in kept]
    if left:
        desk.vault.destroy_stores(case.number, CODE_KEY, left)
    _remove_files(desk, case, {each.name for each in going_on})


def _remove_files(desk: Desk, case: Case, going_on: set[str]) -> None:
    """Remove sealed files that no event knows or whose hand-over has ended. Receipts stay."""
    folder = desk.home.transit(case.number)
    if not folder.is_dir():
        return
    sweep_partials(folder)
    kept = {e.detail["path"] for e in case.of(EventKind.TRANSIT_MADE) if e.detail[HAND_OVER] in going_on}
    for path in folder.glob("*.age"):
        if str(path.relative_to(desk.home.root)) not in kept:
            path.unlink()
    fsync_folder(folder)
