"""Risk sets: which persons could be a control of which case, found batch by batch within a given memory.

What belongs here: one pass over the population register, in which candidates meet the cases of their stratum, are
counted, get their numbers, and the lowest of each case are kept. What must not: what at risk means (at_risk), the
numbers (draws), or who gets whom where controls run short (allotting).

Each batch is a range of persons with all their rows. Who is a case is no candidate from the index date on, so nobody is
their own control, and who becomes a case later may be one before. Pairs are made by the engine, so many at once as
the memory bears.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import narwhals as nw
import polars as pl

from samkorning.linkage.engines import open_engine
from samkorning.order.controls import MatchedColumn
from samkorning.own_registers import days
from samkorning.own_registers.controls.at_risk import FIRST, LAST, PERSON, PopulationRegister, at_risk
from samkorning.own_registers.controls.cases import ENTRY, INDEX_DATE, STRATUM, Strata, compared
from samkorning.own_registers.controls.draws import DRAW, KeyedCases, bounds_of, lowest

BYTES_A_PERSON, BYTES_A_PAIR = 800, 250
"""What a person of a batch and a pair take at most, with all that is made of them on the way."""
ELIGIBLE, TOLERATED = "eligible", "tolerated"


@dataclass(frozen=True)
class Drawn:
    """What one pass finds.

    ``pairs``: entry, person, stratum, the beside columns and draw; the lowest of each entry in their order.
    ``eligible``: how many candidates each entry has, by stratum and beside columns. ``faults``: of the register's rows.
    """

    pairs: pl.DataFrame
    eligible: pl.DataFrame
    faults: Counter[str]


@dataclass(frozen=True)
class RiskSets:
    """What candidates are found with.

    ``ends``: person and the last_day on which each that is or becomes a case, or is excluded, could be a control.
    ``beside``: columns that are counted and not matched.
    """

    engine: str
    memory: int
    register: PopulationRegister
    match: tuple[MatchedColumn, ...]
    beside: tuple[str, ...]
    resident_years: int
    ends: pl.DataFrame
    keyed: KeyedCases
    strata: Strata

    def drawn(self, of_cases: pl.DataFrame, most: int) -> Drawn:
        """One pass over the register for some cases: ``most`` pairs of each are kept.

        :param of_cases: rows of ``strata.of_cases``.
        """
        faults: Counter[str] = Counter()
        tolerated = of_cases.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias(TOLERATED))
        keyed, found = self.keyed.of(tolerated[ENTRY]), self._nothing(tolerated)
        strata = self.strata.rows.join(of_cases, on=STRATUM, how="semi")
        for located, of_batch in self._ahead(strata):
            faults.update(of_batch)
            for block in _blocks(located, tolerated, max(self.memory // BYTES_A_PAIR, 1)):
                pairs = self._pairs(located, block)
                found.add(pairs.with_columns(keyed.draws(pairs, TOLERATED)), most)
        return Drawn(found.lowest, found.eligible(), faults)

    def _ahead(self, strata: pl.DataFrame) -> Iterator[tuple[pl.DataFrame, Counter[str]]]:
        """The candidates of each batch; those of the next are found while the last one's are drawn from."""
        batches = _batches(self.register, max(self.memory // BYTES_A_PERSON, 1))
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="next-batch") as worker:
            ahead = [worker.submit(self._located, batch, strata) for batch in islice(batches, 1)]
            while ahead:
                ready = ahead.pop().result()
                ahead += [worker.submit(self._located, batch, strata) for batch in islice(batches, 1)]
                yield ready

    def _located(self, batch: PopulationRegister, strata: pl.DataFrame) -> tuple[pl.DataFrame, Counter[str]]:
        """The candidates of a batch (person, stratum, the beside columns, first_day and last_day) and its faults."""
        names = [each.column for each in self.match]
        known = at_risk(batch, [*names, *self.beside], self.resident_years, self.ends)
        values = [value.alias(f"~{name}") for value, name in zip(compared(self.match), names, strict=True)]
        candidates = known.intervals.select(PERSON, *self.beside, FIRST, LAST, *values)
        with open_engine(self.engine, self.memory) as engine:
            frame: nw.LazyFrame[Any] = engine.take(candidates.lazy())
            wanted: nw.LazyFrame[Any] = engine.take(strata.lazy())
            found = frame.join(wanted, left_on=[f"~{name}" for name in names], right_on=names, how="inner")
            return engine.collect(found.select(PERSON, STRATUM, *self.beside, FIRST, LAST)), known.faults

    def _pairs(self, located: pl.DataFrame, block: pl.DataFrame) -> pl.DataFrame:
        with open_engine(self.engine, self.memory) as engine:
            frame: nw.LazyFrame[Any] = engine.take(located.lazy())
            cases: nw.LazyFrame[Any] = engine.take(block.lazy())
            met = frame.join(cases, on=STRATUM, how="inner")
            at_risk_then = met.filter(days.lies_in(nw.col(INDEX_DATE), nw.col(FIRST), nw.col(LAST)))
            return engine.collect(at_risk_then.select(TOLERATED, PERSON, *self.beside))

    def _nothing(self, tolerated: pl.DataFrame) -> "_Found":
        types = self.register.types()
        more = {name: types[name] for name in self.beside}
        of_lowest = {ENTRY: pl.UInt32(), STRATUM: pl.UInt32(), PERSON: pl.Int64(), **more, DRAW: pl.UInt64()}
        of_counts = {TOLERATED: pl.UInt32(), **more, ELIGIBLE: pl.Int64()}
        return _Found(tolerated, len(self.keyed.high), pl.DataFrame(schema=of_lowest), pl.DataFrame(schema=of_counts))


@dataclass
class _Found:
    """What has been found so far; ``counts`` by place among the tolerated strata and the beside columns."""

    tolerated: pl.DataFrame
    entries: int
    lowest: pl.DataFrame
    counts: pl.DataFrame

    def add(self, pairs: pl.DataFrame, most: int) -> None:
        """Counts the pairs and keeps the lowest; columns: place among the tolerated strata, person, beside, draw."""
        by = pl.exclude(PERSON, DRAW, ELIGIBLE)
        counted = pairs.lazy().group_by(by).agg(pl.len().cast(pl.Int64).alias(ELIGIBLE)).collect(engine="streaming")
        self.counts = pl.concat([self.counts, counted]).group_by(by).agg(pl.col(ELIGIBLE).sum())
        of_held = bounds_of(self.lowest, ENTRY, most, self.entries).gather(self.tolerated[ENTRY])
        may_come = _within(pairs, of_held)
        near = _within(may_come, bounds_of(may_come, TOLERATED, most, self.tolerated.height))
        self.lowest = lowest(pl.concat([self.lowest, self._named(near).select(self.lowest.columns)]), most)

    def eligible(self) -> pl.DataFrame:
        return self._named(self.counts)

    def _named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with entry and stratum in place of where they stand among the tolerated."""
        place = pl.col(TOLERATED)
        entry, stratum = (pl.lit(self.tolerated[name]).gather(place).alias(name) for name in (ENTRY, STRATUM))
        return rows.with_columns(entry, stratum).drop(TOLERATED)


def _within(pairs: pl.DataFrame, bounds: pl.Series) -> pl.DataFrame:
    return pairs.filter(pl.col(DRAW) <= pl.lit(bounds).gather(pl.col(TOLERATED)))


def _batches(register: PopulationRegister, most: int) -> Iterator[PopulationRegister]:
    """The register by ranges of persons, so many rows of persons in each."""
    numbers = register.persons.select(PERSON).drop_nulls().collect(engine="streaming")[PERSON].sort()
    cuts = numbers.gather_every(most).unique(maintain_order=True).to_list()
    for place, first in enumerate(cuts):
        here = pl.col(PERSON) >= first
        yield register.of(here & (pl.col(PERSON) < cuts[place + 1]) if place + 1 < len(cuts) else here)


def _blocks(located: pl.DataFrame, of_cases: pl.DataFrame, most: int) -> Iterator[pl.DataFrame]:
    """Cases whose strata hold candidates, so many at once as make about so many pairs."""
    counts = located.group_by(STRATUM).agg(pl.len().cast(pl.Int64).alias("candidates"))
    meeting = of_cases.join(counts, on=STRATUM).sort(ENTRY, STRATUM)
    numbered = meeting.with_columns((pl.col("candidates").cum_sum() // most).alias("block")).drop("candidates")
    yield from numbered.partition_by("block", include_key=False, maintain_order=True)
