"""Numbers that nobody can foretell without an encryption key, and that stay the same with it.

What belongs here: one AES block for each block of a long buffer. What must not: what is ordered by them.

AES-256 block by block (ECB) hides nothing of a text in which blocks repeat. Here nothing is hidden: every block is
asked for once, its 16 bytes name what is ordered, and what comes back is used as a number (a pseudorandom permutation).
"""

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK_BYTES = 16


def keyed_blocks(encryption_key: bytes, blocks: bytes | memoryview) -> bytes:
    """As many blocks of 16 bytes as were given, each a function of its own and of the encryption key (32 bytes)."""
    encryptor = Cipher(AES(encryption_key), ECB()).encryptor()  # noqa: S305
    found = encryptor.update(blocks)
    encryptor.finalize()  # raises where the last block is not whole
    return found
