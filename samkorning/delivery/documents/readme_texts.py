"""The words of the two readme files, Swedish and English, saying the same.

What belongs here: running text and table heads. What must not: how the tables are filled (readme).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from samkorning.delivery.documents import format_texts, table_words
from samkorning.delivery.kind import DeliveryKind
from samkorning.delivery.standing import Why


@dataclass(frozen=True)
class Wording:
    """One language: the page, the heads of its tables, and the phrases that depend on the delivery."""

    page: Template
    file_heads: tuple[str, ...]
    unit_heads: tuple[str, ...]
    flow_heads: tuple[str, ...]
    reasons: Mapping[str, str]
    not_counted: str
    attrition_heads: tuple[str, ...]
    attrition: str
    kinds: dict[DeliveryKind, str]
    synthetic: str
    nothing_awaited: str
    no_earlier: str
    no_notes: str
    no_formula: str
    unaltered: str
    unlabelled: Template
    cut: Template
    characters: str
    csv_programs: str
    in_r: str
    formats: Mapping[str, str]
    as_written: str
    comma: str
    dates: str
    not_carried: str
    losses: Mapping[str, str]
    no_report: str
    new: str
    replaced: str
    nothing_replaced: str
    standing: str
    standing_heads: tuple[str, ...]
    stands: Mapping[Why, str]
    same_study: str
    other_study: Template

    def reason(self, name: str) -> str:
        """Why rows were dropped, in words."""
        return self.reasons.get(name, name.replace("_", " "))


SWEDISH = Wording(
    page=Template("""\
# Utlämning $number i ärende $case

$synthetic**Uppgifterna är pseudonymiserade, inte anonymiserade.** De är personuppgifter: personer kan vara möjliga att
känna igen genom det som står i raderna. Förvara och använd dem så som beslutet säger.

## Vad detta är
- Ändamål: $title
- Mottagare: $recipient
- Datum: $date
- Slag: $kind
- Tidigare utlämning i ärendet: $previous

## Filer
$files
Variablerna beskrivs i `variabellista.xlsx` och räknas i `kodbok.xlsx`. Etiketter för R, Stata, SAS och SPSS sätts med
`etiketter.R`, `.do`, `.sas` och `.sps`. Rapport om utlämningen: $report.
${unlabelled}För program: $csv_programs`ddi-codebook.xml` (DDI-Codebook 2.5), `healthdcat-ap.ttl` (HealthDCAT-AP) och
`ro-crate-metadata.json` (RO-Crate, med varje undertecknat steg som ledde hit).

## Vad som ersätts
$units$standing
$study

## Vad som länkades och vad som föll bort
$flows
Rader in = länkade + bortfall, källa för källa. Dubbletter är länkade rader som är lika med en annan länkad rad; de är
med i filerna. Bortfallna personer är de som raderna i bortfallet handlar om, var och en räknad en gång; rader vars
nummer inte går att läsa har ingen person och räknas bara som rader. Ett streck står för några få rader eller personer,
eller för ett tal som de kunde räknas ut ur. Samma tal finns i `radflode.csv`, med personer efter orsak och med hur
många nummer som lästes med ett gissat århundrade eller efter en reparation (`tolkat i`).
$attrition

## Vad som ännu väntas
$awaited

## Löpnummer
Varje person har ett löpnummer på nio siffror. Det är draget slumpmässigt, bär ingen uppgift om personen och är
detsamma i alla filer och alla utlämningar i ärendet. Kodnyckeln har $persons personer; $drawn drogs till denna
utlämning. Varje fil är sorterad efter löpnummer, så ordningen säger inget om var raderna kom ifrån. Den som jämför två
utlämningar ser vilka löpnummer som är nya: det går inte att dölja.

## Så läses filerna
$formats

$altered En text som börjar med =, +, - eller @ räknas ut som formel om filen öppnas i ett
kalkylprogram: importera den som text i stället. $formula

## Kontrollera att allt är helt
`python3 verify.py` i denna mapp räknar om varje fils kontrollsumma och rader och kontrollerar underskriften; den
behöver inget mer än Python. `python3 verify.py . ../annan_mapp` håller flera utlämningar mot varandra.
${in_r}Underskriften kontrolleras också av `minisign -V -p signing_key.pub -m manifest.json`, av
`ssh-keygen -Y verify -f allowed_signers -I samkorning -n samkorning-delivery -s manifest.json.sshsig < manifest.json`
och av
`openssl pkeyutl -verify -pubin -inkey signing_public_key.pem -rawin -in manifest.json -sigfile manifest.json.sig`.
Jämför den publika signeringsnyckeln med den som den myndighet som lämnade ut uppgifterna har offentliggjort: den som
ligger här följde med paketet. Det förseglade paketet öppnas med två kommandon:
`age -d -i identitet.txt -o $folder.tar $folder.tar.age` och
`tar -xf $folder.tar`. Är det ett 7z-arkiv öppnas det med 7-Zip och den lösenfras som har skickats för sig.

