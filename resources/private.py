"""Files that only their owner may read, where a person named the place.

What belongs here: writing one, and the refusal of a place that is taken. What must not: what is in it.
"""

from pathlib import Path

from samkorning.durable import private_file
from samkorning.errors import HomeRefused
from samkorning.identity.redaction import redact_file_name


def write_private(path: Path, text: str) -> None:
    """Writes a new file that its owner alone may read.

    :raises HomeRefused: when something lies there already.
    """
    try:
        with private_file(path) as file:
            file.write(text.encode())
    except FileExistsError:
        taken = True
    else:
        taken = False
    if taken:
        raise HomeRefused(f"{redact_file_name(path.name)}: something lies there already; name another file")
