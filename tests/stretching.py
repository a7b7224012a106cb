"""A passphrase stretched once for each keystore, in a process that opens it many times.

What belongs here: that one shortcut. What must not: a lower cost. The function is pure, so what it gave once it gives
again; that it is slow is its purpose, and no test of an opened keystore is about it.
"""

import functools

from samkorning.keystore import masters


def stretch_once() -> None:
    """Keeps what this process has stretched."""
    masters.from_passphrase = functools.cache(masters.from_passphrase)