## Om något är fel
`python3 verify.py --complaint reklamation.json --text "..."` skriver ner felen utan personuppgifter:
skicka den filen.
Hör av er inom tre månader från den dag då följebrevet skickades. Rättelse är avgiftsfri.

## Noteringar
$notes
"""),
    file_heads=("Fil", "Rader", "Variabler"),
    unit_heads=("Fil", "Innehåller", "Ersätter samma del av"),
    flow_heads=("Källa", "Rader in", "Länkade", "Bortfall", "Bortfallna personer", "Dubbletter"),
    reasons=table_words.REASONS,
    not_counted="inte räknat",
    attrition_heads=("Av", "Kriterium", "Personer kvar", "Bortfall"),
    attrition="Så kom studien till sina personer, kriterium för kriterium i ordning; ett streck står för ett\n"
    "tal som är utelämnat. Samma tal finns i `urval.csv`.\n"
    "Finns kontroller står i `balans.csv` hur lika fallen de är, före och efter dragningen; även där är få personer\n"
    "utelämnade.",
    kinds={
        DeliveryKind.FIRST: "första utlämningen",
        DeliveryKind.SUPPLEMENT: "komplettering med det som var försenat",
        DeliveryKind.REPEAT: "upprepad utlämning med nya uppgifter",
        DeliveryKind.REPLACEMENT: "ersättning för det som har rättats",
        DeliveryKind.COMPLETE: "allt som finns kvar, på nytt",
    },
    synthetic="> **Syntetiska uppgifter.** Ingen rad handlar om en verklig person.\n\n",
    nothing_awaited="Inget: allt som beställts är med i denna eller en tidigare utlämning.",
    no_earlier="ingen",
    no_notes="Inga.",
    no_formula="Ingen variabel i dessa filer har sådana texter.",
    unaltered="Värden har inte ändrats.",
    unlabelled=Template("Dessa variabler har koder utan etikett: $variables.\n"),
    cut=Template("Värden har inte ändrats, utom koder som enligt specifikationen lämnas ut med färre tecken: $cuts."),
    characters="tecken",
    csv_programs="`csv-metadata.json` (CSV on the Web), `datapackage.json`, ",
    in_r="`las_in.R` läser in varje CSV-fil i R.\n",
    formats=format_texts.SWEDISH,
    as_written=format_texts.SWEDISH_AS_WRITTEN,
    comma="decimalkomma",
    dates="datum",
    not_carried=format_texts.SWEDISH_NOT_CARRIED,
    losses=format_texts.SWEDISH_LOSSES,
    no_report="ingen har gjorts",
    new="ingen: ny",
    replaced="Använd inte längre de delar av tidigare utlämningar som ersätts här.",
    nothing_replaced="Inget: det som står i tidigare utlämningar gäller.",
    standing="Allt som finns kvar är med, utom detta, som gäller så som det lämnades ut tidigare:",
    standing_heads=("Innehåll", "Gäller som i", "Varför"),
    stands={
        Why.UNCHANGED: "nytt underlag gav samma innehåll",
        Why.UNDECIDED: "underlaget är ett annat sedan dess, och det är inte avgjort om det ska ersättas",
        Why.DECLINED: "underlaget är ett annat sedan dess, och det är avgjort att det utlämnade ska stå kvar",
        Why.TWO_FILES: "två filer har kommit, och det är inte avgjort vilken som gäller",
        Why.AWAITS_RELEASE: "registerhållaren har inte lämnat ut det som är ändrat",
        Why.WITHDRAWN: "källan väntas inte längre",
        Why.DISPOSED: "underlaget är gallrat",
    },
    same_study="Ingen har kommit till eller tagits bort ur studiepopulationen sedan förra utlämningen.",
    other_study=Template(
        "Sedan förra utlämningen har $came personer kommit till studiepopulationen och $went tagits bort ur den."
    ),
)

ENGLISH = Wording(
    page=Template("""\
# Delivery $number in case $case

$synthetic**The data are pseudonymised, not anonymised.** They are personal data: it may be possible to recognise a
person by what the rows say. Store and use them as the decision says.

## What this is
- Purpose: $title
- Recipient: $recipient
- Date: $date
- Kind: $kind
- Earlier delivery in the case: $previous

## Files
$files
The variables are described in `variabellista.xlsx` and counted in `kodbok.xlsx`. Labels for R, Stata, SAS and SPSS are
set with `etiketter.R`, `.do`, `.sas` and `.sps`. Report on the delivery: $report.
${unlabelled}For programs: $csv_programs`ddi-codebook.xml` (DDI-Codebook 2.5), `healthdcat-ap.ttl` (HealthDCAT-AP) and
`ro-crate-metadata.json` (RO-Crate, with every signed step that led here).

## What is replaced
$units$standing
$study

