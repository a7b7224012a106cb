"""The steps that link one unit of a case: read from the vault, link, write back with its counts and hashes.

What belongs here: reading and writing around one call of the kernel or the extraction. What must not: Dagster.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from assets.steps import stores
from assets.steps.linkage.linked_units import present_persons
from assets.steps.linkage.register_identifiers import adds_somebody, replacements
from assets.steps.linkage.taken_rows import event_rows, persons_about, taking
from assets.steps.made_from import extract_of, registers_of_events, standing
from assets.steps.persons.numbering import add_column, column_lookup, identities_of_text
from assets.steps.persons.population_files import freeze_population
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.ledger import LedgerRow
from samkorning.case.made_from import MADE_FROM, READ_BY, read_by
from samkorning.case.plan import last_content
from samkorning.delivery.study_persons.persons_file import PERSONS_FILE, person_columns
from samkorning.linkage import Bounds, RowsDigest, bounds_for, link, linked_columns
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import write_in_parts
from samkorning.linkage.row_flow import NOT_IN_EVENT_GROUP, NOT_IN_POPULATION, RowFlow
from samkorning.machine.counted_rows import counted_plan
from samkorning.machine.progress import Work
from samkorning.order import PERSON_SERIES, OwnRegister, Source, Unknown
from samkorning.own_registers.extraction import extract, may_be_extracted, rows_about
from samkorning.own_registers.identifier_columns import delivered_variables, identifier_columns
from samkorning.own_registers.text_identities import with_text_identities
from samkorning.vault.draft import Draft

ROWS_AT_ONCE = 250_000


def link_source(desk: Desk, case: Case, source: Source, row: LedgerRow) -> None:
    """Links a received file that is due or has changed, unless it was linked from the same inputs for the same
    persons before.

    A change that waits for a person adds nobody to the code key; where it could, it is not linked before it is decided.
    """
    adding = [identifier for identifier in source.identifiers if identifier.when_unknown is Unknown.ADD]
    if not row.is_open or _is_linked(desk, case, row) or (adding and not row.is_due):
        return
    cluster = desk.cluster_of(case)
    freeze_population(desk, case)
    parts = stores.received_parts(desk, case, source.name)
    table = pl.concat(part.rows for part in parts)
    for identifier in adding:
        add_column(desk, case, identifier, table)
    lookups = {identifier.column: column_lookup(desk, case, identifier) for identifier in source.identifiers}
    rows = table.select(pl.len()).collect().item()
    bounds = _bounds(desk, case, rows, len(linked_columns(source)))
    store = stores.linked(desk, case, row.unit)
    watched = desk.progress.of(Work.LINKING, rows)
    with store.draft() as draft, watched as advance:
        if cluster is not None:
            from assets.steps.linkage.on_cluster import link_on_cluster  # few cases need what it needs

            result = link_on_cluster(cluster, parts, source, lookups, draft, bounds, advance)
        else:
            with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
                result = link(engine, counted_plan(table, advance), source, lookups, draft, bounds)
        _commit(desk, case, row, draft, result.files, result.row_flow)


def link_own_register_year(desk: Desk, case: Case, own: OwnRegister, row: LedgerRow) -> None:
    """Extracts a year of an own register that is due or has changed, unless it was extracted from the same inputs
    for the same persons.

    As with a holder's file, a change that waits for a person gives nobody a new serial number.
    """
    if not row.is_open or _is_linked(desk, case, row):
        return
    cluster = desk.cluster_of(case)
    entry = desk.catalogue.register(own.register_name)
    may_be_extracted(entry)
    identifiers = identifier_columns(own, entry)
    if adds_somebody(identifiers) and not row.is_due:
        return
    freeze_population(desk, case)
    assert row.unit.period is not None, "an own register is delivered by year"  # noqa: S101
    texts = identities_of_text(desk, case, PERSON_SERIES)
    persons = with_text_identities(persons_about(desk, case, own), texts.collect() if texts is not None else None)
    year = desk.registers.year(own.register_name, row.unit.period, persons["number"])
    columns = delivered_columns(desk, case, own.name)
    bounds = _bounds(desk, case, sum(part.height for part in year.parts), len(columns))
    store = stores.linked(desk, case, row.unit)
    watched, events = desk.progress.of(Work.LINKING, year.rows), event_rows(desk, case, own, row.unit)
    with store.draft() as draft, watched as advance, taking(desk, case, events) as taken:
        replaced = replacements(desk, case, identifiers, year.parts, persons, taken)
        if cluster is not None:
            from assets.steps.linkage.on_cluster import extract_on_cluster

            done = extract_on_cluster(cluster, year.parts, own, persons, replaced, draft, bounds, advance, events)
            files, linked = done.files, done.row_flow.linked
            other_rows = done.row_flow.dropped.get(NOT_IN_EVENT_GROUP, 0)
        else:
            with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
                rows = extract(engine, own, year.parts, persons, taken, replaced)
                files = write_in_parts(draft, rows, own.serial_name, bounds)
            linked = sum(draft.rows_of(name).select(pl.len()).collect().item() for name in files)
            other_rows = rows_about(year.parts, persons) - linked if events else 0
            advance(year.rows)
        dropped = {NOT_IN_POPULATION: year.rows - linked - other_rows}
        dropped |= {NOT_IN_EVENT_GROUP: other_rows} if events else {}
        flow = RowFlow(f"{own.name} {row.unit.period}", year.rows, linked, dropped)
        _commit(desk, case, row, draft, files, flow)


def delivered_columns(desk: Desk, case: Case, source_name: str) -> list[str]:
    """The columns that the specification names for a source or own register, in order, as they are delivered."""
    if source_name == PERSONS_FILE:
        return person_columns(case.specification)
    source = case.specification.source(source_name)
    if source is not None:
        return linked_columns(source)
    own = next(own for own in case.specification.own_registers if own.name == source_name)
    return [*own.delivered_names, *delivered_variables(own, desk.catalogue.find(own.register_name))]


def _bounds(desk: Desk, case: Case, rows: int, columns: int) -> Bounds:
    """The case's cuts: the same for all its files of one size."""
    serial_numbers = stores.code_key_rows(desk, case).select("serial_number").collect()["serial_number"]
    return bounds_for(serial_numbers, rows, columns, desk.settings.memory)


