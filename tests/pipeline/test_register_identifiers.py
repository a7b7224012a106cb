"""Identifier columns of own registers leave as serial numbers: child, parents, the prescriber's workplace."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.steps.persons.numbering import lookup
from assets.steps.transit.selection import _register_frames
from samkorning.case.ledger import UnitStatus
from samkorning.errors import FileRefused, RuleRefused
from samkorning.order import OwnRegister
from samkorning.own_registers.program import extraction_program
from tests.factories import CATALOGUE
from tests.office import Office

DORS = "    - register_name: DORS"
MFR = (
    "    - register_name: MFR\n      from_year: 2219\n      to_year: 2219\n      serial_name: LopNrMor\n"
    "      variables: [BFODDAT, NUMBER_BARN]\n"
)
FLERGEN = (
    "    - register_name: FLERGEN\n      from_year: 2219\n      to_year: 2219\n"
    "      variables: [NUMBER_MOR, NUMBER_FAR]\n"
)
WITH_WORKPLACE = ("[AR, ATC,", "[AR, ARBETSPLATS, ATC,")


def rows_of(package: Path, register: str) -> list[dict[str, str]]:
    path = package / "data" / f"ut_r_{register}_36759_2021.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def serial_numbers(office: Office, case: str, series: str = "person") -> dict[int, int]:
    """Every number that leads to a serial number."""
    known = lookup(office.desk, office.desk.case(case), series)
    return dict(known.select("number", "serial_number").collect().rows())


def prepared(office: Office, engine: str, *more: tuple[str, str]) -> str:
    for register in ("MFR", "FLERGEN"):
        office.desk.registers.load(register, 2219, office.world.register(register, 2219))
    changes = [(DORS, MFR + FLERGEN + DORS), WITH_WORKPLACE, ("engine: polars", f"engine: {engine}")]
    return office.ready_case(*changes, *more)


@pytest.fixture(scope="module", params=["polars", pytest.param("duckdb", marks=pytest.mark.slow)])
def delivered(tmp_path_factory: pytest.TempPathFactory, request: Any) -> Iterator[tuple[Office, str, Path]]:
    """An office with a delivery of all three registers."""
    before = dict(os.environ)
    office = Office(tmp_path_factory.mktemp("office"), persons=1_500)
    case = prepared(office, request.param)
    yield office, case, office.opened(office.deliver(case))
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def test_relatives_and_workplaces_leave_as_serial_numbers_and_unknown_relatives_as_nothing(
    delivered: tuple[Office, str, Path],
) -> None:
    office, case, package = delivered
    by_number, study = serial_numbers(office, case), set(office.world.study())
    parents = {
        by_number[row[0]]: row[1:] for row in office.world.register("FLERGEN", 2219).rows() if row[0] in by_number
    }
    said = rows_of(package, "flergen")
    assert said
    for row in said:
        for name, number in zip(("LopNrMor", "LopNrFar"), parents[int(row["LopNr"])], strict=True):
            assert row[name] in ("", str(by_number.get(number, ""))), "nobody but that parent"
            assert row[name] or number not in study, "who is in the study is known"
    assert {bool(row["LopNrMor"]) for row in said} == {True, False}

    births = rows_of(package, "mfr")
    children = office.world.register("MFR", 2219)
    assert births
    assert {tuple(row) for row in births} == {("LopNrMor", "BFODDAT", "LopNrBarn")}
    by_serial = {str(serial): number for number, serial in by_number.items()}
    meant = {(row[0], row[1]) for row in children.select("number", "NUMBER_BARN").rows()}
    assert all((by_serial[row["LopNrMor"]], by_serial[row["LopNrBarn"]]) in meant for row in births if row["LopNrBarn"])

    drugs = rows_of(package, "lmed")
    workplaces = {row["arbetspl_lopnr"] for row in drugs} - {""}
    assert workplaces == {str(serial) for serial in serial_numbers(office, case, "workplace").values()}
    assert "ARBETSPLATS" not in drugs[0]


def test_no_number_of_a_column_beside_the_person_is_anywhere_in_the_package(
    delivered: tuple[Office, str, Path],
) -> None:
    office, _, package = delivered
    numbers = {str(number) for number in office.world.register("FLERGEN", 2219)["NUMBER_MOR"].drop_nulls()}
    workplaces = set(office.world.register("LMED", 2219)["ARBETSPLATS"].drop_nulls())
    texts = [path.read_text("utf-8-sig") for path in (package / "data").glob("*.csv")]
    cells = {cell for text in texts for line in text.splitlines() for cell in line.split(";")}
    assert not cells & (numbers | workplaces)


def test_the_documents_say_what_the_columns_are(delivered: tuple[Office, str, Path]) -> None:
    office, case, package = delivered
    readme = "".join(path.read_text("utf-8") for path in package.glob("*.md"))
    assert readme
    program = extraction_program(office.desk.case(case).specification, office.desk.catalogue)
    assert '"NUMBER_BARN".serial_number AS "LopNrBarn"' in program
    assert 'LEFT JOIN workplace_of_case AS "ARBETSPLATS"' in program
    assert 'register."NUMBER_BARN"' in program
    assert 'register."NUMBER_BARN",' not in program


@pytest.mark.slow
def test_a_changed_year_that_waits_for_a_person_gives_no_workplace_a_serial_number(office: Office) -> None:
    office.persons = 100
    few = (("linked_share_at_least: 0.5", "linked_share_at_least: 0"), ("allowed: 0.05", "allowed: 0.5"))
    case = prepared(office, "polars", *few)
    office.deliver(case)
    before = serial_numbers(office, case, "workplace")
    rows = office.world.register("LMED", 2219)
    office.desk.registers.load("LMED", 2219, rows.with_columns(ARBETSPLATS=pl.lit("7123456789012")))
    assert office.status(case, "lmed", 2219) == UnitStatus.CHANGED
    office.deliver(case)
    assert serial_numbers(office, case, "workplace") == before
    office.replace(case, "lmed", 2219)
    office.deliver(case)
    assert len(serial_numbers(office, case, "workplace")) == len(before) + 1


def test_r24_no_identifier_column_of_a_register_is_handed_over(office: Office) -> None:
    """R24: in a hand-over nothing stands for mothers and workplaces, so their columns are not in it."""
    asked = {"register_name": "FLERGEN", "from_year": 2219, "to_year": 2219, "variables": ["NUMBER_MOR"]}
    known = pl.DataFrame({"number": [1], "transit": [1]})
    with pytest.raises(RuleRefused, match="R24: NUMBER_MOR of FLERGEN identify somebody"):
        list(_register_frames(office.desk, OwnRegister.model_validate(asked), 2219, known))


def test_a_number_beside_the_person_that_is_none_refuses_the_year(office: Office) -> None:
    path = office.folder / "flergen.csv"
    path.write_text("number;NUMBER_MOR;NUMBER_FAR\n221101012394;12345;\n", "utf-8")
    with pytest.raises(FileRefused, match="NUMBER_MOR: 1 not of twelve digits"):
        office.desk.registers.load_file(CATALOGUE.register("FLERGEN"), 2219, path)
