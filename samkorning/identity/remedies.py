"""What people read about each problem: what it means and what mends it, in Swedish and English.

What belongs here: the words, one entry per problem, and the repair where a safe one exists. What must not: how problems
are found. No entry quotes a value.
"""

from typing import NamedTuple

from samkorning.identity.problems import Problem, Repair


class Remedy(NamedTuple):
    """What a problem means and what mends it, and the repair that the specification may allow."""

    meaning: str
    betydelse: str
    remedy: str
    atgard: str
    repair: Repair | None = None


REMEDIES = {
    Problem.MISSING: Remedy(
        "the cell is empty",
        "cellen är tom",
        "nothing to mend; missing values are not persons and are counted",
        "inget att rätta; saknade värden är inte personer och räknas",
    ),
    Problem.PLACEHOLDER: Remedy(
        "a filler stands in place of a number (zeros, one repeated digit, NA, unknown)",
        "utfyllnad i stället för ett nummer (nollor, en upprepad siffra, NA, okänd)",
        "ask the holder to leave the cell empty where the person is unknown",
        "be registerhållaren lämna cellen tom när personen är okänd",
    ),
    Problem.EXPONENT: Remedy(
        "a spreadsheet has written the number with an exponent, and digits are lost",
        "ett kalkylprogram har skrivit numret med exponent och siffror har gått förlorade",
        "ask for the file again with the column as text",
        "be om filen på nytt med kolumnen som text",
    ),
    Problem.FOREIGN_DIGITS: Remedy(
        "digits of another script or of full width",
        "siffror ur ett annat skriftsystem eller i full bredd",
        "ask for the file again with the digits 0 to 9",
        "be om filen på nytt med siffrorna 0 till 9",
    ),
    Problem.BAD_CHARACTER: Remedy(
        "characters that no issuer of numbers uses so",
        "tecken som ingen utfärdare använder på det sättet",
        "ask the holder what the column holds and which issuer gave the numbers out",
        "fråga registerhållaren vad kolumnen innehåller och vem som har utfärdat numren",
    ),
    Problem.BAD_SEPARATOR: Remedy(
        "a hyphen or plus sign in the wrong place",
        "bindestreck eller plustecken på fel plats",
        "ask for the number with the sign before the last four characters, or without it",
        "be om numret med tecknet före de fyra sista tecknen eller utan tecken",
    ),
    Problem.BAD_LENGTH: Remedy(
        "too few or too many characters",
        "för få eller för många tecken",
        "ask for twelve digits",
        "be om tolv siffror",
    ),
    Problem.ORGANISATION_NUMBER: Remedy(
        "the number of an organisation, not of a person",
        "ett organisationsnummer, inte en persons nummer",
        "declare the column as organisation, or ask for persons' numbers",
        "deklarera kolumnen som organisation eller be om personers nummer",
    ),
    Problem.AMBIGUOUS_ISSUER: Remedy(
        "several issuers write numbers so, and no issuer is declared for the file",
        "flera utfärdare skriver nummer så, och ingen utfärdare är angiven för filen",
        "declare the issuer of the file in the specification",
        "ange filens utfärdare i specifikationen",
    ),
    Problem.OTHER_ISSUER: Remedy(
        "a number of another issuer than the one declared for the file",
        "ett nummer från en annan utfärdare än den som är angiven för filen",
        "ask the holder who gave the number out",
        "fråga registerhållaren vem som har utfärdat numret",
    ),
    Problem.BAD_DATE: Remedy(
        "the date part is no date that such a number can have",
        "datumdelen är inget datum som ett sådant nummer kan ha",
        "ask the holder for the right number",
        "be registerhållaren om det rätta numret",
    ),
    Problem.SERIAL_000: Remedy(
        "the birth number is 000, which is never given",
        "födelsenumret är 000, vilket aldrig tilldelas",
        "treat as unknown; ask the holder for the right number",
        "behandla som okänd; be registerhållaren om det rätta numret",
    ),
    Problem.BAD_CHECK_DIGIT: Remedy(
        "the check digit does not agree with the other digits",
        "kontrollsiffran stämmer inte med de andra siffrorna",
        "ask the holder for the right number; never compute the digit anew",
        "be registerhållaren om det rätta numret; räkna aldrig om siffran",
    ),
    Problem.AMBIGUOUS_CENTURY: Remedy(
        "the century cannot be told from ten characters under the rules of the specification",
        "seklet framgår inte av tio tecken enligt specifikationens regler",
        "ask for twelve digits, or declare the ages of the population",
        "be om tolv siffror eller ange populationens åldrar",
    ),
    Problem.SYNTHETIC_NOT_ALLOWED: Remedy(
        "a synthetic person in a case with real persons",
        "en syntetisk person i ett ärende med verkliga personer",
        "use synthetic numbers only in a case that was opened as synthetic",
        "använd syntetiska nummer bara i ett ärende som öppnats som syntetiskt",
    ),
    Problem.FUTURE_DATE: Remedy(
        "a birth date after the reference date",
        "ett födelsedatum efter referensdatumet",
        "check the reference date of the specification, then ask the holder",
        "kontrollera specifikationens referensdatum, fråga sedan registerhållaren",
    ),
    Problem.KIND_NOT_ALLOWED: Remedy(
        "a sound number of a kind that the column is not declared to hold",
        "ett riktigt nummer av ett slag som kolumnen inte är deklarerad för",
        "declare the kind of the column, or ask the holder",
        "deklarera kolumnens slag eller fråga registerhållaren",
    ),
    Problem.LOST_LEADING_ZERO: Remedy(
        "leading zeros are lost, as in a spreadsheet's number column",
        "inledande nollor har gått förlorade, som i ett kalkylblads talkolumn",
        "ask for the column as text, or allow the repair in the specification",
        "be om kolumnen som text eller tillåt reparationen i specifikationen",
        Repair.LEADING_ZERO,
    ),
    Problem.FLOAT: Remedy(
        "the number is written as a decimal number with all its digits",
        "numret är skrivet som decimaltal med alla siffror i behåll",
        "ask for the column as text, or allow the repair in the specification",
        "be om kolumnen som text eller tillåt reparationen i specifikationen",
        Repair.FLOAT,
    ),
    Problem.LOST_TRAILING_BLANK: Remedy(
        "eleven digits of a person who can lack a check digit; the blank in its place is lost",
        "elva siffror för en person som kan sakna kontrollsiffra; blanktecknet på dess plats är borta",
        "ask for twelve characters, or allow the repair in the specification",
        "be om tolv tecken eller tillåt reparationen i specifikationen",
        Repair.TRAILING_BLANK,
    ),
}
