"""What a value of an identifier column is, as tables; docs/identity-numbers.md is generated from them.

Persons are synthetic (born 2100-2299) or the test numbers and examples that the issuers have published. What must not
stand here: how the tables are held (test_identity) or shown (identity_page).
"""

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from samkorning.identity import (
    ORGANISATION_KINDS,
    IdentityRules,
    Issuer,
    Kind,
    Problem,
    Repair,
)

SYNTHETIC = IdentityRules(date(2221, 12, 31), allow_synthetic=True)
REAL = IdentityRules(date(2026, 6, 30))
REPAIRING = replace(SYNTHETIC, repairs=frozenset(Repair))
STRICT = replace(SYNTHETIC, strict_century=True)
WORKING_AGE = replace(SYNTHETIC, ages=(18, 64))
ANY_AGE = replace(SYNTHETIC, ages=(0, 120))
ORGANISATIONS = replace(SYNTHETIC, kinds=ORGANISATION_KINDS)
WORKPLACES = replace(SYNTHETIC, kinds=frozenset({Kind.WORKPLACE_NUMBER}))
HOUSEHOLDS = replace(SYNTHETIC, kinds=frozenset({Kind.HOUSEHOLD_NUMBER}))


def declared(issuer: Issuer, rules: IdentityRules = SYNTHETIC) -> IdentityRules:
    return replace(rules, issuer=issuer)


class Example(NamedTuple):
    """A value, what it is under which rules, and why it stands here."""

    value: str | None
    is_: str | int | Problem
    why: str
    rules: IdentityRules = SYNTHETIC


class KindExample(NamedTuple):
    """A value of a kind, its identity, and who gave it out."""

    kind: Kind
    value: str
    identity: str | int
    why: str
    rules: IdentityRules = SYNTHETIC
    issuer: Issuer = Issuer.NATIONAL


class IssuerExample(NamedTuple):
    """A number in the format of an issuer, and the issuers whose formats it fits too."""

    issuer: Issuer
    value: str
    why: str
    fits_others: bool


KINDS = [
    KindExample(Kind.PERSONNUMMER, "191212121212", 191212121212, "the Tax Agency's test number", REAL),
    KindExample(Kind.COORDINATION_NUMBER, "197010632391", 197010632391, "day 3 written 63", REAL),
    KindExample(Kind.SYNTHETIC_NUMBER, "219108182388", 219108182388, "born 2191, which cannot occur"),
    KindExample(Kind.SYNTHETIC_NUMBER, "219108782385", 219108782385, "synthetic coordination number"),
    KindExample(Kind.SYNTHETIC_NUMBER, "219100782383", 219100782383, "coordination number with month 00"),
    KindExample(Kind.SYNTHETIC_NUMBER, "219108602385", 219108602385, "coordination number with day 60"),
    KindExample(Kind.SYNTHETIC_NUMBER, "219102912384", 219102912384, "coordination number with day 91 in February"),
    KindExample(Kind.NO_CHECK_DIGIT, "21280118123X", "21280118123X", "died 1947-67 (here two hundred years later)"),
    KindExample(Kind.NO_CHECK_DIGIT, "21280118123A", "21280118123A", "another letter in its place is kept"),
    KindExample(Kind.NO_CHECK_DIGIT, "21280118123 ", "21280118123X", "a blank in its place is written X"),
    KindExample(Kind.NO_CHECK_DIGIT, "280118-123x", "21280118123X", "the century is the last before check digits"),
    KindExample(
        Kind.NATIONAL_RESERVE_NUMBER, "24950606FH28", "24950606FH28", "24 is 21 + 3", issuer=Issuer.NATIONAL_RESERVE
    ),
    KindExample(
        Kind.NATIONAL_RESERVE_NUMBER, "24950606-FHK6", "24950606FHK6", "sex unknown", issuer=Issuer.NATIONAL_RESERVE
    ),
    KindExample(
        Kind.REGIONAL_RESERVE_NUMBER, "992215000011", "992215000011", "Region Stockholm", issuer=Issuer.STOCKHOLM
    ),
    KindExample(
        Kind.T_NUMBER, "21810829-TF10", "21810829TF10", "social services reporting", issuer=Issuer.SOCIAL_SERVICES
    ),
    KindExample(
        Kind.T_NUMBER,
        "21810829T123",
        "21810829T123",
        "fits two regions too, so its issuer is declared",
        declared(Issuer.SOCIAL_SERVICES),
        Issuer.SOCIAL_SERVICES,
    ),
    KindExample(
        Kind.ORGANISATION_NUMBER,
        "212000-0142",
        "2120000142",
        "in a column of organisations",
        ORGANISATIONS,
        Issuer.ORGANISATION_REGISTER,
    ),
    KindExample(
        Kind.ORGANISATION_NUMBER,
        "162120000142",
        "2120000142",
        "with the prefix 16",
        ORGANISATIONS,
        Issuer.ORGANISATION_REGISTER,
    ),
    KindExample(Kind.WORKPLACE_NUMBER, "0012-ab34", "0012AB34", "in a column of workplaces", WORKPLACES, Issuer.HOLDER),
    KindExample(Kind.HOUSEHOLD_NUMBER, "000123", "000123", "in a column of households", HOUSEHOLDS, Issuer.HOLDER),
]

