"""Refusals of how a file is packed, locked or sealed, and what to do, in English and Swedish.

What belongs here: pairs of templates, which refusals joins to the others. What must not: when a file is refused (the
readers).
"""

PACKINGS: tuple[tuple[str, str], ...] = (
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
)
