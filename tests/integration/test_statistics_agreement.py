"""Statistics files read by independent readers: pandas (SAS, Stata) and PSPP (SPSS), compared cell by cell.

Over the real files of the folder that SAMKORNING_SAMPLES names, and over files that are written here. Where another
reader is known to differ, the difference is told in the oracle, and in docs/decisions/0013.
"""

import csv
import datetime as dt
import io
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas
import polars as pl
import pytest

from samkorning.register_files import FileContract, RegisterTable, inspect_register_file
from tests.statistics_files import WRITERS, old_dta

Cell = str | None
NAMED = os.environ.get("SAMKORNING_SAMPLES")
FOLDER = Path(NAMED) if NAMED else None
SAMPLES = sorted(FOLDER.iterdir()) if FOLDER and FOLDER.is_dir() else []
OF_PANDAS = {".sas7bdat", ".xpt", ".dta"}
OF_PSPP = {".sav", ".zsav", ".por"}
PANDAS_ZERO = 5.397605346934028e-79  # what pandas makes of a zero in a transport file
EPOCHS = {dt.datetime(1960, 1, 1), dt.datetime(1582, 10, 14)}

real_files = pytest.mark.skipif(not SAMPLES, reason="SAMKORNING_SAMPLES names no folder with statistics files")


def read(content: bytes, name: str) -> RegisterTable:
    return inspect_register_file(content, name, FileContract())


def by_pandas(content: bytes, name: str, encoding: str = "utf-8") -> list[list[Any]]:
    """The rows, with dates as they are stored where pandas can leave them so."""
    stream = io.BytesIO(content)
    if name.endswith(".dta"):
        table = pandas.read_stata(stream, convert_dates=False, convert_categoricals=False)
    else:
        form = "xport" if name.endswith(".xpt") else "sas7bdat"
        table = pandas.read_sas(stream, format=form, encoding=encoding)
    return [list(row) for row in table.itertuples(index=False)]


def by_pspp(content: bytes, name: str, folder: Path) -> list[list[Cell]]:
    """The rows as PSPP writes them to comma-separated text; it writes a missing number as a blank."""
    (folder / name).write_bytes(content)
    command = ["pspp-convert", "--recode", folder / name, folder / "out.csv"]
    subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]})
    with (folder / "out.csv").open(encoding="utf-8", newline="") as stream:
        return [list(row) for row in csv.reader(stream)][1:]


def stands_for(text: str) -> set[float]:
    """The numbers that a date, moment or time may be stored as: days, seconds or milliseconds."""
    if text[2:3] == ":":
        clock = dt.time.fromisoformat(text)
        seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
        return {float(seconds), seconds * 1000.0}
    spans = [dt.datetime.fromisoformat(text) - epoch for epoch in EPOCHS]
    return {
        number
        for span in spans
        for number in (span / dt.timedelta(1), span.total_seconds(), span.total_seconds() * 1000)
    }


def as_iso(said: str) -> str:
    """PSPP's ``mm/dd/yyyy hh:mm:ss`` as an ISO moment, midnight as a date."""
    form = "%m/%d/%Y %H:%M:%S" if " " in said else "%m/%d/%Y"
    moment = dt.datetime.strptime(said, form)
    return moment.date().isoformat() if moment.time() == dt.time(0) else moment.isoformat(" ")


def is_same(ours: Cell, theirs: Any) -> bool:
    if ours is None:
        return theirs is None or theirs is pandas.NaT or theirs != theirs or not str(theirs).strip(" ")
    if isinstance(theirs, dt.datetime):
        return ours == theirs.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(theirs, str):
        said = as_iso(theirs) if theirs[2:3] == theirs[5:6] == "/" else theirs.rstrip(" ")
        return ours == said or _number(ours) == _number(said) is not None or _number(said) in _stands_for(ours)
    number = 0.0 if theirs == PANDAS_ZERO else float(theirs)
    return _number(ours) == number or number in _stands_for(ours)


def _stands_for(text: str) -> set[float]:
    return stands_for(text) if text[2:3] == ":" or (text[4:5] == "-" and text[7:8] == "-") else set()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def assert_same(table: RegisterTable, theirs: list[list[Any]]) -> None:
    rows = table.frame.rows()
    assert len(rows) == len(theirs) == table.records
    unlike = [
        (row, column)
        for row, (one, other) in enumerate(zip(rows, theirs, strict=True), 1)
        for column, (ours, their) in enumerate(zip(one, other, strict=True), 1)
        if not is_same(ours, their)
    ]
    assert unlike == []


def samples(*suffixes: str) -> list[Any]:
    """The real files of some forms, and one mark where there are none; pandas cannot read transport version 8."""
    known = [path for path in SAMPLES if path.suffix in suffixes and b"*LIBV8" not in path.read_bytes()[:80]]
    found = [pytest.param(path, id=path.name) for path in known]
    return found or [pytest.param(None, id="none")]


