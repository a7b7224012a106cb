"""The program as its users and other programs meet it: exit codes, JSON, and errors that say what to do."""

import hashlib
import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from resources.desk import Desk
from samkorning.case import acts
from samkorning.order import read_order
from tests.commands import answer, program
from tests.factories import SAMPLE, an_order
from tests.office import RECIPIENT, Office
from tests.patience import PATIENCE


def samkorning(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the program as a user does, in a process of its own, which takes a second to start."""
    command = [sys.executable, "-m", "cli", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def test_a_malformed_order_is_refused_by_line_field_and_remedy(tmp_path: Path) -> None:
    order = tmp_path / "order.yaml"
    order.write_text(an_order(("purpose: research", "purpose: curiosity")), encoding="utf-8")
    done = program(tmp_path / "home", "order", "check", str(order))
    assert done.returncode == 1
    assert "order.yaml: line 4, purpose:" in done.stderr
    assert "docs/order.md" in done.stderr
    assert program(tmp_path / "home", "case", "open", str(order)).returncode == 1
    assert answer(program(tmp_path / "home", "case", "list", "--json"))["cases"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("deliver",), 2),
        (("case", "decide", "1-2026"), 2),
        (("nonsense",), 2),
        (("--today", "soon", "case", "list"), 2),
        (("deliver", "1-2026"), 1),
        (("case", "show", "1-2026"), 1),
        (("delivery", "verify", "nothing.age"), 1),
        (("case", "list"), 0),
        (("audit", "verify"), 0),
    ],
)
def test_exit_codes(tmp_path: Path, arguments: tuple[str, ...], code: int) -> None:
    own_process = arguments in (("deliver",), ("deliver", "1-2026"), ("case", "list"))  # one of each code
    done = (samkorning if own_process else program)(tmp_path / "home", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_case_of_ones_own_from_the_sample(tmp_path: Path) -> None:
    """The README's steps, as a user types them; those that make a delivery and look at it in processes of their own."""
    home = tmp_path / "home"
    identity = answer(program(home, "delivery", "new-identity", str(tmp_path / "identity.txt"), "--json"))
    order = tmp_path / "order.yaml"
    order.write_text(an_order((RECIPIENT, identity["recipient"])), encoding="utf-8")
    checked = answer(program(home, "order", "check", str(order), "--json"))
    case = answer(program(home, "case", "open", str(order), "--as", "Erik", "--json"))["case"]
    for arguments in (
        ("approve", "--as", "Olle"),
        ("decide", "--role", "case_officer", "--as", "Olle"),
        ("decide", "--role", "manager", "--as", "Mia"),
        ("decide", "--role", "lawyer", "--as", "Lisa"),
        ("release", "--holder", "SCB", "--as", "Olle"),
        ("release", "--holder", "Exempelregistret", "--as", "Olle"),
        ("review", "--as", "Rut"),
        ("release", "--standing", "--as", "Olle"),
    ):
        verb, *rest = arguments
        assert answer(program(home, "case", verb, case, *rest, "--json"))["case"] == case
    for path in sorted((SAMPLE / "registers").iterdir()):
        register, year = path.stem.rsplit("_", 1)
        assert answer(program(home, "register", "load", register.upper(), year, str(path), "--json"))["rows"] > 0
    for source, name in (
        ("population", "population.csv"),
        ("number_history", "number_history.csv"),
        ("lisa", "SYNT_Lev_lisa_2220.txt"),
        ("diabetes", "kvalitetsregister_diabetes.csv"),
    ):
        answer(program(home, "receive", case, source, str(SAMPLE / name), "--as", "Erik", "--json"))
    made = answer(samkorning(home, "deliver", case, "--json"))
    assert made.keys() == {"case", "delivery", "kind", "path", "files", "left_out", "awaited"}
    assert (made["delivery"], made["kind"], made["awaited"]) == ("L001", "first", ["region_labb"])
    assert all(file.keys() == {"name", "rows", "sha256"} for file in made["files"])
    assert answer(program(home, "deliver", case, "--json"))["delivery"] is None

    shown = answer(program(home, "case", "show", case, "--json"))
    promised = {"case", "state", "ledger", "clocks", "next_act", "recipient"}
    assert shown.keys() == promised | {
        "deliveries",
        "next_delivery",
        "code_key",
        "officer",
        "holders",
        "suggestions",
        "days",
        "letters_not_sent",
    }
    assert shown["code_key"]["state"] == "on_hold"
    assert [made["delivery"] for made in shown["deliveries"]] == ["L001"]
    assert shown["recipient"]["fingerprint"] == checked["recipient_fingerprint"]
    assert shown["recipient"]["decided"]
    assert shown["next_act"] == {"what": "files are awaited", "whose": "Region Exempel", "due": None, "how": ""}

    opened = tmp_path / "opened"
    key = ("--identity", identity["path"])
    absent = program(home, "delivery", "open", str(tmp_path / "L009"), *key, "--to", str(opened))
    assert (absent.returncode, absent.stderr) == (1, "no file L009 there\n")
    answer(program(home, "delivery", "open", made["path"], *key, "--to", str(opened), "--json"))
    assert answer(program(home, "delivery", "verify", str(opened), "--json")) == {"ok": True, "problems": []}
    by_itself = subprocess.run([sys.executable, "verify.py"], cwd=opened, capture_output=True, text=True)
    assert by_itself.returncode == 0, by_itself.stdout + by_itself.stderr
    broken = next((opened / "data").glob("*lisa*"))
    content = bytearray(broken.read_bytes())
    content[-3] ^= 1
    broken.write_bytes(content)
    done = program(home, "delivery", "verify", str(opened), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False
    assert answer(program(home, "audit", "verify", "--json"))["ok"]


def test_one_refused_file_is_named_and_the_others_go_on(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    empty = office.folder / "empty.csv"
    empty.touch()
    good = office.sent("diabetes")
    done = program(office.desk.home.root, "receive", case, "diabetes", str(empty), str(good))
    assert done.returncode == 1
    assert "empty.csv" in done.stderr
    assert good.name in done.stdout
    done = program(office.desk.home.root, "receive", case, "diabetes", str(empty), "nothing.csv", str(good), "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"], said["exit_code"]) == (1, False, 1)
    assert "empty.csv" in said["problem"] and "no file nothing.csv there" in said["problem"]
    assert [(file["file"], file["known"]) for file in said["files"]] == [(good.name, True)]


def test_two_parts_of_a_file_are_not_taken_in_as_one_source(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    whole = office.sent("diabetes")
    lines = whole.read_bytes().splitlines(keepends=True)
    part, same = office.folder / "part.csv", office.folder / "same.csv"
    part.write_bytes(b"".join(lines[:-1]))
    same.write_bytes(whole.read_bytes())
    receive = partial(program, office.desk.home.root, "receive", case, "diabetes")
    both = receive(str(whole), str(same), str(part), "--json")
    said = json.loads(both.stdout)
    assert (both.returncode, [file["known"] for file in said["files"]]) == (1, [False, True])
    assert "part.csv: another file of this command counts for diabetes already" in said["problem"]
    alone = answer(receive(str(part), "--json"))["files"][0]
    assert alone["replaces"] == {"file": whole.name, "rows": alone["rows"] + 1}


def test_a_busy_case_is_exit_code_4(office: Office) -> None:
    case = office.ready_case()
    with office.desk.vault.lock(case):
        done = samkorning(office.desk.home.root, "deliver", case)
    assert done.returncode == 4, done.stderr


def test_the_clock_is_set_only_where_all_cases_are_synthetic(office: Office) -> None:
    office.open_case()
    home = office.desk.home.root
    assert program(home, "--today", "2027-01-01", "case", "list").returncode == 0
    real = acts.order_detail(an_order(("synthetic: true", "synthetic: false")), "order.yaml", office.desk.catalogue)
    office.desk.cases.open("1-2026", office.desk.clock.now(), "Erik", real)
    done = program(home, "--today", "2027-01-01", "case", "list")
    assert done.returncode == 1
    assert "synthetic cases alone" in done.stderr


@pytest.mark.slow
def test_an_order_as_a_workbook_goes_the_way_of_one_in_yaml(tmp_path: Path) -> None:
    """Read behind the guards; the case keeps its text, and the name and hash of the workbook."""
    home, out = tmp_path / "home", tmp_path / "out"
    arguments = ("order", "template", "--out", str(out), "--order", str(SAMPLE / "order.yaml"), "--language", "sv")
    assert answer(program(home, *arguments, "--json"))["files"] == ["order_sv.xlsx"]
    book = out / "order_sv.xlsx"
    checked = answer(program(home, "order", "check", str(book), "--json"))
    assert (checked["complete"], checked["missing"]) == (True, [])
    as_text = answer(program(home, "order", "check", str(SAMPLE / "order.yaml"), "--json"))
    assert checked["specification_sha256"] == as_text["specification_sha256"]
    assert program(home, "case", "open", str(book), "--as", "Erik").returncode == 0
    opened = Desk.at(home).cases.case("10001-" + str(Desk.at(home).clock.today().year)).events[0].detail
    assert opened["workbooks"] == [{"file": "order_sv.xlsx", "sha256": hashlib.sha256(book.read_bytes()).hexdigest()}]
    assert read_order(opened["order"], "derived") == read_order((SAMPLE / "order.yaml").read_text(), "order.yaml")


def test_an_order_on_real_persons_that_lacks_documents_ends_with_1(tmp_path: Path) -> None:
    order = tmp_path / "order.yaml"
    changes = (("synthetic: true", "synthetic: false"), ("{kind: ethics_decision", "{kind: other"))
    order.write_text(an_order(*changes), encoding="utf-8")
    done = program(tmp_path / "home", "order", "check", str(order), "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["complete"]) == (1, False)
    assert "lacks the ethics decision" in said["missing"][0]
