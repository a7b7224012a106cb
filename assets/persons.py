"""The study population and the code key.

What belongs here: from the population file to serial numbers, and the checks that hold both. What must not: linkage of
other files.
"""

from collections import Counter

import dagster as dg
import polars as pl

from assets.cases import case
from assets.checks import Look, outcome
from assets.graph import cases
from assets.guard import guarded
from assets.river import NODES, SENDERS
from assets.shown.case import code_key_mark
from assets.shown.columns import columns_metadata
from assets.shown.study import study_metadata
from assets.steps import stores
from assets.steps.columns import code_key_columns, lineage_of, population_columns
from assets.steps.persons.drawing import attrition, balance, draw_study, drawn_numbers
from assets.steps.persons.numbering import add_to_code_key, note_opted_out, numbered
from assets.steps.persons.opting_out import opted_out
from assets.steps.persons.population_files import FILE_SHA256, find_in
from resources.desk import Desk
from samkorning.case.population import POPULATION
from samkorning.code_key import code_key_faults
from samkorning.order import PERSON_SERIES
from samkorning.persons.population import Population


@dg.asset(
    deps=[
        case,
        *(dg.AssetKey(f"from_{each}") for each in SENDERS),
        dg.AssetKey("own_registers"),
    ],  # R22: of any of them
    partitions_def=cases,
    **NODES["population"].words,
)
@guarded
def population(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Finds the persons, where no file of them is sent; diagnoses the file and keeps its persons."""
    opened = draw_study(desk, desk.case(context.partition_key))
    note_opted_out(desk, opened)
    found = find_in(desk, opened, stores.received_rows(desk, opened, POPULATION))
    listed = numbered(desk, opened, PERSON_SERIES, found.identities)
    persons = pl.concat([listed, drawn_numbers(desk, opened)]).unique().sort("number")
    persons = persons.join(stores.objections(desk, opened).collect(), on="number", how="anti")
    willing = persons.join(opted_out(desk, opened).collect(), on="number", how="anti")
    made_of = {FILE_SHA256: str(opened.received_sha256(POPULATION))}
    counts = {**found.facts(), "opted_out": persons.height - willing.height}
    stores.keep_population(desk, opened, willing, {**counts, **made_of})
    return dg.MaterializeResult(
        metadata={
            "rows": found.rows,
            "persons": willing.height,
            "opted_out": persons.height - willing.height,
            "repeated_numbers": found.repeated,
            "guessed_centuries": found.guessed_centuries,
            "repairs": found.repairs,
            **{f"problem: {problem}": rows for problem, rows in sorted(found.problems.items())},
            "dagster/row_count": willing.height,
            **study_metadata(attrition(opened), balance(desk, opened)),
            **columns_metadata(population_columns(opened)),
        }
    )


@dg.asset_check(asset=population, blocking=True, partitions_def=cases)
@guarded
def numbers_valid(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Are no more rows of the population missing or damaged than the specification allows?"""
    opened = desk.case(context.partition_key)
    allowed = opened.specification.population.damaged_share_allowed
    found = Population.damaged_share_of(stores.latest_facts(stores.population(desk, opened)))
    shares = {"damaged_share": found, "allowed": allowed}
    said = [f"{found:.1%} of the rows are missing or damaged, {allowed:.1%} are allowed"] if found > allowed else []
    return outcome(desk, opened, "numbers_valid", Look("every row of the population", said), shares)


@dg.asset(
    deps=[population],
    partitions_def=cases,
    **NODES["code_key"].words,
)
@guarded
def code_key(context: dg.AssetExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.MaterializeResult:
    """Draws serial numbers for the persons that have none yet."""
    opened = desk.case(context.partition_key)
    extension = add_to_code_key(desk, opened, PERSON_SERIES, stores.population(desk, opened).scan())
    return dg.MaterializeResult(
        metadata={
            "known": extension.known,
            "drawn": extension.drawn,
            "generation": extension.generation,
            "dagster/row_count": extension.known + extension.drawn,
            **code_key_mark(opened),
            **columns_metadata(code_key_columns(), lineage_of(desk, opened)),
        }
    )


@dg.asset_check(asset=code_key, blocking=True, partitions_def=cases)
@guarded
def serial_numbers_stable(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> dg.AssetCheckResult:
    """Does everybody have one serial number, alone and the same as before?"""
    opened = desk.case(context.partition_key)
    counts: Counter[str] = Counter()
    series_in_use = stores.series_in_use(desk, opened)
    for series in series_in_use:
        counts.update(code_key_faults(stores.code_key(desk, opened, series)))
    said = [f"{fault.replace('_', ' ')}: {count}" for fault, count in counts.items() if count]
    look = Look(f"all generations of {len(series_in_use)} series of serial numbers", said)
    return outcome(desk, opened, "serial_numbers_stable", look, counts)