@real_files
@pytest.mark.parametrize("path", samples(*OF_PANDAS))
def test_pandas_reads_the_same_from_real_files(path: Path) -> None:
    table = read(path.read_bytes(), path.name)
    assert_same(table, by_pandas(path.read_bytes(), path.name, table.encoding or "utf-8"))


@real_files
def test_a_real_transport_file_of_version_8_says_in_text_what_its_dates_are() -> None:
    path = next((path for path in SAMPLES if path.name == "dates_xpt_v8.xpt"), None)
    if path is None:
        pytest.skip("the folder has no such file")
    frame = read(path.read_bytes(), path.name).frame
    shown = frame["string_dt"].str.replace(" 00:00:00$", "")
    assert frame["dt"].to_list() == shown.to_list()
    assert frame["dates"].to_list() == frame["string_dates"].to_list()
    assert frame["times"].to_list() == frame["string_times"].to_list()


@real_files
@pytest.mark.services
@pytest.mark.skipif(not shutil.which("pspp-convert"), reason="pspp is not installed; make services installs it")
@pytest.mark.parametrize("path", samples(*OF_PSPP))
def test_pspp_reads_the_same_from_real_files(path: Path, tmp_path: Path) -> None:
    assert_same(read(path.read_bytes(), path.name), by_pspp(path.read_bytes(), path.name, tmp_path))


def a_table(seed: int, *, swedish: bool = True) -> pl.DataFrame:
    """A hundred rows with every kind of value, some missing."""
    draw = random.Random(seed)
    letters = "abc åäöÅÄÖ" if swedish else "abc xyz"

    def some(value: Any) -> Any:
        return None if draw.random() < 0.1 else value

    rows = [
        {
            "t": some("".join(draw.choices(letters, k=draw.randrange(12))).strip(" ") + "."),
            "z": f"{draw.randrange(10**6):012d}x",
            "w": some(float(draw.randrange(-(10**15) + 1, 10**15))),
            "n": some(draw.randrange(-(10**8), 10**8) / 100),
            "d": some(dt.date(1850, 1, 1) + dt.timedelta(days=draw.randrange(164_000))),
            "m": some(dt.datetime(1850, 1, 1) + dt.timedelta(seconds=draw.randrange(14 * 10**9))),
            "k": some((dt.datetime.min + dt.timedelta(seconds=draw.randrange(86_400))).time()),
        }
        for _ in range(100)
    ]
    return pl.DataFrame(rows, schema_overrides={"m": pl.Datetime("ms")})


@pytest.mark.parametrize(
    ("name", "form"), [("sas7bdat", "DATETIME20"), ("xpt 5", "DATETIME20"), ("dta", "%tc"), ("other dta", "%tc")]
)
def test_pandas_reads_the_same_from_files_written_here(name: str, form: str) -> None:
    content = WRITERS[name].write(a_table(1), {"m": form})
    assert_same(read(content, WRITERS[name].file), by_pandas(content, WRITERS[name].file))


@pytest.mark.parametrize("version", [114, 117])
def test_pandas_reads_the_same_from_old_stata_files(version: int) -> None:
    frame = a_table(2).select(pl.col("t").fill_null(""), "z", "w", "n")
    content = old_dta(frame, version)
    assert_same(read(content, "f.dta"), by_pandas(content, "f.dta"))


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("pspp-convert"), reason="pspp is not installed; make services installs it")
@pytest.mark.parametrize("name", ["sav", "packed sav", "zsav", "other sav"])
def test_pspp_reads_the_same_from_files_written_here(name: str, tmp_path: Path) -> None:
    writer = WRITERS[name]
    said = [] if name == "other sav" else [{"m": "DATETIME20"}]
    content = writer.write(a_table(3), *said)
    assert_same(read(content, writer.file), by_pspp(content, writer.file, tmp_path))


@pytest.mark.services
@pytest.mark.skipif(not shutil.which("pspp-convert"), reason="pspp is not installed; make services installs it")
def test_pspp_reads_the_same_from_portable_files_but_for_what_it_is_known_to_do(tmp_path: Path) -> None:
    """It leaves text that is shorter than its variable without an end, and loses the last bits of broken numbers."""
    frame = a_table(4).drop("t")
    content = WRITERS["por"].write(frame, {"m": "DATETIME20"})
    table, theirs = read(content, "f.por"), by_pspp(content, "f.por", tmp_path)
    place = frame.columns.index("n")
    for ours, their in zip(table.frame.rows(), theirs, strict=True):
        number = _number(ours[place] or "")
        if number is not None:
            assert float(their[place] or "") == pytest.approx(number, rel=1e-14)
            their[place] = ours[place]
    assert table.frame[:, place].to_list() == [None if each is None else f"{each:.15g}" for each in frame["n"]]
    assert_same(table, theirs)
