"""Waiting times as orderers are told of them (Tid och kostnader): how long it took in the last months, with its spread.

What belongs here: these figures and sentences, in Swedish and English. What must not: a promise, or anything by which
one case could be known: of fewer than five cases no time is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from samkorning.case.clocks import months_after
from samkorning.case.reports.lead_times import groups
from samkorning.case.reports.summary import CaseSummary
from samkorning.case.reports.tables import Cell, Report, ReportTable, at_share, between, middle

FEWEST = 5
"""Of fewer cases no time is told."""


@dataclass(frozen=True)
class Wording:
    """The words of the page in one language; the groups are all cases, with and without other holders' data."""

    title: str
    columns: tuple[str, ...]
    groups: tuple[str, str, str]
    steps: Mapping[str, str]
    table: str
    few: str
    notes: tuple[str, ...]


STEPS = {
    "review": ("opened", "reviewed"),
    "officer": ("opened", "assigned"),
    "delivery": ("assigned", "delivered"),
    "total": ("opened", "delivered"),
}
"""The steps that are told of, each from one day to another; one counts in the months in which it ended."""

ENGLISH = Wording(
    "Waiting times for orders of register data",
    ("step", "cases", "number", "median days", "a quarter within", "three quarters within", "nine of ten within"),
    ("all cases", "with other holders' data", "without other holders' data"),
    {
        "review": "from the order to the first review",
        "officer": "from the order to a case officer",
        "delivery": "from the case officer to the first delivery",
        "total": "from the order to the first delivery",
    },
    "What took so many days, for the cases in which it ended from {first} to {last}",
    f"A dash: fewer than {FEWEST} cases, too few to tell of.",
    (
        "{waiting} orders wait for a case officer today. Orders are handled in the order in which they came.",
        "The figures tell how long it took, and are no promise: an order that needs files of other register holders "
        "waits until they have come.",
        "An order goes quicker when it is complete: ethics decision with all supplements, every version of the consent "
        "form, one variable list for all registers, and the code selections in our templates. Answer questions by "
        "their deadline.",
        "After everything is delivered no codes, variables, registers or years are added: that is a new order. A new "
        "research principal, a further person in the confidentiality reservation and linkage of further data of other "
        "holders can still be added.",
        "Look the delivery through within three months of the delivery letter: errors are put right free of charge.",
    ),
)
SWEDISH = Wording(
    "Väntetider för beställningar av registerdata",
    ("steg", "ärenden", "antal", "median, dagar", "en fjärdedel inom", "tre fjärdedelar inom", "nio av tio inom"),
    ("alla ärenden", "med andra registerhållares data", "utan andra registerhållares data"),
    {
        "review": "från beställning till första granskning",
        "officer": "från beställning till handläggare",
        "delivery": "från handläggare till första leverans",
        "total": "från beställning till första leverans",
    },
    "Så många dagar tog det i ärenden där steget avslutades från {first} till {last}",
    f"Ett streck: färre än {FEWEST} ärenden, för få att uppge.",
    (
        "{waiting} beställningar väntar på handläggare i dag. Beställningar behandlas i turordning.",
        "Siffrorna visar hur lång tid det har tagit och är inget löfte: en beställning som behöver filer från andra "
        "registerhållare väntar tills de har kommit.",
        "En komplett beställning går snabbare: etikbeslut med alla tillägg, alla versioner av samtyckesblanketten, en "
        "variabellista för alla register och kodurvalen i våra mallar. Besvara frågor inom utsatt tid.",
        "När allt är levererat läggs inga koder, variabler, register eller år till: det är en ny beställning. Byte av "
        "forskningshuvudman, ytterligare person i sekretessförbehåll och samkörning av ytterligare uppgifter från "
        "andra registerhållare godtas.",
        "Gå igenom leveransen inom tre månader från leveransbrevet: fel åtgärdas kostnadsfritt.",
    ),
)
LANGUAGES = {"en": ENGLISH, "sv": SWEDISH}


def waiting_times(cases: Sequence[CaseSummary], on: date, months: int = 6, said: Wording = ENGLISH) -> Report:
    """The page that orderers see, from the cases of the last months."""
    first = months_after(on, -months)
    rows = [
        (said.steps[step], name, *_spread(some, step, first, on))
        for step in STEPS
        for name, (_, some) in zip(said.groups, groups(cases), strict=True)
    ]
    waiting = sum(case.waits_on(on) for case in cases)
    table = said.table.format(first=first, last=on)
    return Report(
        "waiting-times",
        said.title,
        on,
        (ReportTable("waiting", table, said.columns, tuple(rows), said.few),),
        (),
        tuple(note.format(waiting=waiting) for note in said.notes),
    )


def _spread(some: Sequence[CaseSummary], step: str, after: date, on: date) -> tuple[Cell, ...]:
    """How many cases, their median, and what a quarter, three quarters and nine of ten took at most."""
    start, end = STEPS[step]
    ended = [case for case in some if (day := getattr(case, end)) is not None and after < day <= on]
    taken = [days for case in ended if (days := between(getattr(case, start), getattr(case, end))) is not None]
    if len(taken) < FEWEST:
        return (len(taken), None, None, None, None)
    return (len(taken), middle(taken), *(at_share(taken, share) for share in (0.25, 0.75, 0.9)))
