"""The lines of the order form, section by section: which field of an order each of them is.

What belongs here: the lines, in both languages. What must not: reading them (form).
"""

from dataclasses import dataclass

from samkorning.order.document import Path
from samkorning.order.workbooks.columns import Column, Kind
from samkorning.order.workbooks.words import (
    ENCODINGS,
    FILE_FORMATS,
    FORMATS,
    NO_CONSENT,
    PURPOSES,
    SEALED_AS,
    SEPARATORS,
)


@dataclass(frozen=True)
class Line:
    """A line of the order form: which field of the order it is."""

    path: Path
    column: Column


def _line(path: str, sv: str, en: str, kind: Kind = Kind.TEXT, **more: object) -> Line:
    return Line(tuple(path.split(".")), Column(path, sv, en, kind, **more))  # type: ignore[arg-type]


FORM: tuple[tuple[str, str, tuple[Line, ...]], ...] = (
    (
        "Projektet",
        "The project",
        (
            _line("title", "Projektets titel", "Title of the project", needed=True, example="Titel"),
            _line("purpose", "Ändamål", "Purpose", Kind.CHOICE, words=PURPOSES, needed=True, example="forskning"),
            _line(
                "deceased_only",
                "Gäller bara avlidna",
                "Deceased persons only",
                Kind.YES_NO,
                hint_sv="Då behövs en forskningsplan i stället för etikbeslut, och bara DORS kan beställas.",
                hint_en="Then a research plan takes the place of the ethics decision, and DORS alone can be ordered.",
            ),
            _line("research_plan", "Forskningsplan (beteckning)", "Research plan (reference)"),
        ),
    ),
    (
        "Beställaren",
        "The orderer",
        (
            _line(
                "research_principal.name", "Forskningshuvudman", "Research principal", needed=True, example="Huvudman"
            ),
            _line(
                "research_principal.authority",
                "Huvudmannen är en myndighet",
                "The principal is an authority",
                Kind.YES_NO,
                needed=True,
                example="ja",
            ),
            _line(
                "research_principal.representative.name",
                "Behörig företrädare, namn",
                "Authorised representative, name",
                needed=True,
                example="Namn",
            ),
            _line(
                "research_principal.representative.email",
                "Behörig företrädare, e-post",
                "Authorised representative, e-mail",
                needed=True,
                example="namn@example.org",
            ),
            _line("contact.name", "Kontaktperson, namn", "Contact person, name", needed=True, example="Namn"),
            _line(
                "contact.email",
                "Kontaktperson, e-post",
                "Contact person, e-mail",
                needed=True,
                example="namn@example.org",
            ),
            _line(
                "recipient.name", "Mottagare av data, namn", "Recipient of the data, name", needed=True, example="Namn"
            ),
            _line(
                "recipient.organisation",
                "Mottagarens organisation",
                "The recipient's organisation",
                needed=True,
                example="Organisation",
            ),
            _line(
                "recipient.sealed_as",
                "Leveransen låses med",
                "The delivery is sealed with",
                Kind.CHOICE,
                words=SEALED_AS,
            ),
            _line(
                "recipient.age_recipient",
                "Mottagarens publika nyckel (age1…)",
                "The recipient's public key (age1…)",
                hint_sv="Så som age-keygen skriver den; tom om leveransen låses med lösenfras.",
                hint_en="As age-keygen prints it; empty where the delivery is sealed with a passphrase.",
            ),
        ),
    ),
    (
        "Etikprövning",
        "Ethics",
        (
            _line("ethics.application", "Etikansökans diarienummer", "Reference of the ethics application"),
            _line("ethics.decided", "Etikbeslutets datum", "Date of the ethics decision", Kind.DATE),
            _line(
                "ethics.supplements", "Ändringsansökningar (diarienummer; …)", "Supplements (references; …)", Kind.TEXTS
            ),
            _line(
                "ethics.consent",
                "Patientinformation och samtycke (varje version; …)",
                "Patient information and consent (every version; …)",
                Kind.TEXTS,
                words=NO_CONSENT,
                hint_sv="Eller: behövs inte enligt etikbeslutet.",
                hint_en="Or: not needed by the ethics decision.",
            ),
        ),
    ),
    (
        "Studiepopulationen",
        "The study population",
        (
            _line(
                "specification.population.holder",
                "Vem tar fram populationen",
                "Who makes the population",
                needed=True,
                example="Huvudman",
            ),
            _line(
                "specification.population.column",
                "Kolumn med personnummer i populationens fil",
                "Column with identity numbers in the file of the population",
                hint_sv="Tom där populationen hämtas ur register; filens kolumner listas som POPULATION.",
                hint_en="Empty where registers give it; the file's columns are listed as POPULATION.",
            ),
            _line("specification.population.index_date", "Kolumn med indexdatum", "Column with the index date"),
            _line(
                "specification.population.file.format",
                "Populationens fil, format",
                "File of the population, format",
                Kind.CHOICE,
                words=FILE_FORMATS,
            ),
            _line(
                "specification.population.file.separator",
                "Populationens fil, fältskiljare",
                "File of the population, separator",
                Kind.CHOICE,
                words=SEPARATORS,
            ),
            _line(
                "specification.population.file.encoding",
                "Populationens fil, teckenkod",
                "File of the population, encoding",
                Kind.CHOICE,
                words=ENCODINGS,
            ),
            _line(
                "specification.population.drawn.within",
                "Personerna är de i filen från (källa)",
                "The persons are those of the file of (source)",
            ),
            _line(
                "specification.reference_date",
                "Referensdatum",
                "Reference date",
                Kind.DATE,
                needed=True,
                example="2024-12-31",
                hint_sv="Dagen som avgör århundrade för tiosiffriga nummer.",
                hint_en="The day that decides the century of ten-digit numbers.",
            ),
            _line("specification.ages.lowest", "Lägsta ålder", "Lowest age", Kind.WHOLE),
            _line("specification.ages.highest", "Högsta ålder", "Highest age", Kind.WHOLE),
        ),
    ),
    (
        "Leveransen",
        "The delivery",
        (
            _line("specification.formats", "Filformat", "File formats", Kind.CHOICES, words=FORMATS),
            _line(
                "specification.all_or_nothing",
                "Allt eller inget",
                "All or nothing",
                Kind.YES_NO,
                hint_sv="Inget lämnas ut förrän alla registerhållare har beslutat och lämnat sina filer.",
                hint_en="Nothing leaves before every register holder has decided and sent its file.",
            ),
            _line(
                "specification.one_row_per_person",
                "Fil med en rad per person",
                "File with one row per person",
                Kind.YES_NO,
            ),
        ),
    ),
)
LINES = tuple(line for _, _, lines in FORM for line in lines)
