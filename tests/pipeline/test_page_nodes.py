"""What one reads at the nodes of the river after a delivery: columns back to their holder, the ledger as it is, and
the desk."""

import csv
import os
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

import assets.steps.overview as overview_steps
from assets.front_page import report_desk
from assets.shown.case import ledger_table
from assets.steps.case_account import case_account
from assets.steps.columns import lineage_of, traced
from assets.steps.desk_account import desk_account
from pipelines.definitions import build_definitions
from pipelines.desk import page_sensor
from pipelines.instance import dagster_instance
from samkorning.case.complaints import complain
from samkorning.errors import VaultDamaged
from tests.office import OFFICER
from tests.small_office import CASE, FILE, SmallOffice, copied, prepare


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    """A case with its first delivery, which no test changes."""
    before = dict(os.environ)
    office = SmallOffice(tmp_path_factory.mktemp("page"))
    prepare(office, "delivered")
    yield office
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def shown(instance: dg.DagsterInstance, *path: str) -> dict[str, Any]:
    """What a node shows of the case now."""
    partition = None if path == ("desk",) else [CASE]
    asked = dg.AssetRecordsFilter(asset_key=dg.AssetKey(list(path)), asset_partitions=partition)
    made = instance.fetch_materializations(asked, limit=1).records[0].asset_materialization
    assert made is not None
    return {name: value.value for name, value in made.metadata.items()}


def test_every_delivered_column_leads_back_to_a_column_that_came_in(delivered: SmallOffice) -> None:
    """Followed in what the page was given, node by node, to columns that stand in the schema of their node."""
    with dagster_instance(delivered.desk) as instance:
        found = {name: _ends(instance, ("delivery", name)) for name in _names(instance, "delivery")}
        schema = {name.removeprefix("diabetes.") for name in _names(instance, "from_quality_register")}
    made = delivered.desk.case(CASE).events[-1].detail
    assert [file["name"] for file in made["files"]]
    names = _delivered_header(delivered)
    assert set(found) == {f"diabetes.{name}" for name in names}
    for name in names:
        ends = [
            column.removeprefix("diabetes.") for node, column in found[f"diabetes.{name}"] if node.startswith("from_")
        ]
        assert ends and set(ends) <= schema, name
        assert name == "LopNr" or ends == [name]
    assert ("code_key", "serial_number") in found["diabetes.LopNr"]


def test_the_page_and_the_account_of_columns_say_the_same(delivered: SmallOffice) -> None:
    lineage = lineage_of(delivered.desk, delivered.desk.case(CASE))
    with dagster_instance(delivered.desk) as instance:
        for node in ("code_key", "linked_quality_register", "delivery_contents", "delivery"):
            given = shown(instance, node)["dagster/column_lineage"].deps_by_column
            said = {name: set(origins) for (place, name), origins in lineage.items() if place == node and origins}
            assert {name: {_origin(each) for each in deps} for name, deps in given.items()} == said
        table = shown(instance, "delivery")["columns_and_where_they_come_from"]
    assert "| diabetes.BMI |" in table and "| from_quality_register: diabetes.BMI |" in table
    assert traced(lineage, ("delivery", "diabetes.BMI")) == [("from_quality_register", "diabetes.BMI")]


def test_after_a_delivery_the_ledger_of_the_page_is_the_ledger(delivered: SmallOffice) -> None:
    with dagster_instance(delivered.desk) as instance:
        seen = shown(instance, "case")
    account = case_account(delivered.desk, delivered.desk.case(CASE))
    assert seen["ledger"] == ledger_table(account)
    assert (seen["state"], "L001" in seen["deliveries"]) == ("delivered", True)
    assert (seen["next_act"], seen["whose"]) == (account.next_act.what, account.next_act.whose)
    assert seen["code_key_as_recorded"].count("\n") == 2


