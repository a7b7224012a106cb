"""Files that only their owner may read.

What belongs here: writing one. What must not: what is in it.
"""

import os
from pathlib import Path

from samkorning.errors import HomeRefused

OWNER_ALONE = 0o600


def write_private(path: Path, text: str) -> None:
    """Writes a new file that its owner alone may read.

    :raises HomeRefused: when something lies there already.
    """
    taken = False
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
    except FileExistsError:
        taken = True
    if taken:
        raise HomeRefused(f"{path.name}: something lies there already; name another file")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
