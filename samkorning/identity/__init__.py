"""Identity numbers: every kind, diagnosed, at column speed.

What belongs here: what a value of an identifier column is and why it is not taken. What must not: persons with several
numbers (samkorning.persons.number_history), reading files, and any message that quotes a value.
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.identity.checking import Totals, check_frame, check_lines, write_csv, write_json
    from samkorning.identity.diagnosis import diagnose
    from samkorning.identity.kinds import (
        HOLDERS_OWN_KINDS,
        NATIONAL_KINDS,
        ORGANISATION_KINDS,
        PERSON_KINDS,
        Issuer,
        Kind,
    )
    from samkorning.identity.problems import Problem, Repair
    from samkorning.identity.remedies import REMEDIES, Remedy
    from samkorning.identity.rules import IdentityRules
    from samkorning.identity.single import Diagnosis, diagnose_value

__all__ = [
    "HOLDERS_OWN_KINDS",
    "NATIONAL_KINDS",
    "ORGANISATION_KINDS",
    "PERSON_KINDS",
    "REMEDIES",
    "Diagnosis",
    "IdentityRules",
    "Issuer",
    "Kind",
    "Problem",
    "Remedy",
    "Repair",
    "Totals",
    "check_frame",
    "check_lines",
    "diagnose",
    "diagnose_value",
    "write_csv",
    "write_json",
]

__getattr__ = on_demand(
    __name__,
    {
        "checking": (
            "Totals",
            "check_frame",
            "check_lines",
            "write_csv",
            "write_json",
        ),
        "diagnosis": ("diagnose",),
        "kinds": (
            "HOLDERS_OWN_KINDS",
            "NATIONAL_KINDS",
            "ORGANISATION_KINDS",
            "PERSON_KINDS",
            "Issuer",
            "Kind",
        ),
        "problems": (
            "Problem",
            "Repair",
        ),
        "remedies": (
            "REMEDIES",
            "Remedy",
        ),
        "rules": ("IdentityRules",),
        "single": (
            "Diagnosis",
            "diagnose_value",
        ),
    },
)
