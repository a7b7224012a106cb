"""What an identity number can be, and who gave it out.

What belongs here: the closed lists of kinds and issuers, and which kinds a column may hold. What must not: how a number
is recognised (shapes, national, reserve) or what is wrong with it (problems).
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a value is, once it is recognised; the common ones stand first."""

    PERSONNUMMER = "personnummer"
    SYNTHETIC_NUMBER = "synthetic_number"  # births 2100-2299, which cannot occur
    COORDINATION_NUMBER = "coordination_number"  # samordningsnummer
    NO_CHECK_DIGIT = "no_check_digit"  # persons who died 1947-67
    NATIONAL_RESERVE_NUMBER = "national_reserve_number"  # nationellt reservnummer
    REGIONAL_RESERVE_NUMBER = "regional_reserve_number"  # regionalt (lokalt) reservnummer
    T_NUMBER = "t_number"  # T- and TF-nummer of social services reporting
    ORGANISATION_NUMBER = "organisation_number"  # organisationsnummer
    WORKPLACE_NUMBER = "workplace_number"  # arbetsplatskod, arbetsställenummer
    HOUSEHOLD_NUMBER = "household_number"  # hushållsidentitet


class Issuer(StrEnum):
    """Who gave the number out. An identity is (issuer, number), never the bare string."""

    NATIONAL = "national"  # the Swedish Tax Agency: personnummer and coordination numbers
    NATIONAL_RESERVE = "national_reserve"  # Inera's national reserve numbers
    STOCKHOLM = "stockholm"
    VASTRA_GOTALAND = "vastra_gotaland"
    VASTRA_GOTALAND_OLD = "vastra_gotaland_old"  # numbers from before today's format
    VARMLAND = "varmland"
    CARELINK = "carelink"
    OREBRO = "orebro"
    SKANE = "skane"
    BLEKINGE = "blekinge"
    SORMLAND = "sormland"
    VASTERNORRLAND = "vasternorrland"
    VASTERBOTTEN = "vasterbotten"
    DALARNA = "dalarna"
    HALLAND = "halland"
    GAVLEBORG = "gavleborg"
    SOCIAL_SERVICES = "social_services"  # T and TF numbers, given by the reporting municipality
    ORGANISATION_REGISTER = "organisation_register"
    HOLDER = "holder"  # the register holder's own numbers of workplaces and households


NATIONAL_KINDS = frozenset({Kind.PERSONNUMMER, Kind.COORDINATION_NUMBER, Kind.SYNTHETIC_NUMBER})  # twelve digits
HOLDERS_OWN_KINDS = frozenset({Kind.WORKPLACE_NUMBER, Kind.HOUSEHOLD_NUMBER})
ORGANISATION_KINDS = frozenset({Kind.ORGANISATION_NUMBER})
PERSON_KINDS = frozenset(Kind) - ORGANISATION_KINDS - HOLDERS_OWN_KINDS

# Numbers that turn up in every region's files beside the region's own.
NATIONWIDE = frozenset({Issuer.NATIONAL, Issuer.NATIONAL_RESERVE})

FIRST_SYNTHETIC_YEAR = 2100
LAST_SYNTHETIC_YEAR = 2299

# The years in which somebody with a number can be born.
FIRST_YEAR = 1800
LAST_YEAR = LAST_SYNTHETIC_YEAR
