"""Populations that the service finds itself, through the real job: drawn once, and delivered as who is in the study."""

import csv
from pathlib import Path

import pytest

from samkorning.case import acts
from samkorning.errors import NotFound
from tests.office import ENGINEER, RECIPIENT
from tests.small_office import CASE, SmallOffice, small_order

STUDY = "ut_r_study_36759_2021"


def order_with(population: str) -> str:
    """The small order with another population block."""
    text = small_order()
    start, end = text.index("  population:\n"), text.index("  number_history:")
    return text[:start] + population + text[end:]


def opened(office: SmallOffice, order: str) -> None:
    """A case decided and reviewed, nothing received."""
    text = order.replace(RECIPIENT, office.identity.recipient)
    office.desk.cases.open(
        CASE, office.desk.clock.now(), ENGINEER, acts.order_detail(text, "order.yaml", office.desk.catalogue)
    )
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.release(CASE)


def rows(office: SmallOffice, made: dict, name: str) -> list[dict[str, str]]:
    """The rows of a delivered file."""
    with (office.opened(made) / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


WITHIN = """\
  population:
    holder: Exempelregistret
    drawn: {within: diabetes}
    index_date: Besoksdatum
"""


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return SmallOffice(tmp_path / "office")


def test_the_persons_of_another_holders_file_are_the_population(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    office.take(CASE, "diabetes", office.visits())
    made = office.deliver(CASE)
    assert office.persons_of(made) == list(range(12))
    study = rows(office, made, STUDY)
    assert len(study) == 12 and {row["INDEXDATUM"] for row in study} == {"2218-01-01"}
    visits = rows(office, made, "ut_r_diabetes_36759_2021")
    assert {row["LopNr"] for row in study} == {row["LopNr"] for row in visits}


def test_nothing_is_drawn_before_the_file_has_come(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    with pytest.raises(Exception, match="R13") as refusal:
        office.deliver(CASE)
    assert "its file has not come" in str(refusal.value)


def test_a_file_of_a_drawn_population_is_not_taken_in(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    for source in ("population", "study"):
        with pytest.raises(NotFound, match="awaits no source"):
            office.take(CASE, source, office.population(office.first))


def test_the_delivery_tells_how_the_study_came_to_its_persons(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    lines = office.visits().read_text(encoding="utf-8-sig").splitlines()
    undated = [*lines[:-2], *(line.replace("2218-01-01", "") for line in lines[-2:])]
    path = office.folder / "undated.csv"
    path.write_text("\n".join(undated) + "\n", encoding="utf-8-sig")
    office.take(CASE, "diabetes", path)
    made = office.deliver(CASE)
    table = (office.opened(made) / "urval.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table == [
        "of;criterion;persons;removed",
        "population;listed in diabetes with an identity number;12;",
        "population;with an index date in Besoksdatum;10;2",
    ]
    assert (
        "| population | with an index date in Besoksdatum | 10 | 2 |" in (office.opened(made) / "README.md").read_text()
    )
