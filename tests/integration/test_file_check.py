"""``samkorning file check`` as senders, other programs and the shell meet it."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from cli.main import run as run_program
from tests.factories import SAMPLE
from tests.patience import PATIENCE

KEYS = {"rows", "refused_rows", "columns", "format", "packaging", "encoding", "separator", "problems"}
GOOD = "LopNr;Namn;Värde\n001;Åsa;1,5\n002;;7\n"


@dataclass(frozen=True)
class Done:
    """How a run ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def samkorning(*arguments: object) -> Done:
    """Runs the program in this process, as its own entry point does."""
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["samkorning", *map(str, arguments)]
    code: Any = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            run_program()
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.argv = before
    return Done(code, out.getvalue(), err.getvalue())


def checked(*arguments: object) -> tuple[int, Any]:
    done = samkorning("file", "check", *arguments, "--json")
    assert "Traceback" not in done.stderr
    answer = json.loads(done.stdout)
    assert answer.keys() == KEYS
    return done.returncode, answer


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    path = tmp_path / "sent.csv"
    path.write_text(GOOD, encoding="cp1252")
    return path


def test_a_file_that_would_be_taken_in_gives_0_without_a_specification(sent: Path) -> None:
    assert checked(sent) == (
        0,
        {
            "rows": 2,
            "refused_rows": 0,
            "columns": ["LopNr", "Namn", "Värde"],
            "format": "delimited",
            "packaging": [],
            "encoding": "latin-1",
            "separator": ";",
            "problems": [],
        },
    )


def test_the_program_itself_ends_with_the_exit_code(sent: Path) -> None:
    command = [sys.executable, "-m", "cli", "file", "check", str(sent), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, json.loads(done.stdout)["rows"]) == (0, 2)


def test_damaged_rows_are_told_by_number_and_fault(sent: Path) -> None:
    sent.write_text(GOOD + "003;x\n004;Bo;2\n", encoding="cp1252")
    code, answer = checked(sent)
    assert (code, answer["rows"], answer["refused_rows"]) == (1, 3, 1)
    assert {"row": 3, "problem": "too_few_fields"} in answer["problems"]
    assert answer["problems"][0]["row"] is None
    assert answer["problems"][0]["remedy"]


def test_a_specification_of_one_file_is_held_against_it(sent: Path, tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text("tolerance: 0.5\ncolumns:\n  - {name: Värde, type: integer}\n", encoding="utf-8")
    sent.write_text(GOOD + "003;x\n", encoding="cp1252")
    code, answer = checked(sent, "--specification", contract)
    assert (code, answer["rows"], answer["refused_rows"]) == (0, 2, 1)
    assert {"row": 1, "problem": "integer", "column": "Värde"} in answer["problems"]


def test_an_order_gives_the_specification_of_its_sources() -> None:
    order = SAMPLE / "order.yaml"
    code, answer = checked(SAMPLE / "kvalitetsregister_diabetes.csv", "--specification", order, "--source", "diabetes")
    assert (code, answer["rows"], answer["encoding"]) == (0, 243, "utf-8-sig")
    code, answer = checked(SAMPLE / "number_history.csv", "--specification", order, "--source", "lisa")
    assert code == 1
    assert "declared columns are missing" in answer["problems"][0]["problem"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--source", "lisa"), 2, "--specification"),
        (("--specification", SAMPLE / "order.yaml"), 2, "--source"),
        (("--specification", SAMPLE / "order.yaml", "--source", "nothing"), 1, "no file nothing"),
        (("--specification", SAMPLE / "population.csv"), 1, "population.csv"),
        (("--specification", SAMPLE / "nothing.yaml"), 1, "no file nothing.yaml"),
        (("--table", "out.xlsx"), 2, ".parquet or .csv"),
        (("--table", "nowhere/out.csv"), 2, "its folder is not there"),
    ],
)
def test_wrong_use_is_told(sent: Path, arguments: tuple[object, ...], code: int, said: str) -> None:
    done = samkorning("file", "check", sent, *arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr


def test_a_contract_with_a_fault_is_refused_by_its_field(sent: Path, tmp_path: Path) -> None:
    contract = tmp_path / "contract.yaml"
    contract.write_text("tolerance: 2\nformt: excel\n", encoding="utf-8")
    done = samkorning("file", "check", sent, "--specification", contract)
    assert done.returncode == 1
    assert "tolerance" in done.stderr
    assert "formt" in done.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = samkorning("file", "check", tmp_path / "nothing.csv")
    assert (done.returncode, "no file nothing.csv" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>", "web page"),
        ("a.html", b"<html><body>x</body></html>", "web page"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.csv", b"%PDF-1.7\n1 0 obj", "PDF"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj", "PDF"),
        ("a.txt", b"", "empty"),
        ("a.csv", bytes(range(256)) * 40, "binary"),
    ],
)
def test_content_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    code, answer = checked(path)
    assert (code, answer["rows"], answer["columns"]) == (1, 0, [])
    assert kind in answer["problems"][0]["problem"]


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_a_header_without_rows_is_a_table_of_0_rows(tmp_path: Path, suffix: str) -> None:
    path, out = tmp_path / "a.csv", tmp_path / f"out{suffix}"
    path.write_text("LopNr;Värde\n", encoding="utf-8")
    code, answer = checked(path, "--table", out)
    assert (code, answer["rows"], answer["columns"]) == (0, 0, ["LopNr", "Värde"])
    table = pl.read_parquet(out) if suffix == ".parquet" else pl.read_csv(out)
    assert (table.height, table.columns) == (0, ["LopNr", "Värde"])


