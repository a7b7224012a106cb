"""The members of a package: data files as rendered, documents written from what is known of them, manifest signed last.

What belongs here: which files a package has and how the manifest comes from them. What must not: writing anything to
disk, or sealing (package).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path

from samkorning.delivery.description import DeliveredFile, DeliveryDescription, data_name
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
    flow_table,
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
from samkorning.delivery.machine_readable.csv_tables import (
    CSV_METADATA,
    DATA_PACKAGE,
    csv_files,
    csv_metadata,
    data_package,
)
from samkorning.delivery.machine_readable.ddi import DDI_CODEBOOK, ddi_codebook
from samkorning.delivery.machine_readable.healthdcat import HEALTH_DCAT, health_dcat
from samkorning.delivery.machine_readable.ro_crate import ro_crate
from samkorning.delivery.machine_readable.ro_crate_steps import RO_CRATE
from samkorning.delivery.package.archive import Member, document, late_document
from samkorning.delivery.package.hashing import PassingHash
from samkorning.delivery.package.manifest import (
    MANIFEST,
    MINISIGN_KEY,
    MINISIGN_SIGNATURE,
    PUBLIC_KEY,
    SIGNATURE,
    SSH_KEY,
    SSH_SIGNATURE,
    Manifest,
    signature_comment,
)
from samkorning.delivery.package.manifest_making import manifest_of
from samkorning.delivery.package.r_script import R_SCRIPT, r_script
from samkorning.delivery.package.signed_json import render
from samkorning.delivery.recipient import check as recipient_check
from samkorning.delivery.rendering.facts import Form
from samkorning.delivery.report.beside import Report
from samkorning.delivery.report.forms import report_names
from samkorning.delivery.report.making import report_documents, report_pages
from samkorning.delivery.steps import signed_steps
from samkorning.encryption import signature_forms, signing
from samkorning.errors import GuardedFailure
from samkorning.machine.ahead import one_ahead
from samkorning.machine.progress import Advance, nobody

CHECK_SCRIPT = "verify.py"
_HASH = re.compile(b'"[0-9a-f]{64}"')


class PackageContents:
    """What is to be sealed: every member, the manifest and its signature included.

    The report may still be in the making: it, the manifest and what is signed wait until it is their turn, which comes
    after the data files.
    """

    def __init__(
        self, description: DeliveryDescription, signing_seed: bytes, report: Report, advance: Advance = nobody
    ) -> None:
        self.folder = description.folder
        self._description, self._seed, self._report = description, signing_seed, report
        self._without_report, self._for_checking = _without_report(description), _for_checking(signing_seed)
        late = [*report_names(description), RO_CRATE, MANIFEST, SIGNATURE, MINISIGN_SIGNATURE, SSH_SIGNATURE]
        self.members = (
            *(_data_member(file, form, advance) for file in description.files for form in file.rendered.forms),
            *(document(name, content) for name, content in {**self._without_report, **self._for_checking}.items()),
            *(late_document(name, partial(self._late, name)) for name in late),
        )

    @cached_property
    def manifest(self) -> Manifest:
        """What the package says of all its files."""
        return manifest_of(self._description, self._documents)

    @cached_property
    def _documents(self) -> dict[str, bytes]:
        """All but the manifest and its signatures."""
        documents = {**self._without_report, **self._report(), **self._for_checking}
        steps = signed_steps(self._description.case, self._description.number, self._description.steps, self._seed)
        return {**documents, RO_CRATE: ro_crate(self._description, _hashes(self._description, documents), steps)}

    @cached_property
    def _signed(self) -> dict[str, bytes]:
        signed = render(self.manifest)
        return {MANIFEST: signed, **signatures(self.manifest, signed, self._seed)}

    def _late(self, name: str) -> bytes:
        return self._documents[name] if name in self._documents else self._signed[name]


def package_contents(
    description: DeliveryDescription, signing_seed: bytes, report: Report | None = None, advance: Advance = nobody
) -> PackageContents:
    """Write the documents and sign the manifest; the data files' bytes are copied when they are sealed.

    :param report: gives the report's files where they are made elsewhere.
    :param advance: takes the bytes of data files that have been copied.
    """
    return PackageContents(description, signing_seed, report or partial(report_documents, description), advance)


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
        ROW_FLOW: flow_table(description),
        **({ATTRITION: attrition_table(description)} if description.attrition else {}),
        **({BALANCE: balance_table(description.balance)} if description.balance else {}),
        **({CODEBOOK: codebook_workbook(description)} if description.codebook else {}),
        **({CHANGES: changes_table(description.changes, description.differences)} if description.previous else {}),
        R_LABELS: r_labels(description.files),
        STATA_LABELS: stata_labels(description.files),
        SAS_LABELS: sas_labels(description.files),
        SPSS_LABELS: spss_labels(description.files),
        **r_documents(description),
        **({DIFFERENCE: difference_table(description)} if description.differences else {}),
        SWEDISH_README: readme(description, SWEDISH),
        ENGLISH_README: readme(description, ENGLISH),
        **_csv_documents(description),
        DDI_CODEBOOK: ddi_codebook(description),
        HEALTH_DCAT: health_dcat(description),
    }


def _csv_documents(description: DeliveryDescription) -> dict[str, bytes]:
    """The descriptions of the tables that leave as CSV; none where none does."""
    if not csv_files(description):
        return {}
    return {CSV_METADATA: csv_metadata(description), DATA_PACKAGE: data_package(description)}


def r_documents(description: DeliveryDescription) -> dict[str, bytes]:
    """The program that reads the CSV files into R; none where no file leaves as CSV."""
    read = [(data_name(file.name, form), file) for file in description.files for form in file.rendered.forms]
    as_csv = [(name, file) for name, file in read if name.endswith(".csv")]
    return {R_SCRIPT: r_script(as_csv)} if as_csv else {}


def texts_within_files(description: DeliveryDescription) -> dict[str, str]:
    """The words that come from somebody and stand within data files beside the rows: names, labels, codes."""
    return {f"data/{file.name}": "\n".join(_words(file)) for file in description.files}


def _words(file: DeliveredFile) -> Iterator[str]:
    yield file.name
    for variable in file.variables:
        yield from (variable.name, variable.label_sv)
        for code in variable.codes:
            yield from (code.code, code.label_sv)


def manifest_without_hashes(description: DeliveryDescription) -> bytes:
    """The manifest with every word in it that comes from somebody; hashes hold any digits by chance."""
    return _HASH.sub(b'""', render(manifest_of(description, {})))


def signatures(manifest: Manifest, signed: bytes, signing_seed: bytes) -> dict[str, bytes]:
    """The manifest's signature as it is, and in the forms of minisign and OpenSSH."""
    comment = signature_comment(manifest.case, manifest.delivery)
    return {
        SIGNATURE: signing.sign(signing_seed, signed),
        MINISIGN_SIGNATURE: signature_forms.minisign_signature(signing_seed, signed, comment),
        SSH_SIGNATURE: signature_forms.ssh_signature(signing_seed, signed),
    }


