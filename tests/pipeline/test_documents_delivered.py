"""The documents of real deliveries: code book, persons, row flow, changes and report, and that none of it leaks."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from samkorning.case import EventKind, acts
from samkorning.delivery.report.printing import can_print
from tests.office import ENGINEER, RECIPIENT, Office
from tests.small_office import CASE, FILE, SmallOffice, small_order

PERSONS = "ut_r_personer_36759_2021"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallOffice]:
    """A case that delivers one row per person and a report."""
    monkeypatch.setenv("SAMKORNING_REPORTS", '["html", "pdf"]')
    office = SmallOffice(tmp_path)
    text = small_order().replace(RECIPIENT, office.identity.recipient)
    text = text.replace("  repairs:", "  one_row_per_person: true\n  repairs:")
    detail = acts.order_detail(text, "order.yaml", office.desk.catalogue)
    office.desk.cases.open(CASE, office.desk.clock.now(), ENGINEER, detail)
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.take(CASE, "population", office.population(office.first))
    office.take(CASE, "diabetes", office.visits())
    office.release(CASE)
    yield office
    office.desk.cases.close()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def sheet(path: Path, name: str) -> pl.DataFrame:
    return fastexcel.read_excel(path.read_bytes()).load_sheet(name, dtypes="string").to_polars()


def test_the_documents_of_a_delivery_and_of_the_next(small: SmallOffice) -> None:
    """One row per person, counts that are suppressed, and in the next delivery what has changed."""
    made = small.deliver(CASE)
    folder = small.opened(made)
    assert_first(folder, made)
    assert_remembered_without_values(small, folder)
    assert small.deliver(CASE)["delivery"] is None, "the file of persons makes no delivery due"
    small.take(CASE, "diabetes", small.visits("later", 2219))
    small.replace(CASE, "diabetes")
    second = small.opened(small.deliver(CASE))
    changes = {(row["of"], row["what"]): row["now"] for row in table(second / "andringar.csv")}
    assert changes["diabetes", "ändrade rader"] == "9"
    assert "Ändrat sedan tidigare utlämningar" in (second / "rapport.sv.html").read_text()
    counted = sheet(second / "kodbok.xlsx", "Variabler")
    assert counted.filter(pl.col("Variabelnamn") == "HbA1c")["Med värde"].to_list() == ["9"]


def assert_first(folder: Path, made: dict[str, Any]) -> None:
    names = {path.name for path in folder.iterdir()}
    expected = {"kodbok.xlsx", "etiketter.R", "etiketter.do", "etiketter.sas", "etiketter.sps", "rapport.sv.html"}
    assert expected <= names
    assert ("report.en.pdf" in names) == can_print() == (made["left_out"] == [])
    assert [(file["name"], file["rows"]) for file in made["files"]] == [
        (f"data/{FILE}.csv", 9),
        (f"data/{PERSONS}.csv", 9),
    ]
    persons = table(folder / "data" / f"{PERSONS}.csv")
    assert [(row["BER_diabetes"], row["LANK_diabetes"]) for row in persons] == [("1", "1")] * 9
    assert [row["LopNr"] for row in persons] == sorted(row["LopNr"] for row in table(folder / "data" / f"{FILE}.csv"))
    flow = {(row["step"], row["reason"]): (row["rows"], row["persons"]) for row in table(folder / "radflode.csv")}
    assert flow["länkade", ""] == ("9", "9")
    assert flow["personer utan rader", ""] == ("", "0")
    assert flow["bortfall totalt", ""] == ("–", "–"), "no count of a few"
    assert flow["bortfall", "inte i kodnyckeln"] == flow["bortfall totalt", ""]
    assert flow["rader in", ""] == ("–", ""), "with the linked ones it would tell how many were dropped"
    variables = sheet(folder / "variabellista.xlsx", "Variabellista")
    assert variables.filter(pl.col("Variabelnamn") == "HbA1c")["Registerhållare"].to_list() == ["Exempelregistret"]


def assert_remembered_without_values(small: SmallOffice, folder: Path) -> None:
    """The case register keeps descriptions and the counts that were shown."""
    event = small.desk.case(CASE).last(EventKind.DELIVERED)
    assert event is not None
    kept = event.detail["documented"]
    assert set(kept["files"]) == {FILE, PERSONS}
    assert kept["lost"] == {
        "diabetes": {"in_all": None, "by_reason": {"unknown_person": None}, "rows_without_number": 0}
    }
    assert {each["variable"] for each in kept["counts"] if each["file"] == FILE} >= {"LopNr", "HbA1c"}
    assert not any(row["LopNr"] in json.dumps(kept) for row in table(folder / "data" / f"{FILE}.csv"))


@pytest.mark.slow
def test_persons_of_all_that_was_delivered(office: Office) -> None:
    """A later delivery tells of the sources of the earlier ones too, and of own registers by their years; number
    histories that moved nobody in between change nothing of it.
    """
    case = office.ready_case(("  repairs:", "  one_row_per_person: true\n  repairs:"))
    first = office.opened(office.deliver(case))
    for strangers in office.world.outsiders["number"].head(4).reshape((2, 2)).to_list():
        with office.sent("number_history").open("a", encoding="utf-8") as file:
            file.write(f"{strangers[0]};{strangers[1]};2221-01-01;synthetic\n")
        office.receive(case, "number_history", reason="a later history")
        assert office.deliver(case)["delivery"] is None
    office.release_holders(case, "Region Exempel")
    office.receive(case, "region_labb")
    second = office.opened(office.deliver(case))
    persons = pl.read_csv(second / "data" / f"{PERSONS}.csv", separator=";")
    for source in ("lisa", "diabetes", "region_labb", "lmed"):
        assert 0 < persons[f"LANK_{source}"].sum() < persons.height
    assert persons["FRAN_lmed"].unique().to_list() == [2219]
    assert persons["TILL_lmed"].unique().to_list() == [2220]
    delivered = pl.read_csv(first / "data" / "ut_r_lmed_36759_2021.csv", separator=";", infer_schema=False)
    linked = persons.filter(pl.col("LANK_lmed") == 1)["LopNr"].cast(pl.String)
    assert set(linked) == set(delivered["LopNr"])
