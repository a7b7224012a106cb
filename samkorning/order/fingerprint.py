"""The fingerprint (fingeravtryck) of a recipient's public age key: short enough to be compared by eye and read aloud.

What belongs here: making it and comparing what somebody typed. What must not: whether a key is decided on
(samkorning.case.recipient), or the age format (samkorning.encryption).
"""

import base64
import hashlib

CHARACTERS, GROUP = 20, 4
"""Twenty letters of base32 hold 100 bits. Few are digits, so that none reads as an identity number."""


def fingerprint(age_recipient: str) -> str:
    """Five groups of four from the SHA-256 of the public key's text: ``k3vd-7xqa-…``."""
    digest = hashlib.sha256(age_recipient.encode()).digest()
    letters = base64.b32encode(digest).decode().lower()[:CHARACTERS]
    return "-".join(letters[start : start + GROUP] for start in range(0, CHARACTERS, GROUP))


def fits(typed: str, age_recipient: str) -> bool:
    """Whether somebody typed the fingerprint of this key, in any case and however it was grouped."""
    written = "".join(character for character in typed.lower() if character not in "- ")
    return written == fingerprint(age_recipient).replace("-", "")
