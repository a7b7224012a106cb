"""The steps that link one unit of a case: read from the vault, link, write back with its counts and hashes.

What belongs here: reading and writing around one call of the kernel or the extraction. What must not: Dagster.
"""

import os
from dataclasses import replace

import polars as pl

from assets import stores
from assets.case_view import identity_rules
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.ledger import LedgerRow, Unit
from samkorning.case.plan import LinkedUnit
from samkorning.code_key import Extension, extend_code_key
from samkorning.delivery import content_digest
from samkorning.engines import open_engine
from samkorning.extraction import extract
from samkorning.identity import diagnose
from samkorning.linkage import link, numbers_to_add, repeated_rows, serial_number_lookup, sort_for_delivery
from samkorning.order import IdentifierColumn, OwnRegister, Source, UnknownPersons
from samkorning.row_flow import RowFlow


def link_source(desk: Desk, case: Case, source: Source, row: LedgerRow) -> None:
    """Links a received file, unless it was linked from the same inputs before."""
    if _is_linked(desk, case, row):
        return
    table = stores.received(desk, case, source.name).scan()
    _add_persons(desk, case, source, table)
    rules = {identifier.column: identity_rules(case) for identifier in source.identifiers}
    lookups = {identifier.column: _lookup_for(desk, case, identifier) for identifier in source.identifiers}
    with open_engine(case.specification.engine) as engine:
        result = link(engine, table, source, lookups, rules)
    _keep(desk, case, row, result.frame, result.row_flow)


def link_own_register_year(desk: Desk, case: Case, own: OwnRegister, row: LedgerRow) -> None:
    """Extracts one year of an own register, unless it was extracted from the same inputs before."""
    if _is_linked(desk, case, row):
        return
    assert row.unit.period is not None, "an own register is delivered by year"  # noqa: S101
    register = desk.registers.scan(own.register_name, row.unit.period)
    extracted = extract(own, register, population_lookup(desk, case))
    rows = register.select(pl.len()).collect().item()
    flow = RowFlow(
        f"{own.name} {row.unit.period}", rows, extracted.height, {"not_in_population": rows - extracted.height}
    )
    _keep(desk, case, row, sort_for_delivery(extracted.lazy()).collect(), flow)


def add_to_code_key(desk: Desk, opened: Case, numbers: pl.LazyFrame) -> Extension:
    """Gives every person among the numbers a serial number; a person who has one keeps it."""
    key, history = stores.code_key(desk, opened), stores.number_history(desk, opened)
    lookup = serial_number_lookup(stores.code_key_rows(key), history)
    return extend_code_key(key, numbers_to_add(numbers, lookup, history).collect(), os.urandom)


def lookup(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number that leads to a serial number in this case."""
    return serial_number_lookup(stores.code_key_rows(stores.code_key(desk, case)), stores.number_history(desk, case))


def population_lookup(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number of the persons of the study population, relatives that were added left out."""
    every = lookup(desk, case)
    persons = every.join(stores.population(desk, case).scan(), on="number", how="semi").select("serial_number").unique()
    return every.join(persons, on="serial_number", how="semi")


def _lookup_for(desk: Desk, case: Case, identifier: IdentifierColumn) -> pl.LazyFrame:
    """Rows are about persons of the study population; a relative may be anybody in the code key.

    Relatives that one source added must not open other sources to rows about themselves.
    """
    about_others = identifier.relation == "relative" or identifier.unknown is UnknownPersons.ADD
    return lookup(desk, case) if about_others else population_lookup(desk, case)


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


def _add_persons(desk: Desk, case: Case, source: Source, table: pl.LazyFrame) -> None:
    """Gives the persons of columns that are declared so a place in the code key."""
    for identifier in source.identifiers:
        if identifier.unknown is UnknownPersons.ADD:
            diagnosed = diagnose(table.select(identifier.column), identifier.column, identity_rules(case))
            numbers = diagnosed.select(pl.col("identity_number").alias("number")).drop_nulls()
            add_to_code_key(desk, case, numbers)


def _keep(desk: Desk, case: Case, row: LedgerRow, frame: pl.DataFrame, flow: RowFlow) -> None:
    digests = {"input_sha256": str(row.input_sha256), "content_sha256": content_digest(frame.lazy())}
    told = replace(flow, duplicates=repeated_rows(frame))
    stores.linked(desk, case, row.unit).replace(frame, facts={**told.facts(), **digests})
