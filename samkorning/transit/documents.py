"""What is signed in a hand-over: the last line of every transit file, and the receipt for it.

What belongs here: the fields of both, signing and reading them. What must not: rows (sealed_lines), or whether a file
may be taken (taking). Both hold names, counts, dates and hashes alone.
"""

import base64
import json
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from samkorning.case.hand_overs import FILE_NUMBER
from samkorning.delivery.package.manifest import Count, Sha256
from samkorning.delivery.package.signed_json import SignedModel, parse, render
from samkorning.encryption import signing
from samkorning.errors import PackageRefused
from samkorning.transit.identifiers import NAME
from samkorning.transit.peers import Address

RECEIPT_FORMAT = "samkorning-transit-receipt-1"
Name = Annotated[str, Field(pattern=NAME)]
Number = Annotated[str, Field(pattern=FILE_NUMBER)]
SourceName = Annotated[str, Field(pattern="^([a-z][a-z0-9_]{1,30})?$")]
Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class TransitManifest(SignedModel):
    """What a transit file says of itself. ``persons`` counts transit identifiers, ``sha256`` is of the lines of rows.

    ``from_case`` and ``to_case`` are the case numbers of who made it and of who may take it; ``until`` is the last day
    on which it can be taken.
    """

    format: Literal["samkorning-transit-1"] = "samkorning-transit-1"
    hand_over: Name
    number: Number
    kind: Literal["persons", "group", "rows"]
    source: SourceName
    period: int | None
    from_case: str
    to_case: str
    synthetic: bool
    made: Day
    until: Day
    columns: tuple[str, ...]
    rows: Count
    persons: Count
    sha256: Sha256

    @property
    def last_day(self) -> date:
        """The last day on which it can be taken."""
        return date.fromisoformat(self.until)


class TransitReceipt(SignedModel):
    """What was taken of which file: ``sha256`` is of the sealed file; rows and persons as counted by who took it."""

    format: Literal["samkorning-transit-receipt-1"] = "samkorning-transit-receipt-1"
    hand_over: Name
    number: Number
    kind: Literal["persons", "group", "rows"]
    from_case: str
    to_case: str
    taken: Day
    rows: Count
    persons: Count
    sha256: Sha256


class SignedManifest(SignedModel):
    """A manifest with the base64 of its signature."""

    manifest: TransitManifest
    signature: str


class SignedReceipt(SignedModel):
    """A receipt with the base64 of its signature."""

    receipt: TransitReceipt
    signature: str


def last_line(manifest: TransitManifest, signing_seed: bytes) -> bytes:
    """The signed manifest on one line: the end of a transit file."""
    return _line(SignedManifest(manifest=manifest, signature=_signature(manifest, signing_seed)))


def read_last_line(line: bytes, name: str) -> SignedManifest:
    """The last line of a transit file, its signature not looked at yet; PackageRefused if it is none."""
    try:
        signed = SignedManifest.model_validate_json(line)
    except ValidationError:
        signed = None
    if signed is None or _line(signed) != line:
        raise PackageRefused(f"{name}: does not end as a transit file of this version")
    return signed


def receipt_bytes(receipt: TransitReceipt, signing_seed: bytes) -> bytes:
    """The receipt's file: one form, signed."""
    return render(SignedReceipt(receipt=receipt, signature=_signature(receipt, signing_seed)))


def read_receipt(content: bytes, name: str) -> SignedReceipt:
    """A receipt, its signature not looked at yet; PackageRefused for anything else."""
    return parse(SignedReceipt, content, name)


def is_of(signed: SignedManifest | SignedReceipt, address: Address) -> bool:
    """Whether it was signed with the key of an address."""
    document = signed.manifest if isinstance(signed, SignedManifest) else signed.receipt
    try:
        signature = base64.b64decode(signed.signature, validate=True)
    except ValueError:
        return False
    return signing.verify(address.signing_key, render(document), signature)


def _signature(document: TransitManifest | TransitReceipt, signing_seed: bytes) -> str:
    return base64.b64encode(signing.sign(signing_seed, render(document))).decode()


def _line(signed: SignedManifest) -> bytes:
    return (json.dumps(signed.model_dump(mode="json"), sort_keys=True, ensure_ascii=False) + "\n").encode()