## What was linked and what was dropped
$flows
Rows in = linked + dropped, source by source. Duplicates are linked rows that equal another linked row; they are in the
files. Persons lost are those whom the dropped rows are about, each counted once; rows whose number cannot be read have
no person and are counted as rows alone. A dash stands for a few rows or persons, or for a count that they could be
reckoned from. The same numbers are in `radflode.csv`, with persons by reason and how many numbers were read by a
guess of the century or after a repair (`tolkat i`).
$attrition

## What is still awaited
$awaited

## Serial numbers
Each person has a serial number (löpnummer) of nine digits. It is drawn at random, carries nothing about the person, and
is the same in all files and all deliveries of the case. The code key holds $persons persons; $drawn were drawn for this
delivery. Every file is sorted by serial number, so the order tells nothing of where rows came from. Whoever compares
two deliveries sees which serial numbers are new: that cannot be hidden.

## How to read the files
$formats

$altered A text that begins with =, +, - or @ is calculated as a formula when the file is opened in a
spreadsheet: import it as text instead. $formula

## Check that everything is whole
`python3 verify.py` in this folder recomputes every file's checksum and rows and checks the signature; it needs nothing
but Python. `python3 verify.py . ../other_folder` holds several deliveries against each other.
${in_r}The signature is also checked by `minisign -V -p signing_key.pub -m manifest.json`, by
`ssh-keygen -Y verify -f allowed_signers -I samkorning -n samkorning-delivery -s manifest.json.sshsig < manifest.json`
and by
`openssl pkeyutl -verify -pubin -inkey signing_public_key.pem -rawin -in manifest.json -sigfile manifest.json.sig`.
Compare the public signing key with the one that the authority that disclosed the data has published: the one in here
came with the package. The sealed package opens with two commands:
`age -d -i identity.txt -o $folder.tar $folder.tar.age` and
`tar -xf $folder.tar`. If it is a 7z archive, it opens with 7-Zip and the passphrase that was sent apart.

## If something is wrong
`python3 verify.py --complaint complaint.json --text "..."` writes down what is wrong, with no personal data:
send that file.
Tell us within three months from the day the delivery letter was sent. Correction is free of charge.

## Notes
$notes
"""),
    file_heads=("File", "Rows", "Variables"),
    unit_heads=("File", "Holds", "Replaces the same part of"),
    flow_heads=("Source", "Rows in", "Linked", "Dropped", "Persons lost", "Duplicates"),
    reasons={},
    not_counted="not counted",
    attrition_heads=("Of", "Criterion", "Persons left", "Removed"),
    attrition="How the study came to its persons, criterion by criterion in this order; a dash is in the place of a\n"
    "count that is left out. The same is in `urval.csv`.\n"
    "Where there are controls, `balans.csv` says how like the cases they are, before drawing and after; a few persons\n"
    "are left out there too.",
    kinds={
        DeliveryKind.FIRST: "first delivery",
        DeliveryKind.SUPPLEMENT: "supplement with what was late",
        DeliveryKind.REPEAT: "repeat delivery with new data",
        DeliveryKind.REPLACEMENT: "replacement of what has been corrected",
        DeliveryKind.COMPLETE: "everything that is kept, once more",
    },
    synthetic="> **Synthetic data.** No row is about a real person.\n\n",
    nothing_awaited="Nothing: all that was ordered is in this delivery or an earlier one.",
    no_earlier="none",
    no_notes="None.",
    no_formula="No variable in these files has such texts.",
    unaltered="No value has been altered.",
    unlabelled=Template("These variables have codes without a label: $variables.\n"),
    cut=Template(
        "No value has been altered, except codes that the specification delivers with fewer characters: $cuts."
    ),
    characters="characters",
    csv_programs="`csv-metadata.json` (CSV on the Web), `datapackage.json`, ",
    in_r="`las_in.R` reads every CSV file into R.\n",
    formats=format_texts.ENGLISH,
    as_written=format_texts.ENGLISH_AS_WRITTEN,
    comma="decimal comma",
    dates="dates",
    not_carried=format_texts.ENGLISH_NOT_CARRIED,
    losses=format_texts.ENGLISH_LOSSES,
    no_report="none was made",
    new="none: new",
    replaced="Do not use the parts of earlier deliveries that are replaced here.",
    nothing_replaced="Nothing: what stands in earlier deliveries holds.",
    standing="All that is kept is here but for this, which holds as it was delivered before:",
    standing_heads=("Holds", "Stands as in", "Why"),
    stands={
        Why.UNCHANGED: "new material gave the same content",
        Why.UNDECIDED: "it is made from other material since, and it is not decided whether it is replaced",
        Why.DECLINED: "it is made from other material since, and it is decided that the delivered one stands",
        Why.TWO_FILES: "two files have come, and it is not decided which of them counts",
        Why.AWAITS_RELEASE: "the register holder has not released what has changed",
        Why.WITHDRAWN: "the source is no longer awaited",
        Why.DISPOSED: "its material is disposed of",
    },
    same_study="Nobody has come to the study population or been taken out of it since the delivery before.",
    other_study=Template(
        "Since the delivery before, $came persons have come to the study population and $went have been taken out."
    ),
)
