"""A register's metadata workbook becomes an entry of the catalogue, or is refused by sheet, row, column and remedy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.steps.intake.metadata_workbooks import import_workbook
from cli.session import session
from samkorning.errors import FileRefused, NotFound
from samkorning.own_registers.catalogue import entry_text, read_register, words
from samkorning.own_registers.catalogue.workbook import differences
from tests.factories import CATALOGUE
from tests.integration.test_file_check import Done, samkorning
from tests.metadata_workbooks import Tables, tables_of, written
from tests.office import Office

VARIABLES, CODES, DESCRIBED = words.VARIABLES, f"{words.CODE_LISTS}or", words.DESCRIPTION
SMALL = CATALOGUE.register("HOSP")


@pytest.fixture(autouse=True)
def at_the_desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program opens its home once a process."""
    monkeypatch.setitem(session.__dict__, "desk", office.desk)


def a_workbook(folder: Path, tables: Tables) -> Path:
    path = folder / "metadata.xlsx"
    path.write_bytes(written(tables))
    return path


def run(*arguments: object) -> Done:
    return samkorning("register", "import", *arguments)


@pytest.mark.parametrize("name", CATALOGUE.names)
def test_what_is_imported_is_what_the_workbook_says(office: Office, name: str) -> None:
    """Every register of the catalogue that ships, out and in again: an equal entry, which changes nothing."""
    entry = CATALOGUE.register(name)
    path = a_workbook(office.folder, tables_of(entry))
    assert import_workbook(office.desk, path, "Erik").differences == []
    assert read_register(entry_text(entry), "again.yaml") == entry
    assert not office.desk.home.catalogue.exists(), "what says the same is not written"


def changed(office: Office) -> Path:
    tables = tables_of(SMALL)
    tables[VARIABLES][1][3] = "Registerår"
    tables[VARIABLES].append(["NY", "heltal", 4, "Ny", "New", *[None] * 9])
    tables[DESCRIBED] = [row for row in tables[DESCRIBED] if row[0] != "Beskrivning"]
    tables[DESCRIBED].append(["Beskrivning", "Alla legitimerade"])
    return a_workbook(office.folder, tables)


def test_what_differs_is_told_and_the_homes_entry_stands_from_then_on(office: Office) -> None:
    path = changed(office)
    looked = json.loads(run(path, "--check", "--json").stdout)
    assert not looked["changed"]
    assert looked["differences"] == ["description is another", "NY is new", "AR: label_sv"]
    assert office.desk.catalogue.register("HOSP") == SMALL
    done = samkorning("register", "import", path)
    assert done.returncode == 0
    assert office.desk.catalogue.register("HOSP").variable("NY").label_en == "New"
    assert CATALOGUE.register("HOSP") == SMALL, "what ships is not written to"
    assert import_workbook(office.desk, path, "Erik").differences == [], "the same again changes nothing"
    [record] = [each for each in office.desk.audit.records() if each.act == "import register metadata"]
    assert (record.facts["register"], record.facts["sha256"]) == ("HOSP", looked["sha256"])


def test_it_is_said_in_words_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "json", False)
    path = changed(office)
    said = "  description is another\n  NY is new\n  AR: label_sv\nHOSP: imported\n"
    assert [run(path).stdout, run(path).stdout] == [said, "HOSP: says what stands already\n"]


def test_a_new_register_is_imported(office: Office) -> None:
    tables = tables_of(SMALL.model_copy(update={"name": "EGET"}))
    made = import_workbook(office.desk, a_workbook(office.folder, tables), "Erik")
    assert made.differences == [f"EGET is new, with {len(SMALL.variables)} variables"]
    assert "EGET" in office.desk.catalogue.names


Damage = Callable[[Tables], Any]


def cell(sheet: str, row: int, column: str, value: Any) -> Damage:
    """Another value in a row of a sheet, as Excel counts rows."""

    def damage(tables: Tables) -> None:
        rows = tables[sheet]
        rows[row - 1][rows[0].index(column)] = value

    return damage


def code_of_no_years(tables: Tables) -> None:
    cell(CODES, 2, words.FROM, 1950)(tables)
    cell(CODES, 2, words.TO, 1949)(tables)


