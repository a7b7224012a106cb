"""The script that reads a delivery into R, run with real R: types, labels, value sets, missing values, checks."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_delivery_factory import PUBLIC, RECIPIENT, SEED, a_description

from samkorning.delivery.description import AsWritten, DeliveredVariable
from samkorning.delivery.formats import Declared
from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.r_script import r_string
from samkorning.delivery.package.sealing import seal_package
from samkorning.own_registers.catalogue.models import Code
from tests.data_formats import a_table
from tests.rendered import a_delivered_file

NAME = "ut_r_par_sv_36759_2021"
NASTY = 'sjukhus "å" \\ %s \n ${x} #; ]]>', "hospital 'ä' \u2028 \U0001f600"
CODES = (
    Code(code="1", label_sv="man", label_en="man", to_year=2000),
    Code(code="1", label_sv="män", label_en="men", from_year=2001),
    Code(code="2", label_sv="kvinnor", label_en="women"),
)
FRAME = pl.DataFrame(
    {
        "LopNr": [417_205_118, 530_114_922, 977_000_131],
        "KÖN": [1, None, 3],
        "SJUKHUS": ["01", None, 'a;"b"\r\nc'],
        "VIKT": [1.5, None, -2.0],
        "INDATUM": [date(2219, 5, 4), None, date(2221, 1, 1)],
        "STOR": [9_007_199_254_740_991, None, 1],
    },
    schema_overrides={"LopNr": pl.Int32},
)
VARIABLES = (
    DeliveredVariable("LopNr", "Löpnummer", "Serial number", "integer", 9),
    DeliveredVariable("KÖN", "Kön", "Sex", "integer", 1, codes=CODES),
    DeliveredVariable("SJUKHUS", *NASTY, "text", 9),
    DeliveredVariable("VIKT", "Vikt", "Weight", "decimal", 9),
    DeliveredVariable("INDATUM", "Indatum", "Date", "date", 10),
    DeliveredVariable("STOR", "Stor", "Large", "integer", 16, is_typed=True),
)
SHOW = """
same <- function(x, y) cat(if (identical(x, y)) "" else paste0("NOT THE SAME: ", deparse(substitute(y)), "\\n"))
"""


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    description = replace(a_description(), files=(a_delivered_file(NAME, FRAME, VARIABLES),))
    sealed = seal_package(description, tmp_path / "sealed", RECIPIENT.recipient, SEED)
    return open_package(sealed.path, RECIPIENT.secret, tmp_path / "opened", PUBLIC).folder


def run(folder: Path, text: str, locale: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
    if shutil.which("Rscript") is None:
        pytest.skip("the Debian package r-base-core is not installed: make services")
    script = folder.parent / "run.R"
    script.write_text(
        f"options(warn = 1)\nsource({json.dumps(str(folder / 'las_in.R'))})\n{SHOW}{text}", encoding="utf-8"
    )
    command = ["Rscript", "--vanilla", str(script)]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": locale, "HOME": str(folder.parent)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


EXPECTED = f"""
d <- delivery[["{NAME}"]]
same(enc2utf8(names(d)), c("LopNr", "K\\u00d6N", "SJUKHUS", "VIKT", "INDATUM", "STOR"))
same(as.vector(d$LopNr), c(417205118L, 530114922L, 977000131L))
same(as.vector(d[[2]]), c(1L, NA, 3L))
same(as.vector(d$SJUKHUS)[1:2], c("01", NA))
same(gsub("\\r", "", as.vector(d$SJUKHUS)[3]), "a;\\"b\\"\\nc")
same(as.vector(d$VIKT), c(1.5, NA, -2))
same(format(d$INDATUM), c("2219-05-04", NA, "2221-01-01"))
same(class(d$INDATUM), "Date")
same(as.vector(d$STOR), c(9007199254740991, NA, 1))
same(unname(attr(d[[2]], "labels")), c(1, 2))
same(enc2utf8(names(attr(d[[2]], "labels"))), c("m\\u00e4n", "kvinnor"))
same(enc2utf8(attr(d$SJUKHUS, "label")), {r_string(NASTY[0])})
e <- read_delivery(samkorning_place, language = "en", factors = TRUE)[["{NAME}"]]
same(as.character(e[[2]]), c("men", NA, "3"))
same(enc2utf8(attr(e$SJUKHUS, "label")), {r_string(NASTY[1])})
"""


@pytest.mark.services
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_r_reads_every_column_as_it_was_delivered(locale: str, opened: Path) -> None:
    said = run(opened, f"samkorning_place <- {json.dumps(str(opened))}\n{EXPECTED}", locale)
    assert (said.returncode, said.stdout) == (0, "")
    assert "hel: 1 filer" in said.stderr
    assert "Warning" not in said.stderr


@pytest.mark.services
def test_r_tells_a_file_that_is_not_as_described(opened: Path) -> None:
    data = opened / f"data/{NAME}.csv"
    whole = data.read_bytes()
    data.write_bytes(whole + b"1;1;a;1.0;2219-01-01;1\r\n")
    assert f"data/{NAME}.csv: har 4 rader, väntade 3" in run(opened, "").stderr
    data.write_bytes(whole.replace(b"VIKT", b"VIKX"))
    assert "kolumnerna är inte de som beskrivs" in run(opened, "").stderr
    data.write_bytes(whole.replace(b"1.5", b"1,5"))
    said = run(opened, f'same(as.vector(delivery[["{NAME}"]]$VIKT)[1], "1,5")')
    assert (said.stdout, "kolumn 4 är inte helt decimaltal: den förblir text" in said.stderr) == ("", True)
    data.unlink()
    assert f"fil saknas: data/{NAME}.csv" in run(opened, "").stderr
    english = f'read_delivery({json.dumps(str(opened))}, language = "en")'
    assert f"missing file: data/{NAME}.csv" in run(opened, english).stderr


DATES, YES = (
    ("YYYY-MM-DD", "YYYYMMDD", "DD.MM.YYYY", "YYYY0000"),
    {"true_values": ("Ja", "1"), "false_values": ("Nej",)},
)
OF_OTHERS: list[tuple[str, dict[str, Any], list[str | None]]] = [
    ("integer", {}, ["1", "-20", None]),
    ("integer", {}, ["1", "02", None]),
    ("integer", {}, ["1000000000000000", "1", "2"]),
    ("integer", {}, ["0x1F", "1", "2"]),
    ("integer", {}, [None, None, None]),
    ("decimal", {"decimal_mark": ","}, ["1,5", "-2", None]),
    ("decimal", {"decimal_mark": ","}, ["1.5", "2", None]),
    ("decimal", {"decimal_mark": ","}, ["1,50", "2,25", None]),
    ("decimal", {}, ["1.50", "2.5", None]),
    ("decimal", {}, ["1e5", "2.5", None]),
    ("decimal", {}, ["-0.0", "2.5", None]),
    ("date", {"date_shapes": DATES}, ["2219-05-04", "0743-02-28", None]),
    ("date", {"date_shapes": DATES}, ["22190504", "22200229", None]),
    ("date", {"date_shapes": DATES}, ["04.05.2219", None, None]),
    ("date", {"date_shapes": DATES}, ["22190504", "22190000", None]),
    ("date", {"date_shapes": DATES}, ["2219-02-29", None, None]),
    ("date", {"date_shapes": ("YYYY-MM-DD", "YYYY-MM-DD hh:mm:ss")}, ["2219-05-04 23:59:01", None, None]),
    ("boolean", YES, ["Ja", "Nej", None]),
    ("boolean", YES, ["1", "Nej", "Ja"]),
    ("text", {}, ["NA", "02", None]),
]
R_CLASSES = {"integer": "integer", "decimal": "numeric", "date": "Date", "boolean": "logical", "text": "character"}


@pytest.mark.services
def test_columns_of_other_holders_have_the_types_that_they_have_in_other_formats(tmp_path: Path) -> None:
    names = [f"V{place}" for place in range(len(OF_OTHERS))]
    frame = pl.DataFrame({name: values for name, (_, _, values) in zip(names, OF_OTHERS, strict=True)}).cast(pl.String)
    said = [Declared(name, kind, **more) for name, (kind, more, _) in zip(names, OF_OTHERS, strict=True)]
    variables = tuple(
        DeliveredVariable(name, name, name, kind, 9, written=AsWritten(**more))
        for name, (kind, more, _) in zip(names, OF_OTHERS, strict=True)
    )
    description = replace(a_description(), files=(a_delivered_file(NAME, frame, variables),))
    sealed = seal_package(description, tmp_path / "sealed", RECIPIENT.recipient, SEED)
    folder = open_package(sealed.path, RECIPIENT.secret, tmp_path / "opened", PUBLIC).folder
    expected = [R_CLASSES[column.kind] for column in a_table(frame, said).columns]
    values = """
    same(as.vector(d$V5), c(1.5, -2, NA))
    same(format(d$V12), c("2219-05-04", "2220-02-29", NA))
    same(as.vector(d$V17), c(TRUE, FALSE, NA))
    same(as.vector(d$V19), c("NA", "02", NA))
    cat(vapply(d, function(column) class(column)[1], ""), sep = "\\n")
    """
    found = run(folder, f'd <- delivery[["{NAME}"]]\n{values}')
    assert found.stdout.split() == expected, found.stderr
    assert "hel: 1 filer" in found.stderr and "kolumn 2 är inte helt heltal: den förblir text" in found.stderr


@pytest.mark.services
def test_the_script_runs_by_itself_from_elsewhere(opened: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("the Debian package r-base-core is not installed: make services")
    command = ["Rscript", "--vanilla", str(opened / "las_in.R")]
    said = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert (said.returncode, "hel: 1 filer" in said.stderr) == (0, True)


@pytest.mark.services
def test_r_checks_hashes_where_it_can(opened: Path) -> None:
    """R before 4.5 has no such function: here one stands in its place."""
    text = f"""
    digest <- new.env()
    body <- deparse(samkorning_hash_problem)
    body <- gsub("asNamespace(\\"tools\\")", "digest", body, fixed = TRUE)
    checked <- eval(parse(text = body))
    digest$sha256sum <- function(path) unname(system2("sha256sum", shQuote(path), stdout = TRUE))
    digest$sha256sum <- local({{f <- digest$sha256sum; function(path) sub(" .*", "", f(path))}})
    same(checked({json.dumps(str(opened))}, "data/{NAME}.csv", "en"), character(0))
    cat("changed", file = {json.dumps(str(opened / f"data/{NAME}.csv"))})
    told <- checked({json.dumps(str(opened))}, "data/{NAME}.csv", "en")
    same(told, "data/{NAME}.csv: sha256 is not what the manifest says")
    """
    said = run(opened, text)
    assert (said.returncode, said.stdout) == (0, ""), said.stderr


@given(st.text())
def test_a_text_is_one_string_of_printable_ascii(text: str) -> None:
    written = r_string(text)
    assert written.isascii() and written.isprintable()
    assert written[0] == written[-1] == '"'
    inside = written[1:-1]
    assert '"' not in inside
    places = [place for place, character in enumerate(inside) if character == "\\"]
    assert all(inside[place + 1] in "uU" for place in places)
