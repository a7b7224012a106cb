"""The front page: one asset that shows the whole desk.

What belongs here: the asset `desk`, and telling it anew without a run. What must not: what it shows (shown.desk),
or when it is renewed (pipelines.desk).
"""

from datetime import timedelta

import dagster as dg

from assets.checks import Look, shown
from assets.guard import guarded_outside_cases
from assets.river import NODES
from assets.shown.desk import MOST, desk_metadata
from assets.steps.desk_account import DeskAccount, desk_account
from resources.desk import Desk

DAY = timedelta(days=1)
UNDER_WAY = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


IN_TIME = "in_time"
ASKS = "Has every announced file come, and is no clock of any case over its day? It stops nothing."


@dg.asset(name="desk", **NODES["desk"].words, check_specs=[dg.AssetCheckSpec(IN_TIME, asset="desk", description=ASKS)])
@guarded_outside_cases
def front_page(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """The desk as it stands now; every case that has changed is looked at."""
    account = desk_account(desk)
    metadata = desk_metadata(account, runs_of_a_day(desk, context.instance))
    return dg.MaterializeResult(metadata=metadata, check_results=[in_time(account)])


def report_desk(desk: Desk, instance: dg.DagsterInstance, most: int) -> None:
    """The same without a run; cases that have changed are looked at, ``most`` of them."""
    account = desk_account(desk, most)
    metadata = desk_metadata(account, runs_of_a_day(desk, instance))
    checked = in_time(account)
    instance.report_runless_asset_event(dg.AssetMaterialization(asset_key="desk", metadata=metadata))
    instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey("desk"),
            check_name=IN_TIME,
            passed=checked.passed,
            metadata=checked.metadata,
            severity=checked.severity,
            description=checked.description,
        )
    )


def in_time(account: DeskAccount) -> dg.AssetCheckResult:
    """Which clocks of cases have run out, and which announced files have not come by their day."""
    over = [thing for thing in account.due if thing.day < str(account.today)]
    said = [f"{thing.case}: {thing.what} was due {thing.day}, {thing.whose}" for thing in over[:MOST]]
    said += [f"and {len(over) - MOST} more"] if len(over) > MOST else []
    look = Look(f"the clocks and awaited files of {sum(account.states.values())} cases", said)
    remedy = "remind whose it is, or decide without: the table `due` has the days"
    return shown(IN_TIME, look, remedy, {"over_their_day": len(over)}, dg.AssetCheckSeverity.WARN)


def is_of_today(desk: Desk, instance: dg.DagsterInstance) -> bool:
    """Whether the front page was made today."""
    event = instance.get_latest_materialization_event(dg.AssetKey("desk"))
    made = event.asset_materialization if event is not None else None
    return made is not None and made.metadata["as_of"].value == str(desk.clock.today())


def runs_of_a_day(desk: Desk, instance: dg.DagsterInstance) -> dict[str, int]:
    """How many runs failed since yesterday, and how many are under way."""
    failed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=desk.clock.machine_time() - DAY)
    return {
        "runs that failed in the last day": instance.get_runs_count(failed),
        "runs under way": instance.get_runs_count(dg.RunsFilter(statuses=UNDER_WAY)),
    }
