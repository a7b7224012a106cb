"""The register catalogue: the thirteen own registers, what stands beside them, and what an entry says of a year."""

from pathlib import Path

import pytest

from resources.catalogue import CatalogueFolder
from samkorning.errors import NotFound, RuleRefused
from samkorning.identity.identifies import Identifies
from samkorning.own_registers.catalogue import (
    CatalogueRegister,
    CodeSystem,
    Holds,
    Position,
    Standing,
    entries_sha256,
    read_catalogue,
    read_register,
)
from samkorning.own_registers.extraction import may_be_extracted
from tests.factories import CATALOGUE, PROJECT

THIRTEEN = {"PAR", "LMED", "DORS", "CAN", "MFR", "THR", "HSL", "SOL", "LSS", "BU", "EKB", "LVM", "LOVA"}
ENTRY = """
name: OWN
title_sv: Eget
title_en: Own
day: DAG
variables:
  - {name: DAG, type: date, length: 10, label_sv: Dag, label_en: Day}
  - name: "DIA{n}"
    places: [1, 3]
    type: text
    length: 5
    label_sv: "Bidiagnos {n}"
    label_en: "Secondary diagnosis {n}"
    from_year: 2010
    codes: [{code: "A", label_sv: a, label_en: a, to_year: 2011}, {code: "B", label_sv: b, label_en: b}]
"""


def of_standing(standing: Standing) -> set[str]:
    return {each.part_of or each.name for each in CATALOGUE.registers if each.standing is standing}


def test_the_thirteen_statistical_registers_are_there_and_no_other() -> None:
    assert of_standing(Standing.STATISTICAL) == THIRTEEN
    assert {each.name for each in CATALOGUE.registers if each.part_of == "PAR"} == {"PAR_SV", "PAR_OV", "PAR_TV"}


def test_the_licences_and_the_donation_register_stand_beside_them_and_one_is_barred() -> None:
    assert of_standing(Standing.ADMINISTRATIVE) == {"HOSP", "DONATION"}
    assert [each.name for each in CATALOGUE.registers if each.barred] == ["DONATION"]


def test_r06_a_barred_register_is_not_extracted_either() -> None:
    """R06: nothing is extracted from a register that was barred after the order either."""
    may_be_extracted(CATALOGUE.register("HOSP"))
    with pytest.raises(RuleRefused, match=r"^R06: DONATION is barred"):
        may_be_extracted(CATALOGUE.register("DONATION"))


@pytest.mark.parametrize(
    ("name", "holds", "variables"),
    [
        ("BEFOLKNING", Holds.PERSONS, ["FODDAT", "KON", "DODDAT"]),
        ("BOENDE", Holds.RESIDENCE, ["FROM", "TILL", "LK"]),
        ("FLERGEN", Holds.PARENTS, ["NUMBER_MOR", "NUMBER_FAR"]),
        ("CIVIL", Holds.SPOUSES, ["NUMBER_PARTNER", "FROM", "TILL"]),
    ],
)
def test_the_population_has_registers_of_its_own(name: str, holds: Holds, variables: list[str]) -> None:
    entry = CATALOGUE.register(name)
    assert (entry.standing, entry.holds) == (Standing.POPULATION, holds)
    assert [variable.name for variable in entry.variables] == variables


@pytest.mark.parametrize(
    ("year", "system"),
    [
        (1968, CodeSystem.ICD_7),
        (1969, CodeSystem.ICD_8),
        (1986, CodeSystem.ICD_8),
        (1987, CodeSystem.ICD_9),
        (1996, CodeSystem.ICD_9),
        (1997, CodeSystem.ICD_10),
    ],
)
def test_a_diagnosis_is_of_the_classification_of_its_year(year: int, system: CodeSystem) -> None:
    for register in ("PAR_SV", "DORS"):
        entry = CATALOGUE.register(register)
        coded = [*entry.at(Position.MAIN), *entry.at(Position.UNDERLYING_CAUSE), *entry.at(Position.SECONDARY)]
        assert {variable.system_in(year) for variable in coded} == {system}
        assert [each.year for each in coded[0].breaks] == [1969, 1987, 1997]


def test_every_identifier_column_says_whom_it_stands_for_and_how_it_is_delivered() -> None:
    found = {
        (each.name, variable.name): (variable.identifies, variable.delivered_name)
        for each in CATALOGUE.registers
        for variable in each.variables
        if variable.identifies
    }
    assert found["MFR", "NUMBER_BARN"] == (Identifies.RELATIVE, "LopNrBarn")
    assert found["LMED", "ARBETSPLATS"] == (Identifies.WORKPLACE, "arbetspl_lopnr")
    assert all(delivered != name for (_, name), (_, delivered) in found.items())


def test_every_statistical_register_of_events_says_since_when_it_is_and_what_its_variables_are_called() -> None:
    for entry in CATALOGUE.registers:
        assert entry.from_year is not None, entry.name
        assert entry.title_sv != entry.title_en
        assert all(variable.label_sv and variable.label_en for variable in entry.variables)


