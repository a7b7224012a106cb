"""Whose account asked for a run: the page's word alone, kept with the run, and nobody's to type or change."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from resources.acting import ACCOUNT_TAG, asked_by
from resources.dagster_storage import LookingRunStorage
from samkorning.errors import RuleRefused

RUN = "run"
TYPED = {ACCOUNT_TAG: "mia", "why": "a trial"}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[LookingRunStorage]:
    storage = LookingRunStorage.from_local(str(tmp_path))
    yield storage
    storage.dispose()


def kept(storage: LookingRunStorage) -> dict[str, str]:
    """The tags of the run, but for those that Dagster adds."""
    [run] = storage.get_runs(dg.RunsFilter(run_ids=[RUN]))
    return {name: value for name, value in run.tags.items() if not name.startswith(".dagster/")}


@pytest.mark.parametrize(
    ("account", "stored"),
    [("olle", {ACCOUNT_TAG: "olle", "why": "a trial"}), (None, {"why": "a trial"})],
)
def test_a_run_from_the_page_has_the_account_that_asks_whatever_was_typed(
    storage: LookingRunStorage, account: str | None, stored: dict[str, str]
) -> None:
    with asked_by(account):
        returned = storage.add_run(dg.DagsterRun(job_name="deliver", run_id=RUN, tags=TYPED))
    assert kept(storage) == stored
    assert returned.tags == stored


def test_a_run_that_another_process_stores_keeps_the_account_it_was_given(storage: LookingRunStorage) -> None:
    storage.add_run(dg.DagsterRun(job_name="deliver", run_id=RUN, tags=TYPED))
    assert kept(storage) == TYPED


def test_no_request_changes_who_asked(storage: LookingRunStorage) -> None:
    with asked_by("olle"):
        storage.add_run(dg.DagsterRun(job_name="deliver", run_id=RUN))
    with asked_by("mia"):
        storage.add_run_tags(RUN, TYPED)
    assert kept(storage) == {ACCOUNT_TAG: "olle", "why": "a trial"}


def test_a_backfill_has_the_account_too(storage: LookingRunStorage) -> None:
    asked = PartitionBackfill(
        "backfill", BulkActionStatus.REQUESTED, from_failure=False, tags=TYPED, backfill_timestamp=1.0
    )
    with asked_by("olle"):
        storage.add_backfill(asked)
    [found] = storage.get_backfills()
    assert found.tags == {ACCOUNT_TAG: "olle", "why": "a trial"}


def test_an_account_that_is_an_identity_number_is_not_kept(storage: LookingRunStorage) -> None:
    with asked_by("221101012399"), pytest.raises(RuleRefused):
        storage.add_run(dg.DagsterRun(job_name="deliver", run_id=RUN))
