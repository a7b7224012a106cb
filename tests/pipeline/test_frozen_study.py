"""What linking leaves alone: a population that is frozen before it, and what was delivered while a change waits."""

from pathlib import Path

import pytest

from assets.steps import stores
from samkorning.case import EventKind
from samkorning.case.inputs import Unit
from samkorning.case.population import is_frozen
from tests.small_office import CASE, SmallOffice, prepare

VISITS = Unit("diabetes")


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    office = SmallOffice(tmp_path / "office")
    prepare(office, "linked")
    return office


def test_the_population_is_frozen_before_the_first_unit_is_linked(office: SmallOffice) -> None:
    case = office.desk.case(CASE)
    assert is_frozen(case) and len(case.of(EventKind.POPULATION_FROZEN)) == 1
    act = next(each for each in office.desk.audit.records() if each.act == "freeze population")
    assert act.facts["sha256"] == case.received_sha256("population")
    office.link(CASE)
    assert len(office.desk.case(CASE).of(EventKind.POPULATION_FROZEN)) == 1


@pytest.mark.slow
def test_a_change_that_waits_for_a_person_takes_no_place_of_what_was_delivered(office: SmallOffice) -> None:
    office.release(CASE)
    office.deliver(CASE)
    delivered = stores.latest_linked(office.desk, office.desk.case(CASE), VISITS)
    office.take(CASE, "diabetes", office.visits("corrected", 2219))
    office.link(CASE)
    assert stores.latest_linked(office.desk, office.desk.case(CASE), VISITS) == delivered
    office.replace(CASE, "diabetes")
    office.link(CASE)
    assert stores.latest_linked(office.desk, office.desk.case(CASE), VISITS) != delivered
