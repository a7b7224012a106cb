"""Data files in the programs that researchers use: PSPP reads .sav, R reads .sav, .dta and .xpt."""

import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest

from samkorning.data_formats import FormatName
from samkorning.delivery.formats import FORMATS, Declared
from tests.data_formats import FILE, in_formats

pytestmark = pytest.mark.services
STATISTICS: tuple[FormatName, ...] = ("spss", "stata", "sas_transport")
LABEL = "Kön, som folkbokföringen säger det"
ROWS = pl.DataFrame(
    {
        "LopNr": pl.Series([100_000_001, 100_000_002, 100_000_003], dtype=pl.Int32),
        "KON": ["1", "2", None],
        "DIAGNOS": ["C50å", "I219", ""],
        "NOTERING": ["å" * 300, None, "kort"],
        "INDATUM": ["2219-05-04", None, "1850-02-28"],
        "BELOPP": ["1,50", "-2,25", None],
        "VIKT": [0.1, None, -2.5e-5],
        "STORT": pl.Series([2**53, None, -1], dtype=pl.Int64),
    }
)
SAID = (
    Declared("LopNr", "integer", "Löpnummer"),
    Declared("KON", "integer", LABEL, (("1", "man"), ("2", "kvinna"))),
    Declared("DIAGNOS", "text", "Diagnos", (("C50å", "bröstcancer"), ("I219", "hjärtinfarkt"))),
    Declared("NOTERING"),
    Declared("INDATUM", "date", "Inskrivning"),
    Declared("BELOPP", "decimal", decimal_mark=","),
    Declared("VIKT", "decimal"),
    Declared("STORT", "integer"),
)
EXPECTED = """\
LopNr;KON;DIAGNOS;NOTERING;INDATUM;BELOPP;VIKT;STORT
100000001;1;C50å;300;2219-05-04;1.5;0.1;9007199254740992
100000002;2;I219;0;NA;-2.25;NA;NA
100000003;NA;;4;1850-02-28;NA;-2.5e-05;-1
"""
IN_R = """
suppressPackageStartupMessages(library(haven))
arguments <- commandArgs(trailingOnly = TRUE)
read <- list(spss = read_sav, stata = read_dta, sas_transport = read_xpt)[[arguments[1]]]
rows <- read(arguments[2])
cat("label", attr(rows$KON, "label"), "\\n")
cat("labels", paste(names(attr(rows$KON, "labels")), attr(rows$KON, "labels"), collapse = ","), "\\n")
cat("codes", paste(names(attr(rows$DIAGNOS, "labels")), collapse = ","), "\\n")
plain <- as.data.frame(lapply(zap_labels(zap_formats(rows)), function(column)
  if (is.numeric(column) && !inherits(column, "Date")) format(column, digits = 17, trim = TRUE, scientific = NA)
  else as.character(column)))
shown <- function(column) ifelse(is.na(column) | column == "NA", "NA", column)
plain$NOTERING <- nchar(plain$NOTERING)
for (name in c("BELOPP", "VIKT", "STORT")) {
  plain[[name]] <- vapply(as.numeric(rows[[name]]), function(x) if (is.na(x)) "NA" else
    if (x == round(x)) sprintf("%.0f", x) else as.character(x), "")
}
cat(paste(names(plain), collapse = ";"), "\\n", sep = "")
for (row in seq_len(nrow(plain))) cat(paste(vapply(plain[row, ], function(x) as.character(shown(x)), ""),
  collapse = ";"), "\\n", sep = "")
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    _, content = in_formats(ROWS, STATISTICS, SAID, batch=2)
    for name in STATISTICS:
        (folder / f"{FILE}{FORMATS[name].ending}").write_bytes(content[name])
    return folder


def in_r(folder: Path, *arguments: str) -> str:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; make services installs it")
    (folder / "read.R").write_text(IN_R, encoding="utf-8")
    answer = subprocess.run(
        ["Rscript", "--vanilla", folder / "read.R", *arguments],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)},
    )
    if "there is no package called" in answer.stderr:
        pytest.skip("R's haven is not installed; make services installs it")
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.parametrize("name", STATISTICS)
def test_r_reads_rows_types_labels_and_what_is_missing(files: Path, name: FormatName) -> None:
    label, labels, codes, *rows = in_r(files, name, str(files / f"{FILE}{FORMATS[name].ending}")).splitlines()
    assert label.strip() == f"label {LABEL}"
    assert labels.strip() == ("labels" if name == "sas_transport" else "labels man 1,kvinna 2")
    assert codes.strip() == ("codes bröstcancer,hjärtinfarkt" if name == "spss" else "codes")
    assert "".join(f"{row}\n" for row in rows) == EXPECTED


def in_pspp(folder: Path, syntax: str) -> str:
    if shutil.which("pspp") is None:
        pytest.skip("pspp is not installed; make services installs it")
    (folder / "read.sps").write_text(f"GET FILE='{folder / FILE}.sav'.\n{syntax}", encoding="utf-8")
    answer = subprocess.run(
        ["pspp", "-O", "format=csv", folder / "read.sps"],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)},
    )
    assert answer.returncode == 0 and "warning" not in answer.stdout + answer.stderr, answer.stdout + answer.stderr
    return answer.stdout


def test_pspp_reads_the_file_without_a_warning_and_every_row(files: Path) -> None:
    names = "LopNr KON DIAGNOS INDATUM BELOPP VIKT STORT"
    said = in_pspp(files, f"FORMATS VIKT (F12.7) BELOPP (F8.2).\nLIST /VARIABLES={names}.\n").replace(" ", "")
    assert "100000001,1,C50å,2219/05/04,1.50,.1000000,9007199254740992" in said
    assert "100000002,2,I219,.,-2.25,.,." in said
    assert "100000003,.,,1850/02/28,.,-.0000250,-1" in said


def test_pspp_knows_labels_of_variables_and_of_codes_and_counts_what_is_missing(files: Path) -> None:
    said = in_pspp(files, "FREQUENCIES KON DIAGNOS.\nDISPLAY DICTIONARY.\n")
    assert LABEL in said
    assert "man,1" in said and "kvinna,1" in said and "bröstcancer,1" in said and "hjärtinfarkt,1" in said
    assert "Missing,.,1" in said
    assert "A600" in said and "SDATE10" in said
