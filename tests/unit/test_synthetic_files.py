"""The incoming files' own shapes: encodings, separators, columns, and bytes that repeat."""

import re
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from samkorning.synthetic import (
    IncomingFiles,
    Outcome,
    World,
    make_world,
    write_incoming,
    write_population_file,
    write_region_file,
    write_scb_file,
)
from samkorning.synthetic.incoming.shapes import Shape, clean_shapes


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(6_000, 31)


@pytest.fixture(scope="module")
def files(world: World, tmp_path_factory: pytest.TempPathFactory) -> IncomingFiles:
    return write_incoming(world, tmp_path_factory.mktemp("incoming"))


def paths(files: IncomingFiles) -> list[Path]:
    incoming = (files.population, files.scb, files.quality_register, files.region)
    return [*(file.path for file in incoming), files.number_history]


def test_the_same_world_gives_the_same_bytes(world: World, files: IncomingFiles, tmp_path: Path) -> None:
    again = write_incoming(make_world(6_000, 31), tmp_path)
    for first, second in zip(paths(files), paths(again), strict=True):
        assert first.name == second.name
        assert first.read_bytes() == second.read_bytes()


def test_a_file_written_alone_is_the_same_as_among_the_others(
    world: World, files: IncomingFiles, tmp_path: Path
) -> None:
    assert write_region_file(world, tmp_path).path.read_bytes() == files.region.path.read_bytes()
    assert write_region_file(world, tmp_path).truth.equals(files.region.truth)


def test_the_population_file_is_text_with_semicolons(files: IncomingFiles) -> None:
    header, *lines = files.population.path.read_text("utf-8").splitlines()
    assert header == "PERSNR;GRUPP;INDEXDATUM"
    assert len(lines) == files.population.truth.height
    assert all(re.fullmatch("[^;]*;(fall|kontroll);22[0-9]{2}-[0-9]{2}-[0-9]{2}", line) for line in lines)


def test_the_population_file_is_not_in_order_of_the_numbers(files: IncomingFiles) -> None:
    numbers = files.population.truth["number"].drop_nulls()
    assert not numbers.is_sorted()


def test_ten_digits_are_those_the_reference_date_settles(files: IncomingFiles) -> None:
    lines = files.population.path.read_text("utf-8").splitlines()[1:]
    numbers = [line.split(";")[0] for line in lines]
    assert any("+" in number for number in numbers)
    for number, person in zip(numbers, files.population.truth["number"], strict=True):
        if re.fullmatch("[0-9]{6}[+]?[0-9]{4}", number) and person is not None:
            assert ("+" in number) == (person // 10**8 <= 2121)


def test_the_number_history_has_twelve_digits_and_iso_dates(files: IncomingFiles) -> None:
    header, *lines = files.number_history.read_text("utf-8").splitlines()
    assert header == "old_number;new_number;changed_on;source"
    assert lines
    pattern = "[0-9]{12};[0-9]{12};22[0-9]{2}-[0-9]{2}-[0-9]{2};(immigration|correction)"
    assert all(re.fullmatch(pattern, line) for line in lines)


def test_the_scb_file_is_cp1252_with_swedish_letters_and_windows_line_ends(files: IncomingFiles) -> None:
    content = files.scb.path.read_bytes()
    assert files.scb.path.name == "SYNT_Lev_lisa_2220.txt"
    assert "Göteborg".encode("cp1252") in content
    assert content.count(b"\r\n") == content.count(b"\n") == files.scb.truth.height + 1
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_the_scb_file_has_its_columns_and_plausible_values(files: IncomingFiles) -> None:
    table = pl.read_csv(files.scb.path.read_bytes().decode("cp1252").encode(), separator=";", infer_schema=False)
    names = "PersonNr PersonNrMor PersonNrFar FodelseArMan Kon Kommun Lan KommunNamn Sun2020Niva DispInk04"
    assert table.columns == names.split()
    assert table["FodelseArMan"].str.contains("^2[12][0-9]{2}(0[1-9]|1[0-2])$").all()
    assert set(table["Kon"]) == {"1", "2"}
    assert (table["Kommun"].str.slice(0, 2) == table["Lan"]).all()
    income = table["DispInk04"].drop_nulls().cast(pl.Int64)
    assert 1_500 < income.median() < 3_500
    assert (income == 0).any()
    assert (income < 0).any()


def test_the_scb_file_is_named_for_client_and_year_and_leaves_out_the_dead(world: World, tmp_path: Path) -> None:
    file = write_scb_file(world, tmp_path, client="ABC", year=2218)
    assert file.path.name == "ABC_Lev_lisa_2218.txt"
    dead = world.persons.filter(pl.col("death_date").dt.year() <= 2218)["number"]
    assert not file.truth["number"].is_in(dead.implode()).any()


def test_the_quality_register_writes_bom_decimal_comma_and_true_or_blank(files: IncomingFiles) -> None:
    content = files.quality_register.path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfPERSNR;")
    table = pl.read_csv(content, separator=";", infer_schema=False)
    assert set(table["Insulin"]) == {"True", None}
    assert table["BMI"].drop_nulls().str.contains("^[0-9]+,[0-9]$").all()
    assert table["BMI"].null_count() > 0
    pair = table.select("Rokning_Beskrivning", "Rokning_Värde").unique()
    assert pair.height == 5
    assert (pair["Rokning_Beskrivning"].is_null() == pair["Rokning_Värde"].is_null()).all()


@pytest.mark.parametrize(
    "shape",
    [
        "^2[12][0-9]{2}-[01][0-9]-[0-3][0-9]$",
        "^2[12][0-9]{2}[01][0-9]0[1-9]$",
        "^2[12][0-9]{2}[01][1-9]00$",
        "^2[12][0-9]{2}0000$",
        "^[0-9]{4}$",
    ],
)
def test_the_quality_register_mixes_every_shape_of_date(files: IncomingFiles, shape: str) -> None:
    table = pl.read_csv(files.quality_register.path, separator=";", infer_schema=False)
    assert table["Debutdatum"].drop_nulls().str.contains(shape).sum() > 5
    assert 0.03 < table["Debutdatum"].null_count() / table.height < 0.2


def test_the_region_file_holds_text_cells_alone(files: IncomingFiles) -> None:
    table = fastexcel.read_excel(files.region.path).load_sheet(0).to_polars()
    assert table.columns == ["PatientID", "Vardenhet", "Provdatum", "Analys", "Svar"]
    assert set(table.dtypes) == {pl.String}
    assert table.height == files.region.truth.height


def test_the_region_file_tells_nothing_of_when_it_was_made(files: IncomingFiles) -> None:
    with zipfile.ZipFile(files.region.path) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_truth_rows_count_from_one_and_name_a_person_where_there_is_one(files: IncomingFiles) -> None:
    for file in (files.population, files.scb, files.quality_register, files.region):
        assert file.truth["row"].to_list() == list(range(1, file.truth.height + 1))
        nobody = file.truth["outcome"].is_in([Outcome.MISSING.value, Outcome.DAMAGED.value])
        assert (file.truth["number"].is_null() == nobody).all()


def test_a_small_study_shows_every_disorder(tmp_path: Path) -> None:
    truth = write_population_file(make_world(60, 1), tmp_path).truth
    assert {"bad_check_digit", "impossible_date", "letters", "missing"} <= set(truth["shape"])


def test_clean_shapes_keep_their_weights() -> None:
    assert clean_shapes({Shape.TWELVE: 2, Shape.TEN: 1}).to_list() == ["twelve_digits", "twelve_digits", "ten_digits"]
