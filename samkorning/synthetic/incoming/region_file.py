"""The late region file: an Excel workbook of laboratory results, all cells text.

What belongs here: its columns and its bytes, which carry a fixed creation date so that they repeat. What must not:
whose rows they are, which rows.py composes.
"""

import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from samkorning.synthetic.draws import Draws, weighted
from samkorning.synthetic.incoming.rows import FilePlan, IncomingFile, compose_rows, truth_of
from samkorning.synthetic.incoming.shapes import FileShares, Shape, clean_shapes
from samkorning.synthetic.world import World

REGION_FILE = "region_labb.xlsx"
_SHAPES = clean_shapes({Shape.TWELVE: 80, Shape.TWELVE_HYPHEN: 20})
_COUNTIES = ("01", "14")
_CREATED = datetime.datetime(2000, 1, 1)
_UNITS = weighted({"Vårdcentralen Ån": 30, "Vårdcentralen Östra": 26, "Medicinkliniken": 24, "Närakuten Väst": 12})
_TESTS = weighted({"P-Glukos": 30, "B-HbA1c": 26, "P-Kreatinin": 30, "P-Kolesterol LDL": 18})


def write_region_file(world: World, folder: Path, shares: FileShares | None = None) -> IncomingFile:
    """Writes ``region_labb.xlsx``: one sheet, header row, columns PatientID, Vardenhet, Provdatum, Analys, Svar.

    Study persons who live in two counties, one result each, some persons outside the population, damaged and missing
    numbers.
    """
    plan = FilePlan("region", _SHAPES, shares or FileShares())
    composed = compose_rows(world, _residents(world), plan, strangers=plan.shares.strangers)
    path = folder / REGION_FILE
    _write_workbook(_table(composed, Draws(world.seed, "region/columns")), path)
    return IncomingFile(path, truth_of(composed))


def _residents(world: World) -> pl.DataFrame:
    county = pl.col("municipality").str.slice(0, 2)
    residents = world.persons.filter(pl.col("in_study") & county.is_in(_COUNTIES))
    return residents.select("number", "former_number")


def _table(composed: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    day = pl.date(2219, 1, 1) + pl.duration(days=draws.below("day", 730))
    value = 40 + draws.below("value", 90) + draws.below("value too", 60)
    answer = (value // 10).cast(pl.String) + "," + (value % 10).cast(pl.String)
    return composed.select(
        PatientID="text",
        Vardenhet=draws.choose("unit", _UNITS),
        Provdatum=day.dt.strftime("%Y-%m-%d"),
        Analys=draws.choose("test", _TESTS),
        Svar=pl.when(~draws.chance("no answer", 0.04)).then(answer),
    )


def _write_workbook(table: pl.DataFrame, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _CREATED})
        sheet = workbook.add_worksheet("Labb")
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name)
            for row, cell in enumerate(table[name], start=1):
                if cell is not None:
                    sheet.write_string(row, column, cell)
