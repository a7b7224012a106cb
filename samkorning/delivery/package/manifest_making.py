"""The manifest of a package from what is known of a delivery and from its documents.

What belongs here: laying it out. What must not: what a manifest is (manifest), or signing it (contents).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from samkorning.delivery.description import DeliveryDescription, data_name
from samkorning.delivery.package.manifest import (
    ApprovalsEntry,
    CodeKeyEntry,
    DataFileEntry,
    DocumentEntry,
    MadeFromEntry,
    Manifest,
    UnitEntry,
)


def manifest_of(description: DeliveryDescription, documents: Mapping[str, bytes]) -> Manifest:
    """The manifest of a package with these documents, which are all but itself and its signatures."""
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
        files=_data_files(description),
        documents=tuple(
            DocumentEntry(name=name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
            for name, content in documents.items()
        ),
        units=_units(description),
        persons_added=description.study_change.came,
        persons_removed=description.study_change.went,
        code_key=CodeKeyEntry(**asdict(description.provenance.code_key)),
        made_from=_made_from(description),
        approvals=_approvals(description),
    )


def _data_files(description: DeliveryDescription) -> tuple[DataFileEntry, ...]:
    return tuple(
        DataFileEntry(
            name=data_name(file.name, form),
            format=form.format,
            rows=file.rendered.rows,
            sha256=form.sha256,
            bytes=form.bytes,
        )
        for file in description.files
        for form in file.rendered.forms
    )


def _units(description: DeliveryDescription) -> tuple[UnitEntry, ...]:
    return tuple(
        UnitEntry(
            file=data_name(file.name, form),
            unit=unit.name,
            replaces=unit.replaces,
            rows=unit.rows,
            input_digest=unit.input_digest,
        )
        for file in description.files
        for form in file.rendered.forms
        for unit in file.units
    )


def _made_from(description: DeliveryDescription) -> MadeFromEntry:
    said = description.provenance
    return MadeFromEntry.model_validate(
        {name: getattr(said, name) for name in ("specification_sha256", "program_sha256", "lock_sha256", "lock_of")}
    )


def _approvals(description: DeliveryDescription) -> ApprovalsEntry:
    said = asdict(description.provenance.approvals)
    return ApprovalsEntry(
        **{name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    )
