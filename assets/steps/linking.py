"""The steps that link one unit of a case: read from the vault, link, write back with its counts and hashes.

What belongs here: reading and writing around one call of the kernel or the extraction. What must not: Dagster.
"""

from collections.abc import Iterable, Sequence

import polars as pl

from assets.steps import stores
from assets.steps.numbering import add_column, column_lookup, population_lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.ledger import LedgerRow, Unit
from samkorning.case.plan import LinkedUnit
from samkorning.engines import open_engine
from samkorning.extraction import extract
from samkorning.linkage import Bounds, RowsDigest, bounds_for, link, linked_columns
from samkorning.linkage.kernel import write_in_parts
from samkorning.order import OwnRegister, Source, Unknown
from samkorning.row_flow import RowFlow
from samkorning.vault.draft import Draft

ROWS_AT_ONCE = 250_000
Facts = dict[str, int | str]


def link_source(desk: Desk, case: Case, source: Source, row: LedgerRow) -> None:
    """Links a received file, unless it was linked from the same inputs before."""
    if _is_linked(desk, case, row):
        return
    received = stores.received(desk, case, source.name)
    table = received.scan()
    for identifier in source.identifiers:
        if identifier.when_unknown is Unknown.ADD:
            add_column(desk, case, identifier, table)
    lookups = {identifier.column: column_lookup(desk, case, identifier) for identifier in source.identifiers}
    latest = received.latest()
    bounds = _bounds(desk, case, latest.rows if latest else 0, len(linked_columns(source)))
    store = stores.linked(desk, case, row.unit)
    with open_engine(case.specification.engine) as engine, store.draft() as draft:
        result = link(engine, table, source, lookups, draft, bounds)
        facts = _facts(row, result.row_flow, draft, result.files, linked_columns(source))
        store.commit(draft, result.files, facts)


def link_own_register_year(desk: Desk, case: Case, own: OwnRegister, row: LedgerRow) -> None:
    """Extracts one year of an own register, unless it was extracted from the same inputs before."""
    if _is_linked(desk, case, row):
        return
    assert row.unit.period is not None, "an own register is delivered by year"  # noqa: S101
    register = desk.registers.scan(own.register_name, row.unit.period)
    rows = register.select(pl.len()).collect().item()
    columns = [*own.delivered_names, *own.variables]
    bounds = _bounds(desk, case, rows, len(columns))
    store = stores.linked(desk, case, row.unit)
    with open_engine(case.specification.engine) as engine, store.draft() as draft:
        extracted = extract(engine, own, register, population_lookup(desk, case))
        files = write_in_parts(draft, extracted, own.serial_name, bounds)
        linked = sum(draft.rows_of(name).select(pl.len()).collect().item() for name in files)
        flow = RowFlow(f"{own.name} {row.unit.period}", rows, linked, {"not_in_population": rows - linked})
        store.commit(draft, files, _facts(row, flow, draft, files, columns))


def linked_unit(desk: Desk, case: Case, unit: Unit) -> LinkedUnit | None:
    """What the vault holds of a linked unit, or nothing."""
    latest = stores.latest_linked(desk, case, unit)
    if latest is None:
        return None
    digest = str(latest.facts.get("content_digest", ""))
    return LinkedUnit(unit, str(latest.facts["input_sha256"]), digest, latest.rows)


def row_flow(desk: Desk, case: Case, unit: Unit) -> RowFlow | None:
    """The row flow of a linked unit, or nothing."""
    latest = stores.latest_linked(desk, case, unit)
    return RowFlow.from_facts(latest.facts) if latest else None


def delivered_columns(case: Case, source_name: str) -> list[str]:
    """The columns that the specification names for a source or own register, in order."""
    source = case.specification.source(source_name)
    if source is not None:
        return linked_columns(source)
    own = next(own for own in case.specification.own_registers if own.name == source_name)
    return [*own.delivered_names, *own.variables]


def _bounds(desk: Desk, case: Case, rows: int, columns: int) -> Bounds:
    """The case's cuts: the same for all its files of one size."""
    serial_numbers = stores.code_key_rows(desk, case).select("serial_number").collect()["serial_number"]
    return bounds_for(serial_numbers, rows, columns, desk.settings.memory)


def _is_linked(desk: Desk, case: Case, row: LedgerRow) -> bool:
    """Whether the vault holds the unit as linked from its present inputs."""
    linked = linked_unit(desk, case, row.unit)
    return linked is not None and bool(linked.content_digest) and linked.input_sha256 == row.input_sha256


def _facts(
    row: LedgerRow, flow: RowFlow, draft: Draft, files: Iterable[str], columns: Sequence[str]
) -> dict[str, int | str]:
    """What a linked unit says of itself: its row flow, what it was made from, and a digest of its rows in any order."""
    digest = RowsDigest()
    for name in files:
        for rows in draft.rows_of(name).select(columns).collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
            digest.add(rows)
    return {**flow.facts(), "input_sha256": str(row.input_sha256), "content_digest": digest.text}
