"""Names of columns that suggest a direct identifier: name, address, telephone, e-mail, in Swedish and English.

What belongs here: words, and how a column's name is taken apart. What must not: values (undeclared_numbers). A word
that is common in ordinary names, such as ``namn`` in ``KommunNamn``, counts only when nothing but a person stands
beside it.
"""

import re

# fmt: off
CERTAIN = frozenset({
    "fornamn", "efternamn", "tilltalsnamn", "mellannamn", "flicknamn", "personnamn", "patientnamn", "firstname",
    "lastname", "surname", "forename", "givenname", "middlename", "maidenname", "fullname", "patientname",
    "adress", "address", "gatuadress", "postadress", "bostadsadress", "hemadress", "folkbokforingsadress",
    "streetaddress", "homeaddress", "telefon", "telefonnummer", "telefonnr", "telnr", "telephone", "phone",
    "phonenumber", "mobilnummer", "mobilnr", "mobiltelefon", "mobiltel", "hemtelefon", "hemtel", "arbetstelefon",
    "arbetstel", "gatunamn", "epost", "epostadress", "email", "emailaddress", "mailadress",
})
WITH_A_PERSON_ALONE = frozenset({"namn", "name", "tel", "mobil", "mobile", "mail", "gata", "street"})
PERSONS = frozenset({
    "patient", "patientens", "pat", "person", "personens", "mor", "mors", "far", "fars", "mamma", "pappa", "barn",
    "barnets", "make", "makes", "maka", "anhorig", "anhoriga", "narstaende", "kontakt", "kontaktperson", "foralder",
    "vardnadshavare", "mother", "father", "child", "spouse", "relative", "contact", "next", "of", "kin", "full",
    "hem", "home", "privat", "private", "arbete", "work",
})
# fmt: on
_PLAIN = str.maketrans("åäöéèü", "aaoeeu")
_WORD = re.compile(r"[A-ZÅÄÖÉ]?[a-zåäöéèü]+|[A-ZÅÄÖÉ]+(?![a-zåäöéèü])")


def suggests_direct_identifier(column: str) -> bool:
    """Whether a column's name says that it holds somebody's name, address, telephone number or e-mail address."""
    words = [word.lower().translate(_PLAIN) for word in _WORD.findall(column)]
    joined = {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    alone = [word for word in words if word not in PERSONS]
    return bool(joined & CERTAIN) or "".join(alone) in WITH_A_PERSON_ALONE
