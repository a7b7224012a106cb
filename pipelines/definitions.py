"""Everything that Dagster loads.

What belongs here: the production definitions; tests use the same with another desk. What must not: anything else.
"""

import dagster as dg

from assets.front_page import front_page
from assets.registers import freshness_checks, register_assets, register_checks
from assets.retention import retention_assets
from pipelines.acts import ACTS
from pipelines.case_definitions import CASE_ASSETS, CASE_CHECKS, bound_to
from pipelines.desk import desk_job, every_morning, page_sensor
from pipelines.forgetting import forget_every_night, forget_old_runs
from pipelines.jobs import JOBS
from pipelines.triggers import SCHEDULES, SENSORS
from resources.desk import Desk


def build_definitions(desk: Desk) -> dg.Definitions:
    """The production definitions on a working home."""
    years_in_time = freshness_checks(desk.catalogue.names)
    morning = desk_job(years_in_time)
    return dg.Definitions(
        assets=[front_page, *register_assets(desk.catalogue.names), *CASE_ASSETS, *retention_assets],
        asset_checks=[*CASE_CHECKS, *map(register_checks, desk.catalogue.names), years_in_time],
        jobs=[*JOBS, forget_old_runs, morning, *ACTS],
        sensors=[*SENSORS, page_sensor],
        schedules=[*SCHEDULES, forget_every_night, every_morning(morning)],
        resources=bound_to(desk),
        executor=dg.in_process_executor,
    )
