"""The Swedish words of a metadata workbook: its sheets and columns, and what may stand in these.

What belongs here: the layout. What must not: reading it (workbook).
"""

from samkorning.identity.identifies import Identifies
from samkorning.own_registers.catalogue.models import Holds, Position, Standing

DESCRIPTION, VARIABLES, CODE_LISTS = "DCAT-AP", "Variabler", "Kodlist"
"""Two sheets by their names, and any number whose names begin so."""

PROPERTY, VALUE = "Egenskap", "Värde"
PROPERTIES = {
    "Identifierare": "name",
    "Titel (sv)": "title_sv",
    "Titel (en)": "title_en",
    "Beskrivning": "description",
    "Utgivare": "publisher",
    "Första år": "from_year",
    "Sista år": "to_year",
    "Del av": "part_of",
    "Slag": "standing",
    "Raden avser": "holds",
    "Dag": "day",
    "Årsdag": "year_by",
    "Spärrat": "barred",
}
"""Properties of the register and their fields; others are published for other readers and are not taken."""
NEEDED_PROPERTIES = ("Identifierare", "Titel (sv)", "Titel (en)")

NAME, TYPE, LENGTH, LABEL_SV, LABEL_EN = "Variabelnamn", "Datatyp", "Längd", "Klartext", "Klartext (en)"
UNIT, CODES, SYSTEMS, POSITION = "Enhet", "Kodlista", "Klassifikation", "Position"
IDENTIFIES, SERIAL_NAME, FROM, TO, BREAKS = "Avser", "Löpnummernamn", "Från år", "Till år", "Seriebrott"
CODE = "Kod"
VARIABLE_COLUMNS = (
    NAME, TYPE, LENGTH, LABEL_SV, LABEL_EN, UNIT, CODES, SYSTEMS, POSITION, IDENTIFIES, SERIAL_NAME, FROM, TO, BREAKS,
)  # fmt: skip
CODE_COLUMNS = (CODES, CODE, LABEL_SV, LABEL_EN, FROM, TO)

TYPES = {"text": "text", "heltal": "integer", "decimaltal": "decimal", "datum": "date"}
POSITIONS = {
    "huvuddiagnos": Position.MAIN,
    "bidiagnos": Position.SECONDARY,
    "yttre orsak": Position.EXTERNAL_CAUSE,
    "åtgärd": Position.PROCEDURE,
    "läkemedel": Position.DRUG,
    "underliggande dödsorsak": Position.UNDERLYING_CAUSE,
    "bidragande dödsorsak": Position.CONTRIBUTING_CAUSE,
}
STANDS_FOR = {
    "person": Identifies.PERSON,
    "närstående": Identifies.RELATIVE,
    "organisation": Identifies.ORGANISATION,
    "arbetsställe": Identifies.WORKPLACE,
    "hushåll": Identifies.HOUSEHOLD,
}
STANDINGS = {
    "statistiskt": Standing.STATISTICAL,
    "administrativt": Standing.ADMINISTRATIVE,
    "befolkning": Standing.POPULATION,
}
HOLDS = {
    "händelser": Holds.EVENTS,
    "personer": Holds.PERSONS,
    "boende": Holds.RESIDENCE,
    "föräldrar": Holds.PARENTS,
    "makar": Holds.SPOUSES,
}
