"""Extraction (datauttag) from own registers, and the extraction program that is reviewed (kodgranskning, R12).

What belongs here: the SQL of a case, the text that a reviewer reads, and running the SQL in DuckDB. What must not:
where registers lie (they come as frames), or who may extract (samkorning.case.rules).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import narwhals as nw
import polars as pl

from samkorning.errors import NotFound, RuleRefused
from samkorning.linkage.engines import Engine
from samkorning.linkage.ordering import normalised
from samkorning.order import OwnRegister, Source, Specification
from samkorning.own_registers.catalogue import CatalogueRegister, RegisterCatalogue, entries_sha256
from samkorning.own_registers.sorting import may_hold
from samkorning.own_registers.values import NUMBER
from samkorning.vault import Part

Taken = Callable[[pl.LazyFrame], pl.LazyFrame]
MOST_OF_A_PART = 4
"""From one person in so many rows on, most of a part is read anyway, and is joined as it is."""


def all_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Every row is meant."""
    return rows


def extraction_sql(own: OwnRegister) -> str:
    """The statement that draws the rows of one register year for the persons of the population."""
    columns = [f'person.serial_number AS "{own.serial_name}"']
    columns += [f'person.reused AS "{own.reused_name}"'] if own.reused_name else []
    cuts = {cut.variable: cut.characters for cut in own.cut_codes}
    columns += [
        f'substr(register."{name}", 1, {cuts[name]}) AS "{name}"' if name in cuts else f'register."{name}"'
        for name in own.variables
    ]
    selected = ",\n    ".join(columns)
    source = f"rows_of_{own.events} AS register" if own.events else "register"
    return f"SELECT\n    {selected}\nFROM {source}\nJOIN person ON person.number = register.{NUMBER}"


def extraction_program(specification: Specification, catalogue: RegisterCatalogue) -> str:
    """All that the service does with a case's data, as text: what the reviewer reads and signs by its hash.

    What the register catalogue says of the variables stands in it by its hash, so that another catalogue asks again.
    """
    own = _own_steps(specification, catalogue)
    return "\n\n".join([_population_step(specification), *_source_steps(specification), *own]) + "\n"


def program_sha256(specification: Specification, catalogue: RegisterCatalogue) -> str:
    """Hash of the extraction program."""
    return hashlib.sha256(extraction_program(specification, catalogue).encode()).hexdigest()


def may_be_extracted(register: CatalogueRegister) -> None:
    """R06: a register that the catalogue bars is never linked or delivered at person level.

    :raises RuleRefused: when it is barred, also where that has come after the order.
    """
    if register.barred:
        remedy = "take the register out of the specification with `case amend`"
        raise RuleRefused("R06", f"{register.name} is barred: {register.barred}", remedy)


def extract(
    engine: Engine, own: OwnRegister, year: Sequence[Part], persons: pl.DataFrame, taken: Taken = all_rows
) -> pl.LazyFrame:
    """The rows of one register year for the given persons, as ``extraction_sql`` says; computed when they are written.

    :param year: its parts, at least one; column ``number`` (Int64) and the register's variables.
    :param persons: columns ``number`` (Int64, every number a person has had), sorted, ``serial_number`` (Int32) and
        ``reused`` (Int8, 1 for a number that has belonged to several persons).
    :param taken: which of the rows of these persons are meant; it is handed all columns, and gives them back.
    :raises NotFound: when the register lacks a variable of the specification.
    """
    missing = set(own.variables) - set(year[0].rows.collect_schema().names())
    if missing:
        raise NotFound(f"register {own.register_name} has no variable {', '.join(sorted(missing))}; amend the order")
    delivered = {"serial_number": own.serial_name} | ({"reused": own.reused_name} if own.reused_name else {})
    found = persons.lazy().select(
        pl.col(NUMBER).alias("~number"), *(pl.col(name).alias(new) for name, new in delivered.items())
    )
    register = taken(rows_of_persons(year, persons[NUMBER]))
    variables = [_as_delivered(own, name) for name in own.variables]
    rows: nw.LazyFrame[Any] = engine.take(normalised(register.select(pl.col(NUMBER).alias("~number"), *variables)))
    joined = rows.join(engine.take(found), on="~number", how="inner")
    return engine.stream(joined.select(*own.delivered_names, *own.variables))


def rows_of_persons(year: Sequence[Part], numbers: pl.Series) -> pl.LazyFrame:
    """The rows of a register year that are about persons with some sorted numbers, and perhaps more."""
    return pl.concat(_of_persons(part, numbers) for part in year)


def _as_delivered(own: OwnRegister, name: str) -> pl.Expr:
    """A variable as it stands in the register; a code with less detail only where the specification cuts it (R08)."""
    cut = next((cut.characters for cut in own.cut_codes if cut.variable == name), None)
    return pl.col(name) if cut is None else pl.col(name).str.slice(0, cut)


def _of_persons(part: Part, numbers: pl.Series) -> pl.LazyFrame:
    """The rows of a part that are about some persons, and more where most of it is read anyway.

    Of the other rows nothing but the number is decoded.
    """
    there = may_hold(numbers, part.first, part.last)
    if len(there) * MOST_OF_A_PART > part.height:
        return part.rows
    return part.rows.filter(pl.col(NUMBER).is_in(there.implode()))


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


def _own_steps(specification: Specification, catalogue: RegisterCatalogue) -> Iterator[str]:
    for own in specification.own_registers:
        period = f"{own.from_year}-{own.to_year}" + (f", repeats to {own.repeats_until}" if own.repeats_until else "")
        entries = entries_sha256(catalogue, own.register_name, own.variables)
        said = f"-- extract {own.register_name}, {period}, one statement a year\n-- by the catalogue {entries}"
        yield f"{said}\n{extraction_sql(own)};"
