"""Identities beyond personnummer, in the production graph: reserve numbers, workplaces, reuse, late changes."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.intake.receiving import receive_file
from assets.steps.persons.impact import impact
from samkorning.case import EventKind
from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, Issuer, diagnose_value
from tests.office import ENGINEER, Office

REGION_IDENTIFIERS = "        - {column: PatientID, serial_name: LopNr}\n"
WITH_WORKPLACE = (
    "        - {column: PatientID, serial_name: LopNr, issuer: stockholm, reused_name: AterPNr}\n"
    "        - {column: Vardenhet, serial_name: LopNrEnhet, identifies: workplace}\n"
)
HOLDER = "    holder: Synthetic University\n    column: PERSNR\n"
STOCKHOLM = IdentityRules(date(2221, 12, 31), Issuer.STOCKHOLM, allow_synthetic=True)
FILE = "ut_r_region_labb_36759_2021"


def reserve_numbers() -> Iterator[str]:
    """Valid reserve numbers of Stockholm's form, for made-up births."""
    for running in range(12_340, 12_400):
        for check in range(10):
            number = f"992175{running}{check}"
            if diagnose_value(number, STOCKHOLM).problem is None:
                yield number


def persons_without_a_history(office: Office) -> list[str]:
    never_changed = office.world.persons.filter(pl.col("former_number").is_null())
    return [str(number) for number in never_changed["number"][:3]]


