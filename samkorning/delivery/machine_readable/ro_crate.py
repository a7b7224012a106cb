"""The package as a research object: RO-Crate 1.1 (``ro-crate-metadata.json``), with the steps that led to it.

What belongs here: files with their hashes, organisations, and every step as an action with its signed statement. What
must not: signing (samkorning.delivery.steps), reading the steps back (ro_crate_steps), or which acts are told (the
caller).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.machine_readable.healthdcat import data_set_address
from samkorning.delivery.machine_readable.ro_crate_steps import RO_CRATE
from samkorning.delivery.steps import SignedStep, Step, written

PROFILE = "https://w3id.org/ro/crate/1.1"
SIGNATURE = "Ed25519 signature of the statement's text in UTF-8, base64"
_TERMS = {"sha256": "https://schema.org/sha256", "signature": "https://w3id.org/security#proofValue"}
_SERVICE, _CONDITIONS = "#register-authority", "#conditions"
_MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "pem": "application/x-pem-file",
    "ttl": "text/turtle",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}

Entity = dict[str, Any]


def ro_crate(
    description: DeliveryDescription, hashes: Mapping[str, tuple[str, int]], steps: Iterable[SignedStep]
) -> bytes:
    """The whole document.

    :param hashes: SHA-256 in hex and bytes of every file of the package but this one and the manifest, by its place.
    """
    taken = list(steps)
    entities = [
        _descriptor(),
        _package(description, hashes, taken),
        *(_file(place, *known) for place, known in hashes.items()),
        *_organisations(description),
        _conditions(description),
        *_roles(taken),
        *(entity for each in taken for entity in _action(each)),
    ]
    graph = {"@context": [f"{PROFILE}/context", _TERMS], "@graph": entities}
    return (json.dumps(graph, ensure_ascii=False, indent=1) + "\n").encode()


def _descriptor() -> Entity:
    return {
        "@id": RO_CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }


def _package(description: DeliveryDescription, places: Iterable[str], steps: Iterable[SignedStep]) -> Entity:
    principal = [{"@id": "#research-principal"}] if description.research_principal else []
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{description.title}, {description.folder}",
        "description": description.metadata.description or description.title,
        "identifier": data_set_address(description),
        "datePublished": description.date.isoformat(),
        "version": description.number,
        "keywords": list(description.metadata.keywords),
        "license": {"@id": _CONDITIONS},
        "publisher": {"@id": _SERVICE},
        "audience": principal,
        "hasPart": [{"@id": place} for place in places],
        "mentions": [{"@id": _name(each.step)} for each in steps],
    }


def _file(place: str, sha256: str, size: int) -> Entity:
    ending = place.rsplit(".", 1)[-1]
    kind = {"encodingFormat": _MEDIA_TYPES[ending]} if ending in _MEDIA_TYPES else {}
    known = {"name": place.rsplit("/", 1)[-1], "contentSize": str(size), "sha256": sha256}
    return {"@id": place, "@type": "File", **known, **kind}


def _organisations(description: DeliveryDescription) -> Iterator[Entity]:
    office = description.metadata.publisher
    yield {"@id": _SERVICE, "@type": "Organization", "name": office.name, "url": office.page}
    if description.research_principal:
        yield {"@id": "#research-principal", "@type": "Organization", "name": description.research_principal}


def _conditions(description: DeliveryDescription) -> Entity:
    said = description.metadata
    text = f"{said.access_conditions} {said.legal_basis}"
    return {"@id": _CONDITIONS, "@type": "CreativeWork", "name": "Villkor / conditions", "description": text}


def _roles(steps: Iterable[SignedStep]) -> Iterator[Entity]:
    """A role is told as an organisation's part: no official is named."""
    for role in dict.fromkeys(each.step.role for each in steps):
        yield {"@id": _role(role), "@type": "Organization", "name": role, "description": "role"}


def _action(each: SignedStep) -> Iterator[Entity]:
    step, name = each.step, _name(each.step)
    yield {
        "@id": name,
        "@type": "Action",
        "name": step.act,
        "position": step.number,
        "endTime": written(step.at),
        "agent": {"@id": _role(step.role)},
        **({"description": step.about} if step.about else {}),
        "object": {"@id": "./"},
        "subjectOf": {"@id": f"{name}-statement"},
    }
    yield {
        "@id": f"{name}-statement",
        "@type": "CreativeWork",
        "name": SIGNATURE,
        "encodingFormat": "application/json",
        "text": each.statement,
        "signature": each.signature,
    }


def _name(step: Step) -> str:
    return f"#step-{step.number}"


def _role(role: str) -> str:
    return f"#role-{role.replace(' ', '-')}"
