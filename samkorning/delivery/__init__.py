"""Deliveries (utlämningar): rendering, documenting, sealing, opening, verifying and comparing them.

What belongs here: pure functions over frames, values and paths. What must not: which sources and rows a delivery has
(that is decided before), the ledger, the clock, and where encryption keys are kept.
"""

from typing import TYPE_CHECKING

from samkorning.durable import sweep_partials
from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.delivery.description import (
        DeliveredFile,
        DeliveredUnit,
        DeliveredVariable,
        DeliveryDescription,
        Origin,
        Recipient,
        SerialNumberFacts,
        StudyChange,
        VariableRole,
    )
    from samkorning.delivery.kind import DeliveryKind
    from samkorning.delivery.package.contents import (
        described_documents,
        documents_to_scan,
        manifest_without_hashes,
        texts_within_files,
    )
    from samkorning.delivery.package.difference import Comparison, compare_packages
    from samkorning.delivery.package.opening import OpenedPackage, open_package
    from samkorning.delivery.package.sealing import SealedPackage, discard_package, seal_package
    from samkorning.delivery.package.series import verify_packages
    from samkorning.delivery.package.verification import Verification, verify_package

__all__ = [
    "Comparison",
    "DeliveredFile",
    "DeliveredUnit",
    "DeliveredVariable",
    "DeliveryDescription",
    "DeliveryKind",
    "OpenedPackage",
    "Origin",
    "Recipient",
    "SealedPackage",
    "SerialNumberFacts",
    "StudyChange",
    "VariableRole",
    "Verification",
    "compare_packages",
    "described_documents",
    "discard_package",
    "documents_to_scan",
    "manifest_without_hashes",
    "open_package",
    "seal_package",
    "sweep_partials",
    "texts_within_files",
    "verify_package",
    "verify_packages",
]

__getattr__ = on_demand(
    __name__,
    {
        "description": (
            "DeliveredFile",
            "DeliveredUnit",
            "DeliveredVariable",
            "DeliveryDescription",
            "Origin",
            "Recipient",
            "SerialNumberFacts",
            "StudyChange",
            "VariableRole",
        ),
        "kind": ("DeliveryKind",),
        "package.contents": (
            "described_documents",
            "documents_to_scan",
            "manifest_without_hashes",
            "texts_within_files",
        ),
        "package.difference": (
            "Comparison",
            "compare_packages",
        ),
        "package.opening": (
            "OpenedPackage",
            "open_package",
        ),
        "package.sealing": (
            "SealedPackage",
            "discard_package",
            "seal_package",
        ),
        "package.series": ("verify_packages",),
        "package.verification": (
            "Verification",
            "verify_package",
        ),
    },
)
