"""Persons who have opted out of secondary use: counted, in no delivery, and never shown."""

from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.intake.opt_out_list import take_in_opt_out_list
from assets.steps.persons.numbering import (
    add_to_code_key,
    every_number,
    lookup,
    note_opted_out,
    require_opted_out_noted,
)
from assets.steps.persons.opting_out import noted
from samkorning.errors import CheckFailed, FileRefused
from samkorning.order import PERSON_SERIES
from tests.office import ENGINEER
from tests.small_office import CASE, SmallOffice, prepare


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    office = SmallOffice(tmp_path / "office")
    prepare(office, "received")
    return office


def listed(office: SmallOffice, *lines: str) -> Path:
    path = office.folder / "list.csv"
    path.write_text("\n".join(["number", *lines]) + "\n", encoding="utf-8")
    return path


def test_who_has_opted_out_is_in_no_delivery(office: SmallOffice) -> None:
    taken = take_in_opt_out_list(office.desk, listed(office, *office.first[:2]), None, ENGINEER)
    assert (taken.persons, taken.came, taken.went) == (2, 2, 0)
    office.release(CASE)
    assert office.persons_of(office.deliver(CASE)) == list(range(2, 9))
    population = stores.population(office.desk, office.desk.case(CASE))
    assert stores.latest_facts(population)["opted_out"] == 2


def test_who_opts_out_after_a_delivery_is_in_no_later_one(office: SmallOffice) -> None:
    office.release(CASE)
    office.deliver(CASE)
    take_in_opt_out_list(office.desk, listed(office, office.first[0]), None, ENGINEER)
    office.take(CASE, "diabetes", office.visits("later", 2219))
    office.replace(CASE, "diabetes")
    assert office.persons_of(office.deliver(CASE)) == list(range(1, 9))


def test_a_list_is_taken_whole_or_not_at_all(office: SmallOffice) -> None:
    take_in_opt_out_list(office.desk, listed(office, office.first[0]), None, ENGINEER)
    with pytest.raises(FileRefused, match="rows 2") as refusal:
        take_in_opt_out_list(office.desk, listed(office, office.first[1], "okänd"), None, ENGINEER)
    assert office.first[1] not in str(refusal.value)
    assert office.desk.opt_out.numbers().collect()["number"].to_list() == [int(office.first[0])]


def test_a_shorter_list_takes_the_place_of_a_longer_one(office: SmallOffice) -> None:
    take_in_opt_out_list(office.desk, listed(office, *office.first[:3]), None, ENGINEER)
    taken = take_in_opt_out_list(office.desk, listed(office, office.first[2], office.first[3]), None, ENGINEER)
    assert (taken.persons, taken.came, taken.went) == (2, 1, 2)


def test_who_has_opted_out_is_added_by_no_source(office: SmallOffice) -> None:
    """Relatives that a source adds to the code key, and whoever a population names by an earlier number."""
    case = office.desk.case(CASE)
    numbers = [int(number) for number in office.first[:3]]
    take_in_opt_out_list(office.desk, listed(office, office.first[0]), None, ENGINEER)
    add_to_code_key(office.desk, case, PERSON_SERIES, pl.LazyFrame({"number": numbers}))
    held = stores.code_key_rows(office.desk, case).collect()["number"]
    assert sorted(held) == sorted(numbers[1:])


def test_who_opts_out_keeps_the_serial_number_and_is_linked_by_it_no_more(office: SmallOffice) -> None:
    """In whatever column: relatives, controls and others are looked up in the same code key."""
    case, opted = office.desk.case(CASE), int(office.first[0])
    numbers = pl.LazyFrame({"number": [int(number) for number in office.first[:3]]})
    add_to_code_key(office.desk, case, PERSON_SERIES, numbers)
    take_in_opt_out_list(office.desk, listed(office, office.first[0], office.later[0]), None, ENGINEER)
    note_opted_out(office.desk, case)
    assert noted(office.desk, case).to_list() == [opted], "of the list nobody else is noted"
    assert opted not in lookup(office.desk, case).collect()["number"]
    assert opted in every_number(office.desk, case).collect()["number"], "the leak scan looks for it"
    take_in_opt_out_list(office.desk, listed(office, office.later[0]), None, ENGINEER)
    assert add_to_code_key(office.desk, case, PERSON_SERIES, numbers).drawn == 0, "no second serial number"
    with pytest.raises(CheckFailed, match="opt-out list has changed"):
        require_opted_out_noted(office.desk, case)
    note_opted_out(office.desk, case)
    require_opted_out_noted(office.desk, case)
    assert opted in lookup(office.desk, case).collect()["number"]
