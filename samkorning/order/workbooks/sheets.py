"""The sheets of an order's workbook: their names, and the columns of each list.

What belongs here: the layout, in both languages. What must not: the lines of the form (form_lines), or what a list
becomes in an order (variables, selectors).
A heading that is renamed keeps its old name among ``also``, so that templates which people have kept can still be read.
"""

from dataclasses import dataclass

from samkorning.order.workbooks.columns import Column, Kind, Language
from samkorning.order.workbooks.words import (
    ABOUT,
    ATTACHED,
    CARE,
    ENCODINGS,
    FILE_FORMATS,
    FORMS,
    IDENTIFIES,
    POSITIONS,
    ROLES,
    SEPARATORS,
    SOURCE_CLASSES,
    SYSTEMS,
    TAKE,
    TYPES,
    UNKNOWN,
)

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


FIELD, VALUE = Column("field", "Fält", "Field"), Column("value", "Värde", "Value", also=("svar", "answer"))
NOTE = Column("note", "Anmärkning", "Note", also=("kommentar", "comment"), width=30)
REGISTER = Column(
    "register",
    "Register",
    "Register",
    needed=True,
    suggests="registers",
    also=("registernamn", "register name", "datamängd", "dataset", "källa"),
    width=22,
)

READ_FIRST = Sheet("read_first", "Läs först", "Read first")
ORDER = Sheet("order", "Beställning", "Order", (FIELD, VALUE, Column("told", "Förklaring", "Explanation")))
VARIABLES = Sheet(
    "variables",
    "Variabellista",
    "Variable list",
    (
        REGISTER,
        Column(
            "variable",
            "Variabel",
            "Variable",
            needed=True,
            suggests="variables",
            also=("variabelnamn", "variable name", "kolumn", "column"),
            width=22,
        ),
        Column(
            "label",
            "Klartext",
            "Label",
            also=("beskrivning", "description", "variabelbeskrivning", "benämning", "etikett"),
            width=44,
        ),
        Column(
            "period", "Period", "Period", Kind.YEARS, also=("tidsperiod", "år", "years", "year"), example="2015-2020"
        ),
        Column("from_year", "Från år", "From year", Kind.WHOLE, also=("från", "from", "startår"), width=10),
        Column("to_year", "Till år", "To year", Kind.WHOLE, also=("till", "to", "slutår"), width=10),
        Column("repeats_until", "Upprepas till år", "Repeats until", Kind.WHOLE, width=14),
        Column("about", "Rader om", "Rows about", Kind.CHOICES, ABOUT, width=24),
        Column("type", "Datatyp", "Type", Kind.CHOICE, TYPES, also=("datatype",)),
        Column("codes", "Tillåtna värden", "Allowed values", Kind.TEXTS, width=24),
        Column("deliver", "Lämnas ut", "Delivered", Kind.YES_NO, width=12),
        NOTE,
    ),
)
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
_GROUP = Column(
    "group",
    "Grupp",
    "Group",
    hint_sv="Rader med samma grupp söks tillsammans; tom: en grupp per roll.",
    hint_en="Rows of one group are sought together; empty: one group for each role.",
)
_ROLE = Column("role", "Roll", "Role", Kind.CHOICE, ROLES, needed=True)
_CODE_COLUMNS = (
    Column("form", "Sätt", "How", Kind.CHOICE, FORMS),
    Column("last", "Till kod", "To code", hint_sv="Sista koden i ett intervall.", hint_en="Last code of an interval."),
    Column("leaves_out", "Undantas", "Left out", Kind.YES_NO, width=11),
    Column("first_day", "Från dag", "From day", Kind.DATE),
    Column("last_day", "Till dag", "To day", Kind.DATE),
    Column("take", "Vilka dagar", "Which days", Kind.CHOICE, TAKE),
    Column(
        "detail",
        "Detalj (tecken)",
        "Detail (characters)",
        Kind.WHOLE,
        hint_sv="Antal tecken av koden som lämnas ut; tom: hela koden.",
        hint_en="Characters of the code that are delivered; empty: the whole code.",
    ),
    Column("because", "Skäl för färre tecken", "Reason for fewer characters", width=28),
    NOTE,
)
DIAGNOSES = Sheet(
    "diagnoses",
    "Diagnosurval",
    "Diagnosis selector",
    (
        _GROUP,
        _ROLE,
        Column(
            "registers",
            "Vård eller register",
            "Care or register",
            Kind.CHOICES,
            CARE,
            needed=True,
            also=("vård", "care"),
            width=24,
        ),
        Column("positions", "Position", "Position", Kind.CHOICES, POSITIONS, needed=True, width=24),
        Column(
            "system",
            "Klassifikation",
            "Classification",
            Kind.CHOICE,
            SYSTEMS,
            needed=True,
            also=("icd-version", "icd version"),
            width=14,
        ),
        Column("code", "Kod", "Code", needed=True, also=("diagnoskod", "diagnosis code"), width=12),
        *_CODE_COLUMNS,
    ),
)
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
