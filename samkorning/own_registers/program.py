"""The extraction program (uttagsprogram) that is reviewed (kodgranskning, R12): all that is done with a case's data.

What belongs here: the text that a reviewer reads and signs by its hash, as SQL where rows are chosen. What must not:
doing it (extraction, selection, controls). The SQL of selections is what runs on DuckDB; on Polars runs what tests hold
equal to it.
"""

import hashlib
from collections.abc import Iterator, Sequence

from samkorning.errors import OrderRefused
from samkorning.order import IdentifierColumn, OwnRegister, Source, Specification
from samkorning.order.controls import MatchedColumn
from samkorning.own_registers.catalogue import RegisterCatalogue, entries_sha256
from samkorning.own_registers.identifier_columns import identifier_columns
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.selection import Program, compile_selection


def extraction_sql(own: OwnRegister, identifiers: Sequence[IdentifierColumn] = ()) -> str:
    """The statement that draws the rows of one register year for the persons of the population.

    :param identifiers: variables that identify somebody beside the person: serial numbers stand for them.
    """
    serials = {each.column: f'"{each.column}".serial_number AS "{each.serial_name}"' for each in identifiers}
    columns = [f'person.serial_number AS "{own.serial_name}"']
    columns += [f'person.reused AS "{own.reused_name}"'] if own.reused_name else []
    cuts = {cut.variable: cut.characters for cut in own.cut_codes}
    columns += [
        serials[name]
        if name in serials
        else (f'substr(register."{name}", 1, {cuts[name]}) AS "{name}"' if name in cuts else f'register."{name}"')
        for name in own.variables
    ]
    selected = ",\n    ".join(columns)
    source = f"rows_of_{own.events} AS register" if own.events else "register"
    others = "".join(
        f'\nLEFT JOIN {each.identifies.series}_of_case AS "{each.column}" '
        f'ON "{each.column}".value = register."{each.column}"'
        for each in identifiers
    )
    return f"SELECT\n    {selected}\nFROM {source}\nJOIN person ON person.number = register.{NUMBER}{others}"


def extraction_program(specification: Specification, catalogue: RegisterCatalogue) -> str:
    """All that the service does with a case's data, as text: what the reviewer reads and signs by its hash.

    What the register catalogue says of the variables stands in it by its hash, so that another catalogue asks again.
    """
    selections = _selections(specification, catalogue)
    steps = [*_selection_steps(selections), _population_step(specification), *_control_steps(specification)]
    steps += [
        *_relative_steps(specification),
        *_source_steps(specification),
        *_own_steps(specification, catalogue, selections),
    ]
    return "\n\n".join(steps) + "\n"


def program_sha256(specification: Specification, catalogue: RegisterCatalogue) -> str:
    """Hash of the extraction program."""
    return hashlib.sha256(extraction_program(specification, catalogue).encode()).hexdigest()


def _selections(specification: Specification, catalogue: RegisterCatalogue) -> Program | str | None:
    """The named steps of event groups and selections; why there are none with this catalogue, where it has changed."""
    if not specification.events:
        return None
    try:
        return compile_selection(specification, catalogue)
    except OrderRefused as refused:
        return "; ".join(str(fault) for fault in refused.faults)


def _selection_steps(selections: Program | str | None) -> Iterator[str]:
    if isinstance(selections, Program):
        yield selections.text().rstrip()
    elif selections is not None:
        yield f"-- selections do not hold with the register catalogue as it is: {selections}"


def _control_steps(specification: Specification) -> Iterator[str]:
    asked = specification.controls
    if asked is None:
        return
    like = ", ".join(_matched(each) for each in asked.match)
    between = "may serve several case persons" if asked.reuse_between else "serves one case person, the earliest first"
    within = "and several index dates of one" if asked.reuse_within else "and one index date of it"
    resident = f", resident for {asked.resident_years} years" if asked.resident_years else ""
    yield (
        f"-- controls: {asked.per_case} to each case and index date, among those alive, resident{resident} and no case "
        f"yet on that day\n-- like the case in {like}\n-- a control {between} {within}; drawn by keyed numbers"
    )


def _relative_steps(specification: Specification) -> Iterator[str]:
    asked = specification.relatives
    if asked is None:
        return
    degree = f" and all by blood up to degree {asked.up_to_degree}" if asked.up_to_degree else ""
    kinds = ", ".join(asked.kinds) + degree
    yield f"-- relatives of {' and '.join(asked.of)}: {kinds}; spouses: {asked.spouses.replace('_', ' ')}"


def _matched(each: MatchedColumn) -> str:
    if each.within:
        return f"{each.column} (within {each.within})"
    return f"{each.column} (first {each.characters} characters)" if each.characters else each.column


def _population_step(specification: Specification) -> str:
    population, ages = specification.population, specification.ages
    bounds = f", ages {ages.lowest} to {ages.highest}" if ages else ""
    return (
        f"-- population: {_found_in(specification)}, reference date {specification.reference_date}{bounds}\n"
        f"-- stops when more than {population.damaged_share_allowed:.2%} of the rows are missing or damaged"
    )


def _found_in(specification: Specification) -> str:
    """Where the persons of the population come from, in words."""
    population, drawn = specification.population, specification.population.drawn
    column, _ = specification.population_identifier
    found = f"column {column}" if drawn is None or drawn.within is None else f"column {column} of {drawn.within}"
    if drawn and drawn.within is None:
        found = "all persons of the own registers"
    chosen = f", of these the selection {drawn.selection}" if drawn and drawn.selection else ""
    return found + chosen + (f", index date {population.index_date}" if population.index_date else "")


def _source_steps(specification: Specification) -> Iterator[str]:
    for source in specification.sources:
        yield f"-- link {source.name} from {source.holder}\n" + "\n".join(_link_lines(source))


def _link_lines(source: Source) -> Iterator[str]:
    for identifier in source.identifiers:
        names = ", ".join(identifier.delivered_names)
        yield f"--   {identifier.column} ({identifier.identifies}) -> {names}; unknown: {identifier.when_unknown}"
    yield f"--   deliver {', '.join(source.delivered_columns)}"
    yield f"--   stops when less than {source.linked_share_at_least:.2%} of the rows link"


def _own_steps(
    specification: Specification, catalogue: RegisterCatalogue, selections: Program | str | None
) -> Iterator[str]:
    for own in specification.own_registers:
        period = f"{own.from_year}-{own.to_year}" + (f", repeats to {own.repeats_until}" if own.repeats_until else "")
        entries = entries_sha256(catalogue, own.register_name, own.variables)
        about = f", about {', '.join(own.about)}" if "about" in own.model_fields_set else ""
        said = f"-- extract {own.register_name}, {period}, one statement a year{about}"
        if own.events and isinstance(selections, Program):
            step = selections.rows[own.events, own.register_name]
            yield f"-- {step.sentence}\nCREATE TEMP VIEW rows_of_{own.events} AS\n{step.sql};"
        identifiers = identifier_columns(own, catalogue.find(own.register_name))
        for each in identifiers:
            said += f"\n--   {each.column} ({each.identifies}) -> {each.serial_name}; unknown: {each.when_unknown}"
        yield f"{said}\n-- by the catalogue {entries}\n{extraction_sql(own, identifiers)};"