def test_one_entry_stands_for_variables_that_differ_by_their_number() -> None:
    entry = read_register(ENTRY, "own.yaml")
    assert [variable.name for variable in entry.variables] == ["DAG", "DIA1", "DIA2", "DIA3"]
    assert entry.variable("DIA3").label_sv == "Bidiagnos 3"


def test_a_value_set_is_that_of_the_year() -> None:
    variable = read_register(ENTRY, "own.yaml").variable("DIA1")
    assert [variable.codes_in(year) for year in (2011, 2012)] == [frozenset("AB"), frozenset("B")]
    assert [variable.holds_in(year) for year in (2009, 2010)] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("type: date", "type: day", "variables.0.type"),
        ("name: OWN", "name: own", "name"),
        ("name: OWN", "namn: OWN", "name"),
        ("day: DAG", "day: DAGEN", "OWN"),
        ("name: DAG", "name: dia1", "OWN"),
        ("places: [1, 3]", "places: [1, 3, 5]", "variables"),
        ("places: [1, 3]", "places: three", "variables"),
        ("variables:", "variabler:", "variables"),
        ("type: date, length: 10", "type: date, length: 10, serial_name: LopNr", "variables.0"),
        ('code: "A"', 'code: "ABCDEF"', "variables.1"),
        ("to_year: 2011", "to_year: 2011, from_year: 2012", "variables.1.codes.0"),
        ("name: OWN", "name: [OWN", "the text"),
        ('code: "B"', "code: NO", "variables.1.codes.1.code"),
    ],
)
def test_an_entry_that_does_not_hold_together_is_named_by_its_field(old: str, new: str, where: str) -> None:
    assert old in ENTRY
    with pytest.raises(NotFound, match=rf"^own\.yaml: the register catalogue is not readable at {where};"):
        read_register(ENTRY.replace(old, new), "own.yaml")


def folder(path: Path, **entries: str) -> Path:
    path.mkdir()
    for name, text in entries.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def test_a_register_is_read_when_it_is_asked_for_and_no_other(tmp_path: Path) -> None:
    catalogue = CatalogueFolder(folder(tmp_path / "shipped", OWN=ENTRY, BROKEN="["), tmp_path / "none")
    assert catalogue.names == ("BROKEN", "OWN")
    assert catalogue.register("OWN").title_en == "Own"
    with pytest.raises(NotFound, match=r"BROKEN\.yaml"):
        catalogue.register("BROKEN")


def test_the_homes_own_entries_stand_before_those_that_ship_and_add_to_them(tmp_path: Path) -> None:
    shipped = folder(tmp_path / "shipped", OWN=ENTRY)
    catalogue = CatalogueFolder(shipped, tmp_path / "own")
    mark = catalogue.mark()
    changed, another = ENTRY.replace("Own", "Changed"), ENTRY.replace("name: OWN", "name: NEW")
    folder(tmp_path / "own", OWN=changed, NEW=another)
    assert catalogue.names == ("NEW", "OWN")
    assert catalogue.register("OWN").title_en == "Changed"
    assert catalogue.register("NEW").name == "NEW"
    assert catalogue.mark() != mark


def test_a_file_that_holds_another_register_is_refused(tmp_path: Path) -> None:
    catalogue = CatalogueFolder(folder(tmp_path / "shipped", LMED=ENTRY), tmp_path / "none")
    with pytest.raises(NotFound, match="rename the file to OWN"):
        catalogue.register("LMED")


def test_one_file_with_all_registers_is_a_catalogue_too(tmp_path: Path) -> None:
    """The register catalogue may be one file with all registers in place of a file each."""
    entry = "".join(f"    {line}\n" for line in ENTRY.strip().splitlines())
    text = "registers:\n  - " + entry[4:]
    path = tmp_path / "catalogue.yaml"
    path.write_text(text, encoding="utf-8")
    catalogue = CatalogueFolder(path, tmp_path / "none")
    assert catalogue.names == ("OWN",)
    assert catalogue.register("OWN") == read_register(ENTRY, "own.yaml")
    with pytest.raises(NotFound, match="no own register LMED; the register catalogue lists: OWN"):
        catalogue.register("LMED")
    with pytest.raises(NotFound, match="the field registers"):
        read_catalogue(ENTRY, "own.yaml")


def test_a_catalogue_that_is_not_there_is_named_with_its_setting(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"`catalogue` in config\.yaml"):
        CatalogueFolder(tmp_path / "none", tmp_path / "nothing").register("LMED")


def test_the_hash_of_what_is_said_of_variables_changes_with_them_and_with_the_bar() -> None:
    """R12: what is said of a variable, or a bar on its register, changes the hash that a review is bound to."""

    class One(CatalogueFolder):
        def find(self, name: str) -> CatalogueRegister | None:
            return self.entry

        entry = read_register(ENTRY, "own.yaml")

    catalogue = One(PROJECT, PROJECT)
    before = entries_sha256(catalogue, "OWN", ["DIA1"])
    catalogue.entry = catalogue.entry.model_copy(update={"barred": "because"})
    assert entries_sha256(catalogue, "OWN", ["DIA1"]) != before
