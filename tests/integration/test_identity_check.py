"""``samkorning identity check`` as the shell meets it: every reader, rows and totals, and never a number."""

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from cli.main import run as run_program
from tests.patience import PATIENCE
from tests.spec.identity_examples import CENTURIES, ISSUERS, KINDS, PROBLEMS, SHAPES

DAY = ("--reference-date", "2221-12-31", "--allow-synthetic")
NUMBER, COORDINATION, BLANK_LAST = "219108182388", "219108782385", "21280118123 "
CELLS = [NUMBER, None, "21910818-2388", "okänd", BLANK_LAST]
ROWS = [
    ("1", "synthetic_number", ""),
    ("2", "", "missing"),
    ("3", "synthetic_number", ""),
    ("4", "", "placeholder"),
    ("5", "no_check_digit", ""),
]


class Run:
    """One run in this process: exit code, rows out, and all that was said."""

    def __init__(self, *arguments: object, lines: bytes = b"") -> None:
        out, err, before = io.StringIO(), io.StringIO(), (sys.argv, sys.stdin)
        sys.argv = ["samkorning", "identity", "check", *map(str, arguments)]
        sys.stdin = io.TextIOWrapper(io.BytesIO(lines))
        self.code: object = 0
        try:
            with redirect_stdout(out), redirect_stderr(err):
                run_program()
        except SystemExit as ended:
            self.code = ended.code or 0
        finally:
            sys.argv, sys.stdin = before
        self.out, self.err = out.getvalue(), err.getvalue()

    def rows(self) -> list[tuple[str, ...]]:
        header, *rows = self.out.splitlines()
        assert (self.code, header) == (0, "row,kind,problem"), self.err
        return [tuple(row.split(",")) for row in rows]


def test_a_column_may_have_any_name(tmp_path: Path) -> None:
    for name in ("~row", "row", "value", "identity_number"):
        path = tmp_path / "file.csv"
        path.write_text(f"{name};x\n{NUMBER};1\n")
        assert Run(path, "--column", name, *DAY).rows() == ROWS[:1]


