"""Deliveries (utlämningar): rendering, documenting, sealing, opening, verifying and comparing them.

What belongs here: pure functions over frames, values and paths. What must not: which sources and rows a delivery has
(that is decided before), the ledger, the clock, and where encryption keys are kept.
"""

from samkorning.delivery.description import (
    DeliveredFile,
    DeliveredUnit,
    DeliveredVariable,
    DeliveryDescription,
    DeliveryKind,
    Origin,
    Recipient,
    SerialNumberFacts,
    StudyChange,
    VariableRole,
)
from samkorning.delivery.package.contents import described_documents, documents_to_scan, manifest_without_hashes
from samkorning.delivery.package.difference import Comparison, compare_packages
from samkorning.delivery.package.opening import OpenedPackage, open_package
from samkorning.delivery.package.sealing import SealedPackage, discard_package, seal_package
from samkorning.delivery.package.verification import Verification, verify_package
from samkorning.durable import sweep_partials

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
    "verify_package",
]
