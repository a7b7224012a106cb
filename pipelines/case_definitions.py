"""What makes a case's next delivery, and nothing else that Dagster could load.

What belongs here: the assets from an order to a delivery, the checks that stop them, and the job of both. What must
not: acts, sensors, schedules and other jobs (definitions), which take as long to load as all of this, and which a
command does not need that delivers.
"""

from collections.abc import Iterator

import dagster as dg

from assets.cases import case, order
from assets.deliveries import (
    delivery,
    delivery_contents,
    disclosure_accepted,
    no_identity_number,
    serial_numbers_in_code_key,
    specification_kept,
)
from assets.holders import holder_assets
from assets.linked import linked_assets
from assets.persons import code_key, numbers_valid, population, serial_numbers_stable
from assets.river import CASE, DELIVERY, LINKAGE, PERSONS
from pipelines.storing import NothingIsStored
from resources.cluster.session import one_session
from resources.desk import Desk

TAKEN_UP = {"dagster/max_retries": "2", "dagster/retry_strategy": "ALL_STEPS"}
"""The tags of a job that is safe to repeat: where the process of a run is killed, Dagster starts it again. What fails
by itself is never repeated so; a sensor that asked for it may ask again (pipelines.tries)."""

CASE_ASSETS = [*holder_assets, order, case, population, code_key, *linked_assets, delivery_contents, delivery]
CASE_CHECKS = [
    numbers_valid,
    serial_numbers_stable,
    disclosure_accepted,
    no_identity_number,
    specification_kept,
    serial_numbers_in_code_key,
]
deliver_job = dg.define_asset_job(
    "deliver",
    selection=dg.AssetSelection.groups(CASE, PERSONS, LINKAGE, DELIVERY),
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="From the case's received files and own registers to its next delivery.",
)


def bound_to(desk: Desk) -> dict[str, object]:
    """What all assets are handed: the desk, with one session of the cluster for their run, and storage that takes
    nothing.
    """

    @dg.resource
    def desk_of_a_run(context: dg.InitResourceContext) -> Iterator[Desk]:
        with one_session():
            yield desk

    return {"desk": desk_of_a_run, "io_manager": NothingIsStored()}


def job_of_delivery(desk: Desk) -> dg.JobDefinition:
    """The job of a case's delivery, as the production definitions have it too."""
    case_alone = dg.Definitions(
        assets=CASE_ASSETS,
        asset_checks=CASE_CHECKS,
        jobs=[deliver_job],
        resources=bound_to(desk),
        executor=dg.in_process_executor,
    )
    return case_alone.resolve_job_def(deliver_job.name)
