"""A register year that a check has stopped: nothing uses it until a person accepts it; every act leaves its record."""

import json
from typing import Any

import polars as pl
import pytest

from assets.steps.case_view import ledger_rows
from cli.session import session
from resources.register_years import OWN_REGISTERS
from samkorning.case.inputs import Unit
from samkorning.errors import NotFound, RuleRefused
from samkorning.keystore import RetentionClass
from samkorning.own_registers import loading
from tests.integration.test_file_check import Done, samkorning
from tests.integration.test_own_register_loading import the_year
from tests.office import Office

LMED = Unit("lmed", 2219)


@pytest.fixture(autouse=True)
def at_the_desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program opens its home once a process."""
    monkeypatch.setitem(session.__dict__, "desk", office.desk)


def run(office: Office, *arguments: object) -> Done:
    return samkorning("register", *arguments)


def seen(done: Done) -> Any:
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)


def a_file(office: Office, rows: pl.DataFrame) -> str:
    path = office.folder / "year.parquet"
    rows.write_parquet(path)
    return str(path)


@pytest.fixture
def whole(office: Office) -> pl.DataFrame:
    """An office that has loaded a year, and its rows."""
    rows = office.world.register("LMED", 2219)
    office.desk.registers.load("LMED", 2219, rows)
    return rows


def load_half(office: Office, whole: pl.DataFrame, year: int = 2219) -> Any:
    done = run(office, "load", "LMED", year, a_file(office, whole.head(whole.height // 2)), "--json")
    assert done.returncode == 1, "it waits for a person"
    return seen(done)


def test_half_a_year_waits_and_what_stood_before_stands(office: Office, whole: pl.DataFrame) -> None:
    hashes, marks = office.desk.registers.hashes({"lmed"}), office.desk.registers.marks()
    answer = load_half(office, whole)
    assert answer["held"]
    said = [each["said"] for each in answer["findings"]]
    assert f"{whole.height // 2} rows where what stands has {whole.height}" in said
    assert (office.desk.registers.hashes({"lmed"}), office.desk.registers.marks()) == (hashes, marks)
    assert the_year(office).height == whole.height
    listed = seen(run(office, "list", "--json"))
    assert [(each["register"], each["year"], each["rows"]) for each in listed["registers"]] == [
        ("LMED", 2219, whole.height)
    ]
    [waiting] = listed["waiting"]
    assert (waiting["register"], waiting["year"]) == ("LMED", 2219)
    assert "rows where what stands has" in waiting["why"]
    assert "waits for a person" in run(office, "list").stdout


def test_half_a_year_after_a_whole_one_is_not_there_until_it_is_accepted(office: Office, whole: pl.DataFrame) -> None:
    load_half(office, whole, 2220)
    assert Unit("lmed", 2220) not in office.desk.registers.generations()
    with pytest.raises(NotFound, match="has no year 2220"):
        office.desk.registers.year("LMED", 2220, pl.Series([1]))


def test_a_person_accepts_it_with_a_reason(
    office: Office, whole: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("samkorning.own_registers.loading.ROWS_AT_ONCE", 100)
    answer = load_half(office, whole)
    before = office.desk.registers.hashes({"lmed"})
    accepted = seen(run(office, "accept", "LMED", 2219, "--reason", "two regions are late", "--as", "Olle", "--json"))
    assert (accepted["rows"], accepted["persons"]) == (answer["rows"], answer["persons"])
    assert the_year(office).equals(whole.head(whole.height // 2).sort("number", maintain_order=True))
    assert office.desk.registers.hashes({"lmed"}) != before
    [year] = seen(run(office, "show", "LMED", "--json"))["loaded"]
    assert year["accepted"]
    assert seen(run(office, "list", "--json"))["waiting"] == []
    record = office.desk.audit.records()[-1]
    assert (record.act, record.person) == ("accept register year", "Olle")
    assert record.facts == {"register": "LMED", "year": 2219, "reason": "two regions are late"}
    again = run(office, "accept", "LMED", 2219, "--reason", "again", "--as", "Olle")
    assert again.returncode == 1
    assert "waits for anybody" in again.stderr
    assert office.desk.audit.records()[-1] == record, "what does not happen is not recorded as if"


def test_a_person_refuses_it_and_its_rows_are_gone(office: Office, whole: pl.DataFrame) -> None:
    load_half(office, whole)
    store = office.desk.vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, "LMED.2219.held")
    assert store.scan().collect().height == whole.height // 2
    done = run(office, "refuse", "LMED", 2219, "--reason", "half a transfer", "--as", "Olle")
    assert (done.returncode, done.stdout) == (0, "LMED 2219: refused; what stood before stands\n")
    assert store.scan().collect().height == 0
    with pytest.raises(NotFound, match="superseded"):
        store.scan(1)
    assert the_year(office).height == whole.height
    assert office.desk.audit.records()[-1].act == "refuse register year"


def test_a_whole_year_that_comes_after_takes_the_place_of_what_waits(office: Office, whole: pl.DataFrame) -> None:
    load_half(office, whole)
    done = run(office, "load", "LMED", 2219, a_file(office, whole), "--json")
    assert (done.returncode, seen(done)["held"]) == (0, False)
    assert office.desk.registers.held() == {}


def test_half_a_year_twice_waits_once(office: Office, whole: pl.DataFrame) -> None:
    assert load_half(office, whole)["rows"] == load_half(office, whole)["rows"]
    assert list(office.desk.registers.held()) == [LMED]


def test_an_acceptance_that_broke_off_is_completed_by_the_next(
    office: Office, whole: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_half(office, whole)
    registers = office.desk.registers

    def dies(name: str) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(registers, "_let_go", dies)
        with pytest.raises(RuntimeError):
            registers.accept("LMED", 2219)
    hashes = registers.hashes({"lmed"})
    registers.accept("LMED", 2219)
    assert (registers.hashes({"lmed"}), registers.held()) == (hashes, {})


def test_a_reason_is_needed_and_holds_no_number(office: Office, whole: pl.DataFrame) -> None:
    load_half(office, whole)
    assert run(office, "accept", "LMED", 2219).returncode == 2
    refused = run(office, "accept", "LMED", 2219, "--reason", "as 21001231-9876 said", "--as", "Olle")
    assert refused.returncode == 1
    assert list(office.desk.registers.held()) == [LMED]


def test_r06_a_barred_register_is_not_loaded(office: Office) -> None:
    rows = office.world.register("DONATION", 2220)
    done = run(office, "load", "DONATION", 2220, a_file(office, rows))
    assert (done.returncode, "R06: DONATION is barred" in done.stderr) == (1, True)
    with pytest.raises(RuleRefused):
        office.desk.registers.load("DONATION", 2220, rows)
    assert office.desk.registers.generations() == {}


def test_variables_that_the_year_does_not_have_may_be_left_out(office: Office) -> None:
    """EKOD3 and more are from 2010 on, say; those that the year has may not."""
    old = office.world.register("LMED", 2219).head(3)
    entry = office.desk.catalogue.register("LMED")
    later = entry.variable("OTYP").model_copy(update={"from_year": 2220})
    others = (each for each in entry.variables if each.name != "OTYP")
    register = entry.model_copy(update={"variables": (*others, later)})
    path = office.folder / "old.csv"
    old.drop("OTYP").write_csv(path, separator=";")
    [batch] = loading.OwnRegisterFile(path, register, 2219).batches()
    assert (batch.schema["OTYP"], batch["OTYP"].null_count()) == (pl.String, 3)
    assert run(office, "load", "LMED", 2220, path).returncode == 1


def test_a_load_is_recorded_and_says_what_it_found(office: Office) -> None:
    rows = office.world.register("LMED", 2220).with_columns(OTYP=pl.lit("Z"))
    done = run(office, "load", "LMED", 2220, a_file(office, rows))
    assert done.returncode == 0
    assert f"LMED 2220: {rows.height} rows, {rows['number'].n_unique()} persons\n" in done.stdout
    assert f"values outside: OTYP: {rows.height} values outside" in done.stdout
    assert office.desk.audit.records()[-1].act == "load register year"


@pytest.mark.slow
def test_a_year_loaded_again_tells_each_case_in_which_variables_it_differs(office: Office) -> None:
    case = office.ready_case()
    office.deliver(case)
    rows = office.world.register("LMED", 2219)
    changed = rows.with_columns(ANTAL=pl.col("ANTAL") + 1)
    office.desk.registers.load("LMED", 2219, changed.reverse())
    [row] = [row for row in ledger_rows(office.desk, office.desk.case(case)) if row.unit == LMED]
    assert (row.status.value, row.why) == ("changed", "differs in ANTAL")
    shown = samkorning("case", "show", case)
    assert "lmed 2219: differs in ANTAL\n" in shown.stdout
    [year, _] = seen(run(office, "show", "LMED", "--json"))["loaded"]
    assert year["differs_from_before"] == ["ANTAL"]
    office.desk.registers.load("LMED", 2219, changed.head(changed.height - 1))
    assert next(row.why for row in office.rows(case) if row.unit == LMED).startswith("differs in persons and rows, ")


def test_show_says_what_the_catalogue_does_and_what_is_loaded(office: Office) -> None:
    office.load_registers(2219)
    shown = run(office, "show", "PAR_SV")
    assert shown.returncode == 0
    assert "Patientregistret, slutenvård" in shown.stdout
    assert "HDIA: break in 1997: Övergång till ICD-10-SE" in shown.stdout
    answer = seen(run(office, "show", "PAR_SV", "--json"))
    assert [each["year"] for each in answer["loaded"]] == [2219]
    assert {"DIA11", "OP30"} <= set(answer["loaded"][0]["empty"])
    hdia = next(each for each in answer["variables"] if each["name"] == "HDIA")
    assert (hdia["position"], [each["system"] for each in hdia["systems"]][-1]) == ("main", "ICD-10-SE")
    assert "no own register NONE" in run(office, "show", "NONE").stderr


def test_the_list_has_every_register_of_the_catalogue_with_its_years(office: Office) -> None:
    office.desk.registers.load("LMED", 2219, office.world.register("LMED", 2219))
    listed = {each["register"]: each for each in seen(run(office, "list", "--json"))["catalogue"]}
    assert len(listed) == 21
    assert listed["LMED"]["years"] == [2219]
    assert listed["DONATION"]["barred"]
    assert listed["PAR_SV"]["part_of"] == "PAR"
