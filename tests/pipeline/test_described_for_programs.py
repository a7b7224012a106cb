"""What a delivery of the production job says of itself to programs, held against its own data and published schemas."""

from pathlib import Path

import pytest

from samkorning.delivery.machine_readable.csv_tables import CSV_METADATA, DATA_PACKAGE
from samkorning.delivery.machine_readable.ddi import DDI_CODEBOOK
from samkorning.delivery.machine_readable.healthdcat import HEALTH_DCAT
from samkorning.delivery.machine_readable.ro_crate_steps import RO_CRATE, steps_of
from samkorning.delivery.steps import step_problems
from tests.office import ENGINEER, LAWYER, MANAGER, OFFICER, REVIEWER, Office
from tests.published_schemas import ddi_problems, shacl_violations, validated_csvw, validated_data_package

METADATA = """metadata:
  keywords: [diabetes, slutenvård]
  population_coverage: Invented persons of an invented study
  health_themes: [NONCOMMUNICABLE_DISEASES]

specification:
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def opened(office: Office) -> Path:
    """The first delivery of the sample order: own registers and two holders' files."""
    return office.opened(office.deliver(office.ready_case(("specification:\n", METADATA))))


def test_the_tables_fit_the_data(opened: Path) -> None:
    tables = validated_csvw(opened / CSV_METADATA)
    assert len(tables) == len(list((opened / "data").iterdir())) == 6
    assert sum(map(len, validated_data_package(opened / DATA_PACKAGE).values())) == sum(map(len, tables)) > 100


def test_code_book_and_catalogue_entry_hold_to_their_schemas(opened: Path) -> None:
    assert ddi_problems((opened / DDI_CODEBOOK).read_bytes()) == []
    entry = (opened / HEALTH_DCAT).read_bytes()
    assert shacl_violations(entry) == []
    for words in ("diabetes", "Invented persons", "NONCOMMUNICABLE_DISEASES", "2219-01-01", "coding-system/ICD-10"):
        assert words in entry.decode()


def test_the_steps_are_those_of_the_case_in_roles_alone(office: Office, opened: Path) -> None:
    crate = (opened / RO_CRATE).read_bytes()
    steps = steps_of(crate)
    assert step_problems(steps, "36759-2021", "L001", office.desk.home.signing_key.read_text().strip()) == []
    assert [(each.step.role, each.step.act.split(":")[0]) for each in steps[:5]] == [
        ("case officer", "requested"),
        ("orderer", "specification approved"),
        ("case officer", "disclosure decision approved"),
        ("manager", "disclosure decision approved"),
        ("lawyer", "disclosure decision approved"),
    ]
    assert [each.step.act.split(":")[0] for each in steps[-3:]] == [
        "study population linked and frozen",
        "checked",
        "delivered",
    ]
    named = [f'"{name}"' for name in (OFFICER, MANAGER, LAWYER, ENGINEER, REVIEWER)]
    assert [name for name in named if name in crate.decode()] == []