def text_of(separator: str, quote: str = "") -> str:
    lines = [f"{quote}{cell or ''}{quote}{separator}{place}" for place, cell in enumerate(CELLS)]
    return "\n".join([f"PNR{separator}x", *lines]) + "\n"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_of_every_separator_and_encoding_gives_the_same_rows(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    path = tmp_path / "sent.csv"
    path.write_bytes(text_of(separator).encode(encoding))
    assert Run(path, "--column", "PNR", *DAY).rows() == ROWS


def test_parquet_and_workbooks_give_the_same_rows(tmp_path: Path) -> None:
    pl.DataFrame({"PNR": CELLS, "x": range(5)}).write_parquet(tmp_path / "sent.parquet")
    with xlsxwriter.Workbook(tmp_path / "sent.xlsx") as book:
        sheet = book.add_worksheet()
        for place, cell in enumerate(["PNR", *CELLS]):
            sheet.write(place, 0, cell)
            sheet.write(place, 1, "x")
    for name in ("sent.parquet", "sent.xlsx"):
        assert Run(tmp_path / name, "--column", "PNR", *DAY).rows() == ROWS


def test_a_blank_row_is_a_missing_value_and_keeps_its_place(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("PNR\n" + "\n".join(cell or "" for cell in CELLS), encoding="utf-8")
    (tmp_path / "two.csv").write_text(text_of(";").replace(";1", ""), encoding="utf-8")
    with xlsxwriter.Workbook(tmp_path / "one.xlsx") as book:
        sheet = book.add_worksheet()
        for place, cell in enumerate(["PNR", *CELLS]):
            sheet.write(place, 0, cell)
    for name in ("one.csv", "two.csv", "one.xlsx"):
        assert Run(tmp_path / name, "--column", "PNR", *DAY).rows() == ROWS
    (tmp_path / "two.csv").write_text(text_of(";").replace(";1", ";1;1"), encoding="utf-8")
    assert Run(tmp_path / "two.csv", "--column", "PNR", *DAY).code == 1, "other damage is no missing value"


def test_numbers_stored_as_numbers_are_read_as_their_digits(tmp_path: Path) -> None:
    numbers = [int(NUMBER), None, int(COORDINATION)]
    for dtype, problem in ((pl.Int64, ""), (pl.UInt64, ""), (pl.Decimal(12, 0), ""), (pl.Float64, "float")):
        pl.DataFrame({"id": numbers}, schema={"id": dtype}).write_parquet(tmp_path / "sent.parquet")
        taken = "synthetic_number"
        assert Run(tmp_path / "sent.parquet", *DAY).rows() == [
            ("1", taken, problem), ("2", "", "missing"), ("3", taken, problem),
        ]  # fmt: skip


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
def test_standard_input_gives_one_row_per_line(end: bytes, last: bool) -> None:
    given = end.join((cell or "").encode() for cell in CELLS) + (end if last else b"")
    assert Run("-", *DAY, lines=given).rows() == ROWS


def test_standard_input_may_be_empty_start_with_a_mark_or_hold_windows_letters() -> None:
    assert Run("-", *DAY).rows() == []
    assert Run("-", *DAY, lines=b"\n").rows() == [("1", "", "missing")]
    assert Run("-", *DAY, lines=f"\ufeff{NUMBER}".encode()).rows() == [("1", "synthetic_number", "")]
    windows = "\n".join(["okänd", f"{NUMBER}\u00a0", "Å"]).encode("cp1252") + b"\n\x81"
    assert [problem for _, _, problem in Run("-", *DAY, lines=windows).rows()] == [
        "placeholder", "", "bad_character", "bad_character",
    ]  # fmt: skip


def test_the_totals_stand_on_standard_error_and_json_is_for_programs() -> None:
    given = "\n".join(cell or "" for cell in CELLS).encode()
    seen = Run("-", *DAY, lines=given).err
    assert {"rows: 5", "taken: 3", "refused: 2", "guessed centuries: 0"} <= set(seen.splitlines())
    run = Run("-", *DAY, "--json", lines=given)
    assert [tuple(value or "" for value in json.loads(line).values()) for line in run.out.splitlines()] == [
        (int(row), kind, problem) for row, kind, problem in ROWS
    ]
    assert json.loads(run.err)["problems"] == {"missing": 1, "placeholder": 1}


def test_issuer_reference_date_and_synthetic_persons_are_as_asked() -> None:
    lines = b"19450829K088\n219108182388\n"
    assert [row[2] for row in Run("-", lines=lines).rows()] == ["ambiguous_issuer", "synthetic_not_allowed"]
    run = Run("-", "--issuer", "vastra_gotaland", *DAY, lines=lines)
    assert [row[1:] for row in run.rows()] == [("regional_reserve_number", ""), ("synthetic_number", "")]
    born_later = Run("-", "--reference-date", "2190-01-01", "--allow-synthetic", lines=lines)
    assert [row[2] for row in born_later.rows()] == ["ambiguous_issuer", "future_date"]


def test_today_is_the_reference_date_where_none_is_named() -> None:
    command = [sys.executable, "-m", "cli", "identity", "check", "-", "--allow-synthetic", "--today", "2190-01-01"]
    done = subprocess.run(command, input=f"{NUMBER}\n", capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.splitlines()[1] == "1,synthetic_number,future_date"


def test_a_column_is_found_without_regard_to_case_and_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "sent.csv"
    path.write_text(text_of(";"), encoding="utf-8")
    assert Run(path, "--column", "pnr", *DAY).rows() == ROWS
    assert (Run(path).code, Run(path, "--column", "y").code, Run(tmp_path / "none.csv").code) == (2, 1, 1)
    assert "it has PNR, x" in Run(path, "--column", "y").err
    assert (Run("-", "--issuer", "nobody").code, Run("-", "--reference-date", "soon").code, Run().code) == (2, 2, 2)


def test_no_number_is_ever_said(tmp_path: Path) -> None:
    values = [each.value or "" for each in (*KINDS, *SHAPES, *CENTURIES, *ISSUERS, *PROBLEMS)]
    numbers = {run for value in values for run in re.findall(r"[0-9]{6,}", value)}
    (tmp_path / "bare.txt").write_text(f"{NUMBER}\n{COORDINATION}\n", encoding="utf-8")
    (tmp_path / f"{NUMBER}.csv").write_text("PNR\n\x00\n", encoding="utf-8")
    (tmp_path / "sent.csv").write_text(text_of(";"), encoding="utf-8")
    pl.DataFrame({"PNR": values, "x": values}).write_parquet(tmp_path / "sent.parquet")
    for run in (
        Run("-", *DAY, lines="\n".join(values).encode()),
        Run("-", "--json", lines="\n".join(values).encode()),
        Run(tmp_path / "sent.parquet", "--column", "x"),
        Run(tmp_path / "sent.parquet", "--column", NUMBER),
        Run(tmp_path / "bare.txt"),
        Run(tmp_path / "bare.txt", "--column", NUMBER, "--json"),
        Run(tmp_path / f"{NUMBER}.csv"),
        Run(NUMBER),
        Run(tmp_path / "sent.csv", "--column", "21910818-2388"),
    ):
        said = run.out + run.err
        assert said
        assert [number for number in numbers if number in said] == []
