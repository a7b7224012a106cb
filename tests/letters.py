"""Letters for tests: a case that has occasion for every one of them, and a small home whose case can send them.

What belongs here: making these. What must not: expectations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from resources.desk import Desk
from samkorning.case import Case, EventKind, acts
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow, UnitStatus
from samkorning.case.letters.facts import LetterFacts, Surroundings
from samkorning.case.letters.gathering import facts_of
from samkorning.case.letters.occasions import Occasion, occasions
from samkorning.case.letters.pages import Page, page_of
from samkorning.case.letters.parties import HolderAddress, Payer, PostalAddress, Service
from samkorning.order.drawn_files import OWN_HOLDER
from tests.factories import CATALOGUE, SAMPLE_ORDER, Step, a_case, a_unit, approved, received

K = EventKind
NUMBER = "36759-2021"
TODAY = date(2026, 11, 30)
SHA256 = "ab" * 32
SEAL_TO = SAMPLE_ORDER[SAMPLE_ORDER.index("age1") :][:62]
PAYER = Payer(
    organisation_number="2021000027",
    address=PostalAddress(street="Universitetsvägen 1", postal_code="111 11", city="Exempelstad"),
    reference="4711 Ekonomi",
)
LONG_TITLE = (
    "Långtidsuppföljning av multisjuklighet, läkemedelsanvändning och dödlighet hos äldre personer med nyupptäckt "
    "typ 2-diabetes i hela landet: en registerbaserad kohortstudie med matchade kontroller och deras närstående"
)
LONG_PERSON = "Professor emerita Anna-Charlotta Elisabeth von Österåker-Sjögren af Ängsö-Håkansdotter"
LONG_PRINCIPAL = (
    "Synthetic Stiftelsen Riksförbundet för Samhällsmedicinsk Forskning och Utveckling vid Exempeluniversitetet i Norr"
)
LONG_HOLDER = "Nationella kvalitetsregistret för hjärtsvikt, kranskärlssjukdom och medfödda hjärtfel, Exempelregionen"


def every_occasion(order: str = SAMPLE_ORDER, holder: str = "SCB") -> Case:
    """A case with an event behind every letter; not one that could have happened in this order."""
    sealed = {
        "sealed_sha256": SHA256,
        "path": f"outbox/{NUMBER}/L001/{NUMBER}_L001.tar.age",
        "awaited": ["region_labb"],
    }
    files = [{"name": f"ut_r_{name}_36759_2021", "rows": rows} for name, rows in (("lisa", 123456), ("lmed", 9876543))]
    delivery = {"delivery": "L001", "kind": "first", "units": [a_unit("lisa")], "files": files, **sealed}
    questions = ["Vilka åldrar?", "Beslutet 2221-00412-02 saknas."]
    found = {"outcome": "Filen lämnas ut på nytt.", "cause": "fel årgång", "erred": "us"}
    stores = [{"store": "population"}, {"store": "code_key.person"}]
    gone = {"code_key": True, "stores": stores, "files": [{"path": "x"}], "held": []}
    proved = {"keystore_backups_until": "2027-06-01", "receipt_sha256": SHA256}
    fee = {"what": "new request", "hours": 0, "price": 5000}
    work = {"what": "work as quoted", "hours": 40, "price": 40000}
    steps: list[Step] = [
        (K.ASSIGNED, "Mia", {"officer": "Olle Öman", "note": ""}),
        (K.QUESTIONS_ASKED, "Olle", {"questions": questions, "deadline": "2026-12-14"}),
        (K.REMINDER_SENT, "Olle", {"about": "questions", "deadline": "2026-12-21"}),
        (K.MET, "Olle", {"day": "2026-11-27", "agreed": "Populationen begränsas till vuxna."}),
        (K.SUPPLEMENT_ASKED, "Olle", {"deadline": "2026-12-15"}),
        (K.SPECIFICATION_SENT, "Olle", {"price_low": 50000, "price_high": 70000, "deadline": "2026-12-20"}),
        (K.QUOTED, "Olle", {"hours": 40, "price": 40000, "deadline": "2026-12-22"}),
        *approved(order),
        (K.RESERVED, "Olle", {"persons": ["Åsa Öberg", "Per Ärlig"]}),
        (K.DECISION_DISPATCHED, "Olle", {"to": "Rektor Exempel"}),
        (K.HOLDER_ASKED, "Olle", {"holder": holder, "due": "2027-01-15"}),
        (K.REMINDER_SENT, "Olle", {"about": "files", "deadline": "2027-02-01", "holder": holder}),
        received("lisa"),
        (K.DELIVERED, "samkorning", delivery),
        (K.CODE_KEY_KEPT, "Olle", {"until": "2028-12-31", "reason": "nya årgångar", "extends": "2027-12-31"}),
        (K.COMPLAINT_OPENED, "Olle", {"delivery": "L001", "reason": "Kolumnen AR är tom.", "findings": ["lisa: AR"]}),
        (K.INCIDENT_RECORDED, "Olle", {"day": "2026-11-20", "what": "En försändelse kom till fel mottagare."}),
        (K.COMPLAINT_CLOSED, "Olle", {"delivery": "L001", **found}),
        (K.ENDED, "Olle", {"outcome": "rejected", "reason": "Uppgifterna ryms inte i etikgodkännandet."}),
        (K.DISPOSED, "Lisa", {"disposal": "D001", **gone, **proved}),
        (K.INVOICED, "Olle", {"rows": [fee, work], "total": 45000}),
    ]  # fmt: skip
    return a_case(*steps, order=order, number=NUMBER)


def some_rows(case: Case) -> list[LedgerRow]:
    """A ledger in which something of everything stands."""
    of_sources = (UnitStatus.DELIVERED, UnitStatus.LATE, UnitStatus.AWAITED, UnitStatus.REFUSED, UnitStatus.WITHDRAWN)
    rows = [
        LedgerRow(Unit(source.name), source.holder, status, None, ("L001",) if status is UnitStatus.DELIVERED else ())
        for source, status in zip(case.specification.sources, of_sources * 9, strict=False)
    ]
    years = [
        (own.name, year) for own in case.specification.own_registers for year in range(own.from_year, own.to_year + 1)
    ]
    return rows + [LedgerRow(Unit(*year), OWN_HOLDER, UnitStatus.DELIVERED, None, ("L001",)) for year in years]


def surroundings(**changes: Any) -> Surroundings:
    """Settings of an invented authority that knows one holder and one payer."""
    given: dict[str, Any] = {
        "service": Service(telephone="08-000 00 00", web="www.example.org", files_to="sftp://filer.example.org"),
        "holders": {"SCB": HolderAddress(email="mikrodata@example.org", name="Mikrodata")},
        "payers": {"Synthetic University": PAYER},
        "catalogue": CATALOGUE,
        "seal_to": SEAL_TO,
        "signing_key": "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3",
        "today": TODAY,
    }
    return Surroundings(**{**given, **changes})


def facts_about(case: Case, occasion: Occasion, around: Surroundings | None = None) -> LetterFacts:
    """The facts of one letter."""
    return facts_of(case, occasion.event, some_rows(case), around or surroundings())


def pages(case: Case, language: str, around: Surroundings | None = None) -> dict[str, Page]:
    """Every letter that the case has occasion for, by its name and what tells it from others."""
    return {
        " ".join(part for part in (each.letter.name, each.of) if part): page_of(
            each, facts_about(case, each, around), language
        )
        for each in occasions(case)
    }


def long_order() -> str:
    """The sample order with the longest names and all that a specification can ask of the most registers."""
    text = SAMPLE_ORDER.replace("Diabetes and hospital care in an invented population", f'"{LONG_TITLE}"')
    text = text.replace("authority: true", "authority: false")
    for short, long in (
        ("Synthetic University", LONG_PRINCIPAL),
        ("Rektor Exempel", LONG_PERSON),
        ("Kontakt Exempel", LONG_PERSON.replace("emerita", "och forskargruppsledare")),
        ("Mottagare Exempel", LONG_PERSON.replace("emerita", "emeritus")),
        ("Exempelregistret", LONG_HOLDER),
    ):
        text = text.replace(short, long)
    more = [
        _everything_of(name)
        for name in ("CAN", "MFR", "THR", "HSL", "SOL", "LSS", "BU", "EKB", "LVM", "LOVA", "PAR_TV")
    ]
    return text.rstrip() + "\n" + "".join(more)


def _everything_of(name: str) -> str:
    register = CATALOGUE.find(name)
    assert register is not None
    variables = ", ".join(variable.name for variable in register.variables if variable.identifies is None)
    years = "from_year: 2219, to_year: 2220, repeats_until: 2225"
    return f"    - {{register_name: {name}, {years}, variables: [{variables}]}}\n"


@dataclass
class LetterHome:
    """A home whose one case can send letters; its settings are written anew by a test."""

    root: Path
    desk: Desk

    def settings(self, **said: Any) -> None:
        """The settings from now on; the desk is another one then."""
        with (self.root / "config.yaml").open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(said, file)
        self.desk.cases.close()
        self.desk = Desk.at(self.root)

    def record(self, *steps: Step) -> None:
        """Events, as acts of these persons leave them."""
        for kind, person, detail in steps:
            self.desk.cases.record(self.case, kind, self.desk.clock.now(), person, detail)

    @property
    def case(self) -> Case:
        return self.desk.case(NUMBER)

    @property
    def sent(self) -> list[Mapping[str, Any]]:
        """What the case remembers of its letters."""
        return [event.detail for event in self.case.of(K.LETTER_SENT)]

    def files(self) -> Sequence[str]:
        """Every file that lies among the letters of the case."""
        folder = self.desk.home.letters(NUMBER)
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def a_letter_home(folder: Path, order: str = SAMPLE_ORDER) -> LetterHome:
    """A new home with the case opened."""
    from tests.office import Office  # with it comes Dagster, which takes seconds to load

    desk = Office(folder).desk
    detail = acts.order_detail(order, "order.yaml", desk.catalogue)
    desk.cases.open(NUMBER, desk.clock.now(), "Erik", detail)
    return LetterHome(desk.home.root, desk)
