"""Pytest in a process that has no network but its own loopback, where the kernel gives it one.

What belongs here: leaving the network before anything is imported that could start a thread. A library whose lock-down
is switched off must not reach out, and a test must not depend on whether it could.
"""

import ctypes
import fcntl
import socket
import struct
import sys

import pytest

_NEW_NETWORK = 0x40000000
_SET_FLAGS, _UP = 0x8914, 0x1


def leave_network() -> bool:
    """Whether this process now has a network of its own; an account without that right keeps the machine's."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    if unshare is None or unshare(_NEW_NETWORK) != 0:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH22x", b"lo", _UP))
    return True


if __name__ == "__main__":
    leave_network()
    sys.exit(pytest.main(sys.argv[1:]))