def test_an_act_is_told_once_and_the_front_page_with_it(delivered: SmallOffice, tmp_path_factory: Any) -> None:
    office = copied(delivered, tmp_path_factory.mktemp("copies") / "act")
    with dagster_instance(office.desk) as instance:
        look(office, instance)
        office.act(CASE, OFFICER, lambda case: complain(case, "L001", "a column is empty", office.desk.clock.today()))
        events = len(office.desk.case(CASE).events)
        assert shown(instance, "case")["events"] == events - 1, "nobody has looked yet"
        assert look(office, instance) == "told of 1 cases that had changed"
        seen = shown(instance, "case")
        assert (seen["events"], seen["code_key"].startswith("complaint: ")) == (events, True)
        assert shown(instance, "desk")["cases"] == 1
        assert look(office, instance) == "every case stands as it was told"
        assert "may_go" in _observed(instance, "disposal")


def test_a_case_that_cannot_be_read_is_named_and_stops_no_other(
    delivered: SmallOffice, tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = copied(delivered, tmp_path_factory.mktemp("copies") / "unread")
    office.open_case(number="1-2026")
    read = overview_steps._row

    def refusing(desk: Any, case: Any, marks: Any) -> Any:
        if case.number == "1-2026":
            raise VaultDamaged("not as it was recorded")
        return read(desk, case, marks)

    monkeypatch.setattr(overview_steps, "_row", refusing)
    account = desk_account(office.desk)
    assert (account.not_read, account.states) == (["1-2026"], {"delivered": 1})


def test_the_job_of_the_front_page_shows_the_desk_and_looks_at_the_years(office: Any) -> None:
    office.open_case()
    office.load("LMED", 2219)
    with dagster_instance(office.desk) as instance:
        run = build_definitions(office.desk).resolve_job_def("renew_desk").execute_in_process(instance=instance)
        checks = {
            (each.asset_key.to_user_string(), each.check_name): each for each in run.get_asset_check_evaluations()
        }
        assert checks["desk", "in_time"].passed and checks["own_register/lmed", "year_has_come"].passed
        seen = shown(instance, "desk")
        report_desk(office.desk, instance, 5)
        assert shown(instance, "desk")["due"] == seen["due"]
    assert "first action" in seen["due"] and "| LMED | 2219 |  |" in seen["register_years"]


def look(office: SmallOffice, instance: dg.DagsterInstance) -> str:
    """One look of the sensor: its sentence."""
    skipped = page_sensor(dg.build_sensor_context(instance=instance), desk=office.desk)
    assert isinstance(skipped, dg.SkipReason)
    return str(skipped.skip_message)


def _names(instance: dg.DagsterInstance, node: str) -> list[str]:
    return [column.name for column in shown(instance, node)["dagster/column_schema"].columns]


def _ends(instance: dg.DagsterInstance, column: tuple[str, str]) -> list[tuple[str, str]]:
    """Where the lineage that the page was given ends, for one column."""
    node, name = column
    lineage = shown(instance, *node.split("/")).get("dagster/column_lineage")
    above = [_origin(each) for each in lineage.deps_by_column.get(name, [])] if lineage else []
    assert name in _names(instance, node), f"{node} has no column {name}"
    return [end for each in above for end in _ends(instance, each)] if above else [column]


def _origin(dependency: dg.TableColumnDep) -> tuple[str, str]:
    return dependency.asset_key.to_user_string(), dependency.column_name


def _delivered_header(office: SmallOffice) -> list[str]:
    [event] = [each for each in office.desk.case(CASE).events if each.kind.value == "delivered"]
    opened = office.opened(
        {"case": CASE, "delivery": "L001", "path": str(office.desk.home.root / event.detail["path"])}
    )
    with (opened / "data" / f"{FILE}.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file, delimiter=";"))


def _observed(instance: dg.DagsterInstance, name: str) -> set[str]:
    [record] = instance.fetch_observations(dg.AssetKey(name), limit=1).records
    assert record.asset_observation is not None
    return set(record.asset_observation.metadata)
