"""The code book as a workbook, kodbok.xlsx: variables, values, years, distributions, and what broke a series when.

What belongs here: laying the code book out in sheets. What must not: which counts are shown
(samkorning.delivery.codebook).
"""

from collections.abc import Iterator, Sequence

from samkorning.delivery.codebook.models import MOST_DISTINCT, Bin, CodebookVariable
from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.documents.table_words import type_word
from samkorning.delivery.documents.workbooks import Cell, Sheet, workbook

CODEBOOK = "kodbok.xlsx"
SUPPRESSED = "–"
_ABOUT = (
    "Varje rad gäller en variabel i en fil. Antal är rader om inget annat sägs.",
    "{dash} betyder att antalet har utelämnats: färre än {limit} personer står bakom det, eller så skulle ett sådant "
    "antal gå att räkna ut ur andra.",
    "Olika värden räknas exakt upp till {distinct}. Fördelningens steg har jämna gränser och visar ingen enskild "
    "persons värde; det första och det sista är öppna.",
    "Each row is about one variable of one file. Counts are rows unless something else is said.",
    "{dash} means that a count is left out: fewer than {limit} persons stand behind it, or such a count could be "
    "reckoned from others.",
    "Different values are counted exactly up to {distinct}. The steps of a distribution have even bounds and show no "
    "value of one person; the first and the last are open.",
)


def codebook_workbook(description: DeliveryDescription) -> bytes:
    """The whole code book of a delivery."""
    book = description.codebook
    texts = {"limit": description.smallest_count, "dash": SUPPRESSED, "distinct": MOST_DISTINCT}
    sheets = (
        Sheet("Om kodboken", ("Om kodboken / about this code book",), (120,), ((t.format(**texts),) for t in _ABOUT)),
        Sheet(
            "Variabler",
            ("Datafil", "Variabelnamn", "Klartext", "Klartext (engelska)", "Typ", "Enhet", "Rader", "Med värde",
             "Utan värde", "Olika värden"),
            (28, 18, 48, 48, 10, 12, 12, 12, 12, 14),
            map(_variable, book),
        ),
        Sheet(
            "Värden",
            ("Datafil", "Variabelnamn", "Kod", "Klartext", "Klartext (engelska)", "Från år", "Till år", "Rader"),
            (28, 18, 12, 48, 48, 10, 10, 12),
            _values(book),
        ),
        Sheet(
            "Per år",
            ("Datafil", "Variabelnamn", "År eller fil", "Rader", "Med värde", "Olika värden"),
            (28, 18, 16, 12, 12, 14),
            _years(book),
        ),
        Sheet(
            "Fördelning",
            ("Datafil", "Variabelnamn", "Från och med", "Under", "Rader"),
            (28, 18, 14, 14, 12),
            _bins(book),
        ),
        Sheet(
            "Giltighet och brott",
            ("Datafil", "Variabelnamn", "Från år", "Till år", "Vad", "På engelska"),
            (28, 18, 10, 10, 60, 60),
            _validity(book),
        ),
    )  # fmt: skip
    return workbook(f"Kodbok {description.folder}", description.date, sheets)


def shown(count: int | None) -> int | str:
    """A count, or the sign for one that is left out."""
    return SUPPRESSED if count is None else count


def distinct_shown(entry: CodebookVariable) -> int | str:
    """How many different values, as far as it is told."""
    return f"> {MOST_DISTINCT}" if entry.more_distinct else shown(entry.distinct)


def bounds_shown(entry: CodebookVariable, step: Bin) -> tuple[str, str]:
    """Where a step begins and where it ends; years of a date."""
    return bound(step.low), bound(step.high)


def bound(value: float | None) -> str:
    """A bound of a step as people write it."""
    return "" if value is None else f"{value:.10g}"


def _variable(entry: CodebookVariable) -> tuple[Cell, ...]:
    variable = entry.variable
    counts = (entry.rows, shown(entry.filled), shown(entry.missing), distinct_shown(entry))
    return (
        entry.file,
        variable.name,
        variable.label_sv,
        variable.label_en,
        type_word(variable.type),
        variable.unit or "",
        *counts,
    )


def _values(book: Sequence[CodebookVariable]) -> Iterator[tuple[Cell, ...]]:
    for entry in book:
        for value in entry.values:
            years = (value.from_year, value.to_year)
            yield entry.file, entry.variable.name, value.code, value.label_sv, value.label_en, *years, shown(value.rows)


def _years(book: Sequence[CodebookVariable]) -> Iterator[tuple[Cell, ...]]:
    for entry in book:
        for year in entry.years:
            distinct = f"> {MOST_DISTINCT}" if entry.more_distinct else shown(year.distinct)
            yield entry.file, entry.variable.name, year.year, shown(year.rows), shown(year.filled), distinct


def _bins(book: Sequence[CodebookVariable]) -> Iterator[tuple[Cell, ...]]:
    for entry in book:
        for step in entry.distribution:
            yield entry.file, entry.variable.name, *bounds_shown(entry, step), step.rows


def _validity(book: Sequence[CodebookVariable]) -> Iterator[tuple[Cell, ...]]:
    for entry in book:
        variable = entry.variable
        where = (entry.file, variable.name)
        if variable.valid.from_year or variable.valid.to_year:
            yield *where, variable.valid.from_year, variable.valid.to_year, "variabeln finns", "the variable exists"
        for system in variable.systems:
            yield *where, system.from_year, system.to_year, f"koder enligt {system.system}", f"codes of {system.system}"
        for each in variable.breaks:
            yield *where, each.year, None, f"brott: {each.note_sv}", f"break: {each.note_en}"
