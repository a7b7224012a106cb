"""The sheets of an order's workbook: their names, the lines of the form and the columns of each list.

What belongs here: the layout, in both languages. What must not: what a list becomes in an order (variables, selectors).
A heading that is renamed keeps its old name among ``also``, so that templates which people have kept can still be read.
"""

from dataclasses import dataclass

from samkorning.order.attachments import AttachmentKind
from samkorning.order.document import Path
from samkorning.order.workbooks.columns import Column, Kind, Language, Word, identity_words
from samkorning.own_registers.catalogue.models import CodeSystem, Position

VERSION = 1
"""Of the templates; one that a newer program has made is refused, an older one is read."""


@dataclass(frozen=True)
class Sheet:
    """A sheet by its names, and the columns of its list; a form has lines in their place."""

    key: str
    sv: str
    en: str
    columns: tuple[Column, ...] = ()

    def name(self, language: Language) -> str:
        """Its name in a language."""
        return self.sv if language == "sv" else self.en


@dataclass(frozen=True)
class Line:
    """A line of the order form: which field of the order it is."""

    path: Path
    column: Column


def _line(path: str, sv: str, en: str, kind: Kind = Kind.TEXT, **more: object) -> Line:
    return Line(tuple(path.split(".")), Column(path, sv, en, kind, **more))  # type: ignore[arg-type]