def rows_of(package: Path) -> list[dict[str, str]]:
    with (package / "data" / f"{FILE}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def serial_numbers(office: Office, case: str) -> dict[int, int]:
    key = stores.code_key_rows(office.desk, office.desk.case(case))
    return dict(key.select("number", "serial_number").collect().rows())


def receive(office: Office, case: str, source: str, header: str, rows: list[str], reason: str = "") -> None:
    path = office.folder / f"{source}_sent.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    receive_file(office.desk, office.desk.case(case), source, path, ENGINEER, reason)


def receive_population(office: Office, case: str, numbers: list[str]) -> None:
    rows = [f"{number};fall;2217-01-01" for number in numbers]
    receive(office, case, "population", "PERSNR;GRUPP;INDEXDATUM", rows)


def receive_region(office: Office, case: str, visits: list[tuple[str, str]]) -> None:
    """One sample a day, by person and workplace."""
    rows = [f"{who};{unit};2220-01-0{day};P-Glukos;5,1" for day, (who, unit) in enumerate(visits, start=1)]
    receive(office, case, "region_labb", "PatientID;Vardenhet;Provdatum;Analys;Svar", rows)


def receive_history(office: Office, case: str, changes: list[tuple[str, str, str]], reason: str = "") -> None:
    rows = [f"{old};{new};{day};correction" for old, new, day in changes]
    receive(office, case, "number_history", "old_number;new_number;changed_on;source", rows, reason)


def a_region_case(office: Office) -> str:
    """A case with the region's file alone, as text, with reserve numbers and workplaces."""
    case = office.open_case(
        (REGION_IDENTIFIERS, WITH_WORKPLACE),
        ("        format: excel\n", "        format: delimited\n"),
        (HOLDER, f"{HOLDER}    issuer: stockholm\n"),
    )
    office.decide(case)
    office.release_holders(case, "Region Exempel")
    office.review(case)
    office.release(case)
    return case


@pytest.mark.slow
def test_a_person_with_a_reserve_number_is_found_in_an_own_register(office: Office) -> None:
    case = a_region_case(office)
    reserve, person = next(reserve_numbers()), persons_without_a_history(office)[0]
    deaths = office.world.register("DORS", 2219)
    row = deaths.head(1).drop("number")
    said = [(reserve, "stockholm"), (person, None)]
    rows = [row.with_columns(number=pl.lit(each), issuer=pl.lit(issuer, dtype=pl.String)) for each, issuer in said]
    path = office.folder / "dors.parquet"
    pl.concat(rows).write_parquet(path)
    office.load_registers()
    following = office.folder / "following.parquet"
    office.world.register("DORS", 2220).write_parquet(following)
    for year, file in ((2219, path), (2220, following)):
        office.desk.registers.load_file(office.desk.catalogue.register("DORS"), year, file)
    receive_population(office, case, [reserve, person])
    made = office.opened(office.deliver(case))
    with (made / "data" / "ut_r_dors_36759_2021.csv").open(encoding="utf-8-sig", newline="") as delivered:
        found = [row for row in csv.DictReader(delivered, delimiter=";") if row["AR"] == "2219"]
    assert len({row["LopNr"] for row in found}) == len(found) == 2


def test_reserve_numbers_and_workplaces_get_serial_numbers_of_their_own(office: Office) -> None:
    case = a_region_case(office)
    numbers = reserve_numbers()
    known, other, person = next(numbers), next(numbers), str(office.world.study()[0])
    receive_population(office, case, [person, known])
    visits = [(person, "13001"), (known, "13001"), (known, "13002"), (other, "13003"), (person, "")]
    receive_region(office, case, visits)
    rows = rows_of(office.opened(office.deliver(case)))
    assert list(rows[0]) == ["LopNr", "AterPNr", "LopNrEnhet", "Provdatum", "Analys", "Svar"]
    by_day = {row["Provdatum"][-1]: row for row in rows}
    assert by_day.keys() == {"1", "2", "3", "5"}, "a reserve number that is not in the population is unknown"
    assert by_day["1"]["LopNr"] == by_day["5"]["LopNr"] != by_day["2"]["LopNr"] == by_day["3"]["LopNr"]
    assert by_day["1"]["LopNrEnhet"] == by_day["2"]["LopNrEnhet"] != by_day["3"]["LopNrEnhet"]
    assert by_day["5"]["LopNrEnhet"] == ""
    assert {row["AterPNr"] for row in rows} == {"0"}
    assert stores.series_in_use(office.desk, office.desk.case(case)) == ["person", "workplace"]


def test_a_reused_number_is_flagged_and_never_merged(office: Office) -> None:
    case = a_region_case(office)
    first, second, third = persons_without_a_history(office)
    receive_population(office, case, [first, second, third])
    receive_history(office, case, [(first, second, "2210-01-01"), (third, first, "2215-01-01")])
    receive_region(office, case, [(first, "13001"), (second, "13001"), (third, "13001")])
    rows = rows_of(office.opened(office.deliver(case)))
    assert {row["Provdatum"][-1]: row["AterPNr"] for row in rows} == {"1": "1", "2": "0", "3": "0"}
    assert len({row["LopNr"] for row in rows}) == 3


def test_damaged_rows_of_a_history_are_counted_by_column_and_problem(office: Office) -> None:
    case = a_region_case(office)
    first, second, third = persons_without_a_history(office)
    receive_history(office, case, [(first, "", ""), (second, f"{third[:-1]}x", ""), (second, third, "2210-02-30")])
    received = office.desk.case(case).of(EventKind.FILE_RECEIVED)[-1]
    assert received.detail["broken_rules"] == {
        "changed_on: date": 1, "new_number: bad_character": 1, "new_number: missing": 1,
    }  # fmt: skip
    assert stores.persons_of_history(office.desk, office.desk.case(case)).collect().is_empty()


@pytest.mark.slow
def test_a_history_after_a_delivery_gives_an_impact_report_and_moves_nothing(office: Office) -> None:
    case = a_region_case(office)
    first, second, third = persons_without_a_history(office)
    receive_population(office, case, [first, second])
    receive_region(office, case, [(first, "13001"), (second, "13001")])
    delivered = rows_of(office.opened(office.deliver(case)))
    before = serial_numbers(office, case)
    late = [(first, second, "2221-01-01"), (third, second, "2221-01-01")]
    with pytest.raises(FileRefused, match=r"R19: .*--reason"):
        receive_history(office, case, late)
    receive_history(office, case, late, "two were found to be one")

    found = impact(office.desk, office.desk.case(case))
    assert found.facts() == {"persons": 1, "serial_numbers": 1, "delivered.L001": 1}
    [(given_up, kept)] = found.corrections.rows()
    assert {given_up, kept} == {before[int(first)], before[int(second)]}

    for wrong in ([(first, second, ""), (second, first, "")], [(first, second, ""), (first, third, "")]):
        with pytest.raises(FileRefused, match=r"\(rows 1, 2\)"):
            receive_history(office, case, wrong, "another")
    assert impact(office.desk, office.desk.case(case)).facts() == found.facts(), "the history before still stands"

    assert office.status(case, "region_labb") == "changed"
    office.replace(case, "region_labb")
    office.release_holders(case, "Region Exempel")
    assert office.deliver(case)["delivery"] is None, "the same content is not delivered again: nothing has moved"
    assert office.status(case, "region_labb") == "delivered"
    assert before.items() <= serial_numbers(office, case).items()
    assert {row["LopNr"] for row in delivered} == {str(given_up), str(kept)}