DAMAGES: list[tuple[Damage, str]] = [
    (lambda tables: tables.pop(VARIABLES), "Variabler, column Variabelnamn: the workbook has no such sheet; add it"),
    (cell(VARIABLES, 1, words.LENGTH, "Lengd"), "Variabler, row 1, column Längd: is not there; add the column"),
    (cell(VARIABLES, 3, words.NAME, "YR KE"), "Variabler, row 3, column Variabelnamn: is no name of a variable"),
    (cell(VARIABLES, 3, words.NAME, "ar"), "Variabler, row 3, column Variabelnamn: stands there twice"),
    (cell(VARIABLES, 3, words.NAME, None), "Variabler, row 3, column Variabelnamn: is empty; write it"),
    (cell(VARIABLES, 3, words.TYPE, "sträng"), "Variabler, row 3, column Datatyp: is none of the words"),
    (cell(VARIABLES, 3, words.TYPE, None), "Variabler, row 3, column Datatyp: is empty"),
    (cell(VARIABLES, 3, words.LENGTH, "två"), "Variabler, row 3, column Längd: is no such whole number"),
    (cell(VARIABLES, 3, words.LENGTH, 1), "Kodlistor, row 2, column Kod: is longer than its variable"),
    (cell(VARIABLES, 3, words.CODES, "YRKEN"), "Variabler, row 3, column Kodlista: names a code list that no sheet"),
    (cell(VARIABLES, 3, words.SYSTEMS, "ICD-99 1997-"), "Variabler, row 3, column Klassifikation: names no classif"),
    (cell(VARIABLES, 3, words.POSITION, "först"), "Variabler, row 3, column Position: is none of the words"),
    (cell(VARIABLES, 3, words.IDENTIFIES, "person"), "Variabler, row 3, column Löpnummernamn: stands without Avser"),
    (cell(VARIABLES, 3, words.BREAKS, "1997 ny"), "Variabler, row 3, column Seriebrott: is no break in a series"),
    (cell(VARIABLES, 3, words.FROM, 1800), "Variabler, row 3, column Från år: is no such whole number"),
    (cell(VARIABLES, 3, words.LABEL_EN, None), "Variabler, row 3, column Klartext (en): is empty"),
    (cell(VARIABLES, 3, words.LABEL_SV, "till 21001231-9876"), "row 3, column Klartext: reads as an identity number"),
    (cell(CODES, 2, words.CODE, 12), "Kodlistor, row 2, column Kod: is a number, and zeros in front of it are gone"),
    (code_of_no_years, "Kodlistor, row 2, column Till år: comes before Från år"),
    (cell(DESCRIBED, 2, words.PROPERTY, "Namn"), "DCAT-AP, column Egenskap: lacks Identifierare; add a row"),
    (cell(DESCRIBED, 2, words.VALUE, "hosp"), "Variabler, column name: does not hold together"),
    (lambda tables: tables[DESCRIBED].append(["Dag", "DAGEN"]), "the register: does not hold together"),
    (lambda tables: tables[DESCRIBED].append(["Slag", "annat"]), "column Värde: is none of the words that it may be"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES, ids=[said[:60] for _, said in DAMAGES])
def test_a_fault_is_named_by_sheet_row_and_column_and_nothing_is_imported(
    office: Office, damage: Damage, said: str
) -> None:
    tables = tables_of(SMALL)
    damage(tables)
    with pytest.raises(FileRefused) as refused:
        import_workbook(office.desk, a_workbook(office.folder, tables), "Erik")
    assert said in str(refused.value)
    assert "nothing was imported" in str(refused.value)
    assert "9876" not in str(refused.value)
    assert not office.desk.home.catalogue.exists()
    assert office.desk.catalogue.register("HOSP") == SMALL


def test_all_faults_are_told_at_once(office: Office) -> None:
    tables = tables_of(SMALL)
    for row in (2, 3, 4):
        cell(VARIABLES, row, words.TYPE, "x")(tables)
    done = run(a_workbook(office.folder, tables))
    assert done.returncode == 1
    assert done.stderr.count("column Datatyp") == 3


def test_what_is_no_workbook_is_refused(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "metadata.xlsx"
    path.write_text("number;HDIA")
    with pytest.raises(FileRefused, match="no workbook that can be read"):
        import_workbook(office.desk, path, "Erik")
    with pytest.raises(NotFound):
        import_workbook(office.desk, tmp_path / "none.xlsx", "Erik")


def test_the_order_of_variables_is_a_difference() -> None:
    turned = SMALL.model_copy(update={"variables": SMALL.variables[::-1]})
    assert differences(SMALL, turned) == ["the variables stand in another order"]
    assert differences(SMALL, SMALL.model_copy(update={"variables": SMALL.variables[1:]})) == ["AR is gone"]


def test_a_variable_of_whole_numbers_may_have_numbers_for_codes(office: Office) -> None:
    tables = tables_of(CATALOGUE.register("BEFOLKNING"))
    for row in tables[CODES][1:]:
        row[1] = int(row[1])
    assert import_workbook(office.desk, a_workbook(office.folder, tables), "Erik").differences == []
