"""The checks between the linked sources and a sealed delivery: what is not as linked, specified and kept stops there.

Each fault is put into the vault where a fault of the service itself would put it, and taken out again; the delivery
then goes out as if nothing had been.
"""

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import polars as pl
import pytest

from assets import deliveries
from assets.deliveries import _as_specified
from assets.steps import stores
from assets.steps.case_view import ledger_rows
from assets.steps.delivery.contents import render_files, rendered_facts
from assets.steps.delivery.delivering import present_plan
from assets.steps.linkage.linking import link_source
from pipelines.delivering import run_delivery
from samkorning.case import Case
from samkorning.case.blocking import remedy_of
from samkorning.case.ledger import Unit
from samkorning.errors import CheckFailed, VaultDamaged
from samkorning.linkage.row_flow import RowFlow
from samkorning.vault import Store
from tests.office import Office

REGION = Unit("region_labb")


@contextmanager
def changed(store: Store, rows: Callable[[pl.DataFrame], pl.DataFrame], **facts: int | str) -> Iterator[None]:
    """A store whose newest generation is another for a while."""
    latest = store.latest()
    assert latest is not None
    before = store.scan().collect()
    store.replace(rows(before), facts={**latest.facts, **facts})
    yield
    store.replace(before, facts=latest.facts)


def with_a_stranger(rows: pl.DataFrame) -> pl.DataFrame:
    """One serial number that nobody drew."""
    serial = pl.col(rows.columns[0])
    return rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(1, pl.Int32)).otherwise(serial).name.keep()
    )


def is_held(office: Office, case: str) -> None:
    """Also between the steps, where no asset holds it."""
    with (office.desk.vault.folder / ".locks" / case).open("rb") as another, pytest.raises(BlockingIOError):
        fcntl.flock(another, fcntl.LOCK_SH | fcntl.LOCK_NB)


def stopped_by(office: Office, case: str, check: str) -> None:
    """A delivery that this check stops, and no other, saying what it found and what to do."""
    with pytest.raises(CheckFailed, match=rf"stopped by {check}; .+\. Remedy: {re.escape(remedy_of(check))}\.$"):
        office.deliver(case)
    assert [path.name for path in office.desk.home.outbox(case).glob("L*")] == ["L001"]


def linked_region(office: Office, case: str) -> Case:
    """The late file of the region, linked from its present inputs; no run links it again."""
    office.receive(case, "region_labb")
    office.release_holders(case, "Region Exempel")
    opened = office.desk.case(case)
    source = opened.specification.source("region_labb")
    row = next(row for row in ledger_rows(office.desk, opened) if row.unit == REGION)
    assert source is not None
    link_source(office.desk, opened, source, row)
    return opened


def test_what_is_not_as_linked_specified_and_kept_stops_the_delivery(office: Office) -> None:
    case = office.ready_case()
    run_delivery(office.desk, case, progress=lambda line: is_held(office, case))
    opened = linked_region(office, case)
    linked, key = stores.linked(office.desk, opened, REGION), stores.code_key(office.desk, opened)

    with changed(linked, with_a_stranger):
        stopped_by(office, case, "serial_numbers_in_code_key")
    [file] = present_plan(office.desk, opened).files
    with pytest.raises(CheckFailed, match="has changed since it was put together; run again"):
        rendered_facts(office.desk, opened, file)
    render_files(office.desk, opened, [file])
    assert _as_specified(office.desk, opened, file)
    [unit] = file.units
    more = replace(file, units=(replace(unit, rows=unit.rows + 1),))
    assert not _as_specified(office.desk, opened, more), "a row was lost on the way"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliveries, "delivered_columns", lambda *_: ["LopNr"])
        assert not _as_specified(office.desk, opened, file), "a column came on the way"
    with changed(linked, lambda rows: rows, input_sha256="of another file"):
        assert present_plan(office.desk, opened).files == (), "what was linked from other inputs does not leave"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliveries, "_as_specified", lambda *_: False)
        stopped_by(office, case, "specification_kept")
    flow = RowFlow.from_facts(linked.latest().facts)  # type: ignore[union-attr]
    with changed(linked, lambda rows: rows, **replace(flow, rows_in=flow.rows_in + 1).facts()):
        stopped_by(office, case, "row_flow_adds_up")

    assert office.deliver(case)["delivery"] == "L002"
    with changed(key, lambda rows: rows.with_columns(pl.col("number").reverse())):
        with pytest.raises(VaultDamaged, match="what L002 was delivered with"):
            office.deliver(case)
        with pytest.MonkeyPatch.context() as patch:  # as if no event remembered the code key
            patch.setattr("assets.steps.persons.same_code_key._lacking", lambda *_: [])
            with pytest.raises(CheckFailed, match="stopped by serial_numbers_stable;"):
                office.deliver(case)
