"""Extraction (datauttag) from own registers.

What belongs here: the rows of a register year for some persons. What must not: where registers lie (they come as
parts), what a reviewer reads of it (program), or who may extract (samkorning.case.rules).
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import narwhals as nw
import polars as pl

from samkorning.errors import NotFound, RuleRefused
from samkorning.linkage.engines import Engine
from samkorning.linkage.ordering import normalised
from samkorning.order import OwnRegister
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.identifier_columns import SERIAL_NUMBER, VALUE, Replaced
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.sorting import may_hold
from samkorning.vault import Part

Taken = Callable[[pl.LazyFrame], pl.LazyFrame]
NOTHING_REPLACED: Mapping[str, Replaced] = MappingProxyType({})
MOST_OF_A_PART = 4
"""From one person in so many rows on, most of a part is read anyway, and is joined as it is."""


def all_rows(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Every row is meant."""
    return rows


def may_be_extracted(register: CatalogueRegister) -> None:
    """R06: a register that the catalogue bars is never linked or delivered at person level.

    :raises RuleRefused: when it is barred, also where that has come after the order.
    """
    if register.barred:
        remedy = "take the register out of the specification with `case amend`"
        raise RuleRefused("R06", f"{register.name} is barred: {register.barred}", remedy)


def extract(
    engine: Engine,
    own: OwnRegister,
    year: Sequence[Part],
    persons: pl.DataFrame,
    taken: Taken = all_rows,
    replaced: Mapping[str, Replaced] = NOTHING_REPLACED,
) -> pl.LazyFrame:
    """The rows of one register year for the given persons, as ``extraction_sql`` says; computed when they are written.

    :param year: its parts, at least one; column ``number`` (Int64) and the register's variables.
    :param persons: columns ``number`` (Int64, every number a person has had), sorted, ``serial_number`` (Int32) and
        ``reused`` (Int8, 1 for a number that has belonged to several persons).
    :param taken: which of the rows of these persons are meant; it is handed all columns, and gives them back.
    :param replaced: by variable that identifies, what stands for its numbers and under which name.
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
    for variable, known in replaced.items():
        joined = _with_serial_numbers(engine, joined, variable, known)
    names = {name: replaced[name].name if name in replaced else name for name in own.variables}
    return engine.stream(joined.select(*own.delivered_names, *names.values()))


def _with_serial_numbers(engine: Engine, rows: nw.LazyFrame[Any], variable: str, known: Replaced) -> nw.LazyFrame[Any]:
    """The rows with serial numbers under the delivered name in place of the numbers of one variable."""
    meant = known.serial_numbers.rename({VALUE: "~value", SERIAL_NUMBER: "~serial_number"})
    joined = rows.join(engine.take(meant), left_on=variable, right_on="~value", how="left")
    kept = [name for name in rows.collect_schema().names() if name != variable]
    return joined.select(*kept, nw.col("~serial_number").alias(known.name))


def rows_of_persons(year: Sequence[Part], numbers: pl.Series) -> pl.LazyFrame:
    """The rows of a register year that are about persons with some sorted numbers, and perhaps more."""
    return pl.concat(_of_persons(part, numbers) for part in year)


def rows_about(year: Sequence[Part], persons: pl.DataFrame) -> int:
    """How many rows of a register year are about some persons, as ``extract`` takes them."""
    numbers = rows_of_persons(year, persons[NUMBER]).select(NUMBER)
    about = numbers.join(persons.lazy().select(NUMBER), on=NUMBER, how="semi")
    return int(about.select(pl.len()).collect(engine="streaming").item())


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
