"""What a column holds by chance: how many numbers of the case plain codes and time stamps hit without meaning to.

What belongs here: counting what was found beside what chance would have found, in bounded memory. What must not:
finding.

Of what is written in the same way and begins with somebody's birth date, the digits behind the date decide. Drawn at
random, each such value would be one of the case's ``k`` numbers of that date with probability p = k / 10,000 (k / 1,000
without the check digit). So each value that is not stands for p / (1 - p) that are; the sum over these *other* values
of the column is what chance gives; the bound on more is Chernoff's for a Poisson count, P(X >= n) <= exp(n - e)
(e / n)^n, and the sum is taken three standard deviations high.
"""

import math
from dataclasses import dataclass, field

import polars as pl

ONE_IN = 1000
"""A column is reported when chance would give as much at most once in so many columns."""
ONE_SERIAL_COLUMN_IN = 10**9
"""The same of serial numbers: every delivery has them, and each of their values is held against the code key."""
LIKELY = 0.15
"""A hit on a date of which the case holds more than every seventh number says little by itself."""
SURELY = 3.0
"""Standard deviations that are granted to what the others let expect: where few others stand for many hits."""
MEANT = 1e-9  # hits expected in a way of writing that chance does not write
HELD = 50_000  # different values held to count each once; beyond them once a batch
ROWS_LISTED = 20


def more_than_chance(found: int, expected: float, one_in: int = ONE_IN) -> bool:
    """Whether so many different hits are more than chance gives where it gives ``expected`` on average: as many would
    come at most once in ``one_in`` columns.
    """
    if found <= expected:
        return False
    return found - expected + found * math.log(expected / found) < -math.log(one_in)


@dataclass
class Distinct:
    """Different values met, each counted once with its weight; the first HELD exactly, later ones once a batch.

    ``squares`` is the sum of the squared weights: how far the sum itself is from certain. ``likely`` sums up how likely
    each was one of the case's, where that was LIKELY at all.
    """

    held: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))
    count: int = 0
    weight: float = 0.0
    squares: float = 0.0
    likely: float = 0.0

    def add(self, values: pl.DataFrame) -> None:
        """Takes up ``value`` (Int64) with its ``weight`` (Float64)."""
        if values.is_empty():
            return
        new = values.unique("value")
        if self.held.len():
            new = new.filter(~pl.col("value").is_in(self.held.implode()))
        self.count += new.height
        self.weight += float(new["weight"].sum())
        self.squares += float((new["weight"] ** 2).sum())
        probable = new["weight"] / (new["weight"] + 1)
        self.likely += float(probable.filter(probable >= LIKELY).sum())
        if self.held.len() < HELD:
            self.held = pl.concat([self.held, new["value"]])


@dataclass
class Tally:
    """What one way of writing has given in one column: hits with their rows, and what chance would give."""

    least: float
    one_in: int = ONE_IN
    rows: int = 0
    first_rows: list[int] = field(default_factory=list)
    hits: Distinct = field(default_factory=Distinct)
    others: Distinct = field(default_factory=Distinct)

    def add(self, windows: pl.DataFrame) -> None:
        """Takes up ``row``, ``value`` (Int64), ``own`` (Boolean) and ``weight``: hits by chance that it stands for."""
        hits = windows.filter("own")
        self.hits.add(hits.select("value", "weight"))
        self.others.add(windows.filter(~pl.col("own")).select("value", "weight"))
        rows = hits["row"].unique().sort()
        self.rows += rows.len()
        self.first_rows += rows.head(ROWS_LISTED - len(self.first_rows)).to_list()

    @property
    def is_more_than_chance(self) -> bool:
        """Whether a person has to look."""
        chance = self.others.weight + SURELY * math.sqrt(self.others.squares)
        return more_than_chance(self.hits.count, max(self.least, chance, self.hits.likely), self.one_in)
