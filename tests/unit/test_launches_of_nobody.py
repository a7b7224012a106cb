"""A page that knows nobody's account launches nothing on real persons: the launch itself is refused (R11)."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from pipelines.page.launching import REMEDY, of_synthetic_persons_alone
from resources.acting import Launch, asked_by
from resources.dagster_storage import LookingRunStorage
from resources.desk import Desk
from samkorning.case import acts
from samkorning.errors import RuleRefused
from tests.factories import an_order
from tests.office import ENGINEER, Office

SYNTHETIC, REAL = "1-2026", "2-2026"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    office = Office(tmp_path)
    office.open_case(number=SYNTHETIC)
    yield office.desk
    office.desk.cases.close()


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[LookingRunStorage]:
    storage = LookingRunStorage.from_local(str(tmp_path / "runs"))
    yield storage
    storage.dispose()


def open_real(desk: Desk) -> None:
    detail = acts.order_detail(an_order(("synthetic: true", "synthetic: false")), "order.yaml", desk.catalogue)
    desk.cases.open(REAL, desk.clock.now(), ENGINEER, detail)


def a_run(case: str | None) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="case_assign", tags={"dagster/partition": case} if case else {})


def a_backfill() -> PartitionBackfill:
    return PartitionBackfill(
        "backfill", BulkActionStatus.REQUESTED, from_failure=False, tags={}, backfill_timestamp=1.0
    )


def test_in_a_home_of_synthetic_cases_anything_is_launched(desk: Desk, storage: LookingRunStorage) -> None:
    with asked_by(None, of_synthetic_persons_alone(desk)):
        for case in (SYNTHETIC, None):
            storage.add_run(a_run(case))
        storage.add_backfill(a_backfill())
    assert (len(storage.get_runs()), len(storage.get_backfills())) == (2, 1)


def test_a_launch_on_real_persons_is_refused_with_what_to_do_and_leaves_nothing(
    desk: Desk, storage: LookingRunStorage
) -> None:
    open_real(desk)
    looked: Launch = of_synthetic_persons_alone(desk)
    with asked_by(None, looked):
        storage.add_run(a_run(SYNTHETIC))
        for case in (REAL, None):
            with pytest.raises(RuleRefused, match=f"^R11: nobody is known to launch this.*{REMEDY}"):
                storage.add_run(a_run(case))
        with pytest.raises(RuleRefused, match=REMEDY):
            storage.add_backfill(a_backfill())
    assert [run.tags["dagster/partition"] for run in storage.get_runs()] == [SYNTHETIC]
    assert not storage.get_backfills()


def test_what_no_request_asks_for_goes_on(desk: Desk, storage: LookingRunStorage) -> None:
    """Sensors and the command line launch what they must; who acts is asked in the run."""
    open_real(desk)
    with asked_by(None, of_synthetic_persons_alone(desk)):
        pass
    storage.add_run(a_run(REAL))
    assert len(storage.get_runs()) == 1


def test_the_keystore_stays_closed(desk: Desk) -> None:
    """A page that only refuses needs no secret."""
    open_real(desk)
    other = Desk.at(desk.home.root)
    with pytest.raises(RuleRefused):
        of_synthetic_persons_alone(other)(REAL)
    assert "keystore" not in other.__dict__
    other.cases.close()
