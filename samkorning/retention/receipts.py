"""Receipts of disposal (gallringskvitton), signed with Ed25519: they name what is gone and hold none of it.

What belongs here: the fields of both receipts, writing and reading them. What must not: what is due (clocks).
"""

import base64
from typing import Literal

from samkorning.delivery.package.manifest import Count, Sha256
from samkorning.delivery.package.signed_json import SignedModel, canonical_json
from samkorning.encryption import signing
from samkorning.errors import PackageRefused


class DisposedGeneration(SignedModel):
    """One committed generation of a store: its number, rows and the SHA-256 of its encrypted file."""

    number: Count
    rows: Count
    sha256: Sha256


class DisposedStore(SignedModel):
    """A store whose root is destroyed."""

    retention_class: str
    store: str
    why: str
    generations: tuple[DisposedGeneration, ...]


class DisposedFile(SignedModel):
    """A file that was deleted: its place below the working home."""

    path: str
    why: str
    sha256: Sha256
    bytes: Count


class DisposalReceipt(SignedModel):
    """First phase: encryption keys destroyed, files deleted, opening tried and failed.

    ``opening_tried`` is how many wrapped roots were kept for a moment and tried again after the destruction.
    ``keystore_backups_until`` is the last day on which a backup of the keystore can still hold the encryption keys.
    """

    format: Literal["samkorning-disposal-1"] = "samkorning-disposal-1"
    case: str
    disposal: str
    date: str
    ordered_by: str
    confirmed_by: str
    classes_destroyed: tuple[str, ...]
    stores: tuple[DisposedStore, ...]
    files: tuple[DisposedFile, ...]
    opening_tried: Count
    opening_failed: Literal[True] = True
    keystore_backups_until: str


class CompletionReceipt(SignedModel):
    """Second phase: the last backup of the keystore has expired and no encryption key has come back."""

    format: Literal["samkorning-disposal-completed-1"] = "samkorning-disposal-completed-1"
    case: str
    disposal: str
    date: str
    first_receipt_sha256: Sha256
    keystore_backups_expired: str


AnyReceipt = DisposalReceipt | CompletionReceipt


class SignedDisposalReceipt(SignedModel):
    """A receipt with the base64 of its signature."""

    receipt: DisposalReceipt | CompletionReceipt
    signature: str


def receipt_bytes(receipt: AnyReceipt, signing_seed: bytes) -> bytes:
    """The receipt's file: one form, signed."""
    signature = base64.b64encode(signing.sign(signing_seed, _signed(receipt))).decode()
    return canonical_json({"receipt": receipt.model_dump(mode="json"), "signature": signature})


def read_receipt(content: bytes, name: str, public_key: str) -> AnyReceipt:
    """The receipt, once its form and signature are checked; PackageRefused that names the file otherwise."""
    try:
        found = SignedDisposalReceipt.model_validate_json(content)
        signature = base64.b64decode(found.signature, validate=True)
    except ValueError:
        raise PackageRefused(f"{name}: is no receipt of disposal of this version") from None
    whole = canonical_json({"receipt": found.receipt.model_dump(mode="json"), "signature": found.signature})
    if whole != content or not signing.verify(public_key, _signed(found.receipt), signature):
        raise PackageRefused(f"{name}: the signature does not fit the receipt and the signing key")
    return found.receipt


def _signed(receipt: AnyReceipt) -> bytes:
    return canonical_json(receipt.model_dump(mode="json"))
