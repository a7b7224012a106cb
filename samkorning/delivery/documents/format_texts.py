"""What the readme files say of each format: how it is read, and what it does not carry.

What belongs here: these words, Swedish and English saying the same. What must not: which formats a delivery has
(readme), or what a format does (samkorning.delivery.formats).
"""

from collections.abc import Mapping


def _reading(name: str) -> str:
    """How programs read CSV with every text as it is."""
    return "\n".join(
        (
            f'- SAS: `infile "{name}" dsd dlm=";" firstobs=2 encoding="utf-8" termstr=crlf lrecl=32767;`',
            f'- R: `read.csv("{name}", sep=";", fileEncoding="UTF-8-BOM", colClasses="character", na.strings="")`',
            f'- Stata: `import delimited "{name}", delimiters(";") encoding("utf-8") varnames(1) case(preserve) '
            "stringcols(_all) bindquote(strict) maxquotedrows(unlimited)`",
            f'- Python: `pandas.read_csv("{name}", sep=";", encoding="utf-8-sig", dtype=str, keep_default_na=False, '
            'na_values=[""])`',
        )
    )


SWEDISH: Mapping[str, str] = {
    "csv": """\
CSV i UTF-8 med byte order mark, semikolon mellan fälten, CRLF efter varje rad. De egna registren har datum som
2219-05-04 och decimalpunkt; andra registerhållares värden står som de kom. Ett tomt fält är ett saknat värde, `""` är
en tom text. Läs in allt som text och gör sedan tal av det som är tal: annars går inledande nollor förlorade, och texten
`NA` blir ett saknat värde. `las_in.R` gör allt detta i R.
"""
    + _reading("fil.csv"),
    "tab": """\
Text (`.txt`) i UTF-8 utan byte order mark, tabb mellan fälten, i övrigt som CSV: den som läser måste ta citattecken
som CSV gör.""",
    "parquet": """\
Parquet har typer: text, heltal, decimaltal, datum, ja/nej och saknat värde. Variabelns klartext står i fältets metadata
(`label`). R: `arrow::read_parquet`, Python: `polars.read_parquet`.""",
    "spss": """\
SPSS (`.sav`, UTF-8) har klartext, kodetiketter, datum och systemsaknat värde.""",
    "stata": """\
Stata (`.dta`, version 118, från Stata 14) har klartext, datum, saknat värde (`.`) och kodetiketter för tal; Stata har
inga etiketter för textkoder, de står i variabellistan.""",
    "sas_transport": """\
SAS transportfil (`.xpt`, version 8) har klartext, datum och saknat värde, inga kodetiketter. Text är UTF-8: läs in den
i en SAS-session i UTF-8 med `%xpt2loc`, eller i R med `haven::read_xpt`.""",
    "sas": """\
SAS-programmet (`.sas`) läser CSV-filen bredvid med typer, längder, klartext och kodformat; kör det i filens mapp i en
SAS-session i UTF-8.""",
    "excel": """\
Excel (`.xlsx`): ett blad med typer; datum före 1 mars 1900 är text.""",
}
ENGLISH: Mapping[str, str] = {
    "csv": """\
CSV in UTF-8 with a byte order mark, semicolon between fields, CRLF after each row. The own registers have dates as
2219-05-04 and the decimal point; values of other holders stand as they came. An empty field is a missing value, `""` is
an empty text. Read everything as text and then make numbers of what is one: leading zeros are lost otherwise, and the
text `NA` becomes a missing value. `las_in.R` does all of this in R.
"""
    + _reading("file.csv"),
    "tab": """\
Text (`.txt`) in UTF-8 without a byte order mark, tabulators between fields, in all else as CSV: whoever reads it must
take quotes as CSV does.""",
    "parquet": """\
Parquet has types: text, whole number, decimal, date, yes/no and missing value. A variable's label is in its field's
metadata (`label`). R: `arrow::read_parquet`, Python: `polars.read_parquet`.""",
    "spss": """\
SPSS (`.sav`, UTF-8) has labels of variables and codes, dates and the system-missing value.""",
    "stata": """\
Stata (`.dta`, version 118, from Stata 14) has labels, dates, the missing value (`.`) and labels of codes that are
numbers; Stata has no labels for codes of text, which are in the variable list.""",
    "sas_transport": """\
SAS transport file (`.xpt`, version 8) has labels, dates and missing values, and no labels of codes. Text is UTF-8: read
it in a SAS session in UTF-8 with `%xpt2loc`, or in R with `haven::read_xpt`.""",
    "sas": """\
The SAS program (`.sas`) reads the CSV file beside it with types, lengths, labels and formats of codes; run it in the
file's folder in a SAS session in UTF-8.""",
    "excel": """\
Excel (`.xlsx`): one sheet with types; dates before 1 March 1900 are text.""",
}

SWEDISH_AS_WRITTEN = "I CSV och text skriver andra registerhållare så:"
ENGLISH_AS_WRITTEN = "In CSV and text, other holders write:"

SWEDISH_NOT_CARRIED = """\
I SPSS, Stata, SAS och Excel är tom text och saknat värde samma sak. Detta bär formaten inte av vad raderna har; CSV har
det:"""
ENGLISH_NOT_CARRIED = """\
In SPSS, Stata, SAS and Excel an empty text and a missing value are the same. This is what the formats do not carry of
what the rows have; CSV has it:"""

SWEDISH_LOSSES: Mapping[str, str] = {
    "empty text is missing": "tom text och saknat värde går inte att skilja åt",
    "blanks at the end are lost": "blanktecken sist i texten finns inte med",
    "label is cut": "klartexten är avkortad, den står hel i variabellistan",
    "labels of codes are left out": "kodetiketter är avkortade eller saknas",
    "is text": "datum är text, för kalendern i formatet börjar senare",
}
ENGLISH_LOSSES: Mapping[str, str] = {
    "empty text is missing": "empty text and missing value cannot be told apart",
    "blanks at the end are lost": "blanks at the end of a text are lost",
    "label is cut": "the label is cut, the variable list has it whole",
    "labels of codes are left out": "labels of codes are cut or left out",
    "is text": "dates are text, since the format's calendar begins later",
}
