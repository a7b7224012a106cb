"""How a language writes dates, amounts, lists and the words of the service's own lists, for letters.

What belongs here: forms and single words. What must not: the prose of letters, which stands in their templates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

NARROW = "\u00a0"


class LanguageCode(StrEnum):
    """The languages of letters."""

    sv = "sv"
    en = "en"


@dataclass(frozen=True)
class Language:
    """One language of letters."""

    code: str
    months: tuple[str, ...]
    and_: str
    decimal_mark: str
    thousands: str
    currency: str
    day_form: str
    words: Mapping[str, str]

    def day(self, value: date | str) -> str:
        """A day in prose: ``30 november 2026``."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return self.day_form.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def amount(self, value: Decimal | int | float | str) -> str:
        """Kronor, with öre only where there are any: ``5 000 kr``."""
        exact = Decimal(str(value))
        whole = exact == exact.to_integral_value()
        return self.currency.format(self.number(exact.quantize(Decimal(1) if whole else Decimal("0.01"))))

    def number(self, value: Decimal | int | float) -> str:
        """A number with its thousands apart."""
        return f"{value:,}".replace(",", "~").replace(".", self.decimal_mark).replace("~", self.thousands)

    def listed(self, items: Iterable[str]) -> str:
        """``a, b and c``."""
        *before, last = [*items] or [""]
        return f"{', '.join(before)} {self.and_} {last}" if before else last

    def word(self, name: str) -> str:
        """A word of one of the service's lists, as the language says it."""
        return self.words[name]


SWEDISH = Language(
    code="sv",
    months=(
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
    and_="och",
    decimal_mark=",",
    thousands=NARROW,
    currency=f"{{}}{NARROW}kr",
    day_form=f"{{day}}{NARROW}{{month}} {{year}}",
    words=MappingProxyType(
        {
            "letterhead_case": "Ärendenummer",
            "letterhead_date": "Datum",
            "copy_to": "Kopia till",
            "enclosed": "Bilagor",
            "page": "Sida",
            "of": "av",
            "regards": "Med vänlig hälsning",
            "synthetic": "Syntetiskt ärende: uppgifterna handlar inte om verkliga personer.",
            "reply": "Frågor om ärendet besvaras på",
            "state_case": "Ange ärendenumret.",
            "case_officer": "handläggare",
            "manager": "handläggarens chef",
            "lawyer": "jurist",
            "awaited": "väntas",
            "received": "har kommit, väntar på beslut",
            "refused": "har kommit men kunde inte läsas, väntas på nytt",
            "two_files": "två filer har kommit, vi avgör vilken som gäller",
            "awaits_release": "väntar på registerhållarens beslut",
            "accepted": "på plats, inte utlämnad",
            "late": "kom efter första utlämningen, lämnas ut i en komplettering",
            "delivered": "utlämnad",
            "changed": "utlämnad, har ändrats sedan dess",
            "replacement": "ersätts i en kommande utlämning",
            "withdrawn": "återtagen, väntas inte längre",
            "disposed": "utlämnad och gallrad",
            "first": "första utlämningen",
            "supplement": "komplettering med det som var försenat",
            "repeat": "upprepad utlämning med nya uppgifter",
            "complete": "allt som finns kvar, på nytt",
            "replacement_delivery": "ersättning för det som har rättats",
            "us": "hos oss",
            "orderer": "i beställningen",
            "holder": "hos en registerhållare",
            "nobody": "ingen: uppgifterna är som de ska",
            "dismissed": "avvisning",
            "rejected": "avslag",
            "closed": "avskrivning",
            "handed_over": "överlämnat svar",
            "text": "text",
            "integer": "heltal",
            "decimal": "decimaltal",
            "date": "datum",
            "boolean": "ja eller nej",
            "unlimited": "tills vidare",
            "research": "forskning",
            "statistics": "statistik",
            "own": "eget register",
            "population": "studiepopulation",
            "number_history": "ändrade personnummer",
            "csv": "CSV",
            "tab": "tabbavgränsad text",
            "parquet": "Parquet",
            "spss": "SPSS",
            "stata": "Stata",
            "sas_transport": "SAS transportfil",
            "sas": "SAS-program",
            "excel": "Excel",
        }
    ),
)
ENGLISH = Language(
    code="en",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    and_="and",
    decimal_mark=".",
    thousands=",",
    currency=f"SEK{NARROW}{{}}",
    day_form=f"{{day}}{NARROW}{{month}} {{year}}",
    words=MappingProxyType(
        {
            "letterhead_case": "Case number",
            "letterhead_date": "Date",
            "copy_to": "Copy to",
            "enclosed": "Enclosed",
            "page": "Page",
            "of": "of",
            "regards": "Yours sincerely",
            "synthetic": "Synthetic case: the data are not about real persons.",
            "reply": "For questions about the case, write to",
            "state_case": "Please state the case number.",
            "case_officer": "case officer",
            "manager": "the case officer's manager",
            "lawyer": "lawyer",
            "awaited": "awaited",
            "received": "has come, waits for the decision",
            "refused": "has come but could not be read, awaited anew",
            "two_files": "two files have come, we decide which of them counts",
            "awaits_release": "waits for the register holder's decision",
            "accepted": "in place, not delivered",
            "late": "came after the first delivery, follows in a supplement",
            "delivered": "delivered",
            "changed": "delivered, has changed since",
            "replacement": "to be replaced in a coming delivery",
            "withdrawn": "withdrawn, no longer awaited",
            "disposed": "delivered and disposed of",
            "first": "the first delivery",
            "supplement": "supplement with what was late",
            "repeat": "repeat delivery with new data",
            "complete": "everything that is kept, once more",
            "replacement_delivery": "replacement for what has been corrected",
            "us": "with us",
            "orderer": "in the order",
            "holder": "with a register holder",
            "nobody": "none: the data are as they should be",
            "dismissed": "dismissal",
            "rejected": "rejection",
            "closed": "closure",
            "handed_over": "its answer is handed over",
            "text": "text",
            "integer": "whole number",
            "decimal": "decimal number",
            "date": "date",
            "boolean": "yes or no",
            "unlimited": "until further notice",
            "research": "research",
            "statistics": "statistics",
            "own": "own register",
            "population": "study population",
            "number_history": "changed identity numbers",
            "csv": "CSV",
            "tab": "tab-separated text",
            "parquet": "Parquet",
            "spss": "SPSS",
            "stata": "Stata",
            "sas_transport": "SAS transport file",
            "sas": "SAS program",
            "excel": "Excel",
        }
    ),
)
LANGUAGES = {language.code: language for language in (SWEDISH, ENGLISH)}