def test_the_table_is_what_was_read_as_text(sent: Path, tmp_path: Path) -> None:
    rows = [("001", "Åsa", "1,5"), ("002", None, "7")]
    assert checked(sent, "--table", tmp_path / "out.parquet")[0] == 0
    assert pl.read_parquet(tmp_path / "out.parquet").rows() == rows
    assert checked(sent, "--table", tmp_path / "out.csv")[0] == 0
    assert pl.read_csv(tmp_path / "out.csv", infer_schema=False).rows() == rows
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "out.parquet", "sent.csv"]


def test_the_table_tells_an_empty_text_from_a_missing_value(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out.parquet"
    path.write_text('a;b\n"";\n1;2\n', encoding="utf-8")
    assert checked(path, "--table", out)[0] == 0
    assert pl.read_parquet(out).rows() == [("", None), ("1", "2")]


def test_a_table_of_a_workbook(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "out.parquet"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["LopNr", "Text"])
        sheet.write_row(1, 0, ["007", "Åäö"])
    assert checked(path, "--table", out)[0] == 0
    assert pl.read_parquet(out).rows() == [("007", "Åäö")]


REAL = "19121212" + "1212"  # a published test number of a person who could have been


@pytest.mark.parametrize(
    "value",
    [
        REAL,
        f"{REAL[:8]}-{REAL[8:]}",
        REAL[2:],
        f"{REAL[2:8]}+{REAL[8:]}",
        f"{REAL}.0",
        f"se även {REAL[:8]}-{REAL[8:]}",
        f"{REAL[:4]}.{REAL[4:6]}.{REAL[6:8]}-{REAL[8:]}",
        f"{REAL[:8]}/{REAL[8:]}",
        f"{REAL[:8]}_{REAL[8:]}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in REAL),
    ],
    ids=["twelve", "separator", "ten", "plus", "float", "in text", "dots", "slash", "underscore", "wide digits"],
)
def test_no_table_is_written_where_a_column_could_hold_real_identity_numbers(tmp_path: Path, value: str) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out.parquet"
    path.write_text(f"id;text\n1;x\n2;{value}\n", encoding="utf-8")
    done = samkorning("file", "check", path, "--table", out, "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["problems"][0]["problem"].startswith("column text could hold identity numbers")
    assert not out.exists()
    assert REAL[2:8] not in done.stdout + done.stderr
    assert checked(path)[0] == 0, "without --table it would be taken in"


@pytest.mark.parametrize(
    "value", ["221101012399", "22110101-2399", "123456789", "123456789012345", "20260101", "1,5", "121212.1212"]
)
def test_synthetic_numbers_and_ordinary_values_make_a_table(tmp_path: Path, value: str) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "out.parquet"
    path.write_text(f"id;text\n1;{value}\n", encoding="utf-8")
    assert checked(path, "--table", out)[0] == 0
    assert pl.read_parquet(out)["text"].to_list() == [value]


def test_a_table_never_takes_the_place_of_the_file(sent: Path) -> None:
    done = samkorning("file", "check", sent, "--table", sent)
    assert done.returncode == 2
    assert sent.read_text(encoding="cp1252") == GOOD


def test_a_person_is_told_in_words_without_values(sent: Path) -> None:
    sent.write_text(GOOD + "003;hemlig\n", encoding="cp1252")
    done = samkorning("file", "check", sent)
    assert done.returncode == 1
    assert "too few fields" in done.stdout
    assert "hemlig" not in done.stdout + done.stderr


@pytest.mark.parametrize(("more", "accepted"), [("", True), ("003;x\n", False)])
def test_a_report_for_the_sender_is_written_next_to_the_output(
    sent: Path, tmp_path: Path, more: str, accepted: bool
) -> None:
    sent.write_text(GOOD + more, encoding="cp1252")
    folder = tmp_path / "reports"
    assert checked(sent, "--report", folder)[0] == (0 if accepted else 1)
    page, data = sorted(folder.iterdir())
    assert json.loads(data.read_text(encoding="utf-8"))["accepted"] is accepted
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_day_that_is_set_stands_in_the_report(sent: Path, tmp_path: Path) -> None:
    samkorning("--today", "2226-01-01", "file", "check", sent, "--report", tmp_path / "reports")
    [report] = (tmp_path / "reports").glob("*.json")
    assert "2226-01-01" in report.read_text()


def test_a_number_in_place_of_a_file_is_not_said_back(tmp_path: Path) -> None:
    done = samkorning("file", "check", tmp_path / "219108182388.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("write the serial number or the row") and "8182388" not in done.stderr


def test_with_an_order_it_judges_as_intake_does(tmp_path: Path) -> None:
    order = SAMPLE / "order.yaml"
    text = (SAMPLE / "kvalitetsregister_diabetes.csv").read_text(encoding="utf-8-sig")
    header, *rows = text.splitlines()
    path = tmp_path / "sent.csv"
    number = "22110101-2399"
    for lines, said in (
        ([f"{header};Telefon", *(f"{row};1" for row in rows)], "names of columns suggest direct identifiers: Telefon"),
        ([f"{header};Annat", *(f"{row};se {number}" for row in rows)], f"Annat ({len(rows)} values)"),
        ([header], "has no rows"),
    ):
        path.write_text("\n".join([*lines, ""]), encoding="utf-8-sig")
        code, answer = checked(path, "--specification", order, "--source", "diabetes")
        assert code == 1
        assert said in answer["problems"][0]["problem"]
        assert number not in json.dumps(answer)


@pytest.mark.parametrize(("policy", "exit_code"), [("block", 1), ("accept", 0)])
def test_rows_that_look_like_identity_numbers_are_listed_whether_they_are_accepted_or_not(
    tmp_path: Path, policy: str, exit_code: int
) -> None:
    order = tmp_path / "order.yaml"
    text = (SAMPLE / "order.yaml").read_text(encoding="utf-8")
    order.write_text(
        text.replace("encoding: utf-8-sig", f"encoding: utf-8-sig\n        other_identifying: {policy}", 1)
    )
    sent = (SAMPLE / "kvalitetsregister_diabetes.csv").read_text(encoding="utf-8-sig")
    header, *rows = sent.splitlines()
    marked = [f"{row};{'22110101-2399' if place in (3, 7) else ''}" for place, row in enumerate(rows, 1)]
    path = tmp_path / "sent.csv"
    path.write_text("\n".join([f"{header};Svar", *marked, ""]), encoding="utf-8-sig")
    code, answer = checked(path, "--specification", order, "--source", "diabetes", "--report", tmp_path / "reports")
    seen = [each for each in answer["problems"] if each["problem"] == "looks_like_identity_number"]
    assert (code, seen) == (
        exit_code,
        [{"row": row, "problem": "looks_like_identity_number", "column": "Svar"} for row in (3, 7)],
    )
    [report] = (tmp_path / "reports").glob("*.json")
    assert json.loads(report.read_text())["problems"][-1]["rows"] == [3, 7]


def test_a_name_that_is_no_text_is_told_as_far_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("v\u00e4ntar.csv".encode("latin-1"))
    path.write_text(GOOD + "003\n", encoding="utf-8")
    done = samkorning("file", "check", path, "--report", tmp_path / "report")
    assert (done.returncode, done.stderr.split(":")[0]) == (1, "v\ufffdntar.csv")
    assert len(list((tmp_path / "report").iterdir())) == 2
    done = samkorning("file", "check", tmp_path / f"{path.name}.gz", "--json")
    assert json.loads(done.stdout)["problem"] == "no file v\ufffdntar.csv.gz there"
