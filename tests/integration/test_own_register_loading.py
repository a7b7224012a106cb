"""A register year goes into the store whole and exact, in batches, or not at all."""

import json
from pathlib import Path

import polars as pl
import pytest

from cli.session import session
from samkorning.errors import FileRefused
from samkorning.own_registers import loading as own_register_file
from samkorning.own_registers.catalogue import CatalogueRegister
from tests.factories import SAMPLE
from tests.integration.test_file_check import samkorning
from tests.office import Office

NUMBER = 221101012394


@pytest.fixture
def drugs(office: Office) -> CatalogueRegister:
    return office.desk.catalogue.register("LMED")


def a_year(office: Office, rows: int) -> pl.DataFrame:
    return office.world.register("LMED", 2219).head(rows)


@pytest.mark.parametrize("register", ["PAR_SV", "PAR_OV", "LMED", "DORS"])
def test_the_sample_is_loaded_as_it_stands(office: Office, register: str) -> None:
    """CSV gives what its cells say; dates, whole numbers and decimals are typed and nothing else."""
    path = SAMPLE / "registers" / f"{register}_2219.csv"
    office.desk.registers.load_file(office.desk.catalogue.register(register), 2219, path)
    loaded = the_year(office, register)
    cells = pl.read_csv(path, separator=";", infer_schema=False).sort("number", maintain_order=True)
    for name in loaded.columns:
        as_text = loaded[name].cast(pl.String)
        if loaded.schema[name] == pl.Float64:
            assert loaded[name].equals(cells[name].cast(pl.Float64))
        else:
            assert as_text.equals(cells[name])


def test_both_formats_load_the_same(office: Office, drugs: CatalogueRegister, tmp_path: Path) -> None:
    year = a_year(office, 200)
    year.write_csv(tmp_path / "y.csv", separator=";")
    year.write_parquet(tmp_path / "y.parquet")
    for name in ("y.csv", "y.parquet", "y.csv"):
        office.desk.registers.load_file(drugs, 2219, tmp_path / name)
        assert the_year(office).equals(year.select("number", *names(drugs)).sort("number", maintain_order=True))


def the_year(office: Office, register: str = "LMED", year: int = 2219) -> pl.DataFrame:
    """All that is loaded of a year."""
    everybody = pl.Series(range(10**11, 10**12, 10**6))  # one in every month of birth
    found = office.desk.registers.year(register, year, everybody)
    loaded = pl.concat(part.rows for part in found.parts).collect()
    assert found.rows == loaded.height
    return loaded


def names(register: CatalogueRegister) -> list[str]:
    return [variable.name for variable in register.variables]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_refused_year_leaves_the_one_before(
    office: Office, drugs: CatalogueRegister, tmp_path: Path, form: str
) -> None:
    """All of it is committed or nothing, however late in the file the fault is; running again mends it."""
    good, path = a_year(office, 300), tmp_path / f"y.{form}"
    office.desk.registers.load("LMED", 2219, good)
    before = office.desk.registers.hashes({"LMED"})
    bad = good.with_columns(pl.when(pl.int_range(pl.len()) == 299).then(None).otherwise("number").alias("number"))
    write(bad, path)
    for _ in range(2):
        with pytest.raises(FileRefused, match="number: 1 missing"):
            office.desk.registers.load_file(drugs, 2219, path)
    assert office.desk.registers.hashes({"LMED"}) == before
    write(good.head(10), path)
    assert office.desk.registers.load_file(drugs, 2219, path).rows == 10


def write(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        frame.write_csv(path, separator=";")
    else:
        frame.write_parquet(path)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_year_is_never_in_memory(
    office: Office, drugs: CatalogueRegister, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows pass in batches of a bounded size, whatever the size of the file."""
    row = a_year(office, 1)
    write(pl.concat([row] * 400_000), tmp_path / f"y.{form}")
    heights = []
    read = own_register_file.read_numbers

    def watched(column: pl.Series) -> object:
        heights.append(column.len())
        return read(column)

    monkeypatch.setattr(own_register_file, "read_numbers", watched)
    assert office.desk.registers.load_file(drugs, 2219, tmp_path / f"y.{form}").rows == 400_000
    assert sum(heights) == 400_000
    assert max(heights) <= 200_000


def test_the_command_tells_variable_count_and_fault_and_no_value(office: Office, tmp_path: Path) -> None:
    path = tmp_path / f"lmed_{NUMBER}.parquet"
    bad = a_year(office, 5).with_columns(ANTAL=pl.Series([1.0, 1.7, 2.7, 3.0, None]), AR=pl.lit(22190))
    bad.write_parquet(path)
    session.__dict__.pop("desk", None)  # the program opens its home once a process
    done = samkorning("--home", office.desk.home.root, "register", "load", "LMED", "2219", path, "--json")
    session.__dict__.pop("desk", None)
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"]) == (1, False)
    assert said["problem"] == (
        "lmed_[number].parquet: values do not fit: AR: 5 longer than the catalogue says; ANTAL: 2 with decimals; "
        "export it by the register catalogue; nothing was loaded"
    )
    assert office.desk.registers.generations() == {}
