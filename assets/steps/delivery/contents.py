"""The files of the next delivery, rendered once into the vault, where they wait for their checks and their sealing.

What belongs here: bringing linked units, code key and history to the rendering, keeping its bytes and what was found,
and giving both again. What must not: what is looked for (samkorning.delivery.rendering), stopping a delivery (the
blocking checks), sealing (delivering).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.delivery.columns import declared_columns
from assets.steps.delivery.counting import counting_takers
from assets.steps.delivery.own_numbers import own_numbers
from assets.steps.delivery.persons_file import covered_hashes, ordered_persons
from assets.steps.linkage.linking import delivered_columns
from assets.steps.persons.opting_out import noted_list, withdrawn
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.plan import PlannedFile
from samkorning.delivery.disclosure import Disclosure
from samkorning.delivery.formats import DataFormat, Table, formats_of
from samkorning.delivery.formats.examination import examined
from samkorning.delivery.number_scan import LeakScan, OwnNumbers
from samkorning.delivery.rendering import (
    NumbersFound,
    RenderedFacts,
    Rendering,
    SerialNumbers,
    SpreadsheetValues,
    Taker,
    UnitContents,
    WithdrawnSerialNumbers,
)
from samkorning.delivery.rendering.stored import read_rendered, write_rendered
from samkorning.delivery.study_persons.persons_file import PERSONS_FILE, SERIAL
from samkorning.errors import CheckFailed
from samkorning.keystore import RetentionClass
from samkorning.linkage import OrderedRows, bearable_rows, in_order
from samkorning.machine.progress import Advance, Work
from samkorning.order import PERSON_SERIES
from samkorning.own_registers.identifier_columns import identifier_columns
from samkorning.program_hash import program_hash
from samkorning.vault import Generation

MADE_OF, RENDERED = "made_of", "rendered"


def render_files(desk: Desk, case: Case, files: Sequence[PlannedFile]) -> None:
    """Renders the files that do not lie in the vault as they would be rendered now."""
    waiting = [file for file in files if not _is_as_planned(desk, case, file)]
    own = own_numbers(desk, case) if waiting else None
    for file in waiting:
        assert own is not None, "files that wait are scanned"  # noqa: S101
        _render(desk, case, file, own)


def rendered_facts(desk: Desk, case: Case, file: PlannedFile) -> RenderedFacts:
    """What is known of a planned file.

    :raises CheckFailed: when what lies in the vault is none, or was made of other things than it would be made of now.
    """
    if not _is_as_planned(desk, case, file):
        raise CheckFailed(f"{file.name}: what is to be delivered has changed since it was put together; run again")
    return RenderedFacts.model_validate_json(str(stores.latest_facts(stores.contents(desk, case, file.name))[RENDERED]))


def rendered_bytes(desk: Desk, case: Case, file: PlannedFile, format_name: str) -> Iterator[bytes]:
    """The bytes of a rendered file in a format, from their beginning.

    :raises GuardedFailure: when they cannot be read.
    """
    return read_rendered(stores.contents(desk, case, file.name).scan(), file.name, format_name)


def serial_columns(desk: Desk, case: Case, source_name: str) -> list[tuple[str, str]]:
    """The columns of a source's file that hold serial numbers, and their series; whom a row is about comes first."""
    if source_name == PERSONS_FILE:
        return [(SERIAL, PERSON_SERIES)]
    source = case.specification.source(source_name)
    if source is None:
        own = next(own for own in case.specification.own_registers if own.name == source_name)
        others = identifier_columns(own, desk.catalogue.find(own.register_name))
        return [(own.serial_name, PERSON_SERIES), *((each.serial_name, each.identifies.series) for each in others)]
    return [(identifier.serial_name, identifier.identifies.series) for identifier in source.identifiers]


def _render(desk: Desk, case: Case, file: PlannedFile, own: OwnNumbers) -> None:
    columns = delivered_columns(desk, case, file.source)
    formats = formats_of(case.specification.formats)
    ordered, table = _ordered(desk, case, file, columns, formats)
    rendering = Rendering(table, _takers(desk, case, file, table.schema, own), formats)
    store, made_of = stores.contents(desk, case, file.name), _made_of(desk, case, file)
    watched = desk.progress.of(Work.ORDERING, sum(unit.rows for unit in file.units))
    with store.draft() as draft, watched as advance:
        name = write_rendered(draft, rendering, _counted(ordered, advance))
        store.commit(draft, {name: None}, {MADE_OF: made_of, RENDERED: rendering.facts().model_dump_json()})


