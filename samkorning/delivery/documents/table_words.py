"""The Swedish words of the package's tables: what a value of an English enumeration or step is called there.

What belongs here: words. What must not: the names of columns, which programs read and which stay as they are, or
running text (readme_texts).
"""

from collections.abc import Mapping
from types import MappingProxyType

from samkorning.delivery.changes.models import What

TYPES: Mapping[str, str] = MappingProxyType(
    {"text": "text", "integer": "heltal", "decimal": "decimaltal", "date": "datum", "boolean": "ja eller nej"}
)
CHANGES: Mapping[What, str] = MappingProxyType(
    {
        What.RENAMED: "nytt namn",
        What.ADDED: "ny",
        What.GONE: "borttagen",
        What.RETYPED: "annan typ",
        What.RELABELLED: "annan klartext",
        What.OTHER_UNIT: "annan enhet",
        What.OTHER_VALUE_SET: "annan värdemängd (antal koder)",
    }
)
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "unknown_person": "inte i kodnyckeln",
        "missing": "nummer saknas",
        "placeholder": "utfyllnad i stället för nummer",
        "exponent": "tal med exponent",
        "foreign_digits": "andra siffror än 0–9",
        "bad_character": "otillåtet tecken",
        "bad_separator": "fel skiljetecken",
        "bad_length": "fel längd",
        "organisation_number": "organisationsnummer",
        "ambiguous_issuer": "flera möjliga utgivare",
        "other_issuer": "annan utgivare",
        "bad_date": "inget datum",
        "serial_000": "födelsenummer 000",
        "bad_check_digit": "fel kontrollsiffra",
        "ambiguous_century": "oklart sekel",
        "synthetic_not_allowed": "syntetiskt nummer",
        "future_date": "datum i framtiden",
        "kind_not_allowed": "fel slag av nummer",
        "lost_leading_zero": "förlorad inledande nolla",
        "float": "decimaltal",
        "lost_trailing_blank": "förlorat blanktecken",
        "not_in_population": "ej i studien",
        "not_in_event_group": "ej i händelsegruppen",
    }
)
READINGS: Mapping[str, str] = MappingProxyType(
    {
        "guessed_century": "gissat århundrade",
        "leading_zero": "inledande nolla återställd",
        "trailing_blank": "blanktecken återställt",
        "float": "decimaltal återställt",
    }
)


def reason(name: str) -> str:
    """Why rows were dropped or a serial number is not there, in Swedish."""
    return REASONS.get(name, name.replace("_", " "))


def reading(name: str) -> str:
    """How a number was read that did not stand there whole, in Swedish."""
    return READINGS.get(name, name.replace("_", " "))


def type_word(declared: str) -> str:
    """A type with or without its length, such as ``integer 3``, in Swedish."""
    name, _, length = declared.partition(" ")
    return f"{TYPES.get(name, name)} {length}".strip()
