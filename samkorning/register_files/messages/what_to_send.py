"""What a sender does about a refused file, by what it lacks, in English and Swedish.

What belongs here: pairs of templates, which refusals joins to the others. What must not: when a file is refused (the
readers).
"""

REMEDIES: tuple[tuple[str, str], ...] = (
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
    ("send it again with its header and the rows it has", "skicka den igen med sin rubrikrad och de rader som finns"),
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
