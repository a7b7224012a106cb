"""Refusals of whole files in Swedish: a sentence for every sentence that a reader can give.

What belongs here: pairs of templates. What must not: when a file is refused (the readers). A test holds that every
refusal in the code stands here.
"""

import re

SENTENCES: tuple[tuple[str, str], ...] = (
    ("{} of {} rows are damaged ({}): {}", "{} av {} rader är skadade ({}): {}"),
    ("more than {} rows are damaged", "fler än {} rader är skadade"),
    ("{} rows are declared and {} are in the file", "{} rader är uppgivna och {} finns i filen"),
    ("the file ends above its header", "filen slutar före rubrikraden"),
    ("the first row is no readable header", "första raden är ingen läsbar rubrikrad"),
    ("the content is a zip archive, not an Excel workbook", "innehållet är ett zip-arkiv, ingen Excel-arbetsbok"),
    ("the content is no readable {}", "innehållet är ingen läsbar {}"),
    ("the content is {}, not {}", "innehållet är {}, inte {}"),
    ("the file is empty", "filen är tom"),
    ("the sheet cannot be read", "bladet kan inte läsas"),
    ("the workbook is cut off or damaged", "arbetsboken är avkortad eller skadad"),
    ("the workbook is larger than {} MiB", "arbetsboken är större än {} MiB"),
    ("the workbook is damaged inside", "arbetsboken är skadad inuti"),
    ("the workbook holds XML that no Excel writes", "arbetsboken innehåller XML som inget Excel skriver"),
    ("unpacked the workbook has over {} GiB or {} parts", "uppackad har arbetsboken över {} GiB eller {} delar"),
    ("the workbook's list of sheets cannot be read", "arbetsbokens bladlista kan inte läsas"),
    ("its rows cannot be counted for certain", "dess rader kan inte räknas säkert"),
    ("the sheet reaches over more than {} cells", "bladet sträcker sig över fler än {} celler"),
    ("{} visible sheets have content", "{} synliga blad har innehåll"),
    ("the workbook lacks the declared sheet", "arbetsboken saknar det avtalade bladet"),
    ("the header has cells without a value", "rubrikraden har celler utan värde"),
    ("the file is marked as {} and declared as {}", "filen är märkt som {} och avtalad som {}"),
    ("the content has no line ends", "innehållet saknar radslut"),
    ("the file is larger than {} MiB", "filen är större än {} MiB"),
    ("columns {} hold no single values", "kolumnerna {} har inte enkla värden"),
    ("{} columns are not declared (columns {})", "{} kolumner är inte avtalade (kolumn {})"),
    ("the rows have {} columns where {} are declared", "raderna har {} kolumner där {} är avtalade"),
    ("the header has more than {} columns", "rubrikraden har fler än {} kolumner"),
    ("the header has no name for columns {}", "rubrikraden saknar namn på kolumn {}"),
    (
        "the first row looks like data, not like names of columns",
        "första raden ser ut som data, inte som namn på kolumner",
    ),
    ("names of earlier columns stand again (columns {})", "namn på tidigare kolumner står igen (kolumn {})"),
    ("{} declared columns are missing: {}", "{} avtalade kolumner saknas: {}"),
    ("lacks the declared identity column {}", "saknar den avtalade identitetskolumnen {}"),
    ("names of columns suggest direct identifiers: {}", "namn på kolumner tyder på direkta identifierare: {}"),
    (
        "other columns hold what looks like identity numbers: {}",
        "andra kolumner innehåller vad som ser ut som identitetsnummer: {}",
    ),
    (
        "send it without them, or have the specification drop or accept them",
        "skicka den utan dem, eller låt specifikationen stryka eller godta dem",
    ),
    ("has no rows", "har inga rader"),
    ("send the file again as its holder stored it", "skicka filen igen som den är lagrad i registret"),
    ("send the whole file, or correct the declared number of rows", "skicka hela filen, eller rätta uppgivet antal"),
    ("send the whole file", "skicka hela filen"),
    ("send the file with names in its first row", "skicka filen med namn i första raden"),
    ("send the file again as {}", "skicka filen igen som {}"),
    (
        "send it again; a file without rows still needs its header",
        "skicka den igen; också en fil utan rader behöver sin rubrikrad",
    ),
    ("save the workbook again in Excel and send that", "spara arbetsboken igen i Excel och skicka den"),
    (
        "save it again as an Excel workbook (xlsx) and send that",
        "spara den igen som Excel-arbetsbok (xlsx) och skicka den",
    ),
    ("save it again in Excel and send that", "spara den igen i Excel och skicka den"),
    ("send it as delimited text", "skicka den som text med skiljetecken"),
    ("clear what is far away, or send delimited text", "rensa det avlägsna, eller skicka text med skiljetecken"),
    ("send one sheet, or declare which one is meant", "skicka ett blad, eller avtala vilket som gäller"),
    ("send it with that sheet", "skicka den med det bladet"),
    ("write the names as plain text", "skriv namnen som vanlig text"),
    ("send the sheet without them", "skicka bladet utan dem"),
    (
        "correct the declaration or send the file in the declared encoding",
        "rätta avtalet eller skicka filen i avtalad teckenkodning",
    ),
    ("send it as text with one row a line", "skicka den som text med en post per rad"),
    ("write the file again and send that", "skriv ut filen igen och skicka den"),
    ("send lists and structures as columns", "skicka listor och strukturer som kolumner"),
    ("correct the rows and send the whole file again", "rätta raderna och skicka hela filen igen"),
    ("send only the declared columns", "skicka bara de avtalade kolumnerna"),
    ("send the declared columns in their declared order", "skicka de avtalade kolumnerna i avtalad ordning"),
    ("send the columns in several files", "skicka kolumnerna i flera filer"),
    ("name every column in the first row", "namnge varje kolumn i första raden"),
    ("send the file with a header row", "skicka filen med rubrikrad"),
    ("give every column a name of its own", "ge varje kolumn ett eget namn"),
    (
        "send the file with all declared columns, or change the declaration",
        "skicka filen med alla avtalade kolumner, eller ändra avtalet",
    ),
    ("send it with that column", "skicka den med den kolumnen"),
    ("send the file with its rows", "skicka filen med sina rader"),
)

KINDS = {
    "a zip archive": "ett zip-arkiv",
    "JSON": "JSON",
    "text": "text",
    "binary data": "binära data",
    "a web page or XML document": "en webbsida eller ett XML-dokument",
    "a PDF document": "ett PDF-dokument",
    "an old Office document or a workbook with a password": "ett gammalt Office-dokument eller en låst arbetsbok",
    "a picture": "en bild",
    "a program": "ett program",
    "a database": "en databas",
    "an encrypted file": "en krypterad fil",
    "an encrypted or signed file": "en krypterad eller signerad fil",
    "delimited text": "text med skiljetecken",
    "fixed width text": "text med fasta bredder",
    "JSON lines": "JSON-rader",
    "an Excel workbook": "en Excel-arbetsbok",
    "a Parquet file": "en Parquet-fil",
    "an Arrow file": "en Arrow-fil",
    "Parquet file": "Parquet-fil",
    "Arrow file": "Arrow-fil",
    "a format that is taken in": "ett format som tas emot",
}


def in_swedish(sentence: str) -> str:
    """The Swedish sentence; the English one where there is none."""
    for pattern, swedish in _PATTERNS:
        found = pattern.fullmatch(sentence)
        if found:
            return swedish.format(*(KINDS.get(part, part) for part in found.groups()))
    return sentence


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in template.split("{}")), re.S)


_PATTERNS = tuple((_pattern(english), swedish) for english, swedish in SENTENCES)
