"""What tells this program from another version of it.

What belongs here: the hash of its own source. What must not: what depends on it.
"""

import hashlib
from functools import cache
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
