"""Landlock: no file is opened by its name, no connection made, no signal sent outside, whatever the account may do.

What belongs here: one rule set without a single exception. What must not: limits and system calls, which have guards of
their own. What is open already stays open.
"""

import ctypes
import os

from samkorning.guards import kernel

_CREATE, _RESTRICT = 444, 446  # the same on all processors
_ASK_VERSION = 1
_FILES = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights on files Landlock knows, by the version that added the last of them."""
_TCP = 0b11  # to bind and to connect
_SCOPES = 0b11  # abstract sockets and signals


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def version() -> int:
    """The version that the kernel has; 0 without Landlock."""
    return max(0, kernel.system_call(_CREATE, None, 0, _ASK_VERSION))


def close_all() -> int:
    """Denies this process all that the kernel's Landlock can deny, and says with which version; 0 where it did not."""
    known = version()
    if not known:
        return 0
    rules = _Rules(_all_file_rights(known), _TCP if known >= 4 else 0, _SCOPES if known >= 6 else 0)
    size = 8 * (1 + (known >= 4) + (known >= 6))
    rule_set = kernel.system_call(_CREATE, ctypes.byref(rules), size, 0)
    if rule_set < 0:
        return 0
    done = kernel.system_call(_RESTRICT, rule_set, 0) == 0
    os.close(rule_set)
    return known if done else 0


def _all_file_rights(known: int) -> int:
    rights: int = max(count for since, count in _FILES.items() if since <= known)
    return (1 << rights) - 1
