"""What a case hands over: the persons of its population, those of them who were listed, and rows about these.

What belongs here: opening population, history, sources and registers for it. What must not: putting identifiers and
numbers in each other's place (samkorning.transit.matching), or files.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.persons.population_files import find_in, without_objections
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.holder_releases import what_is_not_covered
from samkorning.case.ledger import may_repeat
from samkorning.case.population import POPULATION
from samkorning.delivery.number_scan import LeakScan, OwnNumbers
from samkorning.errors import NotFound, RuleRefused
from samkorning.order import OwnRegister, Source
from samkorning.own_registers.identifier_columns import identifier_columns
from samkorning.persons.population import Population
from samkorning.transit.identifiers import COLUMN
from samkorning.transit.matching import in_population, lookup, under_identifiers
from samkorning.transit.sealed_lines import ROWS_AT_ONCE


def population_identities(desk: Desk, case: Case) -> pl.DataFrame:
    """The identities of the population that stands (``number``, ``issuer``, ``text``), without persons who object.

    :raises RuleRefused: when more of its rows are damaged than the specification allows.
    """
    found = find_in(desk, case, stores.received_rows(desk, case, POPULATION))
    if Population.damaged_share_of(found.facts()) > case.specification.population.damaged_share_allowed:
        problem = "more rows of the study population are missing or damaged than the specification allows"
        raise RuleRefused("R24", problem, "take a corrected population in before anything is handed over")
    return without_objections(desk, case, found).collect()


def group(desk: Desk, case: Case, mapping: pl.DataFrame) -> pl.Series:
    """The transit identifiers of the listed persons who are in the case's population, in their order."""
    return in_population(mapping, population_identities(desk, case), stores.persons_of_history(desk, case))


@dataclass
class RowsOut:
    """Rows of one unit under transit identifiers: iterate once; afterwards it says how many were left out."""

    source: str
    period: int | None
    columns: tuple[str, ...]
    scan: LeakScan
    _frames: Iterator[tuple[pl.DataFrame, int]] = field(repr=False)
    left_out: int = 0

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for kept, left_out in self._frames:
            self.left_out += left_out
            values = kept.drop(COLUMN)
            self.scan.look_at(values)
            yield kept

    def require_no_numbers(self) -> None:
        """R24: no column that leaves holds an identity number. Asked when all rows have passed, before any leaves.

        :raises RuleRefused: naming columns and rows, and no value.
        """
        found = self.scan.findings()
        if found:
            where = ", ".join(sorted({f"{each.column} ({each.rows} rows)" for each in found}))
            remedy = "leave the column out of `deliver` in the specification, or ask its holder for another file"
            raise RuleRefused("R24", f"{self.source}: identity numbers stand in {where}", remedy)


def rows_out(desk: Desk, case: Case, name: str, period: int | None, mapping: pl.DataFrame) -> RowsOut:
    """The rows of a source, or of a year of an own register, about listed persons of the population.

    Of a source its delivered columns leave, and no identifier column beside the person's, which is replaced.

    :raises NotFound: when the case has no such source, register or year.
    :raises RuleRefused: when the holder's release does not cover it (R04), or it was withdrawn (R30).
    """
    unit = _require_may_leave(desk, case, name, period)
    history = stores.persons_of_history(desk, case)
    listed = mapping.filter(pl.col("transit").is_in(group(desk, case, mapping).implode()))
    known = lookup(listed, history)
    numbers = pl.concat([mapping["number"], known["number"], history.select("number").collect()["number"]]).drop_nulls()
    own = OwnNumbers(numbers.unique(), mapping["text"].drop_nulls().unique())
    scan = LeakScan(name, own, identity_rules(case))
    if isinstance(unit, Source):
        table = stores.received_rows(desk, case, name)
        there = table.collect_schema().names()
        columns = [column for column in unit.delivered_columns if column in there]
        frames = _source_frames(case, unit, table.select(unit.identifiers[0].column, *columns), known)
        return RowsOut(name, None, (COLUMN, *columns), scan, frames)
    assert period is not None, "asked for by year"  # noqa: S101
    return RowsOut(name, period, (COLUMN, *unit.variables), scan, _register_frames(desk, unit, period, known))


def _require_may_leave(desk: Desk, case: Case, name: str, period: int | None) -> Source | OwnRegister:
    """The source or own register of that name, once its rows may leave."""
    source = case.specification.source(name)
    own = next((each for each in case.specification.own_registers if each.name == name), None)
    if source is None and own is None:
        specification = case.specification
        names = [each.name for each in specification.sources] + [each.name for each in specification.own_registers]
        raise NotFound(f"case {case.number} has no source {name}; it has: {', '.join(names)}")
    if own is not None:
        _require_in_period(desk, case, own, period)
        return own
    assert source is not None, "one of the two"  # noqa: S101
    if period is not None:
        raise NotFound(f"{name} is no own register: leave --period out")
    if name in case.withdrawn_sources:
        raise RuleRefused("R30", f"{name} was withdrawn", "hand over another source")
    if case.received_sha256(name) is None:
        raise NotFound(f"no file of {name} has come; take it in with `receive {case.number} {name} FILE`")
    not_covered = what_is_not_covered(case, source, desk.clock.today())
    if not_covered:
        remedy = "record the release with `case release --holder`"
        raise RuleRefused("R04", f"{name} may not leave: {source.holder} ({not_covered})", remedy)
    return source


def _require_in_period(desk: Desk, case: Case, own: OwnRegister, period: int | None) -> None:
    last = own.repeats_until if own.repeats_until and may_repeat(case, desk.clock.today()) else own.to_year
    if period is None or not own.from_year <= period <= last:
        raise NotFound(f"{own.name} is ordered for {own.from_year}-{last}; name one of these years with --period")


def _source_frames(
    case: Case, source: Source, table: pl.LazyFrame, known: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, int]]:
    person = source.identifiers[0]
    rules = identity_rules(case, person.identifies, person.issuer)
    for rows in table.collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
        yield under_identifiers(rows, person.column, rules, known)


def _register_frames(
    desk: Desk, own: OwnRegister, period: int, known: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, int]]:
    """Rows of a register year as text; its numbers are numbers already."""
    identifying = [each.column for each in identifier_columns(own, desk.catalogue.find(own.register_name))]
    if identifying:
        problem = f"{', '.join(identifying)} of {own.register_name} identify somebody, and nothing stands for them here"
        raise RuleRefused("R24", problem, "leave them out of what is handed over with `case amend`")
    numbers = known.select(pl.col("number"), pl.col("transit").alias(COLUMN)).drop_nulls().sort("number")
    year = desk.registers.year(own.register_name, period, numbers["number"])
    missing = set(own.variables) - set(year.parts[0].rows.collect_schema().names())
    if missing:
        raise NotFound(f"register {own.register_name} has no variable {', '.join(sorted(missing))}; amend the order")
    found = 0
    for part in year.parts:
        wanted = part.rows.select("number", *own.variables).join(numbers.lazy(), on="number", how="inner")
        texts = wanted.select(COLUMN, pl.col(own.variables).cast(pl.String))
        for rows in texts.collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
            found += rows.height
            yield rows, 0
    yield pl.DataFrame(schema=dict.fromkeys((COLUMN, *own.variables), pl.String)), year.rows - found
