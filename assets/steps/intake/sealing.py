"""The recipient that holders seal files to, and unsealing what they sealed.

What belongs here: the service's own age identities, made at first use and kept in the keystore. What must not: what a
sealed file is (samkorning.register_files.packaging), or the age library (samkorning.encryption).
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from resources.desk import Desk
from samkorning.encryption.age import create_identity, recipient_of
from samkorning.encryption.age_chunks import unsealed_chunks

if TYPE_CHECKING:
    from samkorning.register_files.packaging import Unseal

SECRET = "unsealing"  # noqa: S105 (the name it has in the keystore)


def recipient(desk: Desk, person: str) -> str:
    """The public recipient in force; a home that has none gets one."""
    if not desk.keystore.has_secret(SECRET):
        desk.audit.append("make recipient", person, None, desk.clock.now())
        with suppress(FileExistsError):  # another process was first
            desk.keystore.keep_secret(SECRET, create_identity().secret.encode())
    return recipient_of(desk.keystore.service_secret(SECRET).decode())


def known_recipient(desk: Desk) -> str | None:
    """The public recipient in force, where the home has one; looking makes none."""
    if not desk.has_keystore or not desk.keystore.has_secret(SECRET):
        return None
    return recipient_of(desk.keystore.service_secret(SECRET).decode())


def renew_recipient(desk: Desk, person: str) -> str:
    """Another recipient from now on; files that were sealed to an earlier one still open."""
    recipient(desk, person)
    identity = create_identity()
    desk.audit.append("renew recipient", person, None, desk.clock.now(), recipient=identity.recipient)
    desk.keystore.renew_secret(SECRET, identity.secret.encode())
    return identity.recipient


def unsealing(desk: Desk) -> Unseal | None:
    """What unseals files that were sealed to any recipient of this home; nothing where it has never had one.

    Looking makes no keystore and no recipient: nobody can have sealed to one that was not there.
    """
    if not desk.has_keystore or not desk.keystore.has_secret(SECRET):
        return None
    secrets = tuple(secret.decode() for secret in reversed(desk.keystore.service_secrets(SECRET)))
    return partial(unsealed_chunks, secrets=secrets)
