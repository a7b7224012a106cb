"""What synthetic data promise, told by reading the files as anyone would and comparing with the truth beside them.

The oracle reads text with plain Python and knows nothing of how the files are made.
"""

import re
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from samkorning.synthetic import (
    NEW_YEAR,
    FileShares,
    IncomingFile,
    IncomingFiles,
    Outcome,
    PersonShares,
    World,
    make_world,
    write_incoming,
)

SHARES = FileShares(duplicates=0.02, bad_check_digit=0.02, impossible_date=0.01, letters=0.01, missing=0.02)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(4_000, 21, PersonShares(study=0.5, changed=0.05))


@pytest.fixture(scope="module")
def files(world: World, tmp_path_factory: pytest.TempPathFactory) -> IncomingFiles:
    return write_incoming(world, tmp_path_factory.mktemp("incoming"), SHARES)


def luhn_holds(ten: str) -> bool:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(ten)]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def date_holds(twelve: str) -> bool:
    month, day = int(twelve[4:6]), int(twelve[6:8])
    return month <= 12 and 0 < day <= 91


def read_number(text: str | None) -> int | Outcome:
    """The twelve-digit number that a person at the desk reads in the text, or why there is none."""
    if text in (None, "", "NA", "okänd"):
        return Outcome.MISSING
    if re.fullmatch("[0-9]{8}-?[0-9]{4}", text):
        twelve = text.replace("-", "")
    elif found := re.fullmatch("([0-9]{6})([-+]?)([0-9]{4})", text.rjust(10, "0")):
        age = (NEW_YEAR - int(found[1][:2])) % 100 + 100 * (found[2] == "+")
        twelve = f"{NEW_YEAR - age}{found[1][2:]}{found[3]}"
    else:
        return Outcome.DAMAGED
    return int(twelve) if date_holds(twelve) and luhn_holds(twelve[2:]) else Outcome.DAMAGED


def read_csv(path: Path, encoding: str) -> list[dict[str, str]]:
    header, *lines = path.read_bytes().decode(encoding).splitlines()
    names = header.split(";")
    return [dict(zip(names, line.split(";"), strict=True)) for line in lines]


def latest_numbers(files: IncomingFiles) -> dict[int, int]:
    rows = read_csv(files.number_history, "utf-8")
    steps = {int(row["old_number"]): int(row["new_number"]) for row in rows}

    def follow(number: int) -> int:
        return follow(steps[number]) if number in steps else number

    return {old: follow(old) for old in steps}


def population(files: IncomingFiles) -> set[int]:
    latest = latest_numbers(files)
    read = (read_number(row["PERSNR"]) for row in read_csv(files.population.path, "utf-8"))
    return {latest.get(number, number) for number in read if not isinstance(number, Outcome)}


def conclude(texts: list[str | None], files: IncomingFiles) -> list[tuple[int, int | None, str]]:
    """Row, person and outcome as linkage must find them; a stranger's number is followed no further than it can be."""
    members, latest, concluded = population(files), latest_numbers(files), []
    for row, read in enumerate(map(read_number, texts), start=1):
        if isinstance(read, Outcome):
            concluded.append((row, None, read.value))
        else:
            person = latest.get(read, read)
            concluded.append((row, person, Outcome.LINKED if person in members else Outcome.UNKNOWN_PERSON))
    return concluded


def truth(file: IncomingFile) -> list[tuple[int, int | None, str]]:
    return file.truth.select("row", "number", "outcome").rows()


def test_the_population_is_the_study_population_and_nobody_else(world: World, files: IncomingFiles) -> None:
    assert population(files) == set(world.study())


def test_the_truth_tells_what_linkage_of_the_population_file_must_find(files: IncomingFiles) -> None:
    texts = [row["PERSNR"] for row in read_csv(files.population.path, "utf-8")]
    assert conclude(texts, files) == truth(files.population)


def test_the_truth_tells_what_linkage_of_the_quality_register_must_find(files: IncomingFiles) -> None:
    texts = [row["PERSNR"] for row in read_csv(files.quality_register.path, "utf-8-sig")]
    assert conclude(texts, files) == truth(files.quality_register)


def test_the_truth_tells_what_linkage_of_the_region_file_must_find(files: IncomingFiles) -> None:
    sheet = fastexcel.read_excel(files.region.path).load_sheet(0, dtypes="string").to_polars()
    assert conclude(sheet["PatientID"].to_list(), files) == truth(files.region)


def test_the_truth_tells_what_linkage_of_the_scb_file_must_find(files: IncomingFiles) -> None:
    rows = read_csv(files.scb.path, "cp1252")
    assert conclude([row["PersonNr"] for row in rows], files) == truth(files.scb)
    for column, relation in (("PersonNrMor", "mother"), ("PersonNrFar", "father")):
        written = [int(row[column]) if row[column] else None for row in rows]
        assert written == files.scb.truth[relation].to_list()


@pytest.mark.parametrize("name", ["population", "quality_register", "region"])
def test_every_kind_of_disorder_is_in_the_file(files: IncomingFiles, name: str) -> None:
    shapes = set(getattr(files, name).truth["shape"])
    assert {"bad_check_digit", "impossible_date", "letters", "missing", "twelve_digits"} <= shapes


def test_the_population_file_writes_numbers_in_every_shape(files: IncomingFiles) -> None:
    shapes = set(files.population.truth["shape"])
    assert {"twelve_digits_hyphen", "ten_digits_separator", "ten_digits", "lost_leading_zero"} <= shapes


def test_some_persons_stand_twice_in_the_population_file(files: IncomingFiles) -> None:
    numbers = files.population.truth["number"].drop_nulls()
    assert numbers.len() - numbers.n_unique() == round(0.02 * numbers.n_unique())


def test_persons_with_changed_numbers_stand_under_old_and_new(world: World, files: IncomingFiles) -> None:
    texts = [read_number(row["PERSNR"]) for row in read_csv(files.population.path, "utf-8")]
    assert set(texts) & set(world.history["old_number"])
    assert set(texts) & set(world.history["new_number"])


def test_other_holders_know_persons_outside_the_population(files: IncomingFiles) -> None:
    for file in (files.quality_register, files.region):
        share = (file.truth["outcome"] == Outcome.UNKNOWN_PERSON).mean()
        assert 0.01 < share < 0.06


def test_damage_is_about_one_percent_unless_asked_for() -> None:
    shares = FileShares()
    damage = (shares.duplicates, shares.bad_check_digit, shares.impossible_date, shares.letters, shares.missing)
    assert sum(damage) == pytest.approx(0.01)


def test_no_number_of_the_synthetic_world_can_belong_to_anyone(world: World) -> None:
    register = pl.concat([world.register(name, 2219).select("number") for name in ("PAR_SV", "PAR_OV", "LMED", "DORS")])
    numbers = pl.concat([register["number"], world.persons["number"], world.persons["mother"].alias("number")])
    assert numbers.drop_nulls().is_between(210_000_000_000, 229_999_999_999).all()