PURPOSES = (Word("research", "forskning", "research"), Word("statistics", "statistik", "statistics"))
SEALED_AS = (Word("age", "mottagarens nyckel (age)", "the recipient's key (age)"), Word("7z", "lösenfras (7z)", "passphrase (7z)"))  # fmt: skip
NO_CONSENT = (
    Word("not_needed_by_ethics_decision", "behövs inte enligt etikbeslutet", "not needed by the ethics decision"),
)
FORMATS = identity_words(("csv", "tab", "parquet", "spss", "stata", "sas_transport", "sas", "excel"))
FILE_FORMATS = identity_words(
    ("auto", "delimited", "fixed_width", "excel", "parquet", "sas", "sas_transport", "spss", "stata")
)
SEPARATORS = (
    *identity_words((";", ",", "|")), Word("\t", "tab", "tab"), Word("auto", "auto", "auto")
)  # fmt: skip
ENCODINGS = identity_words(("auto", "utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "cp850", "mac_roman"))
SOURCE_CLASSES = (
    Word("scb", "SCB", "SCB"),
    Word("quality_register", "kvalitetsregister", "quality register"),
    Word("region", "region", "region"),
    Word("researcher", "forskare", "researcher"),
)
TYPES = (
    Word("text", "text", "text"),
    Word("integer", "heltal", "integer"),
    Word("decimal", "decimaltal", "decimal"),
    Word("date", "datum", "date"),
    Word("boolean", "ja/nej", "yes/no"),
)
ABOUT = (
    Word("cases", "populationen", "the population"),
    Word("controls", "kontroller", "controls"),
    Word("relatives", "närstående", "relatives"),
)
IDENTIFIES = (
    Word("person", "personen", "person"),
    Word("relative", "närstående", "relative"),
    Word("organisation", "organisation", "organisation"),
    Word("workplace", "arbetsställe", "workplace"),
    Word("household", "hushåll", "household"),
)
UNKNOWN = (Word("drop", "tas bort", "drop"), Word("blank", "lämnas tomt", "blank"), Word("add", "läggs till", "add"))
POPULATION_ROLE, EXTRACTION_ROLE = "population", "extraction"
ROLES = (Word(POPULATION_ROLE, "population", "population"), Word(EXTRACTION_ROLE, "uttag", "extraction"))
CARE = (
    Word(("PAR_SV", "PAR_OV"), "sluten och öppen vård", "in- and outpatient"),
    Word("PAR_SV", "slutenvård", "inpatient"),
    Word("PAR_OV", "öppenvård", "outpatient"),
    Word("PAR_TV", "tvångsvård", "compulsory care"),
    Word("DORS", "dödsorsak", "cause of death"),
    *identity_words(("CAN", "MFR", "THR", "BU")),
)
POSITIONS = (
    Word((Position.MAIN.value, Position.SECONDARY.value), "huvud- och bidiagnos", "main and secondary"),
    Word(Position.MAIN.value, "huvuddiagnos", "main diagnosis"),
    Word(Position.SECONDARY.value, "bidiagnos", "secondary diagnosis"),
    Word(Position.EXTERNAL_CAUSE.value, "yttre orsak", "external cause"),
    Word(Position.PROCEDURE.value, "åtgärd", "procedure"),
    Word(Position.UNDERLYING_CAUSE.value, "underliggande dödsorsak", "underlying cause of death"),
    Word(Position.CONTRIBUTING_CAUSE.value, "bidragande dödsorsak", "contributing cause of death"),
)
SYSTEMS = identity_words(system.value for system in CodeSystem if system is not CodeSystem.ATC)
EXACT, BELOW, INTERVAL = "exact", "below", "interval"
FORMS = (
    Word(EXACT, "exakt", "exact"),
    Word(BELOW, "med alla under", "with all below"),
    Word(INTERVAL, "intervall", "interval"),
)
TAKE = (Word("every", "alla", "every"), Word("first", "första", "first"), Word("last", "sista", "last"))
ATTACHED = (
    Word(AttachmentKind.ETHICS_APPLICATION.value, "etikansökan", "ethics application"),
    Word(AttachmentKind.ETHICS_DECISION.value, "etikbeslut", "ethics decision"),
    Word(AttachmentKind.ETHICS_SUPPLEMENT.value, "ändringsansökan med beslut", "ethics supplement"),
    Word(AttachmentKind.PATIENT_INFORMATION.value, "patientinformation", "patient information"),
    Word(AttachmentKind.CONSENT_FORM.value, "samtyckesblankett", "consent form"),
    Word(AttachmentKind.RESEARCH_PLAN.value, "forskningsplan", "research plan"),
    Word(AttachmentKind.AGREEMENT.value, "avtal", "agreement"),
    Word(AttachmentKind.VARIABLE_LIST.value, "variabellista", "variable list"),
    Word(AttachmentKind.OTHER.value, "annat", "other"),
)

FORM: tuple[tuple[str, str, tuple[Line, ...]], ...] = (
    (
        "Projektet",
        "The project",
        (
            _line("title", "Projektets titel", "Title of the project", needed=True, example="Titel"),
            _line("purpose", "Ändamål", "Purpose", Kind.CHOICE, words=PURPOSES, needed=True, example="forskning"),
            _line("deceased_only", "Gäller bara avlidna", "Deceased persons only", Kind.YES_NO,
                  told_sv="Då behövs en forskningsplan i stället för etikbeslut, och bara DORS kan beställas.",
                  told_en="Then a research plan takes the place of the ethics decision, and DORS alone can be ordered."),
            _line("research_plan", "Forskningsplan (beteckning)", "Research plan (reference)"),
        ),
    ),
    (
        "Beställaren",
        "The orderer",
        (
            _line("research_principal.name", "Forskningshuvudman", "Research principal", needed=True, example="Huvudman"),
            _line("research_principal.authority", "Huvudmannen är en myndighet", "The principal is an authority",
                  Kind.YES_NO, needed=True, example="ja"),
            _line("research_principal.representative.name", "Behörig företrädare, namn",
                  "Authorised representative, name", needed=True, example="Namn"),
            _line("research_principal.representative.email", "Behörig företrädare, e-post",
                  "Authorised representative, e-mail", needed=True, example="namn@example.org"),
            _line("contact.name", "Kontaktperson, namn", "Contact person, name", needed=True, example="Namn"),
            _line("contact.email", "Kontaktperson, e-post", "Contact person, e-mail", needed=True,
                  example="namn@example.org"),
            _line("recipient.name", "Mottagare av data, namn", "Recipient of the data, name", needed=True, example="Namn"),
            _line("recipient.organisation", "Mottagarens organisation", "The recipient's organisation", needed=True,
                  example="Organisation"),
            _line("recipient.sealed_as", "Leveransen låses med", "The delivery is sealed with", Kind.CHOICE, words=SEALED_AS),
            _line("recipient.age_recipient", "Mottagarens publika nyckel (age1…)", "The recipient's public key (age1…)",
                  told_sv="Så som age-keygen skriver den; tom om leveransen låses med lösenfras.",
                  told_en="As age-keygen prints it; empty where the delivery is sealed with a passphrase."),
        ),
    ),
    (
        "Etikprövning",
        "Ethics",
        (
            _line("ethics.application", "Etikansökans diarienummer", "Reference of the ethics application"),
            _line("ethics.decided", "Etikbeslutets datum", "Date of the ethics decision", Kind.DATE),
            _line("ethics.supplements", "Ändringsansökningar (diarienummer; …)", "Supplements (references; …)", Kind.TEXTS),
            _line("ethics.consent", "Patientinformation och samtycke (varje version; …)",
                  "Patient information and consent (every version; …)", Kind.TEXTS, words=NO_CONSENT,
                  told_sv="Eller: behövs inte enligt etikbeslutet.", told_en="Or: not needed by the ethics decision."),
        ),
    ),
    (
        "Studiepopulationen",
        "The study population",
        (
            _line("specification.population.holder", "Vem tar fram populationen", "Who makes the population", needed=True,
                  example="Huvudman"),
            _line("specification.population.column", "Kolumn med personnummer i populationens fil",
                  "Column with identity numbers in the file of the population",
                  told_sv="Tom där populationen hämtas ur register; filens kolumner står i variabellistan under POPULATION.",
                  told_en="Empty where registers give it; the file's columns are in the variable list under POPULATION."),
            _line("specification.population.index_date", "Kolumn med indexdatum", "Column with the index date"),
            _line("specification.population.file.format", "Populationens fil, format", "File of the population, format",
                  Kind.CHOICE, words=FILE_FORMATS),
            _line("specification.population.file.separator", "Populationens fil, fältskiljare",
                  "File of the population, separator", Kind.CHOICE, words=SEPARATORS),
            _line("specification.population.file.encoding", "Populationens fil, teckenkod",
                  "File of the population, encoding", Kind.CHOICE, words=ENCODINGS),
            _line("specification.population.drawn.within", "Personerna är de i filen från (källa)",
                  "The persons are those of the file of (source)"),
            _line("specification.reference_date", "Referensdatum", "Reference date", Kind.DATE, needed=True,
                  example="2024-12-31", told_sv="Dagen som avgör århundrade för tiosiffriga nummer.",
                  told_en="The day that decides the century of ten-digit numbers."),
            _line("specification.ages.lowest", "Lägsta ålder", "Lowest age", Kind.WHOLE),
            _line("specification.ages.highest", "Högsta ålder", "Highest age", Kind.WHOLE),
        ),
    ),
    (
        "Leveransen",
        "The delivery",
        (
            _line("specification.formats", "Filformat", "File formats", Kind.CHOICES, words=FORMATS),
            _line("specification.all_or_nothing", "Allt eller inget", "All or nothing", Kind.YES_NO,
                  told_sv="Inget lämnas ut förrän alla registerhållare har beslutat och lämnat sina filer.",
                  told_en="Nothing leaves before every register holder has decided and sent its file."),
            _line("specification.one_row_per_person", "Fil med en rad per person", "File with one row per person", Kind.YES_NO),
        ),
    ),
)  # fmt: skip
LINES = tuple(line for _, _, lines in FORM for line in lines)
FIELD, VALUE = Column("field", "Fält", "Field"), Column("value", "Värde", "Value", also=("svar", "answer"))
NOTE = Column("note", "Anmärkning", "Note", also=("kommentar", "comment"), width=30)
REGISTER = Column(
    "register", "Register", "Register", needed=True, suggests="registers",
    also=("registernamn", "register name", "datamängd", "dataset", "källa"), width=22,
)  # fmt: skip

READ_FIRST = Sheet("read_first", "Läs först", "Read first")
ORDER = Sheet("order", "Beställning", "Order", (FIELD, VALUE, Column("told", "Förklaring", "Explanation")))
VARIABLES = Sheet(
    "variables",
    "Variabellista",
    "Variable list",
    (
        REGISTER,
        Column("variable", "Variabel", "Variable", needed=True, suggests="variables",
               also=("variabelnamn", "variable name", "kolumn", "column"), width=22),
        Column("label", "Klartext", "Label",
               also=("beskrivning", "description", "variabelbeskrivning", "benämning", "etikett"), width=44),
        Column("period", "Period", "Period", Kind.YEARS, also=("tidsperiod", "år", "years", "year"), example="2015-2020"),
        Column("from_year", "Från år", "From year", Kind.WHOLE, also=("från", "from", "startår"), width=10),
        Column("to_year", "Till år", "To year", Kind.WHOLE, also=("till", "to", "slutår"), width=10),
        Column("repeats_until", "Upprepas till år", "Repeats until", Kind.WHOLE, width=14),
        Column("about", "Rader om", "Rows about", Kind.CHOICES, ABOUT, width=24),
        Column("type", "Datatyp", "Type", Kind.CHOICE, TYPES, also=("datatype",)),
        Column("codes", "Tillåtna värden", "Allowed values", Kind.TEXTS, width=24),
        Column("deliver", "Lämnas ut", "Delivered", Kind.YES_NO, width=12),
        NOTE,
    ),
)  # fmt: skip
HOLDERS = Sheet(
    "holders",
    "Registerhållare",
    "Register holders",
    (
        Column("name", "Källa (kortnamn)", "Source (short name)", needed=True, also=("källa", "source"), width=22),
        Column("source_class", "Slag", "Kind", Kind.CHOICE, SOURCE_CLASSES, needed=True, example="region"),
        Column("holder", "Registerhållare", "Register holder", needed=True, example="Registerhållare", width=30),
        Column("period", "Period", "Period", Kind.YEARS),
        Column("format", "Filformat", "File format", Kind.CHOICE, FILE_FORMATS),
        Column("separator", "Fältskiljare", "Separator", Kind.CHOICE, SEPARATORS),
        Column("encoding", "Teckenkod", "Encoding", Kind.CHOICE, ENCODINGS),
        Column("linked_share_at_least", "Minsta länkningsandel", "Least linked share", Kind.SHARE),
        NOTE,
    ),
)
IDENTIFIERS = Sheet(
    "identifiers",
    "Identitetskolumner",
    "Identifier columns",
    (
        Column("source", "Källa (kortnamn)", "Source (short name)", needed=True, also=("källa",), width=22),
        Column("column", "Kolumn", "Column", needed=True, width=22),
        Column("serial_name", "Löpnummer heter", "Serial number is named", width=22),
        Column("identifies", "Avser", "Identifies", Kind.CHOICE, IDENTIFIES),
        Column("unknown", "Okända nummer", "Unknown numbers", Kind.CHOICE, UNKNOWN),
        Column("reused_name", "Flagga för återanvänt", "Flag of reused numbers", width=22),
        NOTE,
    ),
)
_GROUP = Column("group", "Grupp", "Group", told_sv="Rader med samma grupp söks tillsammans; tom: en grupp per roll.",
                told_en="Rows of one group are sought together; empty: one group for each role.")  # fmt: skip
_ROLE = Column("role", "Roll", "Role", Kind.CHOICE, ROLES, needed=True)
_CODE_COLUMNS = (
    Column("form", "Sätt", "How", Kind.CHOICE, FORMS),
    Column("last", "Till kod", "To code", told_sv="Sista koden i ett intervall.", told_en="Last code of an interval."),
    Column("leaves_out", "Undantas", "Left out", Kind.YES_NO, width=11),
    Column("first_day", "Från dag", "From day", Kind.DATE),
    Column("last_day", "Till dag", "To day", Kind.DATE),
    Column("take", "Vilka dagar", "Which days", Kind.CHOICE, TAKE),
    Column("detail", "Detalj (tecken)", "Detail (characters)", Kind.WHOLE,
           told_sv="Antal tecken av koden som lämnas ut; tom: hela koden.",
           told_en="Characters of the code that are delivered; empty: the whole code."),
    Column("because", "Skäl för färre tecken", "Reason for fewer characters", width=28),
    NOTE,
)  # fmt: skip
DIAGNOSES = Sheet(
    "diagnoses",
    "Diagnosurval",
    "Diagnosis selector",
    (
        _GROUP,
        _ROLE,
        Column("registers", "Vård eller register", "Care or register", Kind.CHOICES, CARE, needed=True,
               also=("vård", "care"), width=24),
        Column("positions", "Position", "Position", Kind.CHOICES, POSITIONS, needed=True, width=24),
        Column("system", "Klassifikation", "Classification", Kind.CHOICE, SYSTEMS, needed=True,
               also=("icd-version", "icd version"), width=14),
        Column("code", "Kod", "Code", needed=True, also=("diagnoskod", "diagnosis code"), width=12),
        *_CODE_COLUMNS,
    ),
)  # fmt: skip
DRUGS = Sheet(
    "drugs",
    "Läkemedelsurval",
    "ATC selector",
    (_GROUP, _ROLE, Column("code", "ATC-kod", "ATC code", needed=True, also=("atc",), width=12), *_CODE_COLUMNS),
)
ATTACHMENTS = Sheet(
    "attachments",
    "Bilagor",
    "Attachments",
    (
        Column("kind", "Slag", "Kind", Kind.CHOICE, ATTACHED, needed=True, width=28),
        Column("title", "Titel", "Title", needed=True, width=40),
        Column("version", "Version", "Version", width=12),
        Column("dated", "Datum", "Date", Kind.DATE, needed=True, example="2024-01-31"),
        Column("file", "Filnamn", "File name", width=36),
        Column("sha256", "Kontrollsumma (SHA-256)", "Checksum (SHA-256)", width=24),
    ),
)
FURTHER = Sheet("further", "Övriga fält", "Further fields", (FIELD, VALUE))
CHECK = Sheet("check", "Kontroll", "Check")
LISTS = Sheet("lists", "Listor", "Lists")

TABLES = (VARIABLES, HOLDERS, IDENTIFIERS, DIAGNOSES, DRUGS, ATTACHMENTS)
READ = (ORDER, *TABLES, FURTHER)
"""The sheets that say what is ordered."""
BARE = (VARIABLES, DIAGNOSES, DRUGS, ATTACHMENTS)
"""Lists that may come alone in a workbook, on a sheet of any name."""
