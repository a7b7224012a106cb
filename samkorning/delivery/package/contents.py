"""The members of a package: data files as rendered, documents written from what is known of them, manifest signed last.

What belongs here: which files a package has and how the manifest comes from them. What must not: writing anything to
disk, or sealing (package).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from samkorning.delivery.description import DeliveredFile, DeliveryDescription
from samkorning.delivery.documents.codebook_workbook import CODEBOOK, codebook_workbook
from samkorning.delivery.documents.readme import ENGLISH_README, SWEDISH_README, readme
from samkorning.delivery.documents.readme_texts import ENGLISH, SWEDISH
from samkorning.delivery.documents.tables import (
    ATTRITION,
    BALANCE,
    CHANGES,
    DIFFERENCE,
    ROW_FLOW,
    VARIABLE_LIST,
    attrition_table,
    balance_table,
    changes_table,
    difference_table,
    row_flow_table,
    variable_list,
)
from samkorning.delivery.label_scripts import (
    R_LABELS,
    SAS_LABELS,
    SPSS_LABELS,
    STATA_LABELS,
    r_labels,
    sas_labels,
    spss_labels,
    stata_labels,
)
from samkorning.delivery.machine_readable.csv_tables import CSV_METADATA, DATA_PACKAGE, csv_metadata, data_package
from samkorning.delivery.machine_readable.ddi import DDI_CODEBOOK, ddi_codebook
from samkorning.delivery.machine_readable.healthdcat import HEALTH_DCAT, health_dcat
from samkorning.delivery.machine_readable.ro_crate import RO_CRATE, ro_crate
from samkorning.delivery.package.archive import Member, document
from samkorning.delivery.package.manifest import (
    MANIFEST,
    PUBLIC_KEY,
    SIGNATURE,
    DataFileEntry,
    DocumentEntry,
    Manifest,
    UnitEntry,
)
from samkorning.delivery.package.signed_json import render
from samkorning.delivery.recipient import check as recipient_check
from samkorning.delivery.report.making import report_documents, report_pages
from samkorning.delivery.steps import signed_steps
from samkorning.encryption import signing
from samkorning.errors import GuardedFailure

CHECK_SCRIPT = "verify.py"


@dataclass(frozen=True)
class PackageContents:
    """What is to be sealed: the manifest and every member, itself and its signature included."""

    manifest: Manifest
    members: tuple[Member, ...]


def package_contents(description: DeliveryDescription, signing_seed: bytes) -> PackageContents:
    """Write the documents and sign the manifest; the data files' bytes are copied when they are sealed."""
    documents = _documents(description, signing_seed)
    manifest = _manifest(description, documents)
    signed = render(manifest)
    members = [
        *(_data_member(file) for file in description.files),
        *(document(name, content) for name, content in documents.items()),
        document(MANIFEST, signed),
        document(SIGNATURE, signing.sign(signing_seed, signed)),
    ]
    return PackageContents(manifest, tuple(members))


def described_documents(description: DeliveryDescription) -> dict[str, bytes]:
    """The documents of a package with every word in them that comes from somebody."""
    return {**_without_report(description), **report_documents(description)}


def documents_to_scan(description: DeliveryDescription) -> dict[str, bytes]:
    """The same documents as texts, and the research object without hashes and signatures: these hold any digits by
    chance.
    """
    steps = signed_steps(description.case, description.number, description.steps, None)
    return {**_as_texts(description), RO_CRATE: ro_crate(description, {}, steps)}


def _as_texts(description: DeliveryDescription) -> dict[str, bytes]:
    """Of a report in print, the page that it is printed from."""
    return {**_without_report(description), **report_pages(description)}


def _without_report(description: DeliveryDescription) -> dict[str, bytes]:
    return {
        VARIABLE_LIST: variable_list(description),
        ROW_FLOW: row_flow_table(description.row_flows),
        **({ATTRITION: attrition_table(description.attrition)} if description.attrition else {}),
        **({BALANCE: balance_table(description.balance)} if description.balance else {}),
        **({CODEBOOK: codebook_workbook(description)} if description.codebook else {}),
        **({CHANGES: changes_table(description.changes, description.differences)} if description.previous else {}),
        R_LABELS: r_labels(description.files),
        STATA_LABELS: stata_labels(description.files),
        SAS_LABELS: sas_labels(description.files),
        SPSS_LABELS: spss_labels(description.files),
        **({DIFFERENCE: difference_table(description)} if description.differences else {}),
        SWEDISH_README: readme(description, SWEDISH),
        ENGLISH_README: readme(description, ENGLISH),
        CSV_METADATA: csv_metadata(description),
        DATA_PACKAGE: data_package(description),
        DDI_CODEBOOK: ddi_codebook(description),
        HEALTH_DCAT: health_dcat(description),
    }


def manifest_without_hashes(description: DeliveryDescription) -> bytes:
    """The manifest with every word in it that comes from somebody; hashes hold any digits by chance."""
    nothing = {"sha256": "0" * 64}
    files = tuple(replace(file, rendered=file.rendered.model_copy(update=nothing)) for file in description.files)
    return render(_manifest(replace(description, files=files), {}))


def data_name(file_name: str) -> str:
    """Where a data file lies in the package."""
    return f"data/{file_name}.csv"


def _documents(description: DeliveryDescription, signing_seed: bytes) -> dict[str, bytes]:
    documents = {
        **described_documents(description),
        CHECK_SCRIPT: Path(recipient_check.__file__).read_bytes(),
        PUBLIC_KEY: signing.public_key_pem(signing.public_key(signing_seed)),
    }
    hashes = {
        **{data_name(file.name): (file.rendered.sha256, file.rendered.bytes) for file in description.files},
        **{name: (hashlib.sha256(content).hexdigest(), len(content)) for name, content in documents.items()},
    }
    steps = signed_steps(description.case, description.number, description.steps, signing_seed)
    return {**documents, RO_CRATE: ro_crate(description, hashes, steps)}


def _manifest(description: DeliveryDescription, documents: Mapping[str, bytes]) -> Manifest:
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
            DataFileEntry(
                name=data_name(file.name),
                rows=file.rendered.rows,
                sha256=file.rendered.sha256,
                bytes=file.rendered.bytes,
            )
            for file in description.files
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


def _data_member(file: DeliveredFile) -> Member:
    return Member(data_name(file.name), file.rendered.bytes, lambda: _as_rendered(file))


def _as_rendered(file: DeliveredFile) -> Iterator[bytes]:
    """The bytes of a file; they must be those that were rendered, or nothing is sealed."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != file.rendered.sha256:
        raise GuardedFailure(
            f"{file.name}: its bytes are not those that were rendered; nothing is delivered, run again"
        )
