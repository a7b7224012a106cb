"""``samkorning delivery scan`` and the check that stops a delivery: files, names, documents, never the number."""

import json
from pathlib import Path

import polars as pl
import pytest

from assets.steps.delivery.scanning import leaks
from assets.steps.persons.code_keys import ImportedFile, import_from_file
from cli.session import session
from samkorning.case.plan import DeliveryPlan
from samkorning.errors import CheckFailed
from samkorning.own_registers.catalogue import RegisterCatalogue
from tests.integration.test_file_check import Done, samkorning
from tests.office import Office

ANNA, BO, STRANGER = "212001011002", "212001021001", "212001031000"


@pytest.fixture
def case(office: Office) -> str:
    """A decided case with Anna and Bo in its code key."""
    number = office.open_case()
    office.decide(number)
    path = office.folder / "key.csv"
    pl.DataFrame({"pnr": [ANNA, BO], "lopnr": ["1001", "1002"]}).write_csv(path, separator=";")
    import_from_file(office.desk, office.desk.case(number), ImportedFile(path, "pnr", "lopnr"), "Erik")
    return number


def scan(office: Office, case: str, *options: object) -> Done:
    session.__dict__.pop("desk", None)  # the program opens its home once a process
    try:
        return samkorning("--home", office.desk.home.root, "delivery", "scan", case, *options, "--as", "Erik")
    finally:
        session.__dict__.pop("desk", None)


def scanned(office: Office, case: str, *files: Path) -> tuple[int, str]:
    done = scan(office, case, *files, "--json")
    assert not any(number[8:] in done.stdout + done.stderr for number in (ANNA, BO))
    return done.returncode, done.stdout or done.stderr


def test_a_scan_names_file_column_rows_and_spelling(office: Office, case: str) -> None:
    table, letter = office.folder / "svar.csv", office.folder / f"brev till {ANNA[2:8]} {ANNA[8:]}.md"
    table.write_text(f"LopNr;NOTE\n1001;a\n1002;se {BO[:8]}/{BO[8:]}\n")
    letter.write_text(f"Hej\n\nDu är\u00a0{ANNA[:4]} {ANNA[4:6]} {ANNA[6:8]} {ANNA[8:]}.\n")
    code, said = scanned(office, case, table, letter)
    assert (code, json.loads(said)) == (
        1,
        {
            "ok": False,
            "found": [
                {"file": "svar.csv", "column": "NOTE", "rows": 1, "spelling": "digits in groups", "first_rows": [2]},
                {"file": "file 2", "column": "file name", "rows": 1, "spelling": "digits in groups", "first_rows": [1]},
                {"file": "file 2", "column": "text", "rows": 1, "spelling": "digits in groups", "first_rows": [3]},
            ],
        },
    )


def test_a_clean_file_ends_with_nought_and_leaves_a_trace(office: Office, case: str) -> None:
    table = office.folder / "svar.csv"
    table.write_text("LopNr;NOTE\n1001;a\n1002;b\n")
    assert scanned(office, case, table) == (0, '{"ok": true, "found": []}\n')
    assert scanned(office, case, table)[0] == 0
    assert [record.act for record in office.desk.audit.records()][-2:] == ["scan", "scan"]


def test_a_scan_is_shown_to_a_person(office: Office, case: str) -> None:
    table = office.folder / "svar.csv"
    table.write_text(f"LopNr;NOTE\n1001;{ANNA}\n")
    shown = scan(office, case, table)
    assert shown.returncode == 1
    assert "NOTE" in shown.stdout
    assert ANNA not in shown.stdout
    table.write_text("LopNr;NOTE\n1001;a\n")
    shown = scan(office, case, table)
    assert (shown.returncode, shown.stdout) == (0, "no identity numbers found\n")


@pytest.mark.parametrize("name", ["none.csv", f"{ANNA}.csv", "picture.png"])
def test_what_is_not_there_or_not_readable_is_refused(office: Office, case: str, name: str) -> None:
    (office.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    code, said = scanned(office, case, office.folder / name)
    assert code == 1
    assert json.loads(said)["ok"] is False
    assert ANNA[2:] not in said


def test_nothing_due_is_nothing_to_look_through(office: Office, case: str) -> None:
    nothing = DeliveryPlan("L001", None, (), (), ())
    assert leaks(office.desk, office.desk.case(case), nothing) == []


def label_everything(office: Office, label: str) -> None:
    """Gives every variable of the register catalogue that label."""
    registers = tuple(
        register.model_copy(
            update={"variables": tuple(each.model_copy(update={"label_sv": label}) for each in register.variables)}
        )
        for register in office.desk.catalogue.registers
    )
    catalogue = RegisterCatalogue(registers)
    catalogue.__dict__["mark"] = lambda: "other labels"
    office.desk.__dict__["catalogue"] = catalogue


@pytest.mark.slow
def test_a_number_in_a_label_stops_the_delivery(office: Office) -> None:
    """The documents of the package are looked through before anything is sealed."""
    number = str(office.world.study()[0])
    case = office.ready_case()
    label_everything(office, f"Rad {number[6:8]}.{number[4:6]}.{number[:4]}-{number[8:]}")
    office.review(case)
    office.release(case)
    with pytest.raises(CheckFailed, match="no_identity_number"):
        office.deliver(case)
    assert not list(office.desk.home.outbox(case).glob("L*"))
