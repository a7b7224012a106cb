"""The words that may stand in cells of an order's workbook, in Swedish and English, and what each means.

What belongs here: closed lists of words. What must not: which column takes them (sheets, form_lines).
"""

from samkorning.order.attachments import AttachmentKind
from samkorning.order.workbooks.columns import Word, identity_words
from samkorning.own_registers.catalogue.models import CodeSystem, Position

PURPOSES = (Word("research", "forskning", "research"), Word("statistics", "statistik", "statistics"))
SEALED_AS = (
    Word("age", "mottagarens nyckel (age)", "the recipient's key (age)"),
    Word("7z", "lösenfras (7z)", "passphrase (7z)"),
)
NO_CONSENT = (
    Word("not_needed_by_ethics_decision", "behövs inte enligt etikbeslutet", "not needed by the ethics decision"),
)
FORMATS = identity_words(("csv", "tab", "parquet", "spss", "stata", "sas_transport", "sas", "excel"))
FILE_FORMATS = identity_words(
    (
        "auto", "delimited", "fixed_width", "excel", "parquet", "arrow", "json_lines",
        "sas", "sas_transport", "spss", "spss_portable", "stata", "old_excel",
    )
)  # fmt: skip
SEPARATORS = (*identity_words((";", ",", "|")), Word("\t", "tab", "tab"), Word("auto", "auto", "auto"))
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
