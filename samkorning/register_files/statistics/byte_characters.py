"""The C library's table for bytes as characters, held open for as long as the process lives.

What belongs here: holding it. What must not: decoding (stored_text). pyreadstat turns bytes into characters with a
table that the C library loads from a file when it is first asked; a process that reads a file of somebody else's may
open none. It is started from one that has imported this module, and finds the table there.
"""

import ctypes
from contextlib import suppress

BYTES_AS_CHARACTERS = "ISO-8859-1"
"""The encoding under which every byte is the character of its number, so that text comes as its bytes."""


def _hold_table() -> None:
    with suppress(AttributeError, OSError):  # a C library that has the table within itself
        ctypes.CDLL(None).iconv_open(b"UTF-8", BYTES_AS_CHARACTERS.encode())


_hold_table()
