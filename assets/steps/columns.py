"""The columns of every node of the river, and the columns of other nodes that each is made from.

What belongs here: one account of columns, which the page shows and tests hold against what is delivered. What must not:
Dagster, or any row. A column is named by its source, as one node holds several files: ``diabetes.HbA1c``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assets.steps.delivery.variables import described_variable
from assets.steps.linkage.linking import delivered_columns
from assets.steps.persons.study import registers_read
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.population import POPULATION
from samkorning.delivery import DeliveredVariable, VariableRole
from samkorning.delivery.study_persons.persons_file import (
    COLUMNS_OF_A_SOURCE,
    PERSONS_FILE,
    person_columns,
    roles,
    source_names,
)
from samkorning.order import Source, SourceClass
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.register_files import FileContract

NUMBER, SERIAL = "number", "serial_number"
Origin = tuple[str, str]
"""Node and column; the node of an own register is written ``own_register/lmed``."""


@dataclass(frozen=True)
class Column:
    """A column of a node: its type, what it is in plain words, and what it is made from."""

    name: str
    type: str
    said: str
    origins: tuple[Origin, ...] = ()


def linked_node(case: Case, source_name: str) -> str:
    """The node in which a source is linked."""
    source = case.specification.source(source_name)
    if source is None:
        return "linked_own_register"
    return "linked_study" if source.source_class is SourceClass.OWN else f"linked_{source.source_class}"


def register_node(register: str) -> str:
    """The node of an own register."""
    return f"own_register/{register.lower()}"


def register_columns(register: CatalogueRegister | None, names: Sequence[str]) -> list[Column]:
    """A register as it is loaded: the person's number and its variables, as the catalogue describes them."""
    known = {variable.name: variable for variable in register.variables} if register else {}
    described = (
        Column(name, known[name].type, known[name].label_en) if name in known else Column(name, "", "")
        for name in names
        if name != NUMBER
    )
    return [Column(NUMBER, "integer", "Identity number of the person"), *described]


def sent_columns(case: Case, source_class: SourceClass) -> list[Column]:
    """The files of a class as their holders send them: what the specification declares."""
    contracts = {source.name: source.file for source in case.specification.of_class(source_class)}
    if source_class is SourceClass.RESEARCHER:
        contracts |= _study_files(case)
    return [
        Column(f"{name}.{column.name}", column.type, column.label)
        for name, contract in contracts.items()
        for column in contract.columns
    ]


def _study_files(case: Case) -> dict[str, FileContract]:
    """Population and number history, where they are sent."""
    said = case.specification
    files = {} if said.population.drawn else {POPULATION: said.population.file}
    return {**files, **({"number_history": said.number_history} if said.number_history else {})}


def population_columns(case: Case) -> list[Column]:
    """The study population: the persons, and what the service draws of them."""
    drawn = case.specification.of_class(SourceClass.OWN)
    persons = Column(NUMBER, "integer", "Identity number of a person of the study", tuple(_persons_come_from(case)))
    return [
        persons,
        *(
            Column(f"{source.name}.{column.name}", column.type, column.label, tuple(_registers_of(case)))
            for source in drawn
            for column in source.file.columns
        ),
    ]


def _persons_come_from(case: Case) -> Iterator[Origin]:
    said = case.specification
    if said.population.drawn is None:
        yield f"from_{SourceClass.RESEARCHER}", f"{POPULATION}.{said.population.column}"
        return
    within = said.population_source
    if within is not None:
        yield _sent(within, said.population_identifier[0])
    yield from _registers_of(case)


def _registers_of(case: Case) -> Iterator[Origin]:
    """The registers in which events of the specification are sought."""
    for register in sorted(registers_read(case)):
        yield register_node(register), NUMBER


def code_key_columns() -> list[Column]:
    """The code key: a number and the serial number that was drawn for it, which comes from nothing."""
    return [
        Column(NUMBER, "integer", "Identity number of the person", (("population", NUMBER),)),
        Column(SERIAL, "integer", "Serial number (löpnummer), drawn at random"),
    ]


def linked_columns(desk: Desk, case: Case, node: str) -> list[Column]:
    """What a node holds under serial numbers: every column that its sources deliver."""
    return [
        _linked(desk, case, source, name)
        for source in _sources(case)
        if linked_node(case, source) == node
        for name in delivered_columns(desk, case, source)
    ]


