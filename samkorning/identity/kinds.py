"""What an identity number can be, and who gives it out.

What belongs here: the closed lists of kinds and issuers. What must not: how a number is recognised (shapes, national,
reserve numbers) or what is wrong with it (problems).
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a value is, once it is recognised."""

    PERSONNUMMER = "personnummer"
    COORDINATION_NUMBER = "coordination_number"  # samordningsnummer
    SYNTHETIC_NUMBER = "synthetic_number"  # births 2100-2299, which cannot occur
    NO_CHECK_DIGIT = "no_check_digit"  # persons who died 1947-67
    NATIONAL_RESERVE_NUMBER = "national_reserve_number"  # nationellt reservnummer
    REGIONAL_RESERVE_NUMBER = "regional_reserve_number"  # regionalt reservnummer
    T_NUMBER = "t_number"  # T- and TF-nummer of social services reporting
    ORGANISATION_NUMBER = "organisation_number"


PERSON_KINDS = frozenset(Kind) - {Kind.ORGANISATION_NUMBER}


class Issuer(StrEnum):
    """Who gave the number out. An identity is (issuer, number), never the bare string."""

    NATIONAL = "national"  # the Swedish Tax Agency (Skatteverket)


NATIONAL_KINDS = frozenset({Kind.PERSONNUMMER, Kind.COORDINATION_NUMBER, Kind.SYNTHETIC_NUMBER})
