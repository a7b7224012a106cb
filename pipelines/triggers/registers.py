"""The sensor over register years that are laid to be loaded.

What belongs here: asking for loads. What must not: loading, or a person's word on a year that waits.
"""

import dagster as dg

from assets.guard import looking
from assets.steps.intake.register_files import LaidYear, laid_years
from assets.steps.intake.register_years import waiting_years
from pipelines.acts.registers import register_load
from pipelines.asking import KIND, MOST, Wanted, ask
from pipelines.triggers.inbox import digest
from resources.desk import Desk

REGISTER = "samkorning/register"
MOST_YEARS = min(MOST, 4)
"""Each is read and sorted as a whole; runs of cases go on beside them."""


@dg.sensor(
    job=register_load,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the load of every register year that lies whole in `register_inbox`.",
)
@looking
def register_files_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Says which years wait for their end, and which that were loaded wait for a person."""
    laid = list(laid_years(desk))
    wanted = [_load(each) for each in laid if each.is_whole]
    look = ask(desk, context.instance, f"{len(laid)} register years in `register_inbox`", wanted, MOST_YEARS)
    for each in laid:
        if not each.is_whole:
            look.leave("without `.done` beside it", f"{each.register} {each.year}")
    for register, year in sorted(waiting_years(desk)):
        look.leave("loaded, and a check has stopped it: `register_accept` or `register_refuse`", f"{register} {year}")
    return look.result()


def _load(laid: LaidYear) -> Wanted:
    asked = {"register_name": laid.register, "year": laid.year, "file": laid.file}
    config = {"ops": {register_load.name: {"config": asked}}}
    tags = {KIND: "register load", REGISTER: f"{laid.register} {laid.year}"}
    return Wanted(digest([laid.mark]), None, lambda: tags, config, called=f"{laid.register} {laid.year}")
