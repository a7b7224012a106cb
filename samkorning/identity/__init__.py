"""Identity numbers: every kind, diagnosed, at column speed.

What belongs here: what a value of an identifier column is and why it is not taken. What must not: persons with several
numbers (samkorning.persons), reading files, and any message that quotes a value.
"""

from samkorning.identity.diagnosis import diagnose
from samkorning.identity.kinds import ORGANISATION_KINDS, PERSON_KINDS, Issuer, Kind
from samkorning.identity.problems import Problem, Repair
from samkorning.identity.rules import IdentityRules

__all__ = ["ORGANISATION_KINDS", "PERSON_KINDS", "IdentityRules", "Issuer", "Kind", "Problem", "Repair", "diagnose"]