def _for_checking(signing_seed: bytes) -> dict[str, bytes]:
    """What the recipient checks the package with."""
    public = signing.public_key(signing_seed)
    return {
        CHECK_SCRIPT: Path(recipient_check.__file__).read_bytes(),
        PUBLIC_KEY: signing.public_key_pem(public),
        MINISIGN_KEY: signature_forms.minisign_public_key(public),
        SSH_KEY: signature_forms.ssh_allowed_signers(public),
    }


def _hashes(description: DeliveryDescription, documents: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    """Hash and size of each file, data files first."""
    forms = [(data_name(file.name, form), form) for file in description.files for form in file.rendered.forms]
    return {
        **{name: (form.sha256, form.bytes) for name, form in forms},
        **{name: (hashlib.sha256(content).hexdigest(), len(content)) for name, content in documents.items()},
    }


def _data_member(file: DeliveredFile, form: Form, advance: Advance) -> Member:
    return Member(data_name(file.name, form), form.bytes, lambda: _as_rendered(file, form, advance))


def _as_rendered(file: DeliveredFile, form: Form, advance: Advance) -> Iterator[bytes]:
    """The bytes of a file; they must be those that were rendered, or nothing is sealed."""
    with PassingHash() as digest:
        for chunk in one_ahead(file.chunks(form.format)):
            digest.update(chunk)
            yield chunk
            advance(len(chunk))
        found = digest.hexdigest()
    if found != form.sha256:
        raise GuardedFailure(
            f"{file.name}{form.ending}: its bytes are not those that were rendered; nothing is delivered, run again"
        )
