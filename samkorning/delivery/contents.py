"""The members of a package: data files measured once, documents written from the measures, manifest signed last.

What belongs here: which files a package has and how the manifest comes from them. What must not: writing anything to
disk, or sealing (package).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from samkorning.delivery import recipient_check
from samkorning.delivery.archive import Member, document
from samkorning.delivery.description import DeliveredFile, DeliveryDescription
from samkorning.delivery.documentation import ROW_FLOW, VARIABLE_LIST, row_flow_table, variable_list
from samkorning.delivery.manifest import (
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    DataFileEntry,
    DocumentEntry,
    Manifest,
    UnitEntry,
)
from samkorning.delivery.readme import ENGLISH_README, SWEDISH_README, readme
from samkorning.delivery.readme_texts import ENGLISH, SWEDISH
from samkorning.delivery.rendering import RenderedFacts, csv_chunks, measure
from samkorning.delivery.signed_json import render
from samkorning.encryption import signing
from samkorning.errors import GuardedFailure

CHECK_SCRIPT = "verify.py"


@dataclass(frozen=True)
class PackageContents:
    """What is to be sealed: the manifest and every member, itself and its signature included."""

    manifest: Manifest
    members: tuple[Member, ...]


def package_contents(description: DeliveryDescription, signing_seed: bytes) -> PackageContents:
    """Read each frame once, write the documents, sign the manifest; the frames are read again when sealed."""
    rendered = {file.name: measure(file.frame) for file in description.files}
    documents = _documents(description, rendered, signing_seed)
    manifest = _manifest(description, rendered, documents)
    signed = render(manifest)
    members = [
        *(_data_member(file, rendered[file.name]) for file in description.files),
        *(document(name, content) for name, content in documents.items()),
        document(MANIFEST, signed),
        document(SIGNATURE, signing.sign(signing_seed, signed)),
    ]
    return PackageContents(manifest, tuple(members))


def unmeasured_documents(description: DeliveryDescription) -> dict[str, bytes]:
    """The documents of a package before its rows are counted, with every word in them that comes from somebody."""
    nothing = {file.name: RenderedFacts(0, 0, "0" * 64, ()) for file in description.files}
    return {
        VARIABLE_LIST: variable_list(description),
        ROW_FLOW: row_flow_table(description.row_flows),
        SWEDISH_README: readme(description, nothing, SWEDISH),
        ENGLISH_README: readme(description, nothing, ENGLISH),
        MANIFEST: render(_manifest(description, nothing, {})),
    }


def data_name(file_name: str) -> str:
    """Where a data file lies in the package."""
    return f"data/{file_name}.csv"


def _documents(
    description: DeliveryDescription, rendered: Mapping[str, RenderedFacts], signing_seed: bytes
) -> dict[str, bytes]:
    return {
        VARIABLE_LIST: variable_list(description),
        ROW_FLOW: row_flow_table(description.row_flows),
        SWEDISH_README: readme(description, rendered, SWEDISH),
        ENGLISH_README: readme(description, rendered, ENGLISH),
        CHECK_SCRIPT: Path(recipient_check.__file__).read_bytes(),
        PUBLIC_KEY: signing.public_key_pem(signing.public_key(signing_seed)),
    }


def _manifest(
    description: DeliveryDescription, rendered: Mapping[str, RenderedFacts], documents: Mapping[str, bytes]
) -> Manifest:
    return Manifest(
        case=description.case,
        delivery=description.number,
        kind=description.kind.value,
        synthetic=description.synthetic,
        date=description.date.isoformat(),
        previous=description.previous,
        awaited=tuple(description.awaited),
        persons_in_code_key=description.serial_numbers.persons_in_code_key,
        serial_numbers_drawn=description.serial_numbers.drawn_now,
        files=tuple(
            DataFileEntry(name=data_name(name), rows=facts.rows, sha256=facts.sha256, bytes=facts.bytes)
            for name, facts in rendered.items()
        ),
        documents=tuple(
            DocumentEntry(name=name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
            for name, content in documents.items()
        ),
        units=tuple(
            UnitEntry(file=data_name(file.name), unit=unit.name, replaces=unit.replaces)
            for file in description.files
            for unit in file.units
        ),
        persons_added=description.study_change.came,
        persons_removed=description.study_change.went,
    )


def _data_member(file: DeliveredFile, facts: RenderedFacts) -> Member:
    return Member(data_name(file.name), facts.bytes, lambda: _as_measured(file, facts))


def _as_measured(file: DeliveredFile, facts: RenderedFacts) -> Iterator[bytes]:
    """The second reading of a frame; it must give the bytes of the first, or nothing is sealed."""
    digest = hashlib.sha256()
    for chunk in csv_chunks(file.frame):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != facts.sha256:
        raise GuardedFailure(f"{file.name}: two readings gave different rows; sort it by all its columns and run again")