SHAPES = [
    Example("219108182388", 219108182388, "twelve digits"),
    Example("21910818-2388", 219108182388, "twelve digits and hyphen"),
    Example("21910818+2388", 219108182388, "twelve digits and plus: the century is in the digits"),
    Example("910818-2388", 219108182388, "ten digits and hyphen: under 100 at the reference date"),
    Example("910818+2388", 209108182388, "ten digits and plus: 100 or more"),
    Example("9108182388", 219108182388, "ten digits: the century is a guess, and counted"),
    Example(" 21910818 2388 ", 219108182388, "blanks"),
    Example("21910818\u00a02388", 219108182388, "no-break space"),
    Example('"219108182388"', 219108182388, "quotes"),
    Example("'219108182388", 219108182388, "a spreadsheet's apostrophe"),
    Example("21910818–2388", 219108182388, "dash for hyphen"),
    Example("21910818\u200e2388", 219108182388, "a mark that is not seen, as copying leaves it"),
    Example("24950606fh28", "24950606FH28", "small letters"),
    Example("109010017", 220109010017, "a lost leading zero, where the repair is allowed", REPAIRING),
    Example("219108182388.0", 219108182388, "a float, where the repair is allowed", REPAIRING),
    Example("219108182388,00", 219108182388, "a float with decimal comma", REPAIRING),
    Example("2.19108182388E+11", 219108182388, "an exponent that shows all digits", REPAIRING),
    Example("21280118123", "21280118123X", "eleven digits, where the blank may be restored", REPAIRING),
]

CENTURIES = [
    Example("220101-2388", 212201012388, "100 the year after the reference date: still a hyphen"),
    Example("210101-2389", 222101012389, "a hyphen is under 100, by calendar year"),
    Example("210101+2389", 212101012389, "a plus is 100 or more, by calendar year"),
    Example("9108182388", Problem.AMBIGUOUS_CENTURY, "a strict specification takes no guess", STRICT),
    Example("910818-2388", 219108182388, "a sign is no guess", STRICT),
    Example("9108182388", 219108182388, "30 years old, within the declared ages 18 to 64", WORKING_AGE),
    Example("150818-2381", Problem.AMBIGUOUS_CENTURY, "6 years old, outside the declared ages 18 to 64", WORKING_AGE),
    Example(
        "1508182381", Problem.AMBIGUOUS_CENTURY, "6 or 106 years old: both within the declared ages 0 to 120", ANY_AGE
    ),
]

ISSUERS = [
    IssuerExample(
        Issuer.NATIONAL_RESERVE, "24950606FH28", "XXYYMMDDNNGC: century + 3k, letters without I O Q V W, Luhn", False
    ),
    IssuerExample(Issuer.STOCKHOLM, "992215000011", "99yyyyNNNNNC: Luhn over positions 5 to 11", False),
    IssuerExample(Issuer.VASTRA_GOTALAND, "21810829K083", "K, M or X, two digits, Luhn with K=5 M=7 X=8", True),
    IssuerExample(Issuer.VASTRA_GOTALAND_OLD, "21810829B123", "an older series: a letter and three digits", True),
    IssuerExample(Issuer.VARMLAND, "21810829SU3A", "S, a letter for the type, a digit, a letter", True),
    IssuerExample(Issuer.CARELINK, "218108320014", "a day from 32 to 59, Luhn", True),
    IssuerExample(Issuer.HALLAND, "218108320014", "a day from 32 to 59", True),
    IssuerExample(Issuer.OREBRO, "21810829TB1F", "T, a letter, a digit, a letter A to J", True),
    IssuerExample(Issuer.SKANE, "21810829DA1B", "D, E or F, a letter, 0 or 1, a letter", True),
    IssuerExample(Issuer.BLEKINGE, "21810829AA8A", "two letters, a digit, a letter", True),
    IssuerExample(Issuer.SORMLAND, "21810829AA1G", "two letters, a digit, a letter", True),
    IssuerExample(Issuer.SORMLAND, "18500101N123", "18500101 or 18600101, M N K or P, a number from 001", True),
    IssuerExample(Issuer.VASTERNORRLAND, "21810829014R", "three digits and R", False),
    IssuerExample(Issuer.VASTERBOTTEN, "21810829R123", "R, E, K or A and three digits", True),
    IssuerExample(Issuer.DALARNA, "21810829G123", "a letter and three digits", False),
    IssuerExample(Issuer.GAVLEBORG, "21810829-12M3", "two digits, M K or X, a digit", False),
    IssuerExample(Issuer.SOCIAL_SERVICES, "21810829T123", "T and three digits, or TF and two", True),
]

