"""The same Ed25519 key's signatures in the forms that other tools verify: minisign's and OpenSSH's.

What belongs here: the two forms, made and checked, and the public key in them. What must not: what is signed. Both
forms are written in one way alone, so that equal bytes give equal signatures and no byte can change unseen. Sources:
the formats as minisign's page and OpenSSH's PROTOCOL.sshsig describe them.
"""

import base64
import hashlib
import struct
from collections.abc import Sequence

from samkorning.encryption import signing
from samkorning.errors import PackageRefused

SSH_NAMESPACE = "samkorning-delivery"
SSH_SIGNER = "samkorning"
"""The name that ``allowed_signers`` gives the service's key."""

_SSH_KEY, _SSH_HASH, _SSH_MAGIC = b"ssh-ed25519", b"sha512", b"SSHSIG"
_SSH_BEGIN, _SSH_END, _SSH_WIDTH = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----", 70
_KEY_ALGORITHM, _PREHASHED = b"Ed", b"ED"
_KEY_NUMBER_BYTES = 8
_UNTRUSTED = "untrusted comment: signature by samkorning"
_TRUSTED = "trusted comment: "


def minisign_public_key(public: str) -> bytes:
    """The public key as ``minisign -p`` reads it."""
    number = _key_number(public)
    text = _base64(_KEY_ALGORITHM + number + _raw(public))
    return f"untrusted comment: minisign public key {number[::-1].hex().upper()}\n{text}\n".encode()


def minisign_signature(seed: bytes, message: bytes, comment: str) -> bytes:
    """What ``minisign -V`` verifies: over the message's BLAKE2b, with a comment of one line that is signed too."""
    signature = signing.sign(seed, _blake2b(message))
    return _minisign_text(
        signing.public_key(seed), signature, comment, signing.sign(seed, signature + comment.encode())
    )


def minisign_fits(public: str, message: bytes, comment: str, text: bytes) -> bool:
    """Whether it is a minisign signature of exactly this message and comment, in its one form."""
    lines = text.split(b"\n")
    if len(lines) != 5:
        return False
    algorithm_and_signature, over_all = _decoded([lines[1], lines[3]])
    signature = algorithm_and_signature[len(_PREHASHED) + _KEY_NUMBER_BYTES :]
    return (
        text == _minisign_text(public, signature, comment, over_all)
        and signing.verify(public, _blake2b(message), signature)
        and signing.verify(public, signature + comment.encode(), over_all)
    )


def ssh_allowed_signers(public: str) -> bytes:
    """The public key as ``ssh-keygen -Y verify -f`` reads it, allowed for deliveries alone."""
    return f'{SSH_SIGNER} namespaces="{SSH_NAMESPACE}" {_SSH_KEY.decode()} {_base64(_ssh_key(public))}\n'.encode()


def ssh_signature(seed: bytes, message: bytes) -> bytes:
    """What ``ssh-keygen -Y verify`` verifies, over the message's SHA-512."""
    return _ssh_text(signing.public_key(seed), signing.sign(seed, _ssh_signed(message)))


def ssh_fits(public: str, message: bytes, text: bytes) -> bool:
    """Whether it is an OpenSSH signature of exactly this message, in its one form."""
    (blob,) = _decoded([b"".join(text.split(b"\n")[1:-2])])
    signature = blob[-signing.SIGNATURE_BYTES :]
    return text == _ssh_text(public, signature) and signing.verify(public, _ssh_signed(message), signature)


def _minisign_text(public: str, signature: bytes, comment: str, over_all: bytes) -> bytes:
    if "\n" in comment or "\r" in comment:
        raise PackageRefused("a signature's comment is one line")
    first = _base64(_PREHASHED + _key_number(public) + signature)
    return f"{_UNTRUSTED}\n{first}\n{_TRUSTED}{comment}\n{_base64(over_all)}\n".encode()


def _key_number(public: str) -> bytes:
    """What tells the key from others in minisign's files: any eight bytes; here they follow from the key."""
    return hashlib.sha256(_raw(public)).digest()[:_KEY_NUMBER_BYTES]


def _blake2b(message: bytes) -> bytes:
    return hashlib.blake2b(message).digest()


def _ssh_key(public: str) -> bytes:
    return _ssh_strings([_SSH_KEY, _raw(public)])


def _ssh_signed(message: bytes) -> bytes:
    said = [SSH_NAMESPACE.encode(), b"", _SSH_HASH, hashlib.sha512(message).digest()]
    return _SSH_MAGIC + _ssh_strings(said)


def _ssh_text(public: str, signature: bytes) -> bytes:
    said = [_ssh_key(public), SSH_NAMESPACE.encode(), b"", _SSH_HASH, _ssh_strings([_SSH_KEY, signature])]
    text = _base64(_SSH_MAGIC + struct.pack(">I", 1) + _ssh_strings(said))
    lines = [text[start : start + _SSH_WIDTH] for start in range(0, len(text), _SSH_WIDTH)]
    return "\n".join([_SSH_BEGIN, *lines, _SSH_END, ""]).encode()


def _ssh_strings(values: Sequence[bytes]) -> bytes:
    return b"".join(struct.pack(">I", len(value)) + value for value in values)


def _raw(public: str) -> bytes:
    return base64.b64decode(public)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _decoded(texts: Sequence[bytes]) -> list[bytes]:
    """Each text's bytes; none of what is no base64, which fits no signature."""
    try:
        return [base64.b64decode(text, validate=True) for text in texts]
    except ValueError:
        return [b""] * len(texts)