def _ordered(
    desk: Desk, case: Case, file: PlannedFile, columns: Sequence[str], formats: Sequence[DataFormat]
) -> tuple[Iterator[OrderedRows], Table]:
    """The rows of a file in order, and what is known of them before the first is written."""
    if file.source == PERSONS_FILE:
        rows = list(ordered_persons(desk, case, file))  # persons are held in memory to be found, so are these
        return iter(rows), _table(desk, case, file, [each.rows.lazy() for each in rows], formats)
    units = [stores.linked(desk, case, unit.unit).parts() for unit in file.units]
    table = _table(desk, case, file, [part.rows.select(columns) for parts in units for part in parts], formats)
    ordered = in_order(units, columns, bearable_rows(len(columns), desk.settings.memory))
    return ordered, table


def _table(
    desk: Desk, case: Case, file: PlannedFile, parts: Sequence[pl.LazyFrame], formats: Sequence[DataFormat]
) -> Table:
    """What is known of a file before its first row is written; its rows are looked through where a format asks it."""
    schema = parts[0].collect_schema()
    if not any(each.typed for each in formats):
        return Table(file.name, schema)
    return examined(file.name, schema, declared_columns(desk, case, file.source, schema.names()), parts)


def _counted(ordered: Iterable[OrderedRows], advance: Advance) -> Iterator[OrderedRows]:
    """The same batches; each counts as done when the next is asked for."""
    for batch in ordered:
        yield batch
        advance(batch.rows.height)


def _takers(desk: Desk, case: Case, file: PlannedFile, schema: pl.Schema, own: OwnNumbers) -> list[Taker]:
    """All that looks at the rows of a file on their way: a further one is one line here."""
    serials = serial_columns(desk, case, file.source)
    known = {
        column: stores.code_key_rows(desk, case, series).select("serial_number").collect().to_series()
        for column, series in serials
    }
    return [
        *(Disclosure(each.columns) for each in case.specification.quasi_identifiers if each.source == file.source),
        UnitContents(schema, len(file.units)),
        *counting_takers(desk, case, file, schema, known),
        SpreadsheetValues(),
        SerialNumbers(known),
        WithdrawnSerialNumbers({column: withdrawn(desk, case, series) for column, series in serials}),
        NumbersFound(LeakScan(file.name, own, identity_rules(case), known)),
    ]


def _is_as_planned(desk: Desk, case: Case, file: PlannedFile) -> bool:
    """Whether the vault holds the file as it would be rendered now."""
    if not desk.vault.has_store(case.number, RetentionClass.MATERIAL, stores.contents_name(file.name)):
        return False
    facts = stores.latest_facts(stores.contents(desk, case, file.name))
    return facts.get(MADE_OF) == _made_of(desk, case, file)


def _made_of(desk: Desk, case: Case, file: PlannedFile) -> str:
    """Hash of all that a rendered file and what is known of it depend on: its units, the columns, whose numbers were
    looked for, who may not leave, by which rules and by which program.
    """
    units = [f"{unit.unit} {_hash(stores.latest_linked(desk, case, unit.unit))}" for unit in file.units]
    series = stores.series_in_use(desk, case)
    code_keys = [f"{name} {_hash(stores.code_key(desk, case, name).latest())}" for name in series]
    opted_out = _hash(noted_list(desk, case))
    texts = [f"{name} {_hash(stores.latest_other_identities(desk, case, name))}" for name in series]
    history = case.received_sha256(stores.NUMBER_HISTORY) or ""
    columns = delivered_columns(desk, case, file.source)
    units += covered_hashes(desk, case, file) if file.source == PERSONS_FILE else []
    made_of = [*units, *columns, *code_keys, *texts, opted_out, history, case.specification.sha256, program_hash()]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()


def _hash(generation: Generation | None) -> str:
    return generation.sha256 if generation else ""
