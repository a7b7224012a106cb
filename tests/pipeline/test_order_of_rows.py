"""Rows leave in the order of their columns, serial number first: neither arrival, year nor engine shows in a file."""

import polars as pl
import pytest

from assets.deliveries import _rows_of
from assets.steps import stores
from assets.steps.linkage import linking
from samkorning.case.ledger import LedgerRow, Unit, UnitStatus
from samkorning.case.plan import LinkedUnit, PlannedFile
from tests.office import Office

SHUFFLED = pl.DataFrame({"LopNr": [3, 1, 2, 1], "X": ["a", "c", None, "b"]}, {"LopNr": pl.Int32, "X": pl.String})
IN_ORDER = [(1, "b"), (1, "c"), (2, None), (3, "a")]


def test_years_of_a_register_are_one_file_in_one_order(office: Office) -> None:
    opened = office.desk.case(office.open_case())
    years = tuple(LinkedUnit(Unit("lmed", year), "i", "c", 2) for year in (2219, 2220))
    for year, rows in zip(years, (SHUFFLED.head(2), SHUFFLED.tail(2)), strict=True):
        stores.linked(office.desk, opened, year.unit).append(rows)
    assert _rows_of(office.desk, opened, PlannedFile("ut_r_lmed", "lmed", years)).rows() == IN_ORDER


def test_an_extract_is_kept_in_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = office.desk.case(office.open_case())
    own = opened.specification.own_registers[0]
    office.desk.registers.load(own.register_name, 2220, pl.DataFrame({"number": [1, 2, 3, 4]}))
    kept: list[pl.DataFrame] = []
    monkeypatch.setattr(linking, "population_lookup", lambda *_: None)
    monkeypatch.setattr(linking, "extract", lambda *_: SHUFFLED)
    monkeypatch.setattr(linking, "_keep", lambda *given: kept.append(given[3]))
    row = LedgerRow(Unit(own.name, 2220), "own register", UnitStatus.ACCEPTED, "i", ())
    linking.link_own_register_year(office.desk, opened, own, row)
    assert kept[0].rows() == IN_ORDER
