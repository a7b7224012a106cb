"""A corrected file replaces the former from the next delivery on; the ledger keeps both, the labels stay with them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import dagster as dg
import fastexcel
import polars as pl
import pytest

from assets.steps.case_view import ledger_rows
from assets.steps.intake.receiving import receive_file
from pipelines.instance import dagster_instance
from pipelines.triggers import due_deliveries_sensor
from samkorning.case import EventKind
from tests.office import ENGINEER, Office

pytestmark = pytest.mark.slow


def corrected(office: Office) -> Path:
    """The quality register's file without every other of its rows."""
    header, *rows = office.sent("diabetes").read_bytes().splitlines(keepends=True)
    path = office.folder / "corrected.csv"
    path.write_bytes(b"".join([header, *rows[::2]]))
    return path


def delivered_names(made: dict[str, Any]) -> list[str]:
    return [file["name"] for file in made["files"]]


def test_a_corrected_file_is_in_the_next_delivery_and_the_former_stays_in_the_first(office: Office) -> None:
    first = office.delivered_case()
    case = first["case"]
    path = corrected(office)
    receive_file(office.desk, office.desk.case(case), "diabetes", path, ENGINEER)
    assert office.deliver(case)["delivery"] is None, "a standing release covers no correction"
    assert office.status(case, "diabetes") == "changed"
    office.replace(case, "diabetes")
    second = office.deliver(case)
    assert second["kind"] == "replacement"
    [name] = delivered_names(second)
    assert "diabetes" in name, "what has not changed is not delivered again"
    before, after = ((office.opened(made) / name).read_bytes().splitlines() for made in (first, second))
    assert after[0] == before[0] and set(after) < set(before)
    [said] = json.loads((office.opened(second) / "skillnad.json").read_bytes())["units"]
    assert (said["unit"], said["replaces"]) == ("diabetes", "L001")
    assert said["rows"]["same"] + said["rows"]["altered"] == len(after) - 1
    assert said["rows"]["gone"] == len(before) - len(after) and said["rows"]["new"] == 0
    found = office.desk.case(case)
    hashes = [hashlib.sha256(sent.read_bytes()).hexdigest() for sent in (office.sent("diabetes"), path)]
    received = [event.detail for event in found.of(EventKind.FILE_RECEIVED) if event.detail["source"] == "diabetes"]
    assert [detail["sha256"] for detail in received] == hashes
    [row] = [row for row in ledger_rows(office.desk, found) if row.unit.source == "diabetes"]
    assert row.deliveries == ("L001", "L002")


def test_a_year_loaded_again_waits_and_one_that_gives_the_same_rows_waits_for_nobody(office: Office) -> None:
    case = office.delivered_case()["case"]
    rows = office.world.register("DORS", 2220)
    study = office.world.study()
    strangers = rows.filter(~pl.col("number").is_in(study.implode()))
    assert 0 < strangers.height < rows.height, "the register has persons of the study and others"
    office.desk.registers.load("DORS", 2220, rows.filter(pl.col("number").is_in(study.implode())))
    assert office.desk.registers.load("PAR_SV", 2219, office.world.register("PAR_SV", 2219).head(0)).held
    assert office.status(case, "par_sv", 2219) == "delivered", "what stood before stands until a person accepts it"
    office.desk.registers.accept("PAR_SV", 2219)
    assert {office.status(case, "dors", 2220), office.status(case, "par_sv", 2219)} == {"changed"}
    with dagster_instance(office.desk) as instance:
        sensor = dg.build_sensor_context(instance=instance)
        assert not due_deliveries_sensor(sensor, desk=office.desk).run_requests, "a standing release covers neither"
        assert office.deliver(case)["delivery"] is None
        assert office.status(case, "dors", 2220) == "delivered", "its rows are the same for this study"
        assert office.status(case, "par_sv", 2219) == "changed"
        office.replace(case, "par_sv", 2219)
        [asked] = due_deliveries_sensor(sensor, desk=office.desk).run_requests
        assert asked.partition_key == case
    made = office.deliver(case)
    assert (made["kind"], [file["rows"] for file in made["files"]]) == ("replacement", [0])
    manifest = json.loads((office.opened(made) / "manifest.json").read_bytes())
    [unit] = manifest["units"]
    assert (unit["file"], unit["unit"], unit["rows"]) == ("data/ut_r_par_sv_36759_2021.csv", "par_sv 2219", 0)
    assert unit["replaces"] == "L001"
    entry = office.desk.case(case).last(EventKind.DELIVERED)
    assert entry is not None and entry.detail["units"][0]["replaces"] == "L001"
    office.desk.registers.load("PAR_SV", 2219, office.world.register("PAR_SV", 2219))
    office.decline(case, "par_sv", 2219)
    assert office.deliver(case)["delivery"] is None


def test_the_labels_of_a_contract_stand_in_the_list_of_variables(office: Office) -> None:
    opened = office.opened(office.delivered_case())
    [path] = opened.rglob("variabellista.xlsx")
    variables = pl.DataFrame(fastexcel.read_excel(path).load_sheet(0).to_arrow())
    seen = dict(variables.select("Variabelnamn", "Klartext").iter_rows())
    assert seen["Rokning_Värde"] == "Smoking, code"
