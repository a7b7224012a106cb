"""One case from order to three deliveries, held against plain dictionaries.

The oracle reads the files as they were sent with the standard library, knows from the synthetic world who each row is
about, and says what each delivered file must hold. It shares no code with the service but the code key's pairs.
"""

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from assets.steps import stores
from samkorning.case import acts
from samkorning.delivery import verify_package
from samkorning.errors import FileRefused
from samkorning.synthetic import NEW_YEAR, IncomingFile
from tests.office import OFFICER, Office

Row = tuple[str, ...]


def serial_numbers(office: Office, case: str) -> dict[int, int]:
    """Every number in the code key and its serial number, after checking that it is one to one."""
    rows = (
        stores.code_key(office.desk, office.desk.case(case)).scan().select("number", "serial_number").collect().rows()
    )
    pairs = dict(rows)
    assert len(pairs) == len(rows), "nobody carries two serial numbers"
    assert len(set(pairs.values())) == len(rows), "no two share one"
    return pairs


def delivered_rows(package: Path, name: str) -> Counter[Row]:
    with (package / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    return Counter(tuple(row) for row in rows[1:])


def sent_rows(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        table = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
        return [{name: value or "" for name, value in row.items()} for row in table.iter_rows(named=True)]
    encoding = "cp1252" if path.suffix == ".txt" else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def expected_rows(
    sent: IncomingFile, serials: dict[int, int], study: set[int], others: tuple[str, ...] = ()
) -> Counter[Row]:
    """What must be delivered of a file: the linked rows, each under its person's serial number."""
    expected: Counter[Row] = Counter()
    rows = sent_rows(sent.path)
    identifiers = set(list(rows[0])[: 1 + len(others)])
    for row, truth in zip(rows, sent.truth.iter_rows(named=True), strict=True):
        if truth["number"] in study:
            relatives = [serials.get(truth[other], "") if truth[other] else "" for other in others]
            values = [value for name, value in row.items() if name not in identifiers]
            expected[tuple(str(value) for value in [serials[truth["number"]], *relatives, *values])] += 1
    return expected


def own_register_rows(
    office: Office, case: str, register: str, years: list[int], serials: dict[int, int]
) -> Counter[Row]:
    """What must be delivered of an own register: the rows of the study's persons, under any number they have had."""
    latest = {old: new for old, new, *_ in office.world.history.iter_rows()}
    study = set(office.world.study())
    own = next(own for own in office.desk.case(case).specification.own_registers if own.register_name == register)
    expected: Counter[Row] = Counter()
    for year in years:
        for row in office.world.register(register, year).iter_rows(named=True):
            person = latest.get(row["number"], row["number"])
            if person in study:
                values = ("" if row[name] is None else row[name] for name in own.variables)
                expected[(str(serials[person]), *(_as_text(value) for value in values))] += 1
    return expected


def _as_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_three_deliveries_hold_what_they_should(office: Office, engine: str) -> None:
    case = office.ready_case(("engine: polars", f"engine: {engine}"))
    study = set(office.world.study())

    first = office.deliver(case)
    assert (first["delivery"], first["kind"], first["awaited"]) == ("L001", "first", ["region_labb"])

    office.release_holders(case, "Region Exempel")
    office.receive(case, "region_labb")
    second = office.deliver(case)
    assert (second["delivery"], second["kind"], second["awaited"]) == ("L002", "supplement", [])

    today = office.desk.clock.today()
    until = today + timedelta(days=300)
    office.act(case, OFFICER, lambda found: acts.keep_code_key(found, until, today, "repeats"))
    office.load_registers(NEW_YEAR)
    third = office.deliver(case)
    assert (third["delivery"], third["kind"]) == ("L003", "repeat")
    assert office.deliver(case)["delivery"] is None, "a delivery whose contents equal the last one is not made again"

    serials = serial_numbers(office, case)
    one, two, three = (office.opened(made) for made in (first, second, third))
    for package in (one, two, three):
        assert verify_package(package, office.desk.home.signing_key.read_text().strip()).ok

    files = office.files
    lisa = expected_rows(files.scb, serials, study, ("mother", "father"))
    assert delivered_rows(one, "ut_r_lisa_36759_2021") == lisa
    assert delivered_rows(one, "ut_r_diabetes_36759_2021") == expected_rows(files.quality_register, serials, study)
    assert delivered_rows(two, "ut_r_region_labb_36759_2021") == expected_rows(files.region, serials, study)
    for register in ("PAR_SV", "PAR_OV", "LMED", "DORS"):
        name = f"ut_r_{register.lower()}_36759_2021"
        assert delivered_rows(one, name) == own_register_rows(office, case, register, [2219, 2220], serials)
    assert delivered_rows(three, "ut_r_lmed_36759_2021") == own_register_rows(office, case, "LMED", [2221], serials)
    assert [file["name"] for file in second["files"]] == ["data/ut_r_region_labb_36759_2021.csv"]
    assert [file["name"] for file in third["files"]] == ["data/ut_r_lmed_36759_2021.csv"]


def test_a_person_added_later_gets_a_number_and_the_others_keep_theirs(office: Office) -> None:
    case = office.delivered_case()["case"]
    before = serial_numbers(office, case)
    more = office.folder / "population_2.csv"
    outsider = office.world.persons.filter(~pl.col("in_study"))["number"][0]
    more.write_bytes(office.sent("population").read_bytes() + f"{outsider};fall;2217-01-01\n".encode())
    from assets.steps.intake.receiving import receive_file

    with pytest.raises(FileRefused, match=r"R19: .* 1 persons come and 0 go"):
        receive_file(office.desk, office.desk.case(case), "population", more, "Erik")
    office.decide_population(case, adds=1, removes=0)
    receive_file(office.desk, office.desk.case(case), "population", more, "Erik")
    office.release_holders(case, "SCB", "Exempelregistret")
    assert office.deliver(case)["kind"] == "replacement"
    after = serial_numbers(office, case)
    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {outsider} or outsider in before
