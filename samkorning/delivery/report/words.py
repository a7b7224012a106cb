"""The words of the report, Swedish and English, saying the same.

What belongs here: headings, running text, names of counts. What must not: how the page is laid out (report.html.jinja).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from samkorning.delivery.changes.models import What
from samkorning.delivery.documents import table_words
from samkorning.delivery.documents.readme_texts import ENGLISH as ENGLISH_README
from samkorning.delivery.documents.readme_texts import SWEDISH as SWEDISH_README
from samkorning.delivery.documents.readme_texts import Wording
from samkorning.delivery.report.forms import ENGLISH_REPORT, SWEDISH_REPORT


@dataclass(frozen=True)
class Words:
    """One language: its code, the name of the report's files, texts by name, and what it shares with the readme."""

    language: str
    file: str
    said: MappingProxyType[str, str]
    changes: Mapping[What, str]
    readme: Wording
    thousands: str

    def reason(self, name: str) -> str:
        """Why rows were dropped, in words."""
        return self.readme.reason(name)


SWEDISH = Words(
    "sv",
    SWEDISH_REPORT,
    MappingProxyType(
        {
            "title": "Rapport till utlämning {number}",
            "case": "Ärende",
            "synthetic": "Syntetiska uppgifter: ingen rad handlar om en verklig person.",
            "pseudonymised": "Uppgifterna är pseudonymiserade, inte anonymiserade. Förvara och använd dem så som "
            "beslutet säger.",
            "purpose": "Ändamål",
            "recipient": "Mottagare",
            "date": "Datum",
            "kind": "Slag",
            "previous": "Tidigare utlämning",
            "page": "Sida",
            "of": "av",
            "contents": "Det som levereras",
            "file": "Fil",
            "rows": "Rader",
            "persons": "Personer",
            "variables": "Variabler",
            "holds": "Innehåller",
            "replaces": "Ersätter",
            "awaited": "Det som ännu väntas",
            "way": "Vägen till studien och filerna",
            "way_text": "Antal personer efter varje steg, från den första avgränsningen till filerna, och vad som har "
            "fallit bort vid vart och ett. Talen svarar mot punkterna 6.3, 12.3 och 13.1 i RECORD och mot GUILD.",
            "removed": "bortfall {count}",
            "code_key": "Personer med löpnummer i ärendet",
            "of_study": "Personer i studien",
            "delivered_persons": "Har rader i filen {name}",
            "flow": "Rader som kom, länkades och föll bort",
            "flow_text": "Rader in = länkade + bortfall. Personer utan rader hör till studien, men källan har inga "
            "rader om dem. Bortfallna personer är de som raderna i bortfallet handlar om, var och en räknad en gång; "
            "rader vars nummer inte går att läsa har ingen person och räknas bara som rader. Ett streck står för några "
            "få rader eller personer, eller för ett tal som de kunde räknas ut ur.",
            "source": "Källa",
            "rows_in": "Rader in",
            "linked": "Länkade",
            "dropped": "Bortfall",
            "without": "Personer utan rader",
            "lost": "Bortfallna personer",
            "about": "personer:",
            "share": "Länkningsandel efter källa, ålder och kön",
            "share_text": "Andel av studiens personer som källan har rader om. Ålder och kön läses ur "
            "identitetsnumren; åldern gäller beställningens referensdag. En enhet som ersätter en tidigare visas bara "
            "i sin helhet.",
            "share_axis": "Andel av studiens personer",
            "all": "Alla",
            "sex": "Kön",
            "m": "Män",
            "k": "Kvinnor",
            "unknown": "Okänt",
            "age": "Ålder",
            "pyramid": "Studiens personer efter ålder och kön",
            "pyramid_text": "En grupp vars antal är utelämnat har ingen stapel.",
            "persons_axis": "Antal personer",
            "changes": "Ändrat sedan tidigare utlämningar",
            "no_changes": "Inga variabler har ändrats i de filer som levereras igen.",
            "variable": "Variabel",
            "change": "Ändring",
            "before": "Förut",
            "now": "Nu",
            "unit_changes": "Rader och personer i delar som ersätts",
            "part": "Del",
            "rows_new": "Nya rader",
            "rows_gone": "Borttagna rader",
            "persons_new": "Nya personer",
            "persons_gone": "Borttagna personer",
            "rows_same": "Samma rader",
            "rows_altered": "Ändrade rader",
            "not_kept": "Det som levererades förut finns inte kvar att jämföra med.",
            "codebook": "Kodbok",
            "codebook_text": "{dash} betyder att antalet är utelämnat: färre än {limit} personer står bakom det, eller "
            "så skulle ett sådant antal gå att räkna ut. Hela kodboken finns i kodbok.xlsx.",
            "type": "Typ",
            "unit": "enhet",
            "filled": "med värde",
            "missing": "utan värde",
            "distinct": "olika värden",
            "code": "Kod",
            "meaning": "Betydelse",
            "years": "Gäller",
            "other": "andra värden",
            "step": "Värden",
            "year": "År eller fil",
            "below": "under {0}",
            "from": "{0} och över",
            "between": "{0} till under {1}",
            "more_values": "Ytterligare {count} värden står i kodbok.xlsx.",
            "break": "Brott {year}: {note}",
            "system": "{system} {years}",
            "from_source": "ur {register}, {holder}",
            "from_register": "ur registret {register}",
            **{f"type_{name}": word for name, word in table_words.TYPES.items()},
        }
    ),
    table_words.CHANGES,
    SWEDISH_README,
    "\u00a0",
)

