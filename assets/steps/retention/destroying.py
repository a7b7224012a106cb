"""Destroying what a confirmed disposal names, proving that it does not open, and keeping the signed receipt.

What belongs here: encryption keys, files and the proof. What must not: whether it may go (disposing).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assets.steps.retention.disposal_items import FileItem, Item, StoreItem
from resources.desk import Desk
from samkorning.case import Case, Event
from samkorning.case.hand_overs import STORE
from samkorning.durable import make_folder, overwrite, remove, sweep_temporary
from samkorning.encryption.signing import public_key
from samkorning.errors import CheckFailed, KeystoreRefused
from samkorning.keystore import RetentionClass, StoreAddress
from samkorning.retention import (
    CompletionReceipt,
    DisposalReceipt,
    DisposedFile,
    DisposedGeneration,
    DisposedStore,
    read_receipt,
    receipt_bytes,
)

CASE_CLASSES = (RetentionClass.CODE_KEY, RetentionClass.MATERIAL)


def inventory(desk: Desk, case: Case, due: Sequence[Item]) -> dict[str, Any]:
    """What is due as the events remember it: stores with the hash and rows of every generation, files with theirs."""
    stores = [item for item in due if isinstance(item, StoreItem)]
    classes = _whole_classes(desk, case, stores)
    return {
        "disposal": "",
        "code_key": RetentionClass.CODE_KEY in classes,
        "classes": [str(each) for each in classes],
        "stores": [_store(desk, case, item) for item in stores],
        "files": [_file(item) for item in due if isinstance(item, FileItem)],
        "held": sorted(item.held for item in stores if item.held is not None),
    }


def class_keys(desk: Desk, number: str) -> list[str]:
    """The names of the encryption keys in force, by which one that comes back from a backup is known."""
    names = (desk.keystore.class_key_name(number, retention_class) for retention_class in CASE_CLASSES)
    return [name for name in names if name]


def destroy(desk: Desk, number: str, confirmed: Event, horizon: date) -> DisposalReceipt:
    """Destroys encryption keys and files, tries to open what was there, and gives the receipt. Safe to repeat.

    :raises CheckFailed: when something opens all the same.
    """
    detail = confirmed.detail
    tried = sum(
        _destroy(desk, number, retention_class, names, str(retention_class) in detail["classes"])
        for retention_class, names in _by_class(detail).items()
    )
    for file in detail["files"]:
        remove(desk.home.root / file["path"])
    return DisposalReceipt(
        case=number,
        disposal=detail["disposal"],
        date=desk.clock.today().isoformat(),
        ordered_by=detail["ordered_by"],
        confirmed_by=confirmed.person,
        classes_destroyed=tuple(detail["classes"]),
        stores=tuple(map(_receipt_of, detail["stores"])),
        files=tuple(DisposedFile(**file) for file in detail["files"]),
        opening_tried=tried,
        keystore_backups_until=horizon.isoformat(),
    )


def came_back(desk: Desk, number: str, detail: Mapping[str, Any]) -> bool:
    """Whether an encryption key that a disposal destroyed is there again, with a restored backup of the keystore."""
    by_class = _by_class(detail)
    if any(desk.keystore.class_key_name(number, RetentionClass(each)) for each in detail["classes"]):
        return True
    concerned = tuple(f"{number}.{each}." for each in by_class)
    if any(desk.keystore.holds(name) for name in detail["class_keys"] if name.startswith(concerned)):
        return True
    addresses = [StoreAddress(number, each, name) for each, names in by_class.items() for name in names]
    folders = [address for address in addresses if desk.keystore.roots.exists(address)]
    return any(not (desk.home.vault / address.folder).exists() for address in folders)


def keep_receipt(
    desk: Desk, number: str, name: str, receipt: DisposalReceipt | CompletionReceipt
) -> tuple[DisposalReceipt | CompletionReceipt, str, str]:
    """Writes a receipt, durable; gives it with its place below the home and its SHA-256.

    One that is there already, written before a crash, is kept and given.
    """
    path = desk.home.receipts(number) / name
    if not path.exists():
        make_folder(path.parent)
        overwrite(path, receipt_bytes(receipt, desk.signing_seed))
    sweep_temporary(path)
    content = path.read_bytes()
    kept = read_receipt(content, name, public_key(desk.signing_seed))
    return kept, str(path.relative_to(desk.home.root)), hashlib.sha256(content).hexdigest()


def _whole_classes(desk: Desk, case: Case, due: Sequence[StoreItem]) -> list[RetentionClass]:
    """The classes that end with this disposal: that of the code key, and with it that of material if all of it goes.

    Transit identifiers lie with the code key and go before it: alone they end no class, also where nothing else of it
    has come yet.
    """
    if not any(item.retention_class is RetentionClass.CODE_KEY and not item.name.startswith(STORE) for item in due):
        return []
    if _left(desk, case, due, RetentionClass.CODE_KEY):
        return []
    left = _left(desk, case, due, RetentionClass.MATERIAL)
    ends = [RetentionClass.CODE_KEY, *([] if left else [RetentionClass.MATERIAL])]
    return [each for each in ends if desk.keystore.class_key_name(case.number, each)]


def _left(desk: Desk, case: Case, due: Sequence[StoreItem], retention_class: RetentionClass) -> set[str]:
    """The stores of a class that stay."""
    going = {item.name for item in due if item.retention_class is retention_class}
    return set(desk.vault.stores(case.number, retention_class)) - going


def _destroy(desk: Desk, number: str, retention_class: RetentionClass, names: list[str], whole: bool) -> int:
    """Destroys a class, or some of its stores, and tries the wrapped roots again; how many were tried."""
    roots = desk.keystore.roots
    wrapped = roots.wrapped(number, retention_class, names)
    if whole:
        desk.vault.destroy_class(number, retention_class)
    else:
        desk.vault.destroy_stores(number, retention_class, names)
    opened = sum(roots.opens(number, retention_class, each) for each in wrapped)
    opened += sum(_opens(desk, StoreAddress(number, retention_class, name)) for name in names)
    if opened:
        raise CheckFailed(f"case {number}: {opened} stores still open after their disposal; look at the keystore")
    return len(wrapped)


def _opens(desk: Desk, address: StoreAddress) -> bool:
    try:
        desk.keystore.roots.read(address)
    except KeystoreRefused:
        return False
    return True


def _by_class(detail: Mapping[str, Any]) -> dict[RetentionClass, list[str]]:
    names: dict[RetentionClass, list[str]] = {RetentionClass(each): [] for each in detail["classes"]}
    for store in detail["stores"]:
        names.setdefault(RetentionClass(store["retention_class"]), []).append(store["store"])
    return names


def _store(desk: Desk, case: Case, item: StoreItem) -> dict[str, Any]:
    generations = desk.vault.open_store(case.number, item.retention_class, item.name).generations()
    return {
        "retention_class": str(item.retention_class),
        "store": item.name,
        "why": item.clock.why,
        "generations": [{"number": each.number, "rows": each.rows, "sha256": each.sha256} for each in generations],
    }


def _file(item: FileItem) -> dict[str, Any]:
    from assets.steps.intake.receiving import file_sha256  # and reading of files with it: few disposals are looked at

    size = item.path.stat().st_size
    return {"path": item.name, "why": item.clock.why, "sha256": file_sha256(item.path), "bytes": size}


def _receipt_of(store: Mapping[str, Any]) -> DisposedStore:
    generations = tuple(DisposedGeneration(**each) for each in store["generations"])
    return DisposedStore(**{**store, "generations": generations})
