"""The block of an order about the documents that come with it (bilagor), and which of them are missing.

What belongs here: the fields, and what an order needs (R03, R05). What must not: the documents themselves, which the
case keeps sealed (assets.steps.attaching).
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from samkorning.order.block import Block
from samkorning.order.dates import Date
from samkorning.order.sources import Name

if TYPE_CHECKING:
    from samkorning.order.models import Order

FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f]{1,200}$", strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
Finding = tuple[tuple[str | int, ...], str, str]


class AttachmentKind(StrEnum):
    """What a document is."""

    ETHICS_APPLICATION = "ethics_application"
    ETHICS_DECISION = "ethics_decision"
    ETHICS_SUPPLEMENT = "ethics_supplement"
    PATIENT_INFORMATION = "patient_information"
    CONSENT_FORM = "consent_form"
    RESEARCH_PLAN = "research_plan"
    AGREEMENT = "agreement"
    VARIABLE_LIST = "variable_list"
    OTHER = "other"


class Attachment(Block):
    """A document that comes with the order; each version of one is an attachment of its own."""

    kind: AttachmentKind = Field(description="What it is.")
    title: Name = Field(description="What it is called; of a supplement, its reference.")
    version: Name | None = Field(default=None, description="Its version, where there are several.")
    dated: Date = Field(description="The day that stands on it.")
    file: FileName | None = Field(default=None, description="Name of its file.")
    sha256: Sha256 | None = Field(default=None, description="Hash of its bytes: another file is not it.")


def missing_documents(order: "Order") -> Iterator[Finding]:
    """R03, R05: the documents that such an order needs and does not list; an order is complete without any."""
    there = [attachment.kind for attachment in order.attachments]
    for kind in _needed(order):
        if kind not in there:
            yield (
                ("attachments",),
                f"lacks the {kind.value.replace('_', ' ')}",
                "list it among the attachments (sheet Bilagor), with its date and file",
            )
    supplements = len(order.ethics.supplements) if order.ethics else 0
    listed = there.count(AttachmentKind.ETHICS_SUPPLEMENT)
    if listed < supplements:
        problem = f"lists {listed} of {supplements} ethics supplements"
        yield ("attachments",), problem, "list each supplement with its decision (sheet Bilagor)"


def _needed(order: "Order") -> Iterator[AttachmentKind]:
    if order.deceased_only:
        yield AttachmentKind.RESEARCH_PLAN
    elif order.ethics is not None:
        yield AttachmentKind.ETHICS_APPLICATION
        yield AttachmentKind.ETHICS_DECISION
        if isinstance(order.ethics.consent, tuple):
            yield AttachmentKind.PATIENT_INFORMATION
            yield AttachmentKind.CONSENT_FORM


def files_lacking(order: "Order", there: Mapping[str, str]) -> Iterator[Finding]:
    """The listed files that are not among those that come with the order, or are others.

    :param there: the hash of each file that comes with it, by its name.
    """
    hashes = {name.casefold(): sha256 for name, sha256 in there.items()}
    for index, attachment in enumerate(order.attachments):
        place = ("attachments", index, "file")
        found = hashes.get((attachment.file or "").casefold())
        if attachment.file is None:
            yield place, f"the {attachment.kind.value.replace('_', ' ')} has no file name", "name its file"
        elif found is None:
            yield place, f"the file {attachment.file} is not in the folder", "put it there, or correct its name"
        elif attachment.sha256 not in (None, found):
            yield (
                place,
                f"the file {attachment.file} is not the one that is listed: its hash is another",
                "send that one",
            )


def attachment_findings(order: "Order") -> Iterator[Finding]:
    """Two attachments never share the name of a file: it would not be known which of them a file is."""
    seen: set[str] = set()
    for index, attachment in enumerate(order.attachments):
        name = (attachment.file or "").casefold()
        if name and name in seen:
            yield ("attachments", index, "file"), "another attachment has that file name", "give each file its own name"
        seen.add(name)
