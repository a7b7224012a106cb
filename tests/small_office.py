"""A small office for tests: one case of nine persons and one holder's file, taken to a state in seconds.

What belongs here: making it and copying it. What must not: expectations.
"""

import csv
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import dagster as dg

from assets.graph import CASE_PARTITIONS
from assets.steps.intake.receiving import receive_file
from pipelines.definitions import build_definitions
from pipelines.instance import dagster_instance
from samkorning.case import acts
from tests.factories import SAMPLE_ORDER
from tests.office import ENGINEER, RECIPIENT, Office, kept_for_copies, surroundings

CASE = "36759-2021"
FILE = "ut_r_diabetes_36759_2021"


@dataclass
class SmallOffice(Office):
    """An office whose case is the population and one holder's file."""

    persons: int = 60

    @cached_property
    def numbers(self) -> list[str]:
        """Persons who never changed their number, three of them for later."""
        same = self.world.persons.filter(self.world.persons["former_number"].is_null())["number"]
        return [str(number) for number in same[:12]]

    @property
    def first(self) -> list[str]:
        return self.numbers[:9]

    @property
    def later(self) -> list[str]:
        return self.numbers[9:]

    def population(self, numbers: list[str], name: str = "population") -> Path:
        path = self.folder / f"{name}.csv"
        rows = [f"{number};fall;2217-01-01" for number in numbers]
        path.write_text("\n".join(["PERSNR;GRUPP;INDEXDATUM", *rows]) + "\n", encoding="utf-8")
        return path

    def visits(self, name: str = "visits", year: int = 2218) -> Path:
        """One visit a person, the birth's day in it, so that rows can be told apart: everybody, the later ones too."""
        header = "PERSNR;Besoksdatum;Debutdatum;HbA1c;BMI;Insulin;Pump;Rokning_Beskrivning;Rokning_Värde"
        rows = [f"{number};{year}-01-01;;{30 + n};;;;;" for n, number in enumerate(self.numbers)]
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
        return path

    def take(self, case: str, source: str, path: Path, reason: str = "") -> None:
        receive_file(self.desk, self.desk.case(case), source, path, ENGINEER, reason)

    def persons_of(self, made: dict[str, object]) -> list[int]:
        """Whose visits a delivery holds, by their place among the numbers."""
        with (self.opened(made) / "data" / f"{FILE}.csv").open(encoding="utf-8-sig", newline="") as file:
            return sorted(int(row["HbA1c"]) - 30 for row in csv.DictReader(file, delimiter=";"))

    def link(self, case: str) -> None:
        """The job as far as the linkage, as when a check stops it."""
        with dagster_instance(self.desk) as instance:
            instance.add_dynamic_partitions(CASE_PARTITIONS, [case])
            names = ("order", "case", "population", "code_key", "linked_quality_register")
            selection = [dg.AssetKey(name) for name in names]
            job = build_definitions(self.desk).resolve_job_def("deliver")
            job.execute_in_process(instance=instance, partition_key=case, asset_selection=selection)


def prepare(office: SmallOffice, state: str, *changes: tuple[str, str]) -> None:
    """A case in a state, its first delivery released once where there is one; its order with changes."""
    if office.is_new:
        _become(office, _prepared(office.persons, office.seed, state, changes, surroundings()))
    else:
        _prepare(office, state, changes)


def _prepare(office: SmallOffice, state: str, changes: Sequence[tuple[str, str]]) -> None:
    text = small_order()
    for old, new in changes:
        assert old in text, f"the order has no {old!r}"
        text = text.replace(old, new)
    text = text.replace(RECIPIENT, office.identity.recipient)
    detail = acts.order_detail(text, "order.yaml", office.desk.catalogue)
    office.desk.cases.open(CASE, office.desk.clock.now(), ENGINEER, detail)
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.take(CASE, "population", office.population(office.first))
    office.take(CASE, "diabetes", office.visits())
    if state == "linked":
        office.link(CASE)
    if state == "delivered":
        office.release(CASE, standing=False)
        office.deliver(CASE)


@cache
def _prepared(
    persons: int, seed: int, state: str, changes: Sequence[tuple[str, str]], _: tuple[tuple[str, str], ...]
) -> SmallOffice:
    """An office with a case in a state, made once in this process; tests work on copies."""
    with kept_for_copies() as folder:
        office = SmallOffice(folder, persons, seed)
        _prepare(office, state, changes)
        office.desk.cases.close()
    return office


def small_order() -> str:
    """The sample order without own registers and with one source alone."""
    start, end = SAMPLE_ORDER.index("    - name: lisa"), SAMPLE_ORDER.index("    - name: diabetes")
    return SAMPLE_ORDER[:start] + SAMPLE_ORDER[end : SAMPLE_ORDER.index("    - name: region_labb")]


def copied(template: SmallOffice, folder: Path) -> SmallOffice:
    """The same office once more, from a copy of its home."""
    office = SmallOffice(folder, template.persons, template.seed)
    _become(office, template)
    return office


def _become(office: SmallOffice, template: SmallOffice) -> None:
    shutil.copytree(template.folder, office.folder, ignore=shutil.ignore_patterns("opened"), dirs_exist_ok=True)
    office.__dict__["identity"], office.__dict__["world"] = template.identity, template.world
