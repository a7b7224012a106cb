"""A few bytes that leave for one person: sealed with age into a file of their own.

What belongs here: sealing and laying down. What must not: what is sealed, or deliveries (samkorning.delivery).
"""

import hashlib
from io import BytesIO
from pathlib import Path

from samkorning.durable import write_new
from samkorning.encryption import age
from samkorning.errors import HomeRefused


def sealed_to_new_file(content: bytes, recipient: str, to: Path) -> str:
    """Writes bytes, sealed with age for one recipient, durable; the SHA-256 of the sealed file.

    :raises HomeRefused: when something lies there already.
    :raises PackageRefused: when the recipient's public key is none.
    """
    sealed = BytesIO()
    age.seal(BytesIO(content), sealed, [recipient])
    taken = False
    try:
        write_new(to, sealed.getvalue())
    except FileExistsError:
        taken = True
    if taken:
        raise HomeRefused(f"{to.name}: something lies there already; name another file")
    return hashlib.sha256(sealed.getvalue()).hexdigest()
