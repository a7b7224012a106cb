"""Label scripts: no text of a label is taken for program, in R and PSPP themselves and by what each program reads."""

import re
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from samkorning.delivery.description import DeliveredFile, DeliveredVariable
from samkorning.delivery.label_scripts import r_labels, sas_labels, spss_labels, stata_labels
from samkorning.delivery.label_scripts.labels import on_one_line
from samkorning.own_registers.catalogue.models import Code
from tests.rendered import a_delivered_file

TEXTS = (
    "vanlig text",
    "citat \" och ' och `",
    "procent %let x=1; och &macro.",
    "rad ett\nrad två\r\n\ttab",
    'snedstreck \\ \\n \\" \\u0041 i slutet \\',
    "$HOME ${x} `c(pwd)' $(1)",
    "*/ */ ; run; quit; .",
    "slut på \"'",
    "å ä ö Å 𝄞 € –",
    "punkt.\n. EXECUTE.",
    "''\"\"``\"'",
    "!macro !ENDDEFINE /* kommentar",
    "\x00\x07noll",
)
FILE = "ut_r_x_36759_2021"


def files(texts: Sequence[str] = TEXTS) -> list[DeliveredFile]:
    """A file with a variable for each text, which is its label and that of its values."""
    frame = pl.DataFrame({f"V{place}": ["1"] for place in range(len(texts))})
    variables = [
        DeliveredVariable(
            f"V{place}",
            text,
            f"en {text}",
            "text",
            2,
            codes=(Code(code="1", label_sv=text, label_en=text), Code(code="02", label_sv="två", label_en="two")),
        )
        for place, text in enumerate(texts)
    ]
    return [a_delivered_file(FILE, frame, tuple(variables))]


def run(folder: Path, program: str, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.services
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed; make services installs it")
def test_r_gives_a_data_frame_every_label(tmp_path: Path) -> None:
    """R reads the script, and what the labels then are is what they were."""
    (tmp_path / "etiketter.R").write_bytes(r_labels(files()))
    names = ", ".join(f'V{place} = "1"' for place in range(len(TEXTS)))
    script = f"""
    source("etiketter.R", encoding = "UTF-8")
    data <- satt_etiketter(data.frame({names}, TAL = 1), "{FILE}")
    for (kolumn in data[names(data) != "TAL"]) {{
      varden <- attr(kolumn, "labels")
      cat(attr(kolumn, "label"), names(varden)[varden == "1"], names(varden)[varden == "02"], "", sep = "\\n")
    }}
    stopifnot(identical(data$V0, satt_etiketter(data, "{FILE}", "sv")$V0))
    stopifnot(attr(satt_etiketter(data, "{FILE}", "en")$V0, "label") == "en vanlig text")
    stopifnot(inherits(try(satt_etiketter(data, "annan"), silent = TRUE), "try-error"))
    """
    (tmp_path / "check.R").write_text(script, encoding="utf-8")
    said = run(tmp_path, "Rscript", "--vanilla", "--encoding=UTF-8", "check.R").split("\n")
    assert said[:-1] == [line for text in map(on_one_line, TEXTS) for line in (text, text, "två", "")]


@pytest.mark.services
@pytest.mark.skipif(shutil.which("pspp") is None, reason="pspp is not installed; make services installs it")
def test_pspp_takes_every_label(tmp_path: Path) -> None:
    """PSPP carries the script out and shows the labels that were meant."""
    (tmp_path / "etiketter.sps").write_bytes(spss_labels(files()))
    names = [f"V{place}" for place in range(len(TEXTS))]
    listing = " ".join(f"{name} (A2)" for name in names)
    script = f"""
    DATA LIST LIST /{listing}.
    BEGIN DATA
    {" ".join(["1"] * len(names))}
    END DATA.
    DATASET NAME {FILE}.
    INSERT FILE="etiketter.sps" ENCODING="UTF-8".
    SAVE OUTFILE="out.sav".
    """
    (tmp_path / "check.sps").write_text(textwrap.dedent(script), encoding="utf-8")
    run(tmp_path, "pspp", "--syntax-encoding=UTF-8", "check.sps")
    import pyreadstat

    _, read = pyreadstat.read_sav(str(tmp_path / "out.sav"))
    assert read.column_labels == [on_one_line(text) for text in TEXTS]
    assert [read.variable_value_labels[name]["1"] for name in names] == [on_one_line(text) for text in TEXTS]


WRITERS: dict[str, tuple[Callable[[Sequence[DeliveredFile]], bytes], str]] = {
    "SAS": (sas_labels, r"'V{place}'n = '((?:[^']|'')*)'$"),
    "Stata": (stata_labels, r"    capture label variable V{place} `\"([^\"`$]*)\"'$"),
    "SPSS": (spss_labels, r'VARIABLE LABELS V{place}\n    "((?:[^"]|"")*)"\.$'),
    "R": (r_labels, r'namn = "V{place}",\n    sv = "((?:[^"\\]|\\.)*)",$'),
}


@pytest.mark.parametrize("program", WRITERS)
def test_each_label_is_one_quoted_text_on_its_line(program: str) -> None:
    """By each program's own rule of what ends a quoted text; and no control character stands in the script."""
    writer, pattern = WRITERS[program]
    script = writer(files()).decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", script)
    short = [text for text in TEXTS if len(text) < 55]
    for place, text in enumerate(TEXTS):
        found = re.search(pattern.replace("{place}", str(place)), script, re.MULTILINE)
        assert text not in short or found is not None, text


def test_value_labels_of_numbers_are_those_of_whole_numbers() -> None:
    """Stata labels numeric variables alone; a code with a zero before it is no number."""
    script = stata_labels(files(["x"])).decode()
    assert 'label define kod1_1 1 `"x"\', modify' in script
    assert "label define kod1_1 02" not in script


def test_labels_that_are_too_long_are_cut_where_a_program_could_not_hold_them() -> None:
    long = files(["å" * 400])
    assert ("å" * 79 + "…") in stata_labels(long).decode()
    longest = {writer: max(map(len, re.findall("å+", writer(long).decode()))) for writer in (r_labels, sas_labels)}
    assert longest == {r_labels: 400, sas_labels: 126}


def test_names_that_a_program_could_not_hold_are_left_out() -> None:
    variable = DeliveredVariable("a b. EXECUTE", "x", "x", "text", 1)
    file = a_delivered_file(FILE, pl.DataFrame({variable.name: ["1"]}), (variable,))
    assert not any("EXECUTE" in writer([file]).decode() for writer in (stata_labels, spss_labels))
