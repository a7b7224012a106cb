"""A study over two simulated years for the story test: what is sent, and a plain oracle of what must be delivered.

What belongs here: files, acts on days, and the oracle, which knows persons and rows as dictionaries. What must not: the
order of the acts and what is expected of ledger and clocks (the test).
"""

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from assets.steps import stores
from assets.steps.intake.receiving import receive_file
from pipelines.delivering import run_delivery
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import acts
from samkorning.synthetic import NEW_YEAR
from tests.factories import SAMPLE_ORDER
from tests.office import ENGINEER, RECIPIENT, Office

CASE, ENDING = "36759-2021", "36759_2021"
SPECIFICATION = """specification:
  reference_date: 2221-12-31
  population:
    holder: Synthetic University
    column: PERSNR
    file: {columns: [{name: PERSNR, label: Number}]}
  number_history: {columns: [{name: old_number}, {name: new_number}]}
  sources:
    - name: diabetes
      source_class: quality_register
      holder: Exempelregistret
      identifiers: [{column: PERSNR}]
      file: {columns: [{name: PERSNR}, {name: Besok, type: date}, {name: HbA1c, type: integer}]}
    - name: lisa
      source_class: scb
      holder: SCB
      identifiers:
        - {column: PersonNr}
        - {column: PersonNrMor, serial_name: LopNrMor, identifies: relative, unknown: add}
      file: {columns: [{name: PersonNr}, {name: PersonNrMor}, {name: Kommun}, {name: DispInk, type: integer}]}
    - name: region_labb
      source_class: region
      holder: Region Exempel
      identifiers: [{column: PatientID}]
      file: {columns: [{name: PatientID}, {name: Analys}, {name: Svar}]}
"""
OWN = """  own_registers:
    - register_name: LMED
      from_year: 2219
      to_year: 2220
      repeats_until: 2225
      corrections: follow
      variables: [AR, ATC, EDATUM, ANTAL]
"""
FURTHER_HOLDER = """    - name: spine
      source_class: quality_register
      holder: Ryggregistret
      identifiers: [{column: PNR}]
      file: {columns: [{name: PNR}, {name: Opdatum, type: date}]}
"""
HOLDERS = {"diabetes": "Exempelregistret", "lisa": "SCB", "region_labb": "Region Exempel", "spine": "Ryggregistret"}
GROWING = NEW_YEAR
"""The register year that grows from month to month."""
IDENTIFIERS = {"diabetes": 1, "lisa": 2, "region_labb": 1, "spine": 1}
"""How many of a file's first columns identify somebody."""

Rows = list[dict[str, str]]


