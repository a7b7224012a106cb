"""What rows, rules and remarks mean, in Swedish and English, for the person who sends files.

What belongs here: one sentence for each fault, rule and remark, and what to do. What must not: values, ever. Refusals
of whole files have their sentences in register_files.messages.
"""

from dataclasses import dataclass

from samkorning.identity import REMEDIES, Problem
from samkorning.register_files.table import Remark, RowFault


@dataclass(frozen=True)
class Bilingual:
    """The same sentence in both languages."""

    sv: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """By language."""
        return {"sv": self.sv, "en": self.en}


@dataclass(frozen=True)
class Message:
    """What is wrong, and what to do."""

    what: Bilingual
    remedy: Bilingual


_AGAIN = Bilingual("Rätta raderna och skicka hela filen igen.", "Correct the rows and send the whole file again.")
_PLAIN = Bilingual(
    "Skriv ut filen igen ur registret med citattecken dubblerade i text.",
    "Write the file again from the register, with quotes in text doubled.",
)
_ENCODING = Bilingual(
    "Skriv ut filen igen i en enda teckenkodning, helst UTF-8.",
    "Write the file again in one single encoding, preferably UTF-8.",
)
_JSON = Bilingual("Skriv en rad som ett platt JSON-objekt.", "Write each row as one flat JSON object.")
_CELLS = Bilingual("Rätta cellerna i Excel, spara och skicka igen.", "Correct the cells in Excel, save and send again.")

FAULTS: dict[RowFault, Message] = {
    RowFault.TOO_FEW_FIELDS: Message(Bilingual("Raden har för få fält.", "The row has too few fields."), _AGAIN),
    RowFault.TOO_MANY_FIELDS: Message(
        Bilingual(
            "Raden har för många fält; ett skiljetecken står inne i ett värde.",
            "The row has too many fields; a separator stands inside a value.",
        ),
        Bilingual("Sätt citattecken om sådana värden.", "Put quotes around such values."),
    ),
    RowFault.STRAY_QUOTE: Message(
        Bilingual(
            "Ett citattecken står fel: inuti ett värde som inte är citerat, eller utan sin motsvarighet.",
            "A quote stands where none may: inside a value that is not quoted, or without its fellow.",
        ),
        _PLAIN,
    ),
    RowFault.NUL_CHARACTER: Message(
        Bilingual("Raden innehåller nolltecken.", "The row holds a NUL character."), _AGAIN
    ),
    RowFault.UNDECODABLE: Message(
        Bilingual("Raden har byte som inte är tecken i filens kodning.", "The row has bytes that are no characters."),
        _ENCODING,
    ),
    RowFault.BLANK_LINE: Message(Bilingual("Raden är tom.", "The row is blank."), _AGAIN),
    RowFault.HEADER_AGAIN: Message(
        Bilingual("Rubrikraden står en gång till bland raderna.", "The header stands once more among the rows."), _AGAIN
    ),
    RowFault.TOO_LONG: Message(Bilingual("Raden är för lång.", "The row is too long."), _AGAIN),
    RowFault.TOO_SHORT: Message(
        Bilingual("Raden är kortare än den avtalade layouten.", "The row is shorter than the layout."), _AGAIN
    ),
    RowFault.NOT_AN_OBJECT: Message(Bilingual("Raden är inget JSON-objekt.", "The row is no JSON object."), _JSON),
    RowFault.NESTED_VALUE: Message(
        Bilingual("Raden har ett värde som består av flera.", "The row has a value made of several."), _JSON
    ),
    RowFault.REPEATED_NAME: Message(
        Bilingual("Raden har samma namn två gånger.", "The row has the same name twice."), _JSON
    ),
    RowFault.ERROR_CELL: Message(
        Bilingual("Raden har en cell med ett felvärde.", "The row has a cell that shows an error."), _CELLS
    ),
    RowFault.NO_DATE: Message(
        Bilingual(
            "Raden har ett tal som ska vara ett datum eller en tid men inte kan vara det.",
            "The row has a number that should be a date or a time and cannot be one.",
        ),
        _AGAIN,
    ),
    RowFault.NO_STORED_VALUE: Message(
        Bilingual("Raden har en formel utan beräknat värde.", "The row has a formula without a stored value."), _CELLS
    ),
}

RULES: dict[str, Bilingual] = {
    "required": Bilingual("Ett värde saknas där det måste finnas.", "A value is missing where there must be one."),
    "pair": Bilingual(
        "Kod och beskrivning ska båda finnas eller båda saknas.", "Code and description must both be there or neither."
    ),
    "integer": Bilingual("Värdet är inget heltal.", "The value is no whole number."),
    "decimal": Bilingual(
        "Värdet är inget tal med det avtalade decimaltecknet.", "The value is no number with the declared decimal mark."
    ),
    "date": Bilingual("Värdet är inget datum i avtalad form.", "The value is no date in a declared form."),
    "boolean": Bilingual("Värdet är varken ja eller nej som avtalat.", "The value is neither yes nor no as declared."),
    "codes": Bilingual("Värdet finns inte i kodlistan.", "The value is not in the code list."),
    "max_length": Bilingual("Värdet är längre än avtalat.", "The value is longer than declared."),
    "pattern": Bilingual("Värdet har inte den avtalade formen.", "The value does not have the declared form."),
}


