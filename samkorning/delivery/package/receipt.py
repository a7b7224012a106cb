"""The receipt (kvitto) that lies beside a sealed delivery: what was sealed, for whom, signed.

What belongs here: the receipt's fields, and writing and reading it with its signature. It holds no data and may be
kept when the delivery is disposed of. What must not: comparing it with a sealed file (verification).
"""

import base64
from typing import Literal

from samkorning.delivery.package.manifest import Count, Sha256
from samkorning.delivery.package.signed_json import SignedModel, parse, render
from samkorning.encryption import signing
from samkorning.errors import PackageRefused


class Receipt(SignedModel):
    """``sha256`` and ``bytes`` are those of the sealed ``file``; ``recipient`` is the public age key it opens for,
    or says whom it is for where it opens with a passphrase.
    """

    format: Literal["samkorning-receipt-1"] = "samkorning-receipt-1"
    case: str
    delivery: str
    date: str
    file: str
    sha256: Sha256
    bytes: Count
    manifest_sha256: Sha256
    recipient: str


class SignedReceipt(SignedModel):
    """The receipt with the base64 of its Ed25519 signature."""

    receipt: Receipt
    signature: str


def write_receipt(receipt: Receipt, signing_seed: bytes) -> bytes:
    """The receipt's file: one form, signed."""
    signature = base64.b64encode(signing.sign(signing_seed, render(receipt))).decode()
    return render(SignedReceipt(receipt=receipt, signature=signature))


def read_receipt(content: bytes, name: str, public_key: str) -> Receipt:
    """The receipt, once its signature has been checked; PackageRefused that names the file otherwise."""
    signed = parse(SignedReceipt, content, name)
    if not signing.verify(public_key, render(signed.receipt), _signature(signed.signature, name)):
        raise PackageRefused(f"{name}: the signature does not fit the receipt and the signing key")
    return signed.receipt


def _signature(text: str, name: str) -> bytes:
    """Decoded strictly: one signature has one text, so that no byte of the file can change unseen."""
    try:
        signature = base64.b64decode(text, validate=True)
    except ValueError:
        raise PackageRefused(f"{name}: the signature is not base64") from None
    if base64.b64encode(signature).decode() != text:
        raise PackageRefused(f"{name}: the signature is not written in its one form")
    return signature
