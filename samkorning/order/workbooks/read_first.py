"""What stands on the first sheet of an order's workbook, in Swedish and English.

What belongs here: words to whoever fills it in. What must not: headings (sheets).
"""

PARAGRAPHS: tuple[tuple[str, str, str], ...] = (
    ("head", "Beställning av registerdata", "Order of register data"),
    (
        "text",
        "Fyll i bladet Beställning och de listor som behövs. Fält med * måste fyllas i. Bladet Kontroll säger vad som "
        "saknas; `samkorning order check` säger allt, med blad, rad, kolumn och vad som ska göras.",
        "Fill in the sheet Order and the lists that are needed. Fields with * must be filled in. The sheet Check says "
        "what is missing; `samkorning order check` says everything, with sheet, row, column and what to do.",
    ),
    (
        "text",
        "Skriv aldrig ett personnummer i arbetsboken: en beställning arkiveras, och tas inte emot med ett sådant.",
        "Never write an identity number in the workbook: an order is archived, and is not taken with one in it.",
    ),
    (
        "text",
        "Variabellista: en lista för alla register. En rad för varje variabel; alla variabler i ett register har samma "
        "period. DIA1-DIA30 står för alla trettio. En export ur ett metadataverktyg med kolumnerna register, variabel, "
        "klartext och period kan klistras in eller bifogas som egen arbetsbok.",
        "Variable list: one list for all registers. A row for each variable; all variables of a register have one "
        "period. DIA1-DIA30 stands for all thirty. An export of a metadata tool with the columns register, variable, "
        "label and period can be pasted in, or sent as a workbook of its own.",
    ),
    (
        "text",
        "Registerhållare: de som själva lämnar en fil. Filens kolumner står i variabellistan under källans kortnamn, "
        "populationens egna under POPULATION; de kolumner som har personnummer står på bladet Identitetskolumner.",
        "Register holders: those who send a file of their own. Its columns are in the variable list under "
        "the short name "
        "of the source, those of the population under POPULATION; columns with identity numbers are on the sheet "
        "Identifier columns.",
    ),
    (
        "text",
        "Diagnosurval och läkemedelsurval: rollen population säger vilka som ska ingå i studien, rollen "
        "uttag vilka rader "
        "som tas ut. En kod för varje rad, utan eller med punkt: exakt, med alla under, eller ett intervall. "
        "Koder lämnas "
        "ut med den detalj som de har i registret, om inte kolumnen Detalj säger något annat.",
        "Diagnosis and ATC selectors: the role population says who is in the study, the role extraction which rows are "
        "taken. One code a row, with or without point: exact, with all below, or an interval. Codes are delivered with "
        "the detail that they have in the register, unless the column Detail says otherwise.",
    ),
    (
        "text",
        "Bilagor: etikansökan, beslut och ändringar, patientinformation och varje version av "
        "samtyckesblanketten, eller "
        "forskningsplan där beställningen bara gäller avlidna. Filerna skickas med beställningen.",
        "Attachments: ethics application, decision and supplements, patient information and every version of "
        "the consent "
        "form, or a research plan where the order is on deceased persons only. The files are sent with the order.",
    ),
    (
        "text",
        "Övriga fält: allt annat som en beställning kan säga, med fältets namn ur docs/order.md. De flesta "
        "behöver inget "
        "här.",
        "Further fields: whatever else an order can say, by the name of its field in docs/order.md. Most need nothing "
        "here.",
    ),
)
