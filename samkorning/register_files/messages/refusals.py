"""Refusals of whole files in Swedish: a sentence for every sentence that a reader can give.

What belongs here: pairs of templates. What must not: when a file is refused (the readers). A test holds that every
refusal in the code stands here.
"""

import re

from samkorning.register_files.messages.kinds_of_content import KINDS
from samkorning.register_files.messages.refused_populations import STUDY

SENTENCES: tuple[tuple[str, str], ...] = (
    *STUDY,
    ("{} of {} rows are damaged ({}): {}", "{} av {} rader är skadade ({}): {}"),
    ("more than {} rows are damaged", "fler än {} rader är skadade"),
    ("{} rows are declared and {} are in the file", "{} rader är uppgivna och {} finns i filen"),
    ("the file ends above its header", "filen slutar före rubrikraden"),
    ("the first row is no readable header", "första raden är ingen läsbar rubrikrad"),
    ("the first row is a comment, not names of columns", "första raden är en kommentar, inte namn på kolumner"),
    (
        "the first row has one field where rows below it have several",
        "första raden har ett fält där rader under den har flera",
    ),
    ("the columns are held apart by spaces", "kolumnerna hålls isär av mellanslag"),
    (
        "no separator divides the file into columns (semicolon, tab, comma and pipe were tried)",
        "inget skiljetecken delar filen i kolumner (semikolon, tabb, komma och lodstreck har prövats)",
    ),
    (
        "the declared separator does not divide the file into columns",
        "det avtalade skiljetecknet delar inte filen i kolumner",
    ),
    (
        "send it with the declared separator, or declare the one that it has",
        "skicka den med det avtalade skiljetecknet, eller avtala det som den har",
    ),
    (
        "a quotation mark in the first row stands behind a space",
        "ett citattecken i första raden står efter ett mellanslag",
    ),
    ("a quotation mark in the first row is never closed", "ett citattecken i första raden avslutas aldrig"),
    (
        "a quotation mark in the first row stands where none may",
        "ett citattecken i första raden står där inget får stå",
    ),
    ("names in the first row stand in apostrophes", "namn i första raden står inom apostrofer"),
    (
        "write the file again with quotation marks in their place",
        "skriv filen igen med citattecken i stället för apostrofer",
    ),
    (
        "a name in the first row holds a separator and a line end",
        "ett namn i första raden innehåller både skiljetecken och radslut",
    ),
    (
        "send the file with names in its first row, or declare how many rows stand above them",
        "skicka filen med namn i första raden, eller avtala hur många rader som står ovanför dem",
    ),
    (
        "send it with one of them between all fields and names in its first row, or declare its one column",
        "skicka den med ett av dem mellan alla fält och namn i första raden, eller avtala dess enda kolumn",
    ),
    (
        "write the file again without spaces between separators and quotation marks",
        "skriv filen igen utan mellanslag mellan skiljetecken och citattecken",
    ),
    (
        "the first row has bytes that are no characters of the file's encoding",
        "första raden har byte som inte är tecken i filens kodning",
    ),
    (
        "send the file in the declared encoding, or declare the one that it has",
        "skicka filen i den avtalade teckenkodningen, eller avtala den som filen har",
    ),
    ("the content is a zip archive, not an Excel workbook", "innehållet är ett zip-arkiv, ingen Excel-arbetsbok"),
    ("the content is no readable {}", "innehållet är ingen läsbar {}"),
    ("the content is {}, not {}", "innehållet är {}, inte {}"),
    ("the file is empty", "filen är tom"),
    ("the file has no columns", "filen har inga kolumner"),
    ("the sheet cannot be read", "bladet kan inte läsas"),
    ("the workbook is cut off or damaged", "arbetsboken är avkortad eller skadad"),
    ("the workbook is larger than {} MiB", "arbetsboken är större än {} MiB"),
    ("the workbook is damaged inside", "arbetsboken är skadad inuti"),
    ("the workbook is locked with a password", "arbetsboken är låst med lösenord"),
    ("the workbook is older than Excel 97 or damaged", "arbetsboken är äldre än Excel 97 eller skadad"),
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
    ("its two readers differ on its columns", "dess två läsare skiljer sig om kolumnerna"),
    ("its two readers differ on its rows", "dess två läsare skiljer sig om raderna"),
    ("its two readers differ on values of columns {}", "dess två läsare skiljer sig om värden i kolumn {}"),
    ("its rows are larger than {} GiB", "dess rader är större än {} GiB"),
    ("the file states another encoding than {}", "filen anger en annan teckenkodning än {}"),
    ("its encoding is not known here", "dess teckenkodning är inte känd här"),
    ("columns {} count leap seconds (%tC)", "kolumn {} räknar skottsekunder (%tC)"),
    ("the file holds {} tables", "filen har {} tabeller"),
    ("text has letters that portable files have no place for", "text har tecken som portabla filer saknar plats för"),
    ("columns {} hold no single values", "kolumn {} har inte enkla värden"),
    ("{} columns are not declared (columns {})", "{} kolumner är inte avtalade (kolumn {})"),
    ("the rows have {} columns where {} are declared", "raderna har {} kolumner där {} är avtalade"),
    ("the header has more than {} columns", "rubrikraden har fler än {} kolumner"),
    ("the header has no name for columns {}", "rubrikraden saknar namn på kolumn {}"),
    (
        "the first row looks like data, not like names of columns",
        "första raden ser ut som data, inte som namn på kolumner",
    ),
    ("names of earlier columns stand again (columns {})", "namn på tidigare kolumner står igen (kolumn {})"),
    (
        "names of columns are signs with a meaning of their own, such as * (columns {})",
        "namn på kolumner är tecken med egen betydelse, till exempel * (kolumn {})",
    ),
    ("names of columns hold zero characters (columns {})", "namn på kolumner innehåller nolltecken (kolumn {})"),
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
    ("the file could not be read within its limits ({})", "filen kunde inte läsas inom sina gränser ({})"),
    ("reading the file broke off", "läsningen av filen bröts"),
    ("send it as delimited text, or in several files", "skicka den som text med skiljetecken, eller i flera filer"),
    ("has no rows", "har inga rader"),
    (
        "{} rows change a personnummer to a coordination number (rows {})",
        "{} rader ändrar ett personnummer till ett samordningsnummer (rad {})",
    ),
    ("{} rows give one old number several new ones (rows {})", "{} rader ger ett gammalt nummer flera nya (rad {})"),
    (
        "{} rows lead back to a number that was already left (rows {})",
        "{} rader leder tillbaka till ett nummer som redan har lämnats (rad {})",
    ),
    (
        "correct the rows and send the whole history again; nothing was changed",
        "rätta raderna och skicka hela historiken igen; inget har ändrats",
    ),
    ("the archive is damaged or cut off", "arkivet är skadat eller avkortat"),
    ("the archive contradicts its own table of contents", "arkivet stämmer inte med sin egen innehållsförteckning"),
    (
        "the archive is packed or locked by a method that is not read",
        "arkivet är packat eller låst med en metod som inte läses",
    ),
    ("the archive is locked and its password is not known", "arkivet är låst och dess lösenord är inte känt"),
    ("the password does not open the archive", "lösenordet öppnar inte arkivet"),
    (
        "the password does not open the archive, or the archive is damaged",
        "lösenordet öppnar inte arkivet, eller så är arkivet skadat",
    ),
    ("the archive holds a file whose path leads out of it", "arkivet har en fil vars sökväg leder ut ur arkivet"),
    ("the archive holds a link or a device", "arkivet innehåller en länk eller en enhet"),
    ("the archive holds no file", "arkivet innehåller ingen fil"),
    ("the archive holds {} files", "arkivet innehåller {} filer"),
    (
        "{} files in the archive have the declared name, not one",
        "{} filer i arkivet har det avtalade namnet, inte en",
    ),
    ("the archive holds two files of the same name", "arkivet innehåller två filer med samma namn"),
    (
        "the archive holds another archive or a sealed file",
        "arkivet innehåller ett annat arkiv eller en förseglad fil",
    ),
    ("the archive has more than {} entries", "arkivet har fler än {} poster"),
    ("unpacked the file is larger than {} GiB", "uppackad är filen större än {} GiB"),
    ("the archive unpacks to more than {} times its size", "arkivet blir mer än {} gånger så stort uppackat"),
    ("unpacking needs more than {} MiB of memory", "uppackningen kräver mer än {} MiB minne"),
    ("the archive is one part of several", "arkivet är en del av flera"),
    (
        "the file is sealed and there is no identity here that opens it",
        "filen är förseglad och här finns ingen identitet som öppnar den",
    ),
    ("the file is sealed to somebody else", "filen är förseglad till någon annan"),
    ("the sealed file is damaged or cut off", "den förseglade filen är skadad eller avkortad"),
    ("pack the file again and send that", "packa filen igen och skicka den"),
    ("pack it as an ordinary zip or 7z archive", "packa den som ett vanligt zip- eller 7z-arkiv"),
    (
        "tell the password by another way than the file, then send the file again",
        "meddela lösenordet på annan väg än filen, och skicka sedan filen igen",
    ),
    ("tell the right password by another way than the file", "meddela rätt lösenord på annan väg än filen"),
    (
        "compare the password, or pack the file again and send that",
        "jämför lösenordet, eller packa filen igen och skicka den",
    ),
    (
        "pack the file alone, without the folders above it",
        "packa filen ensam, utan mapparna ovanför den",
    ),
    ("pack plain files alone and send that", "packa bara vanliga filer och skicka det"),
    ("pack the file and send that", "packa filen och skicka den"),
    (
        "send one file in an archive, or declare which one is meant",
        "skicka en fil per arkiv, eller avtala vilken som gäller",
    ),
    (
        "send the archive with one file of the declared name",
        "skicka arkivet med en fil som har det avtalade namnet",
    ),
    (
        "pack the file once; a seal goes around the archive",
        "packa filen en gång; en försegling läggs utanpå arkivet",
    ),
    ("send one file in an archive", "skicka en fil per arkiv"),
    ("send it in several files", "skicka den i flera filer"),
    ("send the file without packing", "skicka filen opackad"),
    ("pack it with a smaller dictionary and send that", "packa den med mindre ordlista och skicka den"),
    ("pack the file in one part and send that", "packa filen i en enda del och skicka den"),
    (
        "check it at the service, or seal it to the recipient that `samkorning key seal-to` prints",
        "kontrollera den hos tjänsten, eller försegla den till mottagaren som `samkorning key seal-to` visar",
    ),
    (
        "seal it to the recipient that `samkorning key seal-to` prints and send that",
        "försegla den till mottagaren som `samkorning key seal-to` visar och skicka den",
    ),
    ("seal it again and send that", "försegla den igen och skicka den"),
    (
        "the name of the file does not fit the agreed pattern {}",
        "filens namn stämmer inte med det avtalade mönstret {}",
    ),
    ("send the file that is meant, under a name that fits", "skicka den fil som avses, under ett namn som stämmer"),
    (
        "the content is not what the checksum sent with it says",
        "innehållet är inte det som den medsända kontrollsumman anger",
    ),
    (
        "send the file again, then its checksum, both made from the same file",
        "skicka filen igen och sedan dess kontrollsumma, gjord på samma fil",
    ),
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
    ("send it without a password", "skicka den utan lösenord"),
    ("send the sheet without them", "skicka bladet utan dem"),
    ("send the table without them", "skicka tabellen utan dem"),
    ("send it again with its columns", "skicka den igen med dess kolumner"),
    (
        "correct the declaration or send the file in the declared encoding",
        "rätta avtalet eller skicka filen i avtalad teckenkodning",
    ),
    ("send it as text with one row a line", "skicka den som text med en post per rad"),
    ("write the file again and send that", "skriv ut filen igen och skicka den"),
    ("write the file again in UTF-8 and send that", "skriv filen igen i UTF-8 och skicka den"),
    ("convert them to %tc and send the file again", "räkna om dem till %tc och skicka filen igen"),
    ("send each table in a file of its own", "skicka varje tabell i en egen fil"),
    ("send it as an SPSS sav file", "skicka den som SPSS-fil (sav)"),
    ("send lists and structures as columns", "skicka listor och strukturer som kolumner"),
    ("correct the rows and send the whole file again", "rätta raderna och skicka hela filen igen"),
    ("send only the declared columns", "skicka bara de avtalade kolumnerna"),
    ("send the declared columns in their declared order", "skicka de avtalade kolumnerna i avtalad ordning"),
    ("send the columns in several files", "skicka kolumnerna i flera filer"),
    ("name every column in the first row", "namnge varje kolumn i första raden"),
    ("send the file with a header row", "skicka filen med rubrikrad"),
    ("name the columns with letters and digits", "ge kolumnerna namn av bokstäver och siffror"),
    ("give every column a name of its own", "ge varje kolumn ett eget namn"),
    (
        "send the file with all declared columns, or change the declaration",
        "skicka filen med alla avtalade kolumner, eller ändra avtalet",
    ),
    ("send it with that column", "skicka den med den kolumnen"),
    ("send the file with its rows", "skicka filen med sina rader"),
)


def in_swedish(sentence: str) -> str:
    """The Swedish sentence; the English one where there is none."""
    for pattern, swedish in _PATTERNS:
        found = pattern.fullmatch(sentence)
        if found:
            return swedish.format(*map(_part, found.groups()))
    return sentence


def _part(part: str) -> str:
    """What stands in a gap: a kind of content, numbers of rows, or what is the same in both languages."""
    rows = _ROWS.fullmatch(part)
    if rows is None:
        return KINDS.get(part, part)
    word = "rad" if rows["word"] == "row" else "rader"
    return f"{word} {rows['numbers']}" + (f" och {rows['more']} till" if rows["more"] else "")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in template.split("{}")), re.S)


_ROWS = re.compile("(?P<word>rows?) (?P<numbers>[0-9, ]+)(?: and (?P<more>[0-9]+) more)?")
_PATTERNS = tuple((_pattern(english), swedish) for english, swedish in SENTENCES)