def contents_columns(desk: Desk, case: Case, sources: Iterable[str]) -> list[Column]:
    """The files of a delivery, by the sources that they hold: each column from where it was linked."""
    found = []
    for source in sources:
        for name in delivered_columns(desk, case, source):
            described = described_variable(desk, case, source, name)
            origins = (
                _of_persons(case, name) if source == PERSONS_FILE else [(linked_node(case, source), f"{source}.{name}")]
            )
            found.append(Column(f"{source}.{name}", described.type, described.label_en, tuple(origins)))
    return found


def sealed_columns(desk: Desk, case: Case, sources: Iterable[str]) -> list[Column]:
    """The same as it leaves: each column as it was put together."""
    return [
        Column(column.name, column.type, column.said, (("delivery_contents", column.name),))
        for column in contents_columns(desk, case, sources)
    ]


def lineage_of(desk: Desk, case: Case) -> dict[Origin, list[Origin]]:
    """Every column of every node that follows from a specification, with what it is made from."""
    nodes: dict[str, list[Column]] = {
        "population": population_columns(case),
        "code_key": code_key_columns(),
        "delivery_contents": contents_columns(desk, case, _delivered(case)),
        "delivery": sealed_columns(desk, case, _delivered(case)),
    }
    nodes |= {node: linked_columns(desk, case, node) for node in {linked_node(case, each) for each in _sources(case)}}
    return {(node, column.name): list(column.origins) for node, columns in nodes.items() for column in columns}


def traced(lineage: Mapping[Origin, Sequence[Origin]], column: Origin) -> list[Origin]:
    """Where a column comes from in the end: columns that nothing here is made from, in order, each once."""
    above = lineage.get(column, ())
    found = [origin for each in above for origin in traced(lineage, each)] if above else [column]
    return list(dict.fromkeys(found))


def _sources(case: Case) -> list[str]:
    said = case.specification
    return [*(source.name for source in said.all_sources), *(own.name for own in said.own_registers)]


def _delivered(case: Case) -> list[str]:
    return [*_sources(case), *([PERSONS_FILE] if case.specification.one_row_per_person else [])]


def _linked(desk: Desk, case: Case, source_name: str, name: str) -> Column:
    described = described_variable(desk, case, source_name, name)
    source = case.specification.source(source_name)
    if source is None:
        origins = _from_register(case, source_name, described)
    else:
        assert described.origin is not None, "a file's column has its origin"  # noqa: S101
        origins = [_sent(source, described.origin.column)]
    if described.role is VariableRole.SERIAL_NUMBER:
        origins.append(("code_key", SERIAL))
    if described.role is VariableRole.REUSED and case.specification.number_history is not None:
        origins.append((f"from_{SourceClass.RESEARCHER}", "number_history.old_number"))
    return Column(f"{source_name}.{name}", described.type, described.label_en, tuple(origins))


def _sent(source: Source, column: str) -> Origin:
    """A column of a source where it comes in: what the service draws comes from the population."""
    node = "population" if source.source_class is SourceClass.OWN else f"from_{source.source_class}"
    return node, f"{source.name}.{column}"


def _from_register(case: Case, source_name: str, described: DeliveredVariable) -> list[Origin]:
    own = next(own for own in case.specification.own_registers if own.name == source_name)
    of_the_row = described.name in own.delivered_names
    assert described.origin is not None, "a register's variable has its origin"  # noqa: S101
    return [(register_node(own.register_name), NUMBER if of_the_row else described.origin.column)]


def _of_persons(case: Case, name: str) -> list[Origin]:
    """A column of the file with one row per person: the serial number, a role, or what is known of one source."""
    before = 1 + len(roles(case.specification))
    place = person_columns(case.specification).index(name)
    if place < before:
        return [("code_key", SERIAL)] if place == 0 else [("population", NUMBER)]
    source = source_names(case.specification)[(place - before) // COLUMNS_OF_A_SOURCE]
    return [(linked_node(case, source), f"{source}.{_serial_name(case, source)}")]


def _serial_name(case: Case, source_name: str) -> str:
    source = case.specification.source(source_name)
    if source is not None:
        return source.identifiers[0].serial_name
    return next(own.serial_name for own in case.specification.own_registers if own.name == source_name)
