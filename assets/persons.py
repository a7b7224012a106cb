"""The study population and the code key.

What belongs here: from the population file to serial numbers, and the checks that hold both. What must not: linkage of
other files.
"""

from typing import Any

import dagster as dg
import polars as pl

from assets import stores
from assets.case_view import identity_rules
from assets.cases import case
from assets.graph import PERSONS, cases
from assets.guard import guarded
from assets.linking import add_to_code_key
from resources.desk import Desk
from samkorning.case import Case
from samkorning.engines import open_engine
from samkorning.population import Population, find_population


@dg.asset(
    deps=[case, dg.AssetKey("from_researcher")],
    partitions_def=cases,
    group_name=PERSONS,
    description="The study population: the valid identity numbers of its file, each once.",
)
@guarded
def population(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Diagnoses the population file and keeps its persons."""
    opened = desk.case(context.partition_key)
    found = _find(desk, opened)
    stores.population(desk, opened).replace(found.persons, facts=found.facts())
    return dg.MaterializeResult(
        metadata={
            "rows": found.rows,
            "persons": found.persons.height,
            "repeated_numbers": found.repeated,
            "guessed_centuries": found.guessed_centuries,
            **{f"problem: {problem}": rows for problem, rows in sorted(found.problems.items())},
        }
    )


def _find(desk: Desk, opened: Case) -> Population:
    declared = opened.specification.population
    table = stores.received(desk, opened, "population").scan()
    with open_engine(opened.specification.engine) as engine:
        return find_population(engine, table, declared.column, identity_rules(opened))


@dg.asset_check(asset=population, blocking=True, partitions_def=cases)
@guarded
def numbers_valid(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Stops the case when more rows of the population are missing or damaged than the specification allows."""
    opened = desk.case(context.partition_key)
    allowed = opened.specification.population.damaged_share_allowed
    found = Population.damaged_share_of(stores.latest_facts(stores.population(desk, opened)))
    return dg.AssetCheckResult(passed=found <= allowed, metadata={"damaged_share": found, "allowed": allowed})


@dg.asset(
    deps=[population],
    partitions_def=cases,
    group_name=PERSONS,
    description="The code key (kodnyckel): one serial number (löpnummer) a person, drawn once and kept.",
)
@guarded
def code_key(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Draws serial numbers for the persons that have none yet."""
    opened = desk.case(context.partition_key)
    extension = add_to_code_key(desk, opened, stores.population(desk, opened).scan())
    return dg.MaterializeResult(
        metadata={"known": extension.known, "drawn": extension.drawn, "generation": extension.generation}
    )


@dg.asset_check(asset=code_key, blocking=True, partitions_def=cases)
@guarded
def serial_numbers_stable(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Stops the case when a person has two serial numbers, two persons share one, or one has moved since before."""
    opened = desk.case(context.partition_key)
    key = stores.code_key(desk, opened)
    rows = key.scan()
    doubled = rows.select(
        pl.col("number").is_duplicated().sum().alias("numbers"),
        pl.col("serial_number").is_duplicated().sum().alias("serials"),
    ).collect()
    moved = _moved_since_earlier(key.scan(), key)
    counts = {"persons_with_two": int(doubled["numbers"][0]), "shared": int(doubled["serials"][0]), "moved": moved}
    return dg.AssetCheckResult(passed=not any(counts.values()), metadata=counts)


def _moved_since_earlier(rows: pl.LazyFrame, key: Any) -> int:
    """How many pairs of the generation before are not in the newest one."""
    generations = key.generations()
    if len(generations) < 2:
        return 0
    earlier = key.scan(generations[-2].number).select("number", "serial_number")
    return int(earlier.join(rows, on=["number", "serial_number"], how="anti").select(pl.len()).collect().item())