@dataclass
class TwoYears:
    """One office, one case, and what the oracle knows: who is who, and the newest file of every source."""

    office: Office
    day: date
    sent: dict[str, Rows] = field(default_factory=dict)
    person_of: dict[str, int] = field(default_factory=dict)
    serials: dict[int, int] = field(default_factory=dict)
    loaded: dict[int, int] = field(default_factory=dict)
    years: dict[int, pl.DataFrame] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return self.office.desk

    def __post_init__(self) -> None:
        self.go_to(self.day)
        history = self.office.world.history
        changed = set(history["old_number"]) | set(history["new_number"])
        ever = [str(number) for number in self.office.world.persons["number"] if number not in changed]
        registers = [self.office.world.register("LMED", year) for year in (2219, 2220, GROWING)]
        drugs = Counter(str(number) for number in registers[-1]["number"])
        with_drugs = {str(number) for table in registers for number in table["number"]}
        most_first = sorted(ever, key=lambda number: -drugs[number])
        self.study, self.mothers = most_first[:10], most_first[10:13]
        self.new_number = next(number for number in most_first[13:] if number not in with_drugs)
        self.years = dict(zip((2219, 2220, GROWING), registers, strict=True))
        self.years[GROWING] = _month_by_month(registers[-1], self.study)
        self.person_of = {number: place for place, number in enumerate([*self.study, *self.mothers])}

    def go_to(self, day: date) -> None:
        """Another day begins."""
        self.day = day
        now = Desk(self.desk.home, self.desk.settings, Clock(day))
        self.desk.cases.close()
        self.office.__dict__["desk"] = now

    def later(self, days: int) -> None:
        self.go_to(self.day + timedelta(days=days))

    def order(self, sources: str = "", variables: str = "") -> str:
        """The order's text, with further sources or variables."""
        own = OWN.replace("ANTAL]", f"ANTAL{variables}]")
        head = SAMPLE_ORDER[: SAMPLE_ORDER.index("specification:")]
        return head.replace(RECIPIENT, self.office.identity.recipient) + SPECIFICATION + sources + own

    def open(self) -> None:
        detail = acts.order_detail(self.order(), "order.yaml", self.desk.catalogue)
        self.desk.cases.open(CASE, self.desk.clock.now(), ENGINEER, detail)

    def agree(self) -> None:
        """Approval, decision, review and standing release, as it is ordered now."""
        self.office.decide(CASE)
        self.office.review(CASE)
        self.office.release(CASE)

    def send(self, source: str, rows: Rows, reason: str = "") -> None:
        """A holder sends a file; the oracle keeps its rows."""
        path = self._written(source, rows)
        receive_file(self.desk, self.desk.case(CASE), source, path, ENGINEER, reason)
        self.sent[source] = rows

    def _written(self, source: str, rows: Rows) -> Path:
        path = self.office.folder / f"{source}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def population(self) -> Rows:
        return [{"PERSNR": number} for number in self.study]

    def diabetes(self, one_more: int = 0) -> Rows:
        """Two visits a person; a correction adds to one value."""
        rows = [
            {"PERSNR": number, "Besok": f"2218-{month:02d}-01", "HbA1c": str(30 + place + month)}
            for place, number in enumerate(self.study)
            for month in (1, 2)
        ]
        rows[3]["HbA1c"] = str(int(rows[3]["HbA1c"]) + one_more)
        return rows

    def lisa(self, *, changed: bool) -> Rows:
        """Everybody and a stranger, some with a mother; the first person under the number of that time."""
        mothers = [*self.mothers, "", "", "", "", "", "", "", ""]
        named = [*self._named(changed), self.mothers[0]]
        return [
            {"PersonNr": number, "PersonNrMor": mother, "Kommun": f"01{place:02d}", "DispInk": str(1000 * place)}
            for place, (number, mother) in enumerate(zip(named, mothers, strict=True))
        ]

    def region_labb(self, *, changed: bool) -> Rows:
        return [
            {"PatientID": number, "Analys": f"A{place % 3}", "Svar": "" if place == 4 else f"{place},5"}
            for place, number in enumerate([*self._named(changed), *self._named(changed)[:4]])
        ]

    def spine(self) -> Rows:
        return [{"PNR": number, "Opdatum": "2220-05-06"} for number in self._named(True)[:6]]

    def change_a_number(self) -> None:
        """The first person of the study gets another number."""
        self.send("number_history", [{"old_number": self.study[0], "new_number": self.new_number}], "a new number")
        self.person_of[self.new_number] = 0

    def _named(self, changed: bool) -> list[str]:
        return [self.new_number if changed else self.study[0], *self.study[1:]]

    def load(self, year: int, rows: int | None = None) -> None:
        """A register year, or its first rows, as they grow over the months."""
        table = self.years[year]
        self.loaded[year] = table.height if rows is None else rows
        if self.desk.registers.load("LMED", year, table.head(self.loaded[year])).held:
            self.desk.registers.accept("LMED", year)

    def deliver(self) -> dict[str, Any]:
        return run_delivery(self.desk, CASE)

    def opened(self, made: dict[str, Any]) -> Path:
        return self.office.opened(made)

    def check_serials(self) -> None:
        """Everybody keeps the one serial number that they were given first; no two share one."""
        rows = stores.code_key(self.desk, self.desk.case(CASE)).scan().select("number", "serial_number").collect()
        found: dict[int, set[int]] = {}
        for number, serial in rows.iter_rows():
            found.setdefault(self.person_of[str(number)], set()).add(serial)
        assert all(len(serials) == 1 for serials in found.values()), "nobody carries two serial numbers"
        now = {person: next(iter(serials)) for person, serials in found.items()}
        assert len(set(now.values())) == len(now), "no two share one"
        assert {person: now[person] for person in self.serials} == self.serials, "nobody's serial number has moved"
        self.serials = now

    def expected(self, source: str, years: list[int]) -> Counter[tuple[str, ...]]:
        """What a delivered file must hold."""
        return Counter(self._register_rows(years) if source == "lmed" else self._file_rows(source))

    def _file_rows(self, source: str) -> list[tuple[str, ...]]:
        found = []
        for row in self.sent[source]:
            cells = list(row.values())
            identifiers, values = cells[: IDENTIFIERS[source]], cells[IDENTIFIERS[source] :]
            person, *others = identifiers
            if self.person_of.get(person, 99) < len(self.study):
                relatives = [str(self.serials[self.person_of[other]]) if other else "" for other in others]
                found.append((str(self.serials[self.person_of[person]]), *relatives, *values))
        return found

    def _register_rows(self, years: list[int]) -> list[tuple[str, ...]]:
        found = []
        for year in years:
            for row in self.years[year].head(self.loaded[year]).iter_rows(named=True):
                person = self.person_of.get(str(row["number"]), 99)
                if person < len(self.study):
                    values = [row[name] for name in ("AR", "ATC", "EDATUM", "ANTAL")]
                    found.append(
                        (str(self.serials[person]), *("" if value is None else str(value) for value in values))
                    )
        return found


def _month_by_month(year: pl.DataFrame, study: list[str]) -> pl.DataFrame:
    """A register year in an order in which every twelfth of it has rows of the study."""
    ours = pl.col("number").cast(pl.String).is_in(study)
    nth = pl.int_range(pl.len()).over(ours) / pl.len().over(ours)
    return year.with_columns(nth.alias("nth")).sort("nth", maintain_order=True).drop("nth")


def delivered_rows(package: Path, source: str) -> Counter[tuple[str, ...]]:
    """The rows of a delivered file, read with the standard library."""
    with (package / "data" / f"ut_r_{source}_{ENDING}.csv").open(encoding="utf-8-sig", newline="") as file:
        return Counter(tuple(row) for row in list(csv.reader(file, delimiter=";"))[1:])