def rule_message(rule: str) -> Bilingual:
    """What it means that values break a rule, or that numbers have a problem."""
    if rule in RULES:
        return RULES[rule]
    problem = REMEDIES[Problem(rule)]
    return Bilingual(f"Numret: {problem.betydelse}.", f"The number: {problem.meaning}.")


RULE_REMEDY = Bilingual(
    "Raderna är mottagna som de är. Rätta dem vid källan om de är fel, och skicka då hela filen igen.",
    "The rows are taken in as they are. If they are wrong, correct them at the source and send the whole file again.",
)

IDENTIFYING = Message(
    Bilingual(
        "Värden ser ut som identitetsnummer där inga är avtalade.",
        "Values look like identity numbers where none are declared.",
    ),
    Bilingual(
        "Skicka filen utan dem, om inte specifikationen säger att de stryks eller godtas.",
        "Send the file without them, unless the specification says that they are dropped or accepted.",
    ),
)

REMARKS: dict[Remark, Bilingual] = {
    Remark.ENCODING_GUESSED: Bilingual(
        "Teckenkodningen är utläst ur innehållet.", "The encoding was told by the content."
    ),
    Remark.DOUBLE_ENCODING: Bilingual("Text ser ut att vara kodad två gånger.", "Text looks encoded twice."),
    Remark.MIXED_LINE_ENDS: Bilingual("Radsluten är av flera slag.", "Line ends are of several kinds."),
    Remark.LINE_BREAKS_IN_CELLS: Bilingual("Värden innehåller radbrytningar.", "Values hold line breaks."),
    Remark.END_OF_FILE_MARK: Bilingual(
        "Filen slutar med ett filslutstecken.", "The file ends with an end-of-file mark."
    ),
    Remark.BLANK_LINES_AT_END: Bilingual("Filen slutar med tomma rader.", "The file ends with blank lines."),
    Remark.SEPARATOR_LINE: Bilingual("Första raden anger skiljetecknet.", "The first line tells the separator."),
    Remark.ABSENT_NAMES: Bilingual("Rader saknar några av namnen.", "Rows lack some of the names."),
    Remark.LONG_NUMBERS: Bilingual(
        "Tal med fler än 15 siffror kan ha förlorat siffror i programmet som sparade dem.",
        "Numbers of more than 15 digits may have lost digits in the program that stored them.",
    ),
    Remark.HIDDEN_SHEETS: Bilingual("Arbetsboken har dolda blad; de läses inte.", "Hidden sheets are not read."),
    Remark.HIDDEN_ROWS: Bilingual("Dolda rader är lästa som andra.", "Hidden rows are read like others."),
    Remark.MERGED_CELLS: Bilingual(
        "Sammanfogade celler har värde bara i den första.", "Merged cells have a value in the first alone."
    ),
    Remark.FORMULAS: Bilingual("Formlers sparade värden är lästa.", "The stored values of formulas are read."),
    Remark.MACROS: Bilingual("Makron har inte körts.", "Macros were not run."),
    Remark.SHORT_NUMBERS: Bilingual(
        "Tal med fler siffror än deras kortade variabel rymmer kan ha förlorat siffror där de sparades.",
        "Numbers with more digits than their shortened variable holds may have lost digits where they were stored.",
    ),
    Remark.ORDER_MARKS: Bilingual(
        "Märken för byteordning stod mellan rader, som när filer har satts ihop; de är borttagna.",
        "Byte order marks stood between rows, as where files were put together; they are taken off.",
    ),
    Remark.ZEROS_FOR_EXCEL: Bilingual(
        'Värden skrivna som ="…", så att Excel behåller nollor, är lästa som texten inuti.',
        'Values written as ="…", so that Excel keeps zeros, are read as the text inside.',
    ),
    Remark.SPECIAL_MISSING: Bilingual(
        "Särskilda koder för saknade värden är lästa som saknade.", "Special missing values are read as missing."
    ),
}

FORMS_AND_SEPARATORS: dict[str, Bilingual] = {
    "delimited": Bilingual("text med skiljetecken", "delimited text"),
    "fixed_width": Bilingual("text med fasta bredder", "fixed width text"),
    "excel": Bilingual("Excel-arbetsbok", "Excel workbook"),
    "old_excel": Bilingual("gammal Excel-arbetsbok", "old Excel workbook"),
    "parquet": Bilingual("Parquet", "Parquet"),
    "arrow": Bilingual("Arrow", "Arrow"),
    "json_lines": Bilingual("JSON-rader", "JSON lines"),
    "sas": Bilingual("SAS", "SAS"),
    "sas_transport": Bilingual("SAS-transport", "SAS transport"),
    "spss": Bilingual("SPSS", "SPSS"),
    "spss_portable": Bilingual("portabel SPSS", "SPSS portable"),
    "stata": Bilingual("Stata", "Stata"),
    "semicolon": Bilingual("semikolon", "semicolon"),
    "tab": Bilingual("tabb", "tab"),
    "comma": Bilingual("komma", "comma"),
    "pipe": Bilingual("lodstreck", "pipe"),
}
"""What the page of a report calls the forms of files and the separators that the report itself names by code."""
