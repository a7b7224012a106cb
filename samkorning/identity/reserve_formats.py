"""The formats of reserve numbers and of other numbers with letters, one line per issuer.

What belongs here: who writes numbers how; columns and single values share the table. What must not: dates and check
digits (reserve), which are arithmetic.

Sources: Inera's pages on national and local reserve identities, the Swedish base profiles of HL7, and the instruction
of the Health and Social Care Inspectorate (IVO) for persons without a personnummer (T and TF). The formats overlap, so
that a bare string often fits several issuers.
"""

from typing import NamedTuple

from samkorning.identity.kinds import Issuer, Kind


class ReserveFormat(NamedTuple):
    """Who gives out numbers of this kind and how the twelve characters look, without sign and in upper case."""

    issuer: Issuer
    kind: Kind
    regex: str


def _regional(issuer: Issuer, regex: str) -> ReserveFormat:
    return ReserveFormat(issuer, Kind.REGIONAL_RESERVE_NUMBER, regex)


_DATE = "^[0-9]{8}"
_SEX_AND_NUMBER = "(K(0[68]|[1-7][02468])|M(0[79]|[1-7][13579])|X8[0-9])"  # women even, men odd, unknown sex 80-89
_NATIONAL_LETTER = "[A-HJ-NPR-UX-Z]"  # not I, O, Q, V, W
_KNOWN_BIRTH = "(2[2-9]|[3-8][0-9]|9[0-8])[0-9]{6}"  # century + 3k
_UNKNOWN_BIRTH = "00[0-9]{2}[2-9][0-9][45][0-9]"

# Numbers with a letter. The two kinds of Sörmland share an issuer.
LETTER_FORMATS = (
    ReserveFormat(Issuer.NATIONAL, Kind.NO_CHECK_DIGIT, "^[0-9]{11}[A-Z]$|^[0-9]{9}[A-Z]$"),
    ReserveFormat(
        Issuer.NATIONAL_RESERVE,
        Kind.NATIONAL_RESERVE_NUMBER,
        f"^({_KNOWN_BIRTH}|{_UNKNOWN_BIRTH}){_NATIONAL_LETTER}{{2}}([0-9]|{_NATIONAL_LETTER})[0-9]$",
    ),
    ReserveFormat(Issuer.SOCIAL_SERVICES, Kind.T_NUMBER, f"{_DATE}T([0-9]|F)[0-9]{{2}}$"),
    _regional(Issuer.VASTRA_GOTALAND, f"{_DATE}{_SEX_AND_NUMBER}[0-9]$"),
    _regional(Issuer.VASTRA_GOTALAND_OLD, f"{_DATE}[A-FHJ-NPR-Y][0-9]{{3}}$"),
    _regional(Issuer.VARMLAND, f"{_DATE}S[FUXPL][0-9][A-UW-Z1-9]$"),
    _regional(Issuer.OREBRO, f"{_DATE}T[A-Z][0-9][A-J]$"),
    _regional(Issuer.SKANE, "^([0-9]{8}|[0-9]{6})[DEF][A-Z][01][A-Z]$"),
    _regional(Issuer.BLEKINGE, f"{_DATE}[A-Z]{{2}}[0-9][A-Z]$"),
    _regional(
        Issuer.SORMLAND, f"{_DATE}[A-Z]{{2}}[0-9][A-Z]$|^18[56]00101[MNKP](00[1-9]|0[1-9][0-9]|[1-9][0-9]{{2}})$"
    ),
    _regional(Issuer.VASTERNORRLAND, f"{_DATE}[0-9]{{3}}R$"),
    _regional(Issuer.VASTERBOTTEN, f"{_DATE}[REKA][0-9]{{3}}$"),
    _regional(Issuer.DALARNA, f"{_DATE}[A-Z][0-9]{{3}}$"),
    _regional(Issuer.GAVLEBORG, f"{_DATE}[0-9]{{2}}[MKX][0-9]$"),
)

SERIAL_000 = "000[A-Z]$"  # of a number without check digit; a serial that is never given

# Twelve digits that cannot be a national number: 99yyyyNNNNNC, and dates with a day from 32 to 59.
STOCKHOLM_FIRST = 99
STOCKHOLM_YEARS = (1900, 2299)
NO_DAY = (32, 59)
NO_DAY_ISSUERS = (Issuer.CARELINK, Issuer.HALLAND)
NO_DAY_YEARS = (1700, 2299)

WITH_CHECK_DIGIT = (Issuer.STOCKHOLM, Issuer.CARELINK, Issuer.VASTRA_GOTALAND, Issuer.NATIONAL_RESERVE)

# The letters of Västra Götaland as digits of the check sum.
VASTRA_GOTALAND_DIGITS = {"K": 5, "M": 7, "X": 8}

# XX of the national reserve number is the century + 3k: it tells the century of birth modulo three. The numbers have
# been given out since 2018, when nobody born before 1900 lived, so 24, 27, … are births from 2100.
CENTURY_BY_REMAINDER = {0: 21, 1: 19, 2: 20}

WITHOUT_LETTERS = (Issuer.STOCKHOLM, *NO_DAY_ISSUERS)
KINDS = {form.issuer: form.kind for form in LETTER_FORMATS}
KINDS |= dict.fromkeys(WITHOUT_LETTERS, Kind.REGIONAL_RESERVE_NUMBER)