ENGLISH = Words(
    "en",
    ENGLISH_REPORT,
    MappingProxyType(
        {
            "title": "Report on delivery {number}",
            "case": "Case",
            "synthetic": "Synthetic data: no row is about a real person.",
            "pseudonymised": "The data are pseudonymised, not anonymised. Store and use them as the decision says.",
            "purpose": "Purpose",
            "recipient": "Recipient",
            "date": "Date",
            "kind": "Kind",
            "previous": "Earlier delivery",
            "page": "Page",
            "of": "of",
            "contents": "What is delivered",
            "file": "File",
            "rows": "Rows",
            "persons": "Persons",
            "variables": "Variables",
            "holds": "Holds",
            "replaces": "Replaces",
            "awaited": "What is still awaited",
            "way": "The way to the study and the files",
            "way_text": "Persons after each step, from the first criterion to the files, and what was removed at each. "
            "The counts answer items 6.3, 12.3 and 13.1 of RECORD, and GUILD.",
            "removed": "removed {count}",
            "code_key": "Persons with a serial number in the case",
            "of_study": "Persons of the study",
            "delivered_persons": "Have rows in the file {name}",
            "flow": "Rows that came, linked and were dropped",
            "flow_text": "Rows in = linked + dropped. Persons without rows belong to the study, but the source has no "
            "rows about them. Persons lost are those whom the dropped rows are about, each counted once; rows whose "
            "number cannot be read have no person and are counted as rows alone. A dash stands for a few rows or "
            "persons, or for a count that they could be reckoned from.",
            "source": "Source",
            "rows_in": "Rows in",
            "linked": "Linked",
            "dropped": "Dropped",
            "without": "Persons without rows",
            "lost": "Persons lost",
            "about": "persons:",
            "share": "Linkage share by source, age and sex",
            "share_text": "Share of the persons of the study that the source has rows about. Age and sex are read from "
            "the identity numbers; the age is that on the reference date of the order. A unit that replaces an "
            "earlier one is shown as a whole only.",
            "share_axis": "Share of the persons of the study",
            "all": "All",
            "sex": "Sex",
            "m": "Men",
            "k": "Women",
            "unknown": "Unknown",
            "age": "Age",
            "pyramid": "The persons of the study by age and sex",
            "pyramid_text": "A group whose count is left out has no bar.",
            "persons_axis": "Persons",
            "changes": "Changed since earlier deliveries",
            "no_changes": "No variable has changed in the files that are delivered again.",
            "variable": "Variable",
            "change": "Change",
            "before": "Before",
            "now": "Now",
            "unit_changes": "Rows and persons in the parts that are replaced",
            "part": "Part",
            "rows_new": "New rows",
            "rows_gone": "Rows gone",
            "persons_new": "New persons",
            "persons_gone": "Persons gone",
            "rows_same": "Same rows",
            "rows_altered": "Altered rows",
            "not_kept": "What was delivered before is not kept to be compared with.",
            "codebook": "Code book",
            "codebook_text": "{dash} means that a count is left out: fewer than {limit} persons stand behind it, or "
            "such a count could be reckoned. The whole code book is in kodbok.xlsx.",
            "type": "Type",
            "unit": "unit",
            "filled": "with a value",
            "missing": "without",
            "distinct": "different values",
            "code": "Code",
            "meaning": "Meaning",
            "years": "Valid",
            "other": "other values",
            "step": "Values",
            "year": "Year or file",
            "below": "below {0}",
            "from": "{0} and above",
            "between": "{0} to below {1}",
            "more_values": "{count} more values are in kodbok.xlsx.",
            "break": "Break in {year}: {note}",
            "system": "{system} {years}",
            "from_source": "from {register}, {holder}",
            "from_register": "from the register {register}",
            "type_boolean": "yes or no",
        }
    ),
    MappingProxyType({}),
    ENGLISH_README,
    ",",
)
LANGUAGES = (SWEDISH, ENGLISH)
