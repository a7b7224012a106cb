"""The check sheet's formulas give in a spreadsheet program what the workbook is written with."""

import csv
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from samkorning.order import read_order
from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.columns import LANGUAGES, Language
from samkorning.order.workbooks.filling import Filling, filling_of
from samkorning.order.workbooks.template import filled_order
from tests.factories import CATALOGUE, SAMPLE_ORDER
from tests.patience import PATIENCE
from tests.reading_here import inspect_register_file
from tests.workbooks import all_of_sheet

ALL_SHEETS = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def with_gaps(language: Language) -> Filling:
    """The sample order without some of what it needs."""
    whole = filling_of(read_order(SAMPLE_ORDER, "order.yaml"), CATALOGUE, language)
    lists = {key: [dict(row) for row in rows] for key, rows in whole.lists.items()}
    del lists["variables"][4]["variable"], lists["variables"][9]["variable"], lists["holders"][2]["holder"]
    form = {path: text for path, text in whole.form.items() if path[0] != "ethics" and path != ("contact", "name")}
    return replace(whole, form=form, lists=lists)


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_reckon_what_the_workbook_says(language: Language, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("the Debian package libreoffice-calc-nogui is not installed")
    profile = tmp_path / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(RECALCULATE)
    content = filled_order(language, CATALOGUE, with_gaps(language))
    (tmp_path / "order.xlsx").write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{profile.parent}", "--headless", "--convert-to", ALL_SHEETS]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "order.xlsx"], check=True, capture_output=True, timeout=PATIENCE
    )
    name = sheets.CHECK.name(language)
    with (tmp_path / f"order-{name}.csv").open(encoding="utf-8") as stream:
        reckoned = [row[:2] for row in csv.reader(stream, delimiter=";") if any(row)]
    written = inspect_register_file(content, "order.xlsx", all_of_sheet(name)).frame.rows()
    assert reckoned == [[cell or "" for cell in row[:2]] for row in written]
    assert reckoned[0][1] == "6"
