"""Rotation (nyckelbyte) of encryption keys: master, classes of cases, roots of stores; and another passphrase.

What belongs here: what is rotated, in which order, with progress. What must not: how (samkorning.keystore, vault).
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.errors import NotFound
from samkorning.keystore import RetentionClass

Progress = Callable[[str], None]


class Level(StrEnum):
    """Which encryption keys are drawn anew."""

    MASTER = "master"
    """The keystore's master: nothing in the vault changes."""
    CLASS = "class"
    """The encryption key of each retention class: roots are wrapped anew, files stay."""
    STORE = "store"
    """The root of each store: every file is encrypted anew."""


def rotate_master(desk: Desk, person: str) -> None:
    """Draws a new master and wraps every encryption key under it.

    :raises KeystoreRefused: where the provider keeps its master itself, as a hardware module does.
    """
    desk.audit.append("rotate", person, None, desk.clock.now(), level=Level.MASTER.value)
    desk.rotate_master()


def change_passphrase(desk: Desk, passphrase: bytes, person: str) -> None:
    """Lets the keystore open with another passphrase from now on. Copies of it from before open with the old one.

    :raises KeystoreRefused: when the passphrase is too short, or a hardware module keeps the encryption keys.
    """
    desk.audit.append("change passphrase", person, None, desk.clock.now())
    desk.change_passphrase(passphrase)


def rotate(desk: Desk, level: Level, number: str | None, person_of: Callable[[str | None], str], said: Progress) -> int:
    """Rotates the master, or the classes or stores of one case, or of every case and the own registers; how many.

    :param person_of: who acts on a case, or on what is of no case.
    :raises NotFound: when the named case has nothing in the vault.
    """
    if level is Level.MASTER:
        rotate_master(desk, person_of(None))
        return 0
    done = sum(rotate_case(desk, each, level, person_of(each), said) for each in cases_to_rotate(desk, number))
    if level is Level.CLASS and number is None:
        rotate_service(desk, person_of(None))
    return done


def rotate_case(desk: Desk, number: str, level: Level, person: str, progress: Progress) -> int:
    """Rotates the classes or stores of a case, or of what takes a case's place; how many. Safe to repeat.

    :raises CaseBusy: when another run holds the case.
    """
    case = desk.case(number) if number in desk.cases.numbers() else None
    if case is not None:
        desk.require_role(case, person, EventKind.ENCRYPTION_KEYS_ROTATED)
    with desk.vault.lock(number):
        desk.audit.append("rotate", person, number, desk.clock.now(), level=level.value)
        done = list(_rotated(desk, number, level, progress))
        if case is not None:
            detail = {"level": level.value, "rotated": len(done)}
            case = desk.case(number)
            desk.cases.record(case, EventKind.ENCRYPTION_KEYS_ROTATED, desk.clock.now(), person, detail)
    return len(done)


def cases_to_rotate(desk: Desk, number: str | None) -> list[str]:
    """The named case, or every case that has something in the vault.

    :raises NotFound: when the named case has nothing there.
    """
    holding = [case for case in desk.vault.cases() if desk.vault.stores(case)]
    if number is not None and number not in holding:
        raise NotFound(f"case {number} has nothing in the vault")
    return [number] if number is not None else holding


def rotate_service(desk: Desk, person: str) -> None:
    """Wraps the service's own secrets (audit, signing, unsealing) under a new encryption key."""
    desk.audit.append("rotate", person, None, desk.clock.now(), level="service")
    desk.keystore.rotate_service()


def _rotated(desk: Desk, number: str, level: Level, progress: Progress) -> Iterator[str]:
    for retention_class in RetentionClass:
        names = desk.vault.stores(number, retention_class)
        if names and level is Level.CLASS:
            desk.vault.rotate_class(number, retention_class)
            progress(f"{number}: {retention_class} wrapped anew, {len(names)} stores")
            yield retention_class
        for place, name in enumerate(names if level is Level.STORE else (), start=1):
            desk.vault.open_store(number, retention_class, name).rotate()
            progress(f"{number}: {name} encrypted anew ({place} of {len(names)} in {retention_class})")
            yield name