PUBLISHED = {
    Issuer.STOCKHOLM: ["991981000010", "991945000023", "991993000032"],
    Issuer.VASTRA_GOTALAND: ["19810829M071", "19450829K088", "19930829X802"],
    Issuer.VARMLAND: ["19810829SU3A", "19450829SF2B", "19930829SX0C"],
    Issuer.CARELINK: ["198108320014"],
    Issuer.OREBRO: ["19810829TB1F"],
    Issuer.SKANE: ["810829DA1B"],
    Issuer.BLEKINGE: ["20200501-AA8A"],
    Issuer.VASTERNORRLAND: ["20100101014R"],
    Issuer.SORMLAND: ["19600606AA1G", "18500101N123"],
    Issuer.NATIONAL_RESERVE: ["22950606-FH20"],
}

PROBLEMS = [
    Example(None, Problem.MISSING, "an empty cell"),
    Example(" \u00a0", Problem.MISSING, "blanks only"),
    Example("okänd", Problem.PLACEHOLDER, "a word for unknown"),
    Example("000000000000", Problem.PLACEHOLDER, "zeros"),
    Example("9999999999", Problem.PLACEHOLDER, "one digit repeated"),
    Example("XXXX", Problem.PLACEHOLDER, "crosses"),
    Example("XXXXXXXX-XXXX", Problem.PLACEHOLDER, "crosses and a hyphen"),
    Example("0,0", Problem.PLACEHOLDER, "a spreadsheet's zero"),
    Example("<NA>", Problem.PLACEHOLDER, "what programs write for nothing"),
    Example("1.98504E+11", Problem.EXPONENT, "digits are lost"),
    Example("２１９１０８１８２３８８", Problem.FOREIGN_DIGITS, "digits of full width"),
    Example("٢١٩١٠٨١٨٢٣٨٨", Problem.FOREIGN_DIGITS, "Arabic digits"),
    Example("21910818238Å", Problem.BAD_CHARACTER, "a letter that no issuer uses"),
    Example("2191.0818.2388", Problem.BAD_CHARACTER, "full stops"),
    Example("2191-08-18-2388", Problem.BAD_SEPARATOR, "hyphens within the date"),
    Example("21910818238", Problem.BAD_LENGTH, "a digit is missing"),
    Example("2191081823881", Problem.BAD_LENGTH, "a digit too many"),
    Example("21910818", Problem.BAD_DATE, "eight digits: a birth date is no number"),
    Example("212000-0142", Problem.ORGANISATION_NUMBER, "third and fourth digit 20 or more"),
    Example("19450829K088", Problem.AMBIGUOUS_ISSUER, "fits three regions"),
    Example("218108320014", Problem.AMBIGUOUS_ISSUER, "fits Carelink and Halland"),
    Example("19450829K088", Problem.OTHER_ISSUER, "in a file of Region Skåne", declared(Issuer.SKANE)),
    Example("219113182388", Problem.BAD_DATE, "month 13"),
    Example("219102302388", Problem.BAD_DATE, "30 February"),
    Example("210002292388", Problem.BAD_DATE, "29 February of a year that is no leap year"),
    Example("219108922383", Problem.BAD_DATE, "day 92: no coordination number either"),
    Example("219100182388", Problem.BAD_DATE, "month 00 is for coordination numbers"),
    Example("230108182388", Problem.BAD_DATE, "a century of nobody"),
    Example("160326310018", Problem.BAD_DATE, "no organisation begins with 0", ORGANISATIONS),
    Example("219108180005", Problem.SERIAL_000, "birth number 000"),
    Example("21280118000X", Problem.SERIAL_000, "birth number 000, without check digit"),
    Example("219108182386", Problem.BAD_CHECK_DIGIT, "the check digit is 8"),
    Example("24950606FH20", Problem.BAD_CHECK_DIGIT, "the check digit is 8"),
    Example("212000-0143", Problem.BAD_CHECK_DIGIT, "an organisation's check digit is 2", ORGANISATIONS),
    Example("9108182388", Problem.AMBIGUOUS_CENTURY, "ten digits under strict centuries", STRICT),
    Example("219108182388", Problem.SYNTHETIC_NOT_ALLOWED, "in a case with real persons", REAL),
    Example("222201012388", Problem.FUTURE_DATE, "born the day after the reference date"),
    Example("219108182388", Problem.KIND_NOT_ALLOWED, "a person in a column of organisations", ORGANISATIONS),
    Example("219108182388", Problem.KIND_NOT_ALLOWED, "a person in a column of workplaces", WORKPLACES),
    Example("109010017", Problem.LOST_LEADING_ZERO, "nine digits"),
    Example("219108182388.0", Problem.FLOAT, "a spreadsheet's number"),
    Example("21280118123", Problem.LOST_TRAILING_BLANK, "eleven digits, born before check digits"),
]
