"""Disposal (gallring): what goes when and why, and the receipts that prove it.

What belongs here: pure rules over a case's events and ledger, and the signed receipts. What must not: destroying
anything (the vault and the keystore), the clock, or the order of the steps (assets.steps.retention.disposing).
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.retention.clocks import (
        DisposalClock,
        code_key_clock,
        delivery_clock,
        held_file_clock,
        refused_file_clock,
        temporary_file_clock,
        transit_clock,
        unit_clock,
    )
    from samkorning.retention.receipts import (
        CompletionReceipt,
        DisposalReceipt,
        DisposedFile,
        DisposedGeneration,
        DisposedStore,
        read_receipt,
        receipt_bytes,
    )

__all__ = [
    "CompletionReceipt",
    "DisposalClock",
    "DisposalReceipt",
    "DisposedFile",
    "DisposedGeneration",
    "DisposedStore",
    "code_key_clock",
    "delivery_clock",
    "held_file_clock",
    "read_receipt",
    "receipt_bytes",
    "refused_file_clock",
    "temporary_file_clock",
    "transit_clock",
    "unit_clock",
]

__getattr__ = on_demand(
    __name__,
    {
        "clocks": (
            "DisposalClock",
            "code_key_clock",
            "delivery_clock",
            "held_file_clock",
            "refused_file_clock",
            "temporary_file_clock",
            "transit_clock",
            "unit_clock",
        ),
        "receipts": (
            "CompletionReceipt",
            "DisposalReceipt",
            "DisposedFile",
            "DisposedGeneration",
            "DisposedStore",
            "read_receipt",
            "receipt_bytes",
        ),
    },
)
