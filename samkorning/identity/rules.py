"""What the specification says of one identifier column.

What belongs here: the choices a case makes before a column is diagnosed. What must not: the diagnosis itself.
"""

from dataclasses import dataclass
from datetime import date

from samkorning.identity.kinds import PERSON_KINDS, Issuer, Kind
from samkorning.identity.problems import Repair


@dataclass(frozen=True)
class IdentityRules:
    """How the values of one column are read.

    ``reference_date`` settles the century of ten digits and what lies in the future. ``issuer`` is who gave the numbers
    out where a string fits several. ``strict_century`` refuses every guessed century. ``allow_synthetic`` takes persons
    born 2100-2299 (synthetic cases only). ``ages`` are the lowest and highest age in completed years on the reference
    date that the population can have; they settle centuries and nothing else. ``repairs`` are the repairs that the
    specification allows. ``kinds`` are what the column may hold: persons, or organisations.
    """

    reference_date: date
    issuer: Issuer | None = None
    strict_century: bool = False
    allow_synthetic: bool = False
    ages: tuple[int, int] | None = None
    repairs: frozenset[Repair] = frozenset()
    kinds: frozenset[Kind] = PERSON_KINDS

    @property
    def reference_day(self) -> int:
        """The reference date as the whole number YYYYMMDD."""
        return int(self.reference_date.strftime("%Y%m%d"))
