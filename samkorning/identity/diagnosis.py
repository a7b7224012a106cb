"""One column of identity numbers, diagnosed in one pass: what each value is, what is wrong with it, its number.

What belongs here: the order of the steps. What must not: how a single rule is decided (reading, national, reserve,
conclusion), what a problem means to people (remedies).

Columns whose names begin with ``~`` live only between the steps.
"""

from typing import Any

import narwhals as nw

from samkorning.identity.conclusion import RESULT_COLUMNS, conclude
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
    Columns of an earlier diagnosis with the same prefix are replaced.
    """
    own = isinstance(frame, nw.DataFrame | nw.LazyFrame)
    given = frame if own else nw.from_native(frame)
    results = {name: f"{prefix}{name}" for name in RESULT_COLUMNS}
    kept = [name for name in given.collect_schema().names() if name not in results.values() or name == column]
    judged = (
        _judge_rows(given, column, rules) if isinstance(given, nw.DataFrame) else _judge(split(given, column), rules)
    )
    answer = judged.select(*kept, *(nw.col(f"~{name}").alias(new) for name, new in results.items()))
    return answer if own else answer.to_native()


def _judge(parted: Any, rules: IdentityRules) -> Any:
    return conclude(judge(find_issuer(settle(read(parted), rules), rules)), rules)


def _judge_rows(frame: Any, column: str, rules: IdentityRules) -> Any:
    """Rows in memory: all are judged as if plainly twelve digits; those that are not are judged again by themselves.

    Engines for columns search every row for every pattern, also where there is nothing to find; so it is quicker.
    """
    if 2 * split(frame.select(column).head(SAMPLE).lazy(), column).collect()["~is_plain"].sum() < min(
        SAMPLE, len(frame)
    ):
        return _judge(split(frame.lazy(), column), rules).collect()
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
    places = odd.arg_true()
    return judged.with_columns(*(judged[name].scatter(places, rest[name]) for name in PARTS))
