"""The manifest of a package: which files it holds, with hash, size and rows.

What belongs here: the manifest's fields, and the names that every package has. What must not: making or checking the
signature (package, verification).
"""

from typing import Annotated, Literal

from pydantic import Field

from samkorning.delivery.package.signed_json import SignedModel, parse

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
PUBLIC_KEY = "signing_public_key.pem"

LINES = (None, "csv", "tab")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}\z")]
Count = Annotated[int, Field(ge=0)]


class DataFileEntry(SignedModel):
    """A data file in one format: its place in the package, data rows (header apart), SHA-256 in hex, bytes.

    Entries of packages from before there were several formats say none: their files are CSV.
    """

    name: str
    format: str | None = Field(default=None, exclude_if=lambda said: said is None)
    rows: Count
    sha256: Sha256
    bytes: Count

    @property
    def is_lines(self) -> bool:
        """Whether its rows can be counted as lines."""
        return self.format in LINES


class DocumentEntry(SignedModel):
    """Any other file of the package: its place, SHA-256 in hex, bytes."""

    name: str
    sha256: Sha256
    bytes: Count


class UnitEntry(SignedModel):
    """One part of a data file, such as ``lmed 2219``; ``replaces`` names the delivery whose part gives way to it."""

    file: str
    unit: str
    replaces: str | None


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
    files: tuple[DataFileEntry, ...]
    documents: tuple[DocumentEntry, ...]

    @property
    def folder(self) -> str:
        """The name of the package's folder and the stem of its sealed file."""
        return f"{self.case}_{self.delivery}"

    @property
    def entries(self) -> dict[str, DataFileEntry | DocumentEntry]:
        """Every file by its place; the manifest and its signature are not among them."""
        return {**{entry.name: entry for entry in self.files}, **{entry.name: entry for entry in self.documents}}


class Manifest(AnyManifest):
    """What a package is and holds: beside the rest what each file holds, what it replaces, and who came and went.

    ``persons_added`` and ``persons_removed`` count the study population since the delivery before.
    """

    format: Literal["samkorning-delivery-2"] = "samkorning-delivery-2"
    units: tuple[UnitEntry, ...]
    persons_added: Count
    persons_removed: Count


class EarlierManifest(AnyManifest):
    """The manifest of a package from before files could be told to replace others. It is read and no longer written."""

    format: Literal["samkorning-delivery-1"]


def read_manifest(content: bytes) -> AnyManifest:
    """Reads a manifest of either form back.

    :raises PackageRefused: for anything that this service does not write, or has not written.
    """
    earlier = b'"format": "samkorning-delivery-1"' in content
    return parse(EarlierManifest, content, MANIFEST) if earlier else parse(Manifest, content, MANIFEST)