def _is_linked(desk: Desk, case: Case, row: LedgerRow) -> bool:
    """Whether the vault holds the unit as linked from its present inputs, for those who stand in the study now."""
    linked = stores.latest_linked(desk, case, row.unit)
    if linked is None or str(linked.facts["input_sha256"]) != row.input_sha256:
        return False
    return present_persons(desk, case).are_those_of(linked)


def _commit(
    desk: Desk, case: Case, row: LedgerRow, draft: Draft, files: Mapping[str, tuple[int, int]], flow: RowFlow
) -> None:
    """Keeps what was linked; of a change that waits for a person only if nothing has changed by it after all.

    Only what was delivered before is read again for its digest: whether it holds anything new must be known now.
    """
    registers = registers_of_events(desk, case, extract_of(case, row.unit))
    made_from = {
        "input_sha256": str(row.input_sha256),
        MADE_FROM: standing(desk, case, registers).text(),
        READ_BY: read_by(case),
    }
    before = last_content(case, row.unit)
    if before is not None:
        made_from["content_digest"] = _digest(draft, files, delivered_columns(desk, case, row.unit.source))
    if row.is_due or (before is not None and made_from["content_digest"] == before):
        stores.linked(desk, case, row.unit).commit(draft, files, {**flow.facts(), **made_from})


def _digest(draft: Draft, files: Iterable[str], columns: Sequence[str]) -> str:
    """A digest of the rows, the same in whatever order they lie."""
    digest = RowsDigest()
    for name in files:
        for rows in draft.rows_of(name).select(columns).collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
            digest.add(rows)
    return digest.text
