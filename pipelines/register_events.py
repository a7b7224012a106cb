"""What the page is told of a register year that is loaded: counts, and how its checks came out.

What belongs here: events on the assets of the own registers. What must not: loading itself
(assets.steps.intake.register_years).
"""

from collections.abc import Iterator

import dagster as dg

from assets.registers import check_result, register_key
from assets.shown.registers import year_metadata
from pipelines.instance import dagster_instance
from resources.desk import Desk
from resources.partitions import year_partitions
from resources.register_store import LoadedYear
from samkorning.own_registers.year_checks import CHECKS


def report_to_page(desk: Desk, loaded: LoadedYear) -> None:
    """Writes a materialisation and how every check came out into the home's Dagster."""
    with dagster_instance(desk) as instance:
        report_loaded(desk, instance, loaded)


def report_loaded(desk: Desk, instance: dg.DagsterInstance, loaded: LoadedYear) -> None:
    """The same into a Dagster that is open."""
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
