"""What the specification says of one identifier column.

What belongs here: the choices a case makes before a column is diagnosed. What must not: the diagnosis itself.
"""

from dataclasses import dataclass, replace
from datetime import date

from samkorning.identity.kinds import FIRST_SYNTHETIC_YEAR, HOLDERS_OWN_KINDS, PERSON_KINDS, Issuer, Kind
from samkorning.identity.problems import Repair

LAST_YEAR_WITHOUT_CHECK_DIGIT = 1967
SYNTHETIC_SHIFT = 200  # the synthetic world lies two hundred years ahead


@dataclass(frozen=True)
class IdentityRules:
    """How the values of one column are read.

    ``reference_date`` settles the century of ten digits and what lies in the future. ``issuer`` is who gave the numbers
    out where a string fits several. ``strict_century`` refuses every guessed century. ``allow_synthetic`` takes persons
    born 2100-2299 (synthetic cases only). ``ages`` are the lowest and highest age in completed years on the reference
    date that the population can have; they settle centuries and nothing else. ``repairs`` are the repairs that the
    specification allows. ``kinds`` are what the column may hold: PERSON_KINDS, ORGANISATION_KINDS or one holder's own
    kind. ``ValueError`` where they contradict each other.
    """

    reference_date: date
    issuer: Issuer | None = None
    strict_century: bool = False
    allow_synthetic: bool = False
    ages: tuple[int, int] | None = None
    repairs: frozenset[Repair] = frozenset()
    kinds: frozenset[Kind] = PERSON_KINDS

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.ages is not None and not 0 <= self.ages[0] <= self.ages[1]:
            raise ValueError("ages: the lowest age comes first, and none is negative")
        if len(self.kinds & HOLDERS_OWN_KINDS) > 1 or not self.kinds:
            raise ValueError("kinds: a column holds at least one kind, and one kind of holder's own numbers at most")

    def for_scanning(self) -> "IdentityRules":
        """The rules by which numbers are looked for where none may be: none passes because its century is unsettled."""
        return replace(self, strict_century=False, ages=None)

    @property
    def reference_day(self) -> int:
        """The reference date as the whole number YYYYMMDD."""
        return self.reference_date.year * 10_000 + self.reference_date.month * 100 + self.reference_date.day

    @property
    def in_synthetic_time(self) -> bool:
        """Whether the reference date itself lies in the synthetic world, so that synthetic births can be future."""
        return self.reference_date.year >= FIRST_SYNTHETIC_YEAR

    @property
    def last_year_without_check_digit(self) -> int:
        """The last birth year of persons who can lack a check digit, for values without a century."""
        return LAST_YEAR_WITHOUT_CHECK_DIGIT + (
            SYNTHETIC_SHIFT if self.in_synthetic_time and self.allow_synthetic else 0
        )

    @property
    def holders_own_kind(self) -> Kind | None:
        """The holder's own kind that the column holds, if it does."""
        return next(iter(self.kinds & HOLDERS_OWN_KINDS), None)
