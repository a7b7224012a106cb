"""One column of identity numbers, diagnosed in one pass: what each value is, what is wrong with it, its number.

What belongs here: the order of the steps. What must not: how a single rule is decided (reading, national, reserve,
conclusion), what a problem means to people (remedies).

Columns whose names begin with ``~`` live only between the steps.
"""

from typing import Any

import narwhals as nw

from samkorning.identity.conclusion import RESULT_COLUMNS, conclude
from samkorning.identity.national import judge, settle
from samkorning.identity.reading import read
from samkorning.identity.reserve import judge_reserve
from samkorning.identity.rules import IdentityRules


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
    whole = frame if own else nw.from_native(frame)
    given = whole.lazy()  # one plan, so that steps share what they can
    results = {name: f"{prefix}{name}" for name in RESULT_COLUMNS}
    kept = [name for name in given.collect_schema().names() if name not in results.values() or name == column]
    judged = judge_reserve(judge(settle(read(given, column), rules)), rules)
    answer = conclude(judged, rules).select(*kept, *(nw.col(f"~{name}").alias(new) for name, new in results.items()))
    answer = answer.collect() if isinstance(whole, nw.DataFrame) else answer
    return answer if own else answer.to_native()
