"""The manifest of a package: which files it holds, with hash, size and rows.

What belongs here: the manifest's fields, and the names that every package has. What must not: making or checking the
signature (package, verification).
"""

from typing import Annotated, Literal

from pydantic import Field

from samkorning.delivery.package.signed_json import SignedModel, parse

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
MINISIGN_SIGNATURE = "manifest.json.minisig"
SSH_SIGNATURE = "manifest.json.sshsig"
SIGNATURES = (SIGNATURE, MINISIGN_SIGNATURE, SSH_SIGNATURE)
"""The manifest's signatures, which it cannot list; packages before samkorning-delivery-3 have the first alone."""
PUBLIC_KEY = "signing_public_key.pem"
MINISIGN_KEY = "signing_key.pub"
SSH_KEY = "allowed_signers"

LINES = ("csv", "tab")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}\z")]
Count = Annotated[int, Field(ge=0)]


class EarlierDataFileEntry(SignedModel):
    """A data file as packages before samkorning-delivery-3 list it, all of them CSV: its place, data rows (header
    apart), SHA-256 in hex, bytes.
    """

    name: str
    rows: Count
    sha256: Sha256
    bytes: Count

    @property
    def is_lines(self) -> bool:
        """Whether its rows can be counted as lines."""
        return True


class DataFileEntry(EarlierDataFileEntry):
    """The same with the form of its bytes, such as ``csv``."""

    format: str

    @property
    def is_lines(self) -> bool:
        """Whether its rows can be counted as lines."""
        return self.format in LINES


class DocumentEntry(SignedModel):
    """Any other file of the package: its place, SHA-256 in hex, bytes."""

    name: str
    sha256: Sha256
    bytes: Count


class EarlierUnitEntry(SignedModel):
    """One part of a data file, such as ``lmed 2219``; ``replaces`` names the delivery whose part gives way to it."""

    file: str
    unit: str
    replaces: str | None


class UnitEntry(EarlierUnitEntry):
    """The same with its rows and the keyed digest of what it was made from: equal for equal inputs in one case."""

    rows: Count
    input_digest: Sha256


class CodeKeyEntry(SignedModel):
    """The code key that the serial numbers come from, by keyed digests alone (samkorning.delivery.provenance).

    ``first`` is equal in all deliveries of a case; ``previous`` is the ``digest`` of the delivery before.
    """

    first: Sha256
    digest: Sha256
    generation: Count
    rows: Count
    previous: Sha256 | None


class MadeFromEntry(SignedModel):
    """Hashes of the approved specification, the program and the versions of its libraries."""

    specification_sha256: Sha256
    program_sha256: Sha256
    lock_sha256: Sha256
    lock_of: Literal["requirements.lock", "installed versions"]


class ApprovalsEntry(SignedModel):
    """When specification and disclosure decision were approved, and the ethics application; dates are ISO."""

    specification_approved: str | None
    decision_approved: str | None
    ethics_application: str | None
    ethics_decided: str | None


class AnyManifest(SignedModel):
    """What every package says of itself. ``previous`` is the delivery before it in the case; ``date`` is ISO."""

    case: str
    delivery: str
    kind: str
    synthetic: bool
    date: str
    previous: str | None
    awaited: tuple[str, ...]
    persons_in_code_key: Count
    serial_numbers_drawn: Count
    files: tuple[EarlierDataFileEntry, ...]
    documents: tuple[DocumentEntry, ...]

    @property
    def folder(self) -> str:
        """The name of the package's folder and the stem of its sealed file."""
        return f"{self.case}_{self.delivery}"

    @property
    def entries(self) -> dict[str, EarlierDataFileEntry | DocumentEntry]:
        """Every file by its place; the manifest and its signatures are not among them."""
        return {**{entry.name: entry for entry in self.files}, **{entry.name: entry for entry in self.documents}}

    @property
    def signatures(self) -> tuple[str, ...]:
        """The signatures that lie beside it."""
        return (SIGNATURE,)


class Manifest(AnyManifest):
    """What a package is and holds: beside the rest what each file holds, what it replaces, who came and went, what it
    was made from and by whose leave.

    ``persons_added`` and ``persons_removed`` count the study population since the delivery before.
    """

    format: Literal["samkorning-delivery-3"] = "samkorning-delivery-3"
    files: tuple[DataFileEntry, ...]
    units: tuple[UnitEntry, ...]
    persons_added: Count
    persons_removed: Count
    code_key: CodeKeyEntry
    made_from: MadeFromEntry
    approvals: ApprovalsEntry

    @property
    def signatures(self) -> tuple[str, ...]:
        return SIGNATURES


class SecondManifest(AnyManifest):
    """The manifest of a package from before it said what it was made from. It is read and no longer written."""

    format: Literal["samkorning-delivery-2"]
    units: tuple[EarlierUnitEntry, ...]
    persons_added: Count
    persons_removed: Count


class FirstManifest(AnyManifest):
    """The manifest of a package from before files could be told to replace others. It is read and no longer written."""

    format: Literal["samkorning-delivery-1"]


_EARLIER: dict[bytes, type[AnyManifest]] = {
    b'"format": "samkorning-delivery-1"': FirstManifest,
    b'"format": "samkorning-delivery-2"': SecondManifest,
}


def signature_comment(case: str, delivery: str) -> str:
    """What minisign's signature says of the manifest in words that are signed too."""
    return f"{MANIFEST} of {case}_{delivery}"


def read_manifest(content: bytes) -> AnyManifest:
    """Reads a manifest of any of its forms back.

    :raises PackageRefused: for anything that this service does not write, or has not written.
    """
    form = next((form for said, form in _EARLIER.items() if said in content), Manifest)
    return parse(form, content, MANIFEST)
