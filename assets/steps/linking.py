"""The steps that link one unit of a case: read from the vault, link, write back with its counts and hashes.

What belongs here: reading and writing around one call of the kernel or the extraction. What must not: Dagster.
"""

from dataclasses import replace

import polars as pl

from assets.steps import stores
from assets.steps.numbering import add_column, column_lookup, population_lookup
from assets.steps.population_files import freeze_population
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow
from samkorning.case.plan import LinkedUnit, last_content
from samkorning.delivery import content_digest
from samkorning.engines import open_engine
from samkorning.extraction import extract
from samkorning.linkage import link, repeated_rows, sort_for_delivery
from samkorning.order import OwnRegister, Source, Unknown
from samkorning.row_flow import RowFlow


def link_source(desk: Desk, case: Case, source: Source, row: LedgerRow) -> None:
    """Links a received file that is due or has changed, unless it was linked from the same inputs before.

    A change that waits for a person adds nobody to the code key; where it could, it is not linked before it is decided.
    """
    adding = [identifier for identifier in source.identifiers if identifier.when_unknown is Unknown.ADD]
    if not row.is_open or _is_linked(desk, case, row) or (adding and not row.is_due):
        return
    freeze_population(desk, case)
    table = stores.received_rows(desk, case, source.name)
    for identifier in adding:
        add_column(desk, case, identifier, table)
    lookups = {identifier.column: column_lookup(desk, case, identifier) for identifier in source.identifiers}
    with open_engine(case.specification.engine) as engine:
        result = link(engine, table, source, lookups)
    _keep(desk, case, row, result.frame, result.row_flow)


def link_own_register_year(desk: Desk, case: Case, own: OwnRegister, row: LedgerRow) -> None:
    """Extracts a year of an own register that is due or has changed, unless it was extracted from the same inputs."""
    if not row.is_open or _is_linked(desk, case, row):
        return
    freeze_population(desk, case)
    assert row.unit.period is not None, "an own register is delivered by year"  # noqa: S101
    register = desk.registers.scan(own.register_name, row.unit.period)
    extracted = extract(own, register, population_lookup(desk, case))
    rows = register.select(pl.len()).collect().item()
    flow = RowFlow(
        f"{own.name} {row.unit.period}", rows, extracted.height, {"not_in_population": rows - extracted.height}
    )
    _keep(desk, case, row, sort_for_delivery(extracted.lazy()).collect(), flow)


def linked_unit(desk: Desk, case: Case, unit: Unit) -> LinkedUnit | None:
    """What the vault holds of a linked unit, or nothing."""
    latest = stores.latest_linked(desk, case, unit)
    if latest is None:
        return None
    facts = latest.facts
    return LinkedUnit(unit, str(facts["input_sha256"]), str(facts["content_sha256"]), latest.rows)


def row_flow(desk: Desk, case: Case, unit: Unit) -> RowFlow | None:
    """The row flow of a linked unit, or nothing."""
    latest = stores.latest_linked(desk, case, unit)
    return RowFlow.from_facts(latest.facts) if latest else None


def _is_linked(desk: Desk, case: Case, row: LedgerRow) -> bool:
    """Whether the vault holds the unit as linked from its present inputs."""
    linked = linked_unit(desk, case, row.unit)
    return linked is not None and linked.input_sha256 == row.input_sha256


def _keep(desk: Desk, case: Case, row: LedgerRow, frame: pl.DataFrame, flow: RowFlow) -> None:
    """Keeps what was linked; of a change that waits for a person only if nothing has changed by it after all."""
    digests = {"input_sha256": str(row.input_sha256), "content_sha256": content_digest(frame.lazy())}
    if not row.is_due and digests["content_sha256"] != last_content(case, row.unit):
        return
    told = replace(flow, duplicates=repeated_rows(frame))
    stores.linked(desk, case, row.unit).replace(frame, facts={**told.facts(), **digests})
