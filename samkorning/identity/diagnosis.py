"""One column of identity numbers, diagnosed in one pass: what each value is, what is wrong with it, its number.

What belongs here: the order of the steps. What must not: how a single rule is decided (reading, national, reserve,
conclusion), what a problem means to people (remedies).

Columns whose names begin with ``~`` live only between the steps.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import narwhals as nw

from samkorning.identity.chains import names, place
from samkorning.identity.conclusion import NAMED, RESULT_COLUMNS, conclude
from samkorning.identity.national import judge, settle
from samkorning.identity.reading import read, split
from samkorning.identity.reserve import find_issuer
from samkorning.identity.rules import IdentityRules

NO_TEXT = ("~written", "~unusual")
SAMPLE = 10_000  # the first rows tell whether most are plainly twelve digits
PARTS = tuple(f"~{name}" for name in RESULT_COLUMNS)


def diagnose(frame: Any, column: str, rules: IdentityRules, prefix: str = "identity_") -> Any:
    """The frame with what each value of ``column`` is; rows and their order are left as they are.

    Takes and gives a Polars, DuckDB or narwhals frame; a lazy frame stays lazy. Adds, with the prefix: ``number``
    (Int64, twelve digits) for national numbers that are taken, ``text`` (String) for other numbers that are taken,
    ``issuer``, ``kind`` (null where the value does not hold together), ``problem`` (null where the value is taken),
    ``guessed_century`` (Boolean) and ``repair`` (made, or needed where the rules do not allow it). A row with a problem
    has neither number nor text. The column holds text or numbers; a null is a missing value; ``TypeError`` otherwise.
    Columns of an earlier diagnosis with the same prefix are replaced; ``ValueError`` where that would be ``column``.
    """
    own = isinstance(frame, nw.DataFrame | nw.LazyFrame)
    given = frame if own else nw.from_native(frame)
    results = {name: f"{prefix}{name}" for name in RESULT_COLUMNS}
    if column.casefold() in {name.casefold() for name in results.values()}:
        raise ValueError(f"column {column} has the name of a column of the result; choose another prefix")
    kept = [name for name in given.collect_schema().names() if name not in results.values()]
    judged = _judge_rows(given, column, rules) if isinstance(given, nw.DataFrame) else _judge_plan(given, column, rules)
    answer = judged.select(*kept, *(nw.col(f"~{name}").alias(new) for name, new in results.items()))
    return answer if own else answer.to_native()


def _judge(parted: Any, rules: IdentityRules) -> Any:
    return conclude(judge(find_issuer(settle(read(parted), rules), rules)), rules)


def _judge_plan(frame: Any, column: str, rules: IdentityRules) -> Any:
    """A lazy frame stays one plan."""
    return _named(_judge(split(frame, column), rules), NAMED)


def _judge_rows(frame: Any, column: str, rules: IdentityRules) -> Any:
    """Rows in memory: all are judged as if plainly twelve digits; those that are not are judged again by themselves.

    Engines for columns search every row for every pattern, also where there is nothing to find; so it is quicker.
    """
    sample = split(frame.select(column).head(SAMPLE).lazy(), column).collect()["~is_plain"]
    if 2 * sample.sum() < len(sample):
        judged = _judge(split(frame.lazy(), column), rules).select(*frame.columns, *PARTS).collect()
    else:
        judged = _judge_odd_apart(frame, column, rules)
    return _named(judged.lazy(), {held: _met(judged[held], members) for held, members in NAMED.items()}).collect()


def _named(judged: Any, members: Mapping[str, Iterable[StrEnum]]) -> Any:
    """The frame with names in the place of held members."""
    return judged.with_columns(*(names(held, listed).alias(held) for held, listed in members.items()))


def _met(held: Any, members: type[StrEnum]) -> list[StrEnum]:
    """The members that a series in memory really holds: few, and to name each costs a look at every row."""
    first, last = held.min(), held.max()
    places = [] if first is None else range(first, last + 1)
    return [member for member in members if place(member) in places and (held == place(member)).any()]


def _judge_odd_apart(frame: Any, column: str, rules: IdentityRules) -> Any:
    marked = split(frame.lazy(), column).with_columns((~nw.col("~is_plain")).alias("~is_odd"))
    plain = marked.with_columns(
        nw.lit(True).alias("~is_plain"),
        nw.lit(False).alias("~is_written"),
        nw.lit(False).alias("~is_unusual"),
        *(nw.lit("").alias(name) for name in NO_TEXT),
    )
    judged = _judge(plain, rules).select(*frame.columns, *PARTS, "~is_odd").collect()
    odd = judged["~is_odd"]
    if not odd.any():
        return judged
    rest = _judge(split(frame.select(column).filter(odd).lazy(), column), rules).select(*PARTS).collect()
    changed = [name for name in PARTS if not (_is_empty(rest[name]) and _is_empty(judged[name]))]
    places = odd.arg_true()
    return judged.with_columns(*(judged[name].scatter(places, rest[name]) for name in changed))


def _is_empty(series: Any) -> bool:
    return bool(series.null_count() == len(series))
