"""What an identifier column of an order can stand for, and what becomes of numbers that nobody knows.

What belongs here: the closed lists, with their kinds of number and series. What must not: fields of an order (models).
"""

from enum import StrEnum

from samkorning.identity.kinds import ORGANISATION_KINDS, PERSON_KINDS, Kind


class Unknown(StrEnum):
    """What becomes of a number that is not in the code key."""

    DROP = "drop"
    BLANK = "blank"
    ADD = "add"


PERSON_SERIES = "person"


class Identifies(StrEnum):
    """What an identifier column stands for. Relatives are persons; each other kind has serial numbers of its own."""

    PERSON = "person"
    RELATIVE = "relative"
    ORGANISATION = "organisation"
    WORKPLACE = "workplace"
    HOUSEHOLD = "household"

    @property
    def series(self) -> str:
        """The series of serial numbers it draws from."""
        return PERSON_SERIES if self is Identifies.RELATIVE else self.value

    @property
    def kinds(self) -> frozenset[Kind]:
        """What kinds of number may stand in its column."""
        return KINDS.get(self, PERSON_KINDS)


KINDS = {
    Identifies.ORGANISATION: ORGANISATION_KINDS,
    Identifies.WORKPLACE: frozenset({Kind.WORKPLACE_NUMBER}),
    Identifies.HOUSEHOLD: frozenset({Kind.HOUSEHOLD_NUMBER}),
}
UNKNOWN_BY_DEFAULT = {Identifies.PERSON: Unknown.DROP, Identifies.RELATIVE: Unknown.BLANK}
