"""What the page is told of a register year that is loaded, counts and how checks came out; and the job that loads one.

What belongs here: events on the assets of the own registers. What must not: loading itself
(assets.steps.intake.register_years).
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from assets.guard import guarded_outside_cases
from assets.registers import check_result, register_key
from assets.shown.registers import year_metadata
from assets.steps.intake.register_years import load_year
from pipelines.instance import dagster_instance
from resources.desk import Desk
from resources.partitions import year_partitions
from resources.register_store import LoadedYear
from samkorning.errors import CheckFailed
from samkorning.own_registers.year_checks import CHECKS

PAGE = "page"
"""Who loads a year when the page is told to."""


def tell_page(desk: Desk, loaded: LoadedYear) -> None:
    """Writes a materialisation and how every check came out into the home's Dagster."""
    with dagster_instance(desk) as instance:
        _tell(desk, instance, loaded)


def _tell(desk: Desk, instance: dg.DagsterInstance, loaded: LoadedYear) -> None:
    partitions, year = year_partitions(loaded.register), str(loaded.year)
    if year not in instance.get_dynamic_partitions(partitions):
        instance.add_dynamic_partitions(partitions, [year])
    for event in _events(desk, loaded):
        instance.report_runless_asset_event(event)


def _events(desk: Desk, loaded: LoadedYear) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """Counts alone; a year that waits is no materialisation."""
    if not loaded.held:
        yield dg.AssetMaterialization(
            asset_key=register_key(loaded.register),
            partition=str(loaded.year),
            metadata=year_metadata(desk.catalogue.find(loaded.register), loaded),
        )
    found = [(loaded.year, each.check, each.said) for each in loaded.findings]
    for check in CHECKS:
        result = check_result(loaded.register, check.__name__, found)
        yield dg.AssetCheckEvaluation(
            asset_key=register_key(loaded.register),
            check_name=check.__name__,
            passed=result.passed,
            severity=result.severity,
            description=result.description,
            metadata=result.metadata,
        )


@dg.op(
    config_schema={"register": str, "year": int, "file": str},
    description="Takes in a year of an own register from a file that lies on this machine; fails where it has to wait.",
)
@guarded_outside_cases
def load_register_year(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """Counts go to the log and to the register's asset."""
    asked = context.op_config
    loaded = load_year(desk, asked["register"], asked["year"], Path(asked["file"]), PAGE)
    _tell(desk, context.instance, loaded)
    context.log.info(f"{loaded.rows} rows, {loaded.account.persons} persons, {len(loaded.findings)} findings")
    if loaded.held:
        raise CheckFailed(
            f"{loaded.register} {loaded.year} waits for a person: `samkorning register list` says why, "
            "`samkorning register accept` or `refuse` decides"
        )


@dg.job(executor_def=dg.in_process_executor, description="Loads one year of one own register, with its checks.")
def load_register() -> None:
    """One step."""
    load_register_year()
