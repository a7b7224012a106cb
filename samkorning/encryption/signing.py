"""Ed25519 signatures over exact bytes.

What belongs here: making and checking a signature. What must not: what the bytes say (manifest, receipt) and where the
seed is kept. A seed is 32 bytes; a public signing key travels as the base64 of its 32 raw bytes.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from samkorning.errors import PackageRefused

SEED_BYTES = 32
SIGNATURE_BYTES = 64


def create_signing_seed() -> bytes:
    """32 bytes from the operating system's randomness."""
    return secrets.token_bytes(SEED_BYTES)


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature of exactly ``message``."""
    return _private_key(seed).sign(message)


def public_key(seed: bytes) -> str:
    """The public signing key that belongs to ``seed``, as base64."""
    return base64.b64encode(_private_key(seed).public_key().public_bytes_raw()).decode("ascii")


def public_key_pem(public: str) -> bytes:
    """The same public signing key as PEM, the form that openssl reads."""
    return _public_key(public).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_key_from_pem(pem: bytes) -> str:
    """The base64 form of a public signing key that came as PEM."""
    try:
        loaded = load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        loaded = None
    if not isinstance(loaded, Ed25519PublicKey):
        raise PackageRefused("the public signing key is not an Ed25519 key in PEM")
    return base64.b64encode(loaded.public_bytes_raw()).decode("ascii")


def verify(public: str, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` was made over exactly ``message`` with the seed behind ``public``."""
    try:
        _public_key(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _private_key(seed: bytes) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(seed)
    except (ValueError, TypeError):
        raise PackageRefused(f"a signing seed has {SEED_BYTES} bytes") from None


def _public_key(public: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise PackageRefused("the public signing key is not the base64 of 32 bytes") from None
