"""What tells this program from another version of it.

What belongs here: the hash of its own source, and that of the versions it runs with. What must not: what depends on
them.
"""

import hashlib
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import polars as pl


@cache
def program_hash() -> str:
    """SHA-256 in hex of all modules of the rules and of the version that computes; whatever was found by another
    program is found again.
    """
    digest = hashlib.sha256(pl.__version__.encode())
    root = Path(__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def lock_hash() -> tuple[str, str]:
    """SHA-256 in hex of what fixes the versions of all libraries, and what that is.

    In a clone of the project that is ``requirements.lock``, which anybody can hash again. A wheel comes without it:
    then it is the list of what is installed, one ``name==version`` a line, sorted.
    """
    lock = Path(__file__).parent.parent / "requirements.lock"
    if lock.is_file():
        return hashlib.sha256(lock.read_bytes()).hexdigest(), "requirements.lock"
    installed = sorted({f"{each.name.lower()}=={each.version}\n" for each in distributions()})
    return hashlib.sha256("".join(installed).encode()).hexdigest(), "installed versions"
