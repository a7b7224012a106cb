"""Refusals of what stands in a file: rows, header, encoding, sheets, columns, in English and Swedish.

What belongs here: pairs of templates, which refusals joins to the others. What must not: when a file is refused (the
readers).
"""

CONTENTS: tuple[tuple[str, str], ...] = (
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
)
