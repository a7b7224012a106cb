"""What made-up deliveries were made from.

What belongs here: one provenance. What must not: expectations.
"""

from datetime import date

from samkorning.delivery.provenance import Approvals, CodeKeyFacts, Provenance

PROVENANCE = Provenance(
    specification_sha256="1" * 64,
    program_sha256="2" * 64,
    lock_sha256="3" * 64,
    lock_of="requirements.lock",
    code_key=CodeKeyFacts(first="4" * 64, digest="5" * 64, generation=1, rows=3),
    approvals=Approvals(date(2221, 2, 1), date(2221, 3, 1), "2221-00001-01", date(2220, 5, 4)),
)
