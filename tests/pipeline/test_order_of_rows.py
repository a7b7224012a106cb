"""Rows leave in the order of their columns, serial number first: neither arrival, year nor engine shows in a file."""

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.delivery.contents import render_files, rendered_bytes, rendered_facts
from samkorning.case.plan import LinkedUnit, PlannedFile, Unit
from samkorning.delivery.rendering.unit_contents import unit_facts
from tests.office import Office
from tests.rendered import csv_of

SHUFFLED = pl.DataFrame({"LopNr": [3, 1, 2, 1], "X": ["a", "c", None, "b"]}, {"LopNr": pl.Int32, "X": pl.String})
IN_ORDER = [(1, "b"), (1, "c"), (2, None), (3, "a")]


def test_years_of_a_register_are_one_file_in_one_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assets.steps.delivery.contents.delivered_columns", lambda *_: SHUFFLED.columns)
    opened = office.desk.case(office.open_case())
    years = tuple(LinkedUnit(Unit("lmed", year), "i", None, 2) for year in (2219, 2220))
    for year, rows in zip(years, (SHUFFLED.head(2), SHUFFLED.tail(2)), strict=True):
        stores.linked(office.desk, opened, year.unit).append(rows)
    file = PlannedFile("ut_r_lmed", "lmed", years)
    render_files(office.desk, opened, [file])
    assert b"".join(rendered_bytes(office.desk, opened, file)) == csv_of(
        pl.DataFrame(IN_ORDER, SHUFFLED.schema, orient="row")
    )
    assert [unit.rows for unit in unit_facts(rendered_facts(office.desk, opened, file))] == [2, 2]
