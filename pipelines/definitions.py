"""Everything that Dagster loads.

What belongs here: the production definitions; tests use the same with another desk. What must not: anything else.
"""

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
from assets.front_page import front_page
from assets.holders import holder_assets
from assets.linked import linked_assets
from assets.persons import code_key, numbers_valid, population, serial_numbers_stable
from assets.registers import freshness_checks, register_assets, register_checks
from assets.retention import retention_assets
from pipelines.acts import ACTS
from pipelines.desk import desk_job, every_morning, page_sensor
from pipelines.forgetting import forget_every_night, forget_old_runs
from pipelines.jobs import JOBS
from pipelines.storing import NothingIsStored
from pipelines.triggers import SCHEDULES, SENSORS
from resources.desk import Desk


def build_definitions(desk: Desk) -> dg.Definitions:
    """The production definitions on a working home."""
    years_in_time = freshness_checks(desk.catalogue.names)
    morning = desk_job(years_in_time)
    return dg.Definitions(
        assets=[
            front_page,
            *holder_assets,
            *register_assets(desk.catalogue.names),
            order,
            case,
            population,
            code_key,
            *linked_assets,
            delivery_contents,
            delivery,
            *retention_assets,
        ],
        asset_checks=[
            numbers_valid,
            serial_numbers_stable,
            disclosure_accepted,
            no_identity_number,
            specification_kept,
            serial_numbers_in_code_key,
            *map(register_checks, desk.catalogue.names),
            years_in_time,
        ],
        jobs=[*JOBS, forget_old_runs, morning, *ACTS],
        sensors=[*SENSORS, page_sensor],
        schedules=[*SCHEDULES, forget_every_night, every_morning(morning)],
        resources={"desk": desk, "io_manager": NothingIsStored()},
        executor=dg.in_process_executor,
    )
