"""When the page hears how things stand: the look at what acts have changed, and the renewal of the front page.

What belongs here: the sensor, the job, its schedule. What must not: what is reported (assets.page_report,
assets.front_page).
"""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets.front_page import front_page, is_of_today, report_desk
from assets.guard import looking
from assets.page_report import report_case, report_changes
from pipelines.instance import dagster_instance
from resources.desk import Desk

SECONDS_BETWEEN = 5
MOST_AT_ONCE = 20
"""Cases that one look tells of; the others wait for the next."""


@dg.sensor(minimum_interval_seconds=SECONDS_BETWEEN, default_status=dg.DefaultSensorStatus.RUNNING)
@looking
def page_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SkipReason:
    """Tells the page of every case that an act has changed since it was told, and renews the front page then.

    It asks for no run: what it does is done when it has looked.
    """
    done, waiting = report_changes(desk, context.instance, MOST_AT_ONCE)
    if done or not is_of_today(desk, context.instance):
        report_desk(desk, context.instance, MOST_AT_ONCE)
    left = f"; {waiting} more wait for the next look" if waiting else ""
    return dg.SkipReason(f"told of {done} cases that had changed{left}" if done else "every case stands as it was told")


def desk_job(years_in_time: dg.AssetChecksDefinition) -> UnresolvedAssetJobDefinition:
    """Renews the front page, and looks whether each register has the year that should have come."""
    return dg.define_asset_job(
        "renew_desk",
        selection=dg.AssetSelection.assets(front_page) | dg.AssetSelection.checks(years_in_time),
        executor_def=dg.in_process_executor,
        description="Renews the front page, and looks whether each register has the year that should have come.",
    )


def every_morning(job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    """The front page before people come to work, also where nothing has happened."""
    return dg.ScheduleDefinition(
        name="desk_every_morning",
        job=job,
        cron_schedule="30 5 * * *",
        execution_timezone="Europe/Stockholm",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Renews the front page before people come to work, also where nothing has happened.",
    )


def report_to_page(desk: Desk, case_number: str) -> None:
    """Tells the page of one case at once, after an act of the command line; nothing where Dagster never ran."""
    if desk.home.dagster.exists():
        with dagster_instance(desk) as instance:
            report_case(desk, instance, case_number)
